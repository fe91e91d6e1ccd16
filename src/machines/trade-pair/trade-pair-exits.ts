/** The pure sentences about how a pair is left: what it offers now, its stops, its age, and being closed at once. */
import { compare, isPositive, quantity, type Price, type Quantity } from '../../domain/decimal.ts'
import { partNow, restOf, targetsAt, type ExitPart } from '../../domain/exits.ts'
import { isSellable } from '../../domain/instrument.ts'
import { minimumSellPrice } from '../../domain/profit.ts'
import { stopLines, stopPrice, type StopLines } from '../../domain/stop-lines.ts'
import type { Millis } from '../../domain/time.ts'
import type { Effect } from '../effect.ts'
import type { Closing, TradePairContext } from './trade-pair-context.ts'

/** What is held, not sold, and can be offered in whole steps. */
export const remaining = (context: TradePairContext): Quantity => restOf(context.instrument, context)

/** What would be offered if nobody wanted the pair closed at once: real fills and fees, never below the target (P1, P2, T8). */
export const offerAtTarget = (context: TradePairContext): ExitPart => {
  const { instrument, target, exit, sellFee } = context
  const selling = remaining(context)
  if (!isPositive(selling)) return { quantity: selling, price: instrument.tick }
  if (target.kind !== 'rate') return { quantity: selling, price: minimumSellPrice(instrument, { ...context, selling, sellFee, target }) }
  const stop = exit.stop === undefined ? undefined : stopPrice(instrument, context, exit.stop.below)
  return partNow(instrument, context, targetsAt(exit, target.rate, context), { sellFee, stopPrice: stop })
}

/** What the next sell offers: a part at its target, or all that is left at what the pair is closed at. */
export const offer = (context: TradePairContext): ExitPart => {
  const at = context.closing?.price ?? null
  return at === null ? offerAtTarget(context) : { quantity: remaining(context), price: at }
}

/** True when what is left is worth an order by the venue's own minimums. */
export const canCover = (context: TradePairContext): boolean => {
  const { price, quantity: selling } = offer(context)
  return isPositive(selling) && isSellable(context.instrument, price, selling)
}

/** The live sell asks more than is wanted now that the holding is older. */
export const asksTooMuch = (context: TradePairContext): boolean =>
  context.sellOrder !== null && (context.closing?.price ?? null) === null && context.minSellPrice !== null && compare(offerAtTarget(context).price, context.minSellPrice) < 0

const none: StopLines = {}

/** The bids that its stops wait for; none while nothing is held or it is being closed already. */
export const linesOf = (context: TradePairContext): StopLines =>
  context.closing === null && compare(remaining(context), quantity('0')) > 0 ? stopLines(context.instrument, context, context.exit, context.high) : none

/** The closing that a stop begins, when the bid has fallen to it; undefined when it has not (T9). */
export const closingByStop = (context: TradePairContext, { bid, price }: { readonly bid: Price; readonly price: Price }): Closing | undefined => {
  const { falls } = linesOf(context)
  if (falls === undefined || compare(bid, falls.at) > 0) return undefined
  return { price, reason: `its ${falls.stop} at ${falls.at} was reached: the bid was ${bid}`, prices: 1, planned: true }
}

/** The bid is high enough to be noted for the trailing stop. */
export const raisesHigh = (context: TradePairContext, bid: Price): boolean => {
  const { rises } = linesOf(context)
  return rises !== undefined && compare(bid, rises) >= 0
}

/** The closing that the time limit begins, for a plan that may lose. */
export const closingByAge = ({ exit: { atLoss, closeAfterMs }, overdue }: TradePairContext): Closing | null =>
  overdue && atLoss === true ? { price: null, reason: `it is older than ${closeAfterMs} ms`, prices: 0, planned: true } : null

/** The deadlines by which its age acts: the next step of tightening, and the time limit. */
export const clocks = ({ exit, boughtAt, tightened, overdue }: TradePairContext): readonly Effect[] => {
  const due = (name: string, afterMs: Millis | undefined): readonly Effect[] =>
    boughtAt === null || afterMs === undefined ? [] : [{ type: 'setDeadline', name, dueAt: boughtAt + afterMs }]
  return [...due('tighten', exit.tighten?.[tightened]?.afterMs), ...due('closeAfter', overdue ? undefined : exit.closeAfterMs)]
}

/** The same deadlines, not wanted any more. */
export const noClocks = (context: TradePairContext): readonly Effect[] =>
  clocks(context).flatMap((effect): readonly Effect[] => (effect.type === 'setDeadline' ? [{ type: 'clearDeadline', name: effect.name }] : []))
