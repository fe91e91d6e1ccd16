import type { Product } from '../exchange/products.ts'
import { errors } from './api-error.ts'
import { bookNumber } from './book-number.ts'
import { dec } from './decimals.ts'
import { averagePrice } from './filters.ts'
import { intervals, klinesOf } from './intervals.ts'
import { dayFigures, showAggregate, showKline, showLevels, showPrice, showTop, showTrade, type Listed } from './market-shapes.ts'
import type { Prepare } from './method.ts'
import type { Parameters } from './parameters.ts'
import { readSpan, spanned } from './span.ts'
import { chosenProducts, needProduct, statusNow, symbolOf } from './symbols.ts'
import type { Venue } from './venue.ts'

const IDS: readonly [number, number] = [0, Number.MAX_SAFE_INTEGER]
const DEEPEST = 5000

function listed(venue: Venue, product: Product): Listed {
  return { product, market: venue.exchange.marketOf(product) }
}

/** Refuses a `symbolStatus` that is not the symbol's. */
function checkStatus(venue: Venue, parameters: Parameters): void {
  const status = parameters.word('symbolStatus', ['TRADING', 'HALT', 'BREAK'])
  if (status !== undefined && status !== statusNow(venue)) throw errors.otherStatus()
}

export const depth: Prepare = (venue, parameters) => {
  const product = needProduct(venue, parameters)
  const limit = parameters.limit(100, DEEPEST)
  checkStatus(venue, parameters)
  return () => {
    const one = listed(venue, product)
    return { lastUpdateId: bookNumber(venue, one.market), bids: showLevels(one, 'BUY', limit), asks: showLevels(one, 'SELL', limit) }
  }
}

export const trades: Prepare = (venue, parameters) => {
  const product = needProduct(venue, parameters)
  const limit = parameters.limit(500, 1000)
  return () => venue.exchange.marketOf(product).tape().slice(-limit).map((trade) => showTrade({ product }, trade))
}

export const historicalTrades: Prepare = (venue, parameters) => {
  const product = needProduct(venue, parameters)
  const fromId = parameters.whole('fromId', IDS)
  const limit = parameters.limit(500, 1000)
  return () => {
    const tape = venue.exchange.marketOf(product).tape()
    const chosen = fromId === undefined ? tape.slice(-limit) : tape.filter(({ tradeId }) => tradeId >= fromId).slice(0, limit)
    return chosen.map((trade) => showTrade({ product }, trade))
  }
}

export const aggregateTrades: Prepare = (venue, parameters) => {
  const product = needProduct(venue, parameters)
  const fromId = parameters.whole('fromId', IDS)
  const span = readSpan(parameters)
  const limit = parameters.limit(500, 1000)
  if (fromId !== undefined && (span.from !== undefined || span.to !== undefined)) throw errors.badCombination()
  return () => {
    const tape = venue.exchange.marketOf(product).tape().filter(({ tradeId }) => fromId === undefined || tradeId >= fromId)
    return spanned(tape, { span, limit, at: ({ at }) => at, fromStart: fromId !== undefined }).map((trade) => showAggregate({ product }, trade))
  }
}

export const klines: Prepare = (venue, parameters) => {
  const product = needProduct(venue, parameters)
  const interval = intervals.get(parameters.need('interval'))
  if (!interval) throw errors.badInterval()
  // Days begin at 00:00 UTC here and nowhere else.
  parameters.word('timeZone', ['0', '00:00', '+00:00'])
  const span = readSpan(parameters)
  const limit = parameters.limit(500, 1000)
  return () => {
    const to = Math.floor(Math.min(venue.now(), span.to ?? Infinity) / 1000)
    const rows = klinesOf(venue.exchange.marketOf(product), interval, Math.ceil((span.from ?? 0) / 1000), to)
    return spanned(rows, { span: { from: span.from, to: undefined }, limit, at: ({ start }) => start * 1000 }).map((candle) => showKline(product, interval, candle))
  }
}

export const average: Prepare = (venue, parameters) => {
  const product = needProduct(venue, parameters)
  return () => {
    const { market } = listed(venue, product)
    return { mins: 5, price: dec(averagePrice(product, market, venue.now())), closeTime: market.lastTrade?.at ?? Math.floor(venue.now()) }
  }
}

/** Left out of the MINI form (binance-spot.md 5.1). */
const FULL_ONLY: ReadonlySet<string> = new Set(['priceChange', 'priceChangePercent', 'weightedAvgPrice', 'prevClosePrice', 'lastQty', 'bidPrice', 'bidQty', 'askPrice', 'askQty'])

export const dayTicker: Prepare = (venue, parameters) => {
  const { chosen, one } = chosenProducts(venue, parameters)
  const isMini = parameters.word('type', ['FULL', 'MINI']) === 'MINI'
  return () => {
    const rows = chosen.map((product) => Object.fromEntries(Object.entries(dayFigures(listed(venue, product), venue.now())).filter(([name]) => !isMini || !FULL_ONLY.has(name))))
    return one ? rows[0] : rows
  }
}

export const priceTicker: Prepare = (venue, parameters) => {
  const { chosen, one } = chosenProducts(venue, parameters)
  return () => {
    const rows = chosen.map((product) => ({ symbol: symbolOf(product), price: showPrice(product, venue.exchange.marketOf(product).lastTicks) }))
    return one ? rows[0] : rows
  }
}

export const bookTicker: Prepare = (venue, parameters) => {
  const { chosen, one } = chosenProducts(venue, parameters)
  return () => {
    const rows = chosen.map((product) => ({ symbol: symbolOf(product), ...showTop(listed(venue, product)) }))
    return one ? rows[0] : rows
  }
}
