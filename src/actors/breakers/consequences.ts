/**
 * What an event of an order or a pair means to the breakers: told to them in the same turn, so that what they count is
 * committed with what it counts, and no death can come between the two.
 *
 * N1  Counted is the difference that an event makes to what its pair has earned: a pair that ended, came back for a late
 *     fill and ended again is counted once, with its last figure.
 * N2  Entries are counted, never exits: a buy that this desk began.
 */
import { breakerAddress } from '../../domain/address.ts'
import { breakerName, type BreakerKind } from '../../domain/breaker.ts'
import { isZero, minus, money, zero, compare, type Money } from '../../domain/decimal.ts'
import type { BreakerEvent } from '../../machines/breaker/breaker-context.ts'
import type { OrderContext } from '../../machines/order/order-context.ts'
import type { TradePairContext } from '../../machines/trade-pair/trade-pair-context.ts'
import type { Change, Message } from '../turn.ts'

/** Ends at which it is known what a pair has earned; one that a person closed elsewhere is none of them. */
const settled: ReadonlySet<string> = new Set(['closed', 'dust'])

/** What a pair has earned in a state: nothing before its end, and nothing when it never sold. */
const earned = (state: string, context: Readonly<Record<string, unknown>>): Money | null => {
  if (!settled.has(state)) return null
  const { proceeds, cost, sold } = context as unknown as TradePairContext
  return compare(sold, zero) === 0 ? null : minus(proceeds, cost)
}

/** An order's states in which the venue has taken it. */
const standing: ReadonlySet<string> = new Set(['pending', 'partial', 'filled'])
const unanswered: ReadonlySet<string> = new Set(['submitting', 'resolving'])

export class Consequences {
  /** True for a breaker that is switched on and can be told. */
  readonly #isOn: (name: string) => boolean
  /** Instruments with refusals to forget: every other entry that stands says nothing new. */
  readonly #refused: Set<string>

  constructor(isOn: (name: string) => boolean, refused: Iterable<string>) {
    this.#isOn = isOn
    this.#refused = new Set(refused)
  }

  of({ kind, event, before, after }: Change): readonly Message[] {
    if (kind === 'trade-pair') return this.#ofPair(event, before, after)
    return kind === 'order' ? this.#ofOrder(event, after as unknown as OrderContext) : []
  }

  /** The difference to what was known (N1). */
  #ofPair({ from, to }: Change['event'], before: Change['before'], after: Change['after']): readonly Message[] {
    const [was, is] = [earned(from, before), earned(to, after)]
    const change = minus(is ?? money('0'), was ?? money('0'))
    const hasEnded = is !== null && from !== to
    if (isZero(change) && !hasEnded) return []
    const { instrument } = after as unknown as TradePairContext
    const event: BreakerEvent = { type: 'profitBooked', change, roundTrip: hasEnded ? is : null }
    return [...this.#tell('dailyLoss', null, event), ...this.#tell('drawdown', null, event), ...this.#tell('consecutiveLosses', null, event), ...this.#tell('cooldown', instrument.id, event)]
  }

  /** Entries only (N2). */
  #ofOrder({ type, from, to, body }: Change['event'], { leg, instrument, adopted }: OrderContext): readonly Message[] {
    if (leg !== 'buy') return []
    if (type === 'created') return adopted === undefined ? [...this.#tell('hourlyOrders', null, { type: 'orderBegun' }), ...this.#tell('dailyOrders', null, { type: 'orderBegun' })] : []
    if (to === 'rejected' && from !== to) return this.#refusedBy(instrument, typeof body['reason'] === 'string' ? body['reason'] : type)
    if (!unanswered.has(from) || !standing.has(to) || !this.#refused.delete(instrument)) return []
    return this.#tell('refusals', instrument, { type: 'orderStood' })
  }

  #refusedBy(instrument: string, reason: string): readonly Message[] {
    // A post-only order that the market has run over is no refusal of ours.
    if (reason === 'wouldCross') return []
    this.#refused.add(instrument)
    return this.#tell('refusals', instrument, { type: 'orderRefused', reason })
  }

  #tell(kind: BreakerKind, instrument: string | null, event: BreakerEvent): readonly Message[] {
    const name = breakerName(kind, instrument)
    return this.#isOn(name) ? [{ to: breakerAddress(name), event }] : []
  }
}
