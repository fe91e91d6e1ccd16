/**
 * The prices at which a stop acts: the stop-loss, the trailing stop, and the price that closes a pair at once
 * (docs/exits.md).
 *
 * S1  A line at which a sell is triggered by a falling bid rounds up to the tick: it is never reached late.
 * S2  A trailing line only rises: it counts from the highest bid that was noted, which never falls.
 */
import { ceilTo, compare, dividedBy, greatest, minus, one, plus, price, rate, times, type Price, type Rate } from './decimal.ts'
import type { ExitPlan, Trailing } from './exits.ts'
import { floorToTick, type Instrument } from './instrument.ts'
import type { Holding } from './profit.ts'

/** K (1 + r) / H, up to the tick, with K and H of the whole holding: r above what one unit cost, the buy's fees included. */
const aboveCost = ({ tick }: Pick<Instrument, 'tick'>, { cost, held }: Holding, by: Rate): Price =>
  ceilTo(price(dividedBy(times(cost, plus(rate(one), by)), held)), tick)

/**
 * The stop-loss of a holding: ceil to tick of K (1 - below) / H.
 * @throws DecimalError when nothing is held
 */
export const stopPrice = (instrument: Pick<Instrument, 'tick'>, holding: Holding, below: Rate): Price =>
  aboveCost(instrument, holding, minus(rate('0'), below))

/**
 * The bid at which a trailing stop begins to follow: ceil to tick of K (1 + activateAbove) / H.
 * @throws DecimalError when nothing is held
 */
export const activationPrice = (instrument: Pick<Instrument, 'tick'>, holding: Holding, { activateAbove }: Trailing): Price =>
  aboveCost(instrument, holding, activateAbove)

/** The trailing stop under a highest bid: ceil to tick of high (1 - distance). */
export const trailingPrice = ({ tick }: Pick<Instrument, 'tick'>, { distance }: Trailing, high: Price): Price =>
  ceilTo(price(times(high, minus(rate(one), distance))), tick)

/** A new high is noted when it is a tenth of the distance above the last: the line lags by no more, and a tick costs no turn. */
const raiseStep = rate('0.1')

/** The bid at which the high is raised next: ceil to tick of high (1 + distance / 10), at least one tick. */
export const nextHigh = ({ tick }: Pick<Instrument, 'tick'>, { distance }: Trailing, high: Price): Price =>
  greatest(plus(high, tick), ceilTo(price(times(high, plus(rate(one), times(distance, raiseStep) as string as Rate))), tick))

/** The lines of a holding: the falling bid that ends it and by which stop, the rising bid that is worth noting. */
export interface StopLines {
  readonly falls?: { readonly stop: 'stop-loss' | 'trailing stop'; readonly at: Price }
  readonly rises?: Price
}

/**
 * @param high the highest bid noted since the trailing stop began to follow; null before
 * @throws DecimalError when nothing is held
 */
export const stopLines = (instrument: Pick<Instrument, 'tick'>, holding: Holding, { stop, trailing }: ExitPlan, high: Price | null): StopLines => {
  const fixed = stop === undefined ? undefined : ({ stop: 'stop-loss', at: stopPrice(instrument, holding, stop.below) } as const)
  if (trailing === undefined) return { ...(fixed && { falls: fixed }) }
  if (high === null) return { ...(fixed && { falls: fixed }), rises: activationPrice(instrument, holding, trailing) }
  const follows = { stop: 'trailing stop', at: trailingPrice(instrument, trailing, high) } as const
  return { falls: fixed !== undefined && compare(fixed.at, follows.at) > 0 ? fixed : follows, rises: nextHigh(instrument, trailing, high) }
}

/** A price that sells at once: the bid less the slippage, down to the tick. */
export const closingPrice = (instrument: Instrument, bid: Price, slippage: Rate): Price => floorToTick(instrument, price(times(bid, minus(rate(one), slippage))))
