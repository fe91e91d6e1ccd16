/** The pure sentences that the trade-pair chart is written with. */
import { orderAddress } from '../../domain/address.ts'
import { formatClientOrderId } from '../../domain/client-order-id.ts'
import { compare, isZero, minus, money, plus, quantity, times } from '../../domain/decimal.ts'
import type { Fill, Leg, OrderReport } from '../../domain/order.ts'
import { netQuantity } from '../../domain/profit.ts'
import type { Millis } from '../../domain/time.ts'
import type { Effect, WantedOrder } from '../effect.ts'
import type { TradePairContext } from './trade-pair-context.ts'
import { offer } from './trade-pair-exits.ts'

const quoteFee = (context: TradePairContext, fill: Fill) =>
  fill.feeAsset === context.instrument.quote ? fill.fee : money('0')

/** The context after a fill of either leg. */
export const withFill = (context: TradePairContext, leg: Leg, fill: Fill, at: Millis): Partial<TradePairContext> => {
  const value = money(times(fill.price, fill.quantity))
  const fee = quoteFee(context, fill)
  const fees = plus(context.fees, fee)
  if (leg === 'sell') {
    return {
      sold: plus(context.sold, fill.quantity),
      proceeds: plus(context.proceeds, minus(value, fee)),
      fees,
      fruitless: 0,
    }
  }
  return {
    bought: plus(context.bought, fill.quantity),
    held: plus(context.held, netQuantity(context.instrument, fill)),
    cost: plus(context.cost, plus(value, fee)),
    fees,
    boughtAt: context.boughtAt ?? at,
  }
}

export const hasBought = (context: TradePairContext): boolean => !isZero(context.bought)
export const hasSold = (context: TradePairContext): boolean => compare(context.sold, quantity('0')) > 0

export const buyOrderId = (context: TradePairContext, attempt: number): string =>
  formatClientOrderId({ install: context.install, pairId: context.pairId, leg: 'buy', attempt })
export const sellOrderId = (context: TradePairContext, attempt: number): string =>
  formatClientOrderId({ install: context.install, pairId: context.pairId, leg: 'sell', attempt })

const buyOrder = (context: TradePairContext, clientOrderId: string): WantedOrder => ({
  clientOrderId,
  pairId: context.pairId,
  leg: 'buy',
  attempt: context.buys,
  instrument: context.instrument.id,
  side: 'buy',
  ...context.buy,
})

/** The wish for the buy order that `buys` already counts. */
export const openBuy = (context: TradePairContext): Effect => ({ type: 'openOrder', order: buyOrder(context, buyOrderId(context, context.buys)) })

/** The buy that stands at the venue, as this pair's first; then its report once more, for what it has executed already. */
export const adoptBuy = (context: TradePairContext, report: OrderReport): readonly Effect[] => [
  { type: 'adoptOrder', order: { ...buyOrder(context, report.clientOrderId), adopted: report } },
  { type: 'tell', to: orderAddress(report.clientOrderId), event: { type: 'reported', report } as { type: string } },
]

/** The wish for the covering sell that `sells` already counts: the part that is due, or all that is left when it is closed. */
export const openCover = (context: TradePairContext): Effect => ({
  type: 'openOrder',
  order: {
    clientOrderId: sellOrderId(context, context.sells),
    pairId: context.pairId,
    leg: 'sell',
    attempt: context.sells,
    instrument: context.instrument.id,
    side: 'sell',
    ...offer(context),
    postOnly: (context.closing?.price ?? null) === null && context.sellPostOnly,
    ...(context.closing?.planned === false && { closes: true as const }),
  },
})

const cancel = (order: string | null, reason: string): readonly Effect[] =>
  order === null ? [] : [{ type: 'tell', to: orderAddress(order), event: { type: 'cancelRequested', reason } as { type: string } }]

/** Asks the live buy to be cancelled. */
export const cancelBuy = (context: TradePairContext, reason: string): readonly Effect[] => cancel(context.buyOrder, reason)

/** Asks the live sell to be cancelled. */
export const cancelSell = (context: TradePairContext, reason: string): readonly Effect[] => cancel(context.sellOrder, reason)

/** The pause before the next covering sell, after at least one that did not stand: doubling, capped. */
export const coverPause = (context: TradePairContext): Millis =>
  Math.min(context.policy.coverAgainMs * 2 ** Math.min(Math.max(context.fruitless - 1, 0), 16), context.policy.coverMaxMs)
