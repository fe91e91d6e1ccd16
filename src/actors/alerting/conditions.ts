/**
 * The conditions that hold now, read from what the desk knows: nothing has to be remembered, so a restart tells them again
 * and their ends are noticed whoever brought them about. Pure.
 */
import type { AlertKey } from '../../ports/alerts.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { Millis } from '../../domain/time.ts'
import { failuresToTell, hindranceAlert } from '../../machines/desk/desk-context.ts'
import type { ConnectionInspection, PriceInspection } from '../../ports/inspection.ts'
import type { DeskView } from '../desk-view.ts'
import type { Trouble } from '../strategy-trouble.ts'

export interface Condition extends AlertKey {
  readonly detail: string
  /** It must hold for so long before a person is told. Infinity: its machine tells of it, only its end is noticed here. */
  readonly afterMs: Millis
}

export interface Facts {
  readonly view: DeskView
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly connections: readonly ConnectionInspection[]
  readonly prices: readonly PriceInspection[]
  /** The strategies that decide nothing now. */
  readonly troubles: readonly Trouble[]
  /** How long the store has not answered; undefined while it does. */
  readonly awayMs: Millis | undefined
  /** How long the commit under way takes, or the last one took. */
  readonly commitMs: Millis
}

const lostAfterMs = 60_000
/** Who has just paused it knows; who has forgotten it wants to be told. */
const pausedAfterMs = 300_000
const uncoveredAfterMs = 120_000
const awayAfterMs = 5_000
const slowCommitMs = 5_000
/** A strategy may stumble over one view; one that fails so often in a row decides nothing any more. */
const failuresOfAStrategy = 3

type Look = (facts: Facts) => readonly Condition[]

const killSwitch: Look = ({ view: { kill } }) =>
  kill.state === 'entries' || kill.state === 'orders' || kill.state === 'flatten' ? [{ code: 'kill.thrown', detail: kill.because, afterMs: 0 }] : []

const breakers: Look = ({ view }) =>
  view.breakers().flatMap(({ context: { name, kind, trip } }): Condition[] => (trip === null ? [] : [{ code: kind === 'cooldown' ? 'breaker.cooldown' : 'breaker.tripped', subject: name, detail: `${name}: ${trip.reason}`, afterMs: 0 }]))

const desk: Look = ({ view: { desk: context, deskState } }) => {
  if (context === undefined) return []
  const because = context.waitsBecause ?? 'unknown'
  return [
    ...Object.entries(context.hindrances).map(([what, detail]): Condition => ({ ...hindranceAlert(what), detail: `entries wait: ${detail}`, afterMs: 0 })),
    ...(context.paused ? [{ code: 'desk.paused', detail: `a person has paused new entries: ${context.pausedBecause ?? ''}`, afterMs: pausedAfterMs } as const] : []),
    ...(context.failures >= failuresToTell ? [{ code: 'desk.cannotReconcile', detail: `entries wait: ${because}`, afterMs: Infinity } as const] : []),
    ...(deskState === 'cutOff' ? [{ code: 'desk.cutOff', detail: `entries wait: ${because}`, afterMs: Infinity } as const] : []),
    ...(context.observeUntil === null ? [] : [{ code: 'desk.restartLoop', detail: 'entries wait after a restart loop', afterMs: Infinity } as const]),
  ]
}

/** At the levels that place no orders nothing is covered, and that is meant. */
const pairs: Look = ({ view }) => {
  const halted = view.tradingState.state === 'halted'
  return view.pairs().flatMap(({ pairId, state, context }): Condition[] => {
    if (state === 'held') return [{ code: 'pair.held', subject: pairId, detail: `${pairId} is held: ${context.heldBecause ?? 'no reason given'}`, afterMs: 0 }]
    return state === 'filled' && !halted ? [{ code: 'pair.uncovered', subject: pairId, detail: `what ${pairId} has bought is not on offer: ${context.held} ${context.instrument.id}, of which ${context.sold} is sold`, afterMs: uncoveredAfterMs }] : []
  })
}

const orders: Look = ({ view }) => view.orders().flatMap(({ clientOrderId, flagged }): Condition[] => (flagged ? [{ code: 'order.unresolved', subject: clientOrderId, detail: `the fate of ${clientOrderId} is unknown`, afterMs: Infinity }] : []))

const links: Look = ({ connections }) =>
  connections.flatMap(({ name, state, lastEnd }): Condition[] => (state === 'live' ? [] : [{ code: 'link.lost', subject: name, detail: `the ${name} stream is not live (${state}): ${lastEnd ?? 'it never was'}`, afterMs: lostAfterMs }]))

/** One that is listed no more has no price, and that was told. */
const prices: Look = ({ prices: all, instruments }) =>
  all.flatMap(({ instrument, state }): Condition[] => (state === 'live' || instruments.get(instrument)?.status === 'delisted' ? [] : [{ code: 'prices.stale', subject: instrument, detail: `the price of ${instrument} is ${state}: nothing is decided on it`, afterMs: lostAfterMs }]))

const strategies: Look = ({ troubles }) =>
  troubles.flatMap(({ instrument, times, detail }): Condition[] => (times < failuresOfAStrategy ? [] : [{ code: 'strategy.failing', subject: instrument, detail: `the strategy of ${instrument} has failed ${times} times in a row and begins nothing: ${detail}`, afterMs: 0 }]))

const store: Look = ({ awayMs, commitMs }) => {
  if (awayMs !== undefined) return awayMs < awayAfterMs ? [] : [{ code: 'journal.away', detail: 'the store does not answer: nothing is decided and nothing is sent until it does', afterMs: 0 }]
  return commitMs > slowCommitMs ? [{ code: 'journal.slow', detail: `a commit takes ${Math.round(commitMs / 1_000)} s`, afterMs: 0 }] : []
}

const looks: readonly Look[] = [killSwitch, breakers, desk, pairs, orders, links, prices, strategies, store]

/** Every condition that holds, told or not. */
export const conditionsOf = (facts: Facts): readonly Condition[] => looks.flatMap((look) => look(facts))
