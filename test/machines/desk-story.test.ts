/** Stories of the desk (docs/machines/desk.md). */
import { describe, expect, test } from 'vitest'
import { defaultTuning } from '../../src/actors/desk-options.ts'
import type { DeskContext, DeskEvent } from '../../src/machines/desk/desk-context.ts'
import { deskMachine } from '../../src/machines/desk/desk-machine.ts'
import { Story, type Step } from './story.ts'

/** D1 and D2, after every step. */
const invariants = ({ event, before, after, all, effects }: Step<DeskContext>): void => {
  expect(all.filter((effect) => effect.type === 'unexpected')).toEqual([])
  if (after.state === 'trading' && before.state !== 'trading') expect(['reconciled', 'resume', 'unhindered', 'deadlineDue'], 'D1: only a reconciliation, a person or the end of what kept it back lets it trade').toContain(event.type)
  if (after.state === 'trading') {
    expect(after.context.paused, 'D2: a paused desk does not trade').toBe(false)
    expect(after.context.observeUntil, 'D5: an observing desk does not trade').toBe(null)
    expect(after.context.hindrances, 'D6: a hindered desk does not trade').toEqual({})
  }
  if (before.context.paused && !after.context.paused) expect(event.type, 'D2: only resume ends a pause').toBe('resume')
  if (after.state === 'reconciling' && before.state !== 'reconciling') expect(effects.map((effect) => effect.type), 'D1: reconciling reconciles').toContain('reconcile')
}

const restarted = { type: 'restarted', policy: defaultTuning.restarts } as const
const desk = (): Story<DeskContext> => new Story<DeskContext>({ machine: deskMachine, at: 1_000, invariants }).on(restarted)
const say = (event: DeskEvent): DeskEvent => event
const restored = say({ type: 'restored' })
/** A complete run that began late enough to count. */
const reconciled = say({ type: 'reconciled', asked: Number.MAX_SAFE_INTEGER })
const reconciledOfAnOlderRun = say({ type: 'reconciled', asked: 0 })
const failed = say({ type: 'reconciliationFailed', detail: 'timeout' })
const linkLost = say({ type: 'linkLost', detail: 'market: closed' })
const linkRestored = say({ type: 'linkRestored' })
const pause = say({ type: 'pause', reason: 'a person' })
const resume = say({ type: 'resume' })
const stopRequested = say({ type: 'stopRequested', reason: 'a person' })
const trading = () => desk().on(restored).on(reconciled).becomes('trading')

test('a run that began before the link was back opens nothing (Z2)', () => {
  trading().on(linkLost).on(linkRestored).becomes('reconciling').on(reconciledOfAnOlderRun).becomes('reconciling').on(reconciled).becomes('trading')
  desk().on(restored).on(reconciledOfAnOlderRun).becomes('reconciling')
})

describe('a start is a recovery', () => {
  test('recovers, reconciles, trades: in this order', () => {
    desk()
      .becomes('recovering')
      .knows({ starts: 1, startedAt: 1_000 })
      .on(restored)
      .becomes('reconciling')
      .does('clearDeadline reconcile', 'reconcile: the desk has started')
      .wait(50)
      .on(reconciled)
      .becomes('trading')
      .knows({ reconciledAt: 1_050, waitsBecause: null, failures: 0 })
  })

  test('a restart in any state recovers again before it trades', () => {
    trading().restarts(restarted).becomes('recovering').knows({ starts: 2 }).on(reconciled).becomes('recovering').on(restored).on(reconciled).becomes('trading')
    trading().on(linkLost).restarts(restarted).becomes('recovering')
    trading().on(stopRequested).becomes('stopping').restarts(restarted).becomes('recovering').on(restored).on(reconciled).becomes('trading')
  })
})

describe('a lost link', () => {
  test('stops entries at once; the link back is not enough: it reconciles first', () => {
    trading().on(linkLost).becomes('cutOff').knows({ waitsBecause: 'market: closed' }).on(reconciled).becomes('cutOff').on(linkRestored).becomes('reconciling').does('clearDeadline outage', 'clearDeadline reconcile', 'reconcile: market: closed').on(reconciled).becomes('trading')
  })

  test('lost again while it reconciles: that reconciliation does not count', () => {
    trading().on(linkLost).on(linkRestored).on(linkLost).becomes('cutOff').on(reconciled).becomes('cutOff').on(linkRestored).becomes('reconciling')
  })

  test('news missed while it reconciles: only a run that began afterwards counts', () => {
    desk().on(restored).on(linkRestored).becomes('reconciling').does('clearDeadline reconcile', 'reconcile: the desk has started')
  })
})

test('a link that stays lost is told to a person; one that comes back in time is not (D7)', () => {
  trading().on(linkLost).does('setDeadline outage 301000').due('outage').becomes('cutOff').does('alert desk.cutOff').on(linkRestored).becomes('reconciling')
  trading().on(linkLost).on(linkRestored).does('clearDeadline outage', 'clearDeadline reconcile', 'reconcile: market: closed')
})

