import { divide, ONE } from '../exchange/amounts.ts'
import type { StoredCandle } from '../exchange/candle-store.ts'
import type { Market, PublicTrade } from '../exchange/market.ts'
import { priceAtoms, type Product } from '../exchange/products.ts'
import { dec } from './decimals.ts'
import type { Interval } from './intervals.ts'
import { symbolOf } from './symbols.ts'

/** Which market and how its figures are printed. */
export interface Listed {
  readonly product: Product
  readonly market: Market
}

export function showPrice(product: Product, ticks: number): string {
  return dec(priceAtoms(product, ticks))
}

/** A price level: price and size (binance-spot.md 5.1). */
export function showLevels({ product, market }: Listed, side: 'BUY' | 'SELL', limit: number): [string, string][] {
  return market.depth(side).slice(0, limit).map(({ price, size }) => [showPrice(product, price), dec(size)])
}

export function showTop({ product, market }: Listed): { bidPrice: string; bidQty: string; askPrice: string; askQty: string } {
  const { quote } = market
  return { bidPrice: showPrice(product, quote?.bid ?? 0), bidQty: dec(quote?.bidSize ?? 0n), askPrice: showPrice(product, quote?.ask ?? 0), askQty: dec(quote?.askSize ?? 0n) }
}

/** Turnover in ticks x atoms as quote atoms. */
export function quoteVolume(product: Product, turnover: bigint): bigint {
  return (turnover * product.priceIncrement) / ONE
}

export function showTrade({ product }: Pick<Listed, 'product'>, trade: PublicTrade): Record<string, unknown> {
  return {
    id: trade.tradeId,
    price: showPrice(product, trade.price),
    qty: dec(trade.quantity),
    quoteQty: dec(quoteVolume(product, BigInt(trade.price) * trade.quantity)),
    time: trade.at,
    isBuyerMaker: trade.makerSide === 'BUY',
    isBestMatch: true,
  }
}

/** Every print is an aggregate of its own here, so that both kinds of id agree. */
export function showAggregate({ product }: Pick<Listed, 'product'>, trade: PublicTrade): Record<string, unknown> {
  return { a: trade.tradeId, p: showPrice(product, trade.price), q: dec(trade.quantity), f: trade.tradeId, l: trade.tradeId, T: trade.at, m: trade.makerSide === 'BUY', M: true }
}

/** The last millisecond of a kline. */
export function closeTimeOf(interval: Interval, start: number): number {
  return interval.after(start) * 1000 - 1
}

/** A kline's twelve entries (binance-spot.md 5.1). */
export function showKline(product: Product, interval: Interval, candle: StoredCandle): unknown[] {
  const { start, open, high, low, close, volume, turnover, trades, takerBuyVolume, takerBuyTurnover } = candle
  const prices = [open, high, low, close].map((ticks) => showPrice(product, ticks))
  const taken = [dec(takerBuyVolume), dec(quoteVolume(product, takerBuyTurnover))]
  return [start * 1000, ...prices, dec(volume), closeTimeOf(interval, start), dec(quoteVolume(product, turnover)), trades, ...taken, '0']
}

const DAY = 86_400

/** The figures of the last 24 hours, in the words of `GET /ticker/24hr`; the streams spell them with letters. */
export function dayFigures({ product, market }: Listed, nowMs: number) {
  const second = Math.floor(nowMs / 1000)
  const minutes = market.candles.between(second - DAY, second, 60)
  const volume = minutes.reduce((sum, candle) => sum + candle.volume, 0n)
  const turnover = quoteVolume(product, minutes.reduce((sum, candle) => sum + candle.turnover, 0n))
  const count = minutes.reduce((sum, candle) => sum + candle.trades, 0)
  const last = market.lastTicks
  const open = minutes[0]?.open ?? last
  const change = BigInt(last - open)
  const lastId = market.lastTrade?.tradeId ?? -1
  return {
    symbol: symbolOf(product),
    priceChange: dec(change * product.priceIncrement),
    priceChangePercent: percent(change, open),
    weightedAvgPrice: dec(divide(turnover, volume, 8)),
    prevClosePrice: showPrice(product, open),
    lastPrice: showPrice(product, last),
    lastQty: dec(market.lastTrade?.quantity ?? 0n),
    ...showTop({ product, market }),
    openPrice: showPrice(product, open),
    highPrice: showPrice(product, Math.max(last, ...minutes.map(({ high }) => high))),
    lowPrice: showPrice(product, Math.min(last, ...minutes.map(({ low }) => low))),
    volume: dec(volume),
    quoteVolume: dec(turnover),
    openTime: (second - DAY) * 1000,
    closeTime: Math.floor(nowMs),
    firstId: lastId < 0 ? -1 : lastId - Math.min(count, lastId) + 1,
    lastId,
    count,
  }
}

function percent(change: bigint, open: number): string {
  const thousandths = (change * 100_000n) / BigInt(open)
  const size = thousandths < 0n ? -thousandths : thousandths
  return `${thousandths < 0n ? '-' : ''}${size / 1000n}.${String(size % 1000n).padStart(3, '0')}`
}
