/**
 * Soak in simulated time: a typical desk for 24 simulated days, and what of it grows: its heap after full collections, timers,
 * queues, deadlines, actors awake, alerts, the process's handles. Told as growth a simulated day after a warm-up of a third.
 *
 * Fair: all judges look on, a broken invariant fails the bench, and so does a desk that stops trading. The world is in the same
 * process and forgets nothing: the store keeps every row and event, the exchange every order, the judges every name. So the
 * heap's growth is mostly theirs, and what the desk itself has gathered is told apart: after the last day its process is killed
 * and a successor recovers from the same rows; when that has filled its own windows (an hour of prices), it is held against the
 * old one. What the world has gathered meanwhile is taken off, by its bytes an event.
 */
import { runSeed } from '../simulation/run-seed.ts'
import { typicalDesk } from '../simulation/typical-desk.ts'
import type { World } from '../simulation/world.ts'
import { BrokenWork, insist, median, type Figure, type Measure, type Scale } from './figure.ts'
import { heapInUse } from './support/heap.ts'
import { slopeOf } from './support/slope.ts'

const days: Readonly<Record<Scale, number>> = { tiny: 0.01, quick: 0.5, full: 24 }
const everyMs: Readonly<Record<Scale, number>> = { tiny: 120_000, quick: 1_200_000, full: 3_600_000 }
/** So many samples of the old desk, its last, and of its successor are held against each other. */
const compared = 3
/** The successor is looked at so often. */
const looksAtSuccessor = 5
const dayMs = 86_400_000

/** What is looked at each time. */
interface Moment {
  readonly day: number
  /** Which process of the world runs the desk. */
  readonly process: number
  readonly heap: number
  /** Events that the world keeps, and pairs that this process has closed. */
  readonly events: number
  readonly closed: number
  readonly timers: number
  readonly waiting: number
  readonly deadlines: number
  readonly actors: number
  readonly alerts: number
  readonly handles: number
}

const look = ({ clock, host, store }: World): Moment => {
  const desk = host.current?.desk
  if (desk?.view.deskState !== 'trading') throw new BrokenWork(`the desk does not trade after ${Math.round(clock.now / 1_000)} s`)
  const { turns, calls, deadlines } = desk.backlog
  return {
    day: clock.now / dayMs,
    process: host.count,
    heap: heapInUse(),
    events: store.tables.events.length,
    closed: desk.view.closed,
    timers: clock.waiting,
    waiting: turns + calls,
    deadlines,
    actors: desk.awake,
    alerts: desk.alerts.length,
    handles: process.getActiveResourcesInfo().length,
  }
}

/** Looks again and again and, when the days are over, has the desk replaced and looks on. */
const follow = (world: World, scale: Scale, moments: Moment[]): void => {
  const { clock, host } = world
  const next = (): void =>
    void clock.after(everyMs[scale], () => {
      moments.push(look(world))
      const { current } = host
      if (current !== undefined && host.count === 1 && clock.now >= days[scale] * dayMs) host.kill(current, 'so that its successor shows what it had gathered')
      next()
    })
  next()
}

const lineOf = (moments: readonly Moment[], along: (one: Moment) => number, of: (one: Moment) => number): number =>
  slopeOf(moments.map((one) => ({ time: along(one), value: of(one) })))

/** Bytes that the old desk had and its successor does without, over as many events of the world. */
const gathered = (warm: readonly Moment[], successor: readonly Moment[]): number => {
  const middle = (moments: readonly Moment[], of: (one: Moment) => number): number => median(moments.slice(-compared).map(of))
  const perEvent = lineOf(warm, ({ events }) => events, ({ heap }) => heap)
  const less = (of: (one: Moment) => number): number => middle(warm, of) - middle(successor, of)
  return less(({ heap }) => heap) - perEvent * less(({ events }) => events)
}

const figuresOf = (moments: readonly Moment[], scale: Scale): readonly Figure[] => {
  const old = moments.filter(({ process }) => process === 1)
  const successor = moments.filter(({ process }) => process > 1)
  const warm = old.slice(Math.floor(old.length / 3))
  const growth = (what: string, of: (one: Moment) => number, unit: string): Figure => ({ measure: `simulated soak: growth of ${what}`, value: lineOf(warm, ({ day }) => day, of), unit })
  return [
    { measure: `simulated soak: round trips in ${days[scale]} simulated days`, value: old.at(-1)?.closed ?? 0, unit: 'pairs' },
    { measure: 'simulated soak: heap that the desk gathered', value: gathered(warm, successor) / 1_000 / days[scale], unit: 'kB a day' },
    growth('the heap, with all that the world keeps', ({ heap }) => heap / 1_000, 'kB a day'),
    growth('events that the world keeps', ({ events }) => events, 'a day'),
    growth('timers', ({ timers }) => timers, 'a day'),
    growth('turns and calls that wait', ({ waiting }) => waiting, 'a day'),
    growth('deadlines', ({ deadlines }) => deadlines, 'a day'),
    growth('actors awake', ({ actors }) => actors, 'a day'),
    growth('alerts', ({ alerts }) => alerts, 'a day'),
    growth('handles', ({ handles }) => handles, 'a day'),
  ]
}

const soak = async (scale: Scale): Promise<readonly Figure[]> => {
  const moments: Moment[] = []
  const safetyMs = days[scale] * dayMs + looksAtSuccessor * everyMs[scale]
  const { violations } = await runSeed({ seed: 'soak', scenario: typicalDesk, only: new Set(), safetyMs, watch: (world) => follow(world, scale, moments) })
  insist(violations.length === 0, `the soak breaks ${JSON.stringify(violations[0])}`)
  return figuresOf(moments, scale)
}

export const soakSimulatedMeasure: Measure = { name: 'soak-simulated', about: 'a typical desk for 24 simulated days: what grows', aloneAt: ['quick', 'full'], run: soak }
