/** What became of the same orders on paper and at the venue, side by side. Pure. */
import { dividedBy, isPositive, minus, notional, quantity, rounded, sum, times, type Money, type Price, type Quantity } from '../../src/domain/decimal.ts'
import type { Fill, OrderRequest } from '../../src/domain/order.ts'
import type { Millis } from '../../src/domain/time.ts'

/** One side of a pair: when the order left, and its fills; refused and unknown orders have none. */
export interface Outcome {
  readonly sentAt: Millis
  readonly fills: readonly Fill[]
}

export interface Pair {
  readonly request: OrderRequest
  readonly paper: Outcome
  readonly venue: Outcome
}

/** Differences are paper less venue. A price is worse by so many ticks when it is higher for a buy, lower for a sell. */
export interface Comparison {
  readonly orders: number
  readonly filledOnBoth: number
  readonly filledOnlyOnPaper: number
  readonly filledOnlyAtVenue: number
  readonly quantityOnPaper: Quantity
  readonly quantityAtVenue: Quantity
  /** Of the orders that filled on both: how much worse paper's average price was. */
  readonly priceWorseTicks: { readonly median: number; readonly best: number; readonly worst: number }
  /** Fees per 10,000 traded, in the quote asset. */
  readonly feeBps: { readonly paper: number; readonly venue: number }
  /** From the sending of an order to its first fill. */
  readonly timeToFillMs: { readonly paper: number; readonly venue: number; readonly medianDifference: number }
}

const quantityOf = (outcomes: readonly Outcome[]): Quantity => sum(outcomes.flatMap(({ fills }) => fills.map((fill) => fill.quantity)))
const valueOf = (fills: readonly Fill[]): Money => sum(fills.map((fill) => notional(fill.price, fill.quantity)))
const averageOf = (fills: readonly Fill[]): Price => dividedBy(valueOf(fills), sum(fills.map((fill) => fill.quantity))) as string as Price

/** The middle value; 0 of none. */
const medianOf = (values: readonly number[]): number => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

const worseTicks = ({ request, paper, venue }: Pair, tick: Price): number => {
  const higher = Number(rounded(dividedBy(minus(averageOf(paper.fills), averageOf(venue.fills)), tick), 3))
  return request.side === 'buy' ? higher : 0 - higher
}

const feeBpsOf = (outcomes: readonly Outcome[]): number => {
  const fills = outcomes.flatMap((outcome) => outcome.fills)
  const value = valueOf(fills)
  return isPositive(value) ? Number(rounded(times(dividedBy(sum(fills.map(({ fee }) => fee)), value), quantity('10000')), 3)) : 0
}

const waitOf = ({ sentAt, fills }: Outcome): number => Math.min(...fills.map(({ at }) => at)) - sentAt

/** @param tick of the instrument, whose fees are in quote */
export const compare = (pairs: readonly Pair[], tick: Price): Comparison => {
  const filled = (outcome: Outcome): boolean => outcome.fills.length > 0
  const both = pairs.filter(({ paper, venue }) => filled(paper) && filled(venue))
  const worse = both.map((pair) => worseTicks(pair, tick))
  const papers = pairs.map(({ paper }) => paper)
  const venues = pairs.map(({ venue }) => venue)
  return {
    orders: pairs.length,
    filledOnBoth: both.length,
    filledOnlyOnPaper: pairs.filter(({ paper, venue }) => filled(paper) && !filled(venue)).length,
    filledOnlyAtVenue: pairs.filter(({ paper, venue }) => !filled(paper) && filled(venue)).length,
    quantityOnPaper: quantityOf(papers),
    quantityAtVenue: quantityOf(venues),
    priceWorseTicks: { median: medianOf(worse), best: Math.min(0, ...worse), worst: Math.max(0, ...worse) },
    feeBps: { paper: feeBpsOf(papers), venue: feeBpsOf(venues) },
    timeToFillMs: {
      paper: medianOf(papers.filter(filled).map(waitOf)),
      venue: medianOf(venues.filter(filled).map(waitOf)),
      medianDifference: medianOf(both.map(({ paper, venue }) => waitOf(paper) - waitOf(venue))),
    },
  }
}

/** The comparison for people. */
export const tableOf = (found: Comparison): string => {
  const rows: readonly (readonly [string, string | number])[] = [
    ['orders', found.orders],
    ['filled on both', found.filledOnBoth],
    ['filled only on paper', found.filledOnlyOnPaper],
    ['filled only at the venue', found.filledOnlyAtVenue],
    ['quantity on paper', rounded(quantity(found.quantityOnPaper), 4)],
    ['quantity at the venue', rounded(quantity(found.quantityAtVenue), 4)],
    ['price worse on paper, ticks: median', found.priceWorseTicks.median],
    ['price worse on paper, ticks: from', found.priceWorseTicks.best],
    ['price worse on paper, ticks: to', found.priceWorseTicks.worst],
    ['fee on paper, bps', found.feeBps.paper],
    ['fee at the venue, bps', found.feeBps.venue],
    ['time to fill on paper, ms (median)', Math.round(found.timeToFillMs.paper)],
    ['time to fill at the venue, ms (median)', Math.round(found.timeToFillMs.venue)],
    ['later on paper, ms (median of those on both)', Math.round(found.timeToFillMs.medianDifference)],
  ]
  return rows.map(([name, value]) => `${name.padEnd(46)}${String(value).padStart(12)}`).join('\n')
}
