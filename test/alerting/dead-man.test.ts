/** The dead man's ping goes out while the desk is well, and only then. */
import { describe, expect, test } from 'vitest'
import { DeadMan, stuckBecause } from '../../src/actors/alerting/dead-man.ts'
import { failed, ok, type Result } from '../../src/domain/failure.ts'
import { ManualClock, recordingLog } from '../support/clock.ts'

const well = { state: 'trading', storeAway: false, commitMs: 5 }

const begin = () => {
  const clock = new ManualClock()
  const beats: number[] = []
  const raised: string[] = []
  const made = { clock, beats, raised, wellness: { ...well }, answer: (): Promise<Result<undefined>> => Promise.resolve(ok(undefined)) }
  const deadMan = new DeadMan({
    heartbeat: { beat: () => { beats.push(clock.monotonic()); return made.answer() } },
    everyMs: 60_000,
    stuck: () => stuckBecause(made.wellness),
    sink: { raise: ({ code }) => void raised.push(code), clear: ({ code }) => void raised.push(`end of ${code}`) },
    clock,
    log: recordingLog(),
  })
  deadMan.start()
  return Object.assign(made, { deadMan })
}

describe('a desk is well', () => {
  test.each([['while it trades', well], ['while a person has paused it', { ...well, state: 'paused' }]])('%s', (_when, wellness) => {
    expect(stuckBecause(wellness)).toBeUndefined()
  })
})

describe('a desk is stuck', () => {
  test.each([
    ['without its store', { ...well, storeAway: true }, 'the store does not answer'],
    ['while a commit does not end', { ...well, commitMs: 31_000 }, 'a commit takes 31 s'],
    ['while it is cut off', { ...well, state: 'cutOff' }, 'the desk is cutOff'],
    ['while it recovers', { ...well, state: 'recovering' }, 'the desk is recovering'],
  ])('%s', (_when, wellness, because) => {
    expect(stuckBecause(wellness)).toBe(because)
  })
})

test('pings at once and then each time, silent while stuck, and again when it is over', async () => {
  const made = begin()
  await made.clock.advance(125_000)
  expect(made.beats).toHaveLength(3)
  made.wellness.storeAway = true
  await made.clock.advance(600_000)
  expect(made.beats).toHaveLength(3)
  made.wellness.storeAway = false
  await made.clock.advance(60_000)
  expect(made.beats).toHaveLength(4)
  made.deadMan.stop()
  await made.clock.advance(600_000)
  expect(made.beats).toHaveLength(4)
})

test('one ping at a time: the next waits until the last has come to something', async () => {
  const made = begin()
  made.answer = () => new Promise(() => undefined)
  await made.clock.advance(600_000)
  expect(made.beats).toHaveLength(2)
})

test('pings that do not get through are told after the third, and so is their end', async () => {
  const made = begin()
  made.answer = () => Promise.resolve(failed({ kind: 'network', detail: 'ECONNREFUSED' }))
  await made.clock.advance(130_000)
  expect(made.raised).toEqual([])
  await made.clock.advance(120_000)
  expect(made.raised).toEqual(['deadMan.failing'])
  made.answer = () => Promise.resolve(ok(undefined))
  await made.clock.advance(60_000)
  expect(made.raised).toEqual(['deadMan.failing', 'end of deadMan.failing'])
})
