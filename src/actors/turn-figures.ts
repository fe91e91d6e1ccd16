/** What committed turns say that is counted: orders, fills, denials, comparisons, and how long it took. */
import type { Clock } from '../ports/clock.ts'
import type { Meter } from '../ports/metrics.ts'
import type { CommittedTurn } from './loop-options.ts'

const orderEnds: ReadonlySet<string> = new Set(['filled', 'cancelled', 'expired', 'rejected', 'absent'])

export class TurnFigures {
  readonly #meter: Meter
  readonly #clock: Clock

  constructor(meter: Meter, clock: Clock) {
    this.#meter = meter
    this.#clock = clock
  }

  /** Folds one committed turn in. */
  learn(turn: CommittedTurn): void {
    const meter = this.#meter
    meter.observe('nightdesk_durable_seconds', (this.#clock.monotonic() - turn.decidedAt) / 1_000)
    for (const { fill } of turn.fills) meter.count('nightdesk_fills_total', { side: fill.side, liquidity: fill.liquidity })
    for (const { kind, rule } of turn.audit ?? []) if (kind === 'denial') meter.count('nightdesk_denials_total', { rule: rule ?? 'none' })
    if (turn.reconciliation !== undefined) {
      meter.count('nightdesk_reconciliations_total', { outcome: turn.reconciliation.outcome })
      meter.count('nightdesk_repairs_total', {}, turn.reconciliation.differences.length + turn.reconciliation.omitted)
    }
    this.#orders(turn)
    this.#pairs(turn)
  }

  #orders(turn: CommittedTurn): void {
    const legs = new Map(turn.actors.flatMap(({ address, order }) => (order === undefined ? [] : [[address, order.leg] as const])))
    for (const { address, seq, from, to } of turn.events) {
      const leg = legs.get(address)
      if (leg === undefined) continue
      if (seq === 1) this.#meter.count('nightdesk_orders_begun_total', { leg })
      if (to === 'resolving' && from !== 'resolving') this.#meter.count('nightdesk_unknown_outcomes_total', {})
      if (orderEnds.has(to) && from !== to) this.#meter.count('nightdesk_order_ends_total', { leg, end: to })
    }
  }

  #pairs(turn: CommittedTurn): void {
    const instruments = new Map(turn.actors.flatMap(({ address, tradePair }) => (tradePair === undefined ? [] : [[address, tradePair.instrument] as const])))
    for (const { address, from, to } of turn.events) {
      const instrument = instruments.get(address)
      if (instrument !== undefined && to === 'closed' && from !== 'closed') this.#meter.count('nightdesk_pairs_closed_total', { instrument })
    }
  }
}
