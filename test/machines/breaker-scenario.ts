/** Breakers of each kind, with small limits, and the events that they take. */
import { expect } from 'vitest'
import type { BreakerKind } from '../../src/domain/breaker.ts'
import { money } from '../../src/domain/decimal.ts'
import { breakerContext, type BreakerContext, type BreakerEvent, type BreakerPolicy, type Tally } from '../../src/machines/breaker/breaker-context.ts'
import { breakerMachine } from '../../src/machines/breaker/breaker-machine.ts'
import { dayMs } from '../../src/machines/breaker/period.ts'
import { Story, type Step } from './story.ts'

/** Noon of a UTC day: 2026-11-21. */
export const noon = Date.UTC(2026, 10, 21, 12)
export const midnight = noon + dayMs / 2

export const policies: { readonly [K in BreakerKind]: Extract<BreakerPolicy, { readonly kind: K }> } = {
  dailyLoss: { kind: 'dailyLoss', maxLoss: money('20') },
  drawdown: { kind: 'drawdown', maxDrawdown: money('10') },
  consecutiveLosses: { kind: 'consecutiveLosses', losses: 3, pauseMs: 60_000 },
  cooldown: { kind: 'cooldown', afterLossMs: 30_000, afterExitMs: 5_000 },
  hourlyOrders: { kind: 'hourlyOrders', orders: 2 },
  dailyOrders: { kind: 'dailyOrders', orders: 3 },
  refusals: { kind: 'refusals', refusals: 3, pauseMs: 10_000, pauseMaxMs: 30_000 },
  errorRate: { kind: 'errorRate', failures: 5, windowMs: 10_000 },
  staleData: { kind: 'staleData', staleMs: 10_000 },
  journalLag: { kind: 'journalLag', commitMs: 2_000 },
}

export const inputOf = (kind: BreakerKind) => ({ name: kind, kind, instrument: null })
export const contextOf = (kind: BreakerKind, over: Partial<BreakerContext> = {}): BreakerContext => ({ ...breakerContext(inputOf(kind)), policy: policies[kind], ...over })

/** A round trip that has ended. */
export const ended = (profit: string): BreakerEvent => ({ type: 'profitBooked', change: money(profit), roundTrip: money(profit) })
export const marked = (at: number, realised: string, unrealised: string): BreakerEvent => ({ type: 'marked', day: Math.floor(at / dayMs), realised: money(realised), unrealised: money(unrealised) })
export const begun: BreakerEvent = { type: 'orderBegun' }
export const refused: BreakerEvent = { type: 'orderRefused', reason: 'insufficientFunds' }
export const stood: BreakerEvent = { type: 'orderStood' }
export const worsened: BreakerEvent = { type: 'worsened', reason: 'no price for 11000 ms, the limit is 10000 ms', evidence: { counted: 11_000, limit: 10_000, since: noon } }
export const reset: BreakerEvent = { type: 'reset', who: 'ann', reason: 'looked at' }

/** X1 to X4, after every step. */
export const invariants = ({ event, before, after, effects }: Step<BreakerContext>): void => {
  const [was, is] = [before.context.trip, after.context.trip]
  const alerts = effects.flatMap((effect) => (effect.type === 'alert' ? [effect.code] : []))
  expect(after.state !== 'clear', 'the trip and the state agree').toBe(is !== null)
  if (was !== null && is === null) {
    expect(['deadlineDue', 'recovered', 'reset', 'configured'], 'X1: only its end ends a trip').toContain(event.type)
    expect(alerts, 'X3: an end calls a person').toEqual(['breaker.ended'])
  } else if (was?.number !== is?.number) expect(alerts, 'X3: a trip calls a person').toEqual([after.context.kind === 'cooldown' ? 'breaker.cooldown' : 'breaker.tripped'])
  else expect(alerts, 'X3: nothing else calls a person').toEqual([])
  if (was !== null && is !== null) expect(is.until ?? 0, 'X4: no trip is made shorter').toBeGreaterThanOrEqual(was.until ?? 0)
  neverBack(before.context.tally, after.context.tally)
}

const neverBack = (before: Tally, after: Tally): void => {
  expect(Math.min(after.count, after.pauses), 'no counter is below zero').toBeGreaterThanOrEqual(0)
  expect(after.period ?? 0, 'X5: no period goes back').toBeGreaterThanOrEqual(before.period ?? 0)
}

/** A breaker with its limits, at noon. */
export const breaker = (kind: BreakerKind, over: Partial<BreakerPolicy> = {}): Story<BreakerContext> =>
  new Story<BreakerContext>({ machine: breakerMachine, input: inputOf(kind), at: noon, invariants }).on({ type: 'configured', policy: { ...policies[kind], ...over } } as { type: string })