describe('a reconciliation that fails', () => {
  test('time after time calls a person, once', () => {
    const story = desk().on(restored)
    for (let round = 1; round < 5; round++) story.on(failed)
    story.does('setDeadline reconcile 31000').on(failed).does('alert desk.cannotReconcile', 'setDeadline reconcile 31000').on(failed).does('setDeadline reconcile 31000')
  })

  test('is tried again at a deadline, for ever, with a growing and capped pause', () => {
    const story = desk().on(restored)
    const pauses: number[] = []
    for (let round = 0; round < 7; round++) {
      const { now } = story
      story.on(failed).becomes('reconciling').waitsFor('proven', 'reconcile').due('reconcile').does('clearDeadline reconcile', 'reconcile: timeout')
      pauses.push(story.now - now)
    }
    expect(pauses).toEqual([4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000])
    story.on(reconciled).becomes('trading').knows({ failures: 0 }).waitsFor('proven')
  })

  test('while trading: no more entries until one succeeds', () => {
    trading().on(failed).becomes('reconciling').does('clearDeadline reconcile', 'reconcile: timeout').on(reconciled).becomes('trading')
  })
})

describe('a pause', () => {
  test('survives a restart; only resume ends it', () => {
    trading().on(pause).becomes('paused').restarts(restarted).on(restored).on(reconciled).becomes('paused').knows({ paused: true, pausedBecause: 'a person' }).on(resume).becomes('trading').knows({ paused: false, pausedBecause: null })
  })

  test('asked for in any other state is remembered', () => {
    for (const story of [desk(), desk().on(restored), trading().on(linkLost)]) story.on(pause).knows({ paused: true })
    desk().on(pause).on(restored).on(reconciled).becomes('paused')
    trading().on(linkLost).on(pause).on(linkRestored).on(reconciled).becomes('paused')
  })

  test('ended before the desk trades lets it trade later, not now', () => {
    trading().on(pause).on(linkLost).on(resume).becomes('cutOff').on(linkRestored).on(resume).becomes('reconciling').on(reconciled).becomes('trading')
  })

  test('a paused desk goes on reconciling', () => {
    trading().on(pause).on(failed).becomes('reconciling').on(reconciled).becomes('paused')
  })
})

test('a desk that stops takes no news for a reason to trade', () => {
  trading().on(stopRequested).becomes('stopping').on(linkLost).on(linkRestored).on(reconciled).on(failed).on(resume).becomes('stopping')
})

describe('a restart loop', () => {
  const { healthyAfterMs, pauseMs, pauseMaxMs, pauseAfter, observeAfter, observeMs } = defaultTuning.restarts
  const dies = (story: Story<DeskContext>, times: number): Story<DeskContext> => {
    for (let death = 0; death < times; death++) story.wait(100).restarts(restarted)
    return story
  }

  test('is slowed down by a pause that doubles, then only watches; the count survives every death (D5)', () => {
    const story = desk()
    const waits: number[] = []
    for (let death = 0; death < observeAfter; death++) {
      story.wait(100).restarts(restarted)
      waits.push((story.context.observeUntil ?? story.now) - story.now)
    }
    const pauses = Array.from({ length: observeAfter - pauseAfter }, (_, index) => Math.min(pauseMs * 2 ** index, pauseMaxMs))
    expect(waits).toEqual([...Array.from({ length: pauseAfter - 1 }, () => 0), ...pauses, observeMs])
  })

  test('keeps entries back, and calls a person, until its pause is over or a person resumes', () => {
    const looping = () => dies(desk(), pauseAfter)
    expect(looping().effects.map(({ type }) => type)).toContain('alert')
    looping().on(restored).on(reconciled).becomes('observing').due('observe').becomes('trading').knows({ observeUntil: null })
    looping().on(restored).on(reconciled).becomes('observing').on(resume).becomes('trading').waitsFor('proven')
    looping().on(restored).due('observe').on(reconciled).becomes('trading')
    looping().on(restored).on(reconciled).on(linkLost).on(linkRestored).on(reconciled).becomes('observing')
  })

  test('is over when a process has lived long enough, or was asked to stop', () => {
    const healthy = dies(desk(), 2).due('proven').knows({ shortLives: 0 })
    expect(healthy.now).toBeGreaterThanOrEqual(healthyAfterMs)
    healthy.restarts(restarted).knows({ shortLives: 0 })
    dies(desk(), 2).on(stopRequested).restarts(restarted).knows({ shortLives: 0 })
  })
})

describe('a hindrance', () => {
  const full = say({ type: 'hindered', what: 'disk', detail: 'nearly full' })
  const roomy = say({ type: 'unhindered', what: 'disk' })
  const measured = say({ type: 'unhindered', what: 'clock' })
  const leapt = say({ type: 'hindered', what: 'clock', detail: 'it moved' })

  test('keeps entries back until it is gone, whatever the links say (D6)', () => {
    trading().on(full).becomes('hindered').does('alert desk.disk').on(linkLost).on(linkRestored).on(reconciled).becomes('hindered').on(roomy).becomes('trading')
    desk().on(full).on(restored).on(reconciled).becomes('hindered')
  })

  test('of two, both must go', () => {
    trading().on(full).on(leapt).on(roomy).becomes('hindered').on(measured).becomes('trading')
  })

  test('does not outlive its process: the next one finds out anew', () => {
    trading().on(full).restarts(restarted).knows({ hindrances: {} }).on(restored).on(reconciled).becomes('trading')
  })

  test('does not end a pause', () => {
    trading().on(full).on(pause).becomes('paused').on(resume).becomes('hindered')
  })
})
