/**
 * Breakers under every order of events, a wall clock that is set back, and deadlines that are told by a clock that never
 * jumps (X1, X5): what the alarm of a desk does, in small.
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BreakerKind } from '../../src/domain/breaker.ts'
import { money } from '../../src/domain/decimal.ts'
import type { BreakerContext, BreakerEvent } from '../../src/machines/breaker/breaker-context.ts'
import { breakerMachine } from '../../src/machines/breaker/breaker-machine.ts'
import { begun, contextOf, ended, invariants, marked, noon, refused, stood, worsened } from './breaker-scenario.ts'
import { step } from './total-table.ts'

const kinds: readonly BreakerKind[] = ['dailyLoss', 'drawdown', 'consecutiveLosses', 'cooldown', 'hourlyOrders', 'dailyOrders', 'refusals', 'staleData']

type Act = { readonly wait: number } | { readonly setBack: number } | { readonly event: 'profit' | 'mark' | 'begun' | 'refused' | 'stood' | 'worsened'; readonly amount: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ wait: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 30 * 3_600_000 })) }) },
  { weight: 1, arbitrary: fc.record({ setBack: fc.integer({ min: 1, max: 3 * 3_600_000 }) }) },
  { weight: 8, arbitrary: fc.record({ event: fc.constantFrom('profit' as const, 'mark' as const, 'begun' as const, 'refused' as const, 'stood' as const, 'worsened' as const), amount: fc.integer({ min: -15, max: 6 }) }) },
)

const eventOf = (what: Exclude<Act, { wait: number } | { setBack: number }>, wall: number, context: BreakerContext): BreakerEvent => {
  const amount = money(String(what.amount))
  const simple = { begun, refused, stood, worsened }
  if (what.event === 'profit') return ended(amount)
  return what.event === 'mark' ? marked(wall, context.tally.realised, amount) : simple[what.event]
}

/** A breaker with its two clocks and its deadlines. */
class Life {
  mono = 0
  wall = noon
  now: { state: string; context: BreakerContext }
  /** When each deadline is due, on the clock that never jumps. */
  readonly deadlines = new Map<string, number>()
  /** The least that the present trip has to last, on that clock. */
  lastsUntil = 0

  constructor(kind: BreakerKind) {
    this.now = { state: 'clear', context: contextOf(kind) }
  }

  take(event: BreakerEvent): void {
    const before = this.now
    const { state, context, effects } = step(breakerMachine, before, { ...event, at: this.wall })
    this.now = { state, context: context as BreakerContext }
    for (const effect of effects) {
      if (effect.type === 'setDeadline') this.deadlines.set(effect.name, this.mono + effect.dueAt - this.wall)
      if (effect.type === 'clearDeadline') this.deadlines.delete(effect.name)
    }
    const { trip } = this.now.context
    if (trip !== null && trip.number !== before.context.trip?.number) this.lastsUntil = trip.until === null ? Number.POSITIVE_INFINITY : this.mono + trip.until - this.wall
    invariants({ event, before, after: this.now, effects, all: effects, deadlines: this.deadlines })
    this.#endedInTime(before)
  }

  #endedInTime(before: Life['now']): void {
    if (before.context.trip === null || this.now.context.trip !== null) return
    expect(this.mono, 'a trip has ended before its time').toBeGreaterThanOrEqual(this.lastsUntil)
    if (before.context.trip.ends === 'period') expect(this.wall, 'a trip has ended before its day or hour').toBeGreaterThanOrEqual(before.context.trip.until ?? 0)
  }

  wait(ms: number): void {
    const until = this.mono + ms
    for (let round = 0; round < 10; round++) {
      const [next] = [...this.deadlines].filter(([, due]) => due <= until).toSorted(([, one], [, other]) => one - other)
      if (next === undefined) break
      this.#pass(Math.max(next[1] - this.mono, 0))
      this.deadlines.delete(next[0])
      this.take({ type: 'deadlineDue', name: next[0] })
    }
    this.#pass(until - this.mono)
  }

  #pass(ms: number): void {
    this.mono += ms
    this.wall += ms
  }
}

test('no trip ends before its end, whatever comes in whatever order (X1, X5)', () => {
  let trips = 0
  let endings = 0
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.array(act, { minLength: 5, maxLength: 60 }), (kind, acts) => {
      const life = new Life(kind)
      for (const one of acts) {
        const was = life.now.context.trip
        if ('wait' in one) life.wait(one.wait)
        else if ('setBack' in one) life.wall -= one.setBack
        else life.take(eventOf(one, life.wall, life.now.context))
        if (was === null && life.now.context.trip !== null) trips++
        if (was !== null && life.now.context.trip === null) endings++
      }
    }),
    { numRuns: 2_000 },
  )
  expect({ trips: trips > 200, endings: endings > 50 }).toEqual({ trips: true, endings: true })
})
