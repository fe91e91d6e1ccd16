/** Best bid and ask of an instrument at a moment. */
import type { Price, Quantity } from './decimal.ts'
import type { Millis } from './time.ts'

export type QuoteSource = 'stream' | 'rest'

export interface Quote {
  readonly instrument: string
  readonly bid: Price
  readonly ask: Price
  /** What is wanted at the bid and offered at the ask, in base currency, where the venue tells it with the prices. */
  readonly bidQuantity?: Quantity | undefined
  readonly askQuantity?: Quantity | undefined
  /** The venue's own stamp, where it gives one; else when it was received. */
  readonly at: Millis
  readonly receivedAt: Millis
  readonly source: QuoteSource
}

/** Why a tick stops at the edge. */
export type QuoteProblem = 'unreadable' | 'crossed' | 'implausible' | 'outdated'

/** How far apart two neighbouring quotes may plausibly be, as a fraction of the former. */
export const plausibleMove = 0.2

/**
 * What is wrong with a quote in whole ticks, given the last good one; undefined when nothing is.
 * @param jumpAllowed true after a gap, when the market may have moved while nobody looked
 */
export const quoteProblem = (
  bid: number,
  ask: number,
  last: { readonly bid: number; readonly ask: number } | undefined,
  jumpAllowed: boolean,
): QuoteProblem | undefined => {
  if (!(bid > 0) || !(ask > 0)) return 'unreadable'
  if (bid >= ask) return 'crossed'
  if (last === undefined || jumpAllowed) return undefined
  const move = Math.abs(bid - last.bid) / last.bid
  return move > plausibleMove ? 'implausible' : undefined
}
