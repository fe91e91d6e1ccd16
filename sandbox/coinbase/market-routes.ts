import { formatAmount } from '../exchange/amounts.ts'
import type { StoredCandle } from '../exchange/candle-store.ts'
import type { Market } from '../exchange/market.ts'
import { priceAtoms, products, type Product } from '../exchange/products.ts'
import { invalid, notFound, ok, type RestAnswer, type RestRequest } from './answers.ts'
import { limitOf } from './paging.ts'
import { showBook, showBookSummary, showProduct } from './shapes.ts'
import { rfc3339 } from './times.ts'
import type { Venue } from './venue.ts'

const GRANULARITIES: Readonly<Record<string, number>> = {
  ONE_MINUTE: 60,
  FIVE_MINUTE: 300,
  FIFTEEN_MINUTE: 900,
  THIRTY_MINUTE: 1800,
  ONE_HOUR: 3600,
  TWO_HOUR: 7200,
  FOUR_HOUR: 14_400,
  SIX_HOUR: 21_600,
  ONE_DAY: 86_400,
}
const CANDLE_LIMIT = 350

/** GET /time: strings in camelCase (coinbase-advanced-trade.md 5.1). */
export function time(venue: Venue): RestAnswer {
  const now = venue.now()
  return ok({ iso: rfc3339(now), epochSeconds: String(Math.floor(now / 1000)), epochMillis: String(Math.floor(now)) })
}

export function listProducts(venue: Venue, { query }: RestRequest): RestAnswer {
  const ids = query.getAll('product_ids')
  const offset = Number(query.get('offset') ?? 0) || 0
  const limit = limitOf(query.get('limit'), products.size, products.size)
  const spot = ['SPOT', 'UNKNOWN_PRODUCT_TYPE', null].includes(query.get('product_type'))
  const all = venue.exchange.listed.filter((product) => spot && (ids.length === 0 || ids.includes(product.id)))
  const page = all.slice(offset, offset + limit).map((product) => showProduct(product, venue.exchange.marketOf(product), venue.exchange.isClosed))
  return ok({ products: page, num_products: page.length, pagination: null })
}

export function oneProduct(venue: Venue, { params }: RestRequest): RestAnswer {
  return withProduct(venue, params[0], (product, market) => ok(showProduct(product, market, venue.exchange.isClosed)))
}

export function productBook(venue: Venue, { query }: RestRequest): RestAnswer {
  return withProduct(venue, query.get('product_id') ?? undefined, (product, market) =>
    ok({ pricebook: showBook(product, market, limitOf(query.get('limit'), 50, 1000), venue.now()), ...showBookSummary(product, market) }),
  )
}

export function bestBidAsk(venue: Venue, { query }: RestRequest): RestAnswer {
  const ids = query.getAll('product_ids')
  const wanted = venue.exchange.listed.filter((product) => ids.length === 0 || ids.includes(product.id))
  return ok({ pricebooks: wanted.map((product) => showBook(product, venue.exchange.marketOf(product), 1, venue.now())) })
}

/** GET .../ticker: the latest trades, newest first, and the top of the book (coinbase-advanced-trade.md 5.6). `limit` is required. */
export function ticker(venue: Venue, { params, query }: RestRequest): RestAnswer {
  if (query.get('limit') === null) return invalid('limit is required')
  const limit = limitOf(query.get('limit'), 100, 1000)
  return withProduct(venue, params[0], (product, market) => {
    const trades = market.tape().slice(-limit).reverse().map((trade) => ({
      trade_id: String(trade.tradeId),
      product_id: product.id,
      price: formatAmount(priceAtoms(product, trade.price)),
      size: formatAmount(trade.quantity),
      time: rfc3339(trade.at),
      side: trade.makerSide,
      bid: '',
      ask: '',
    }))
    const { quote } = market
    return ok({ trades, best_bid: quote ? formatAmount(priceAtoms(product, quote.bid)) : '', best_ask: quote ? formatAmount(priceAtoms(product, quote.ask)) : '' })
  })
}

/** GET .../candles: newest first, empty buckets left out; a range of more than 350 buckets is an error (coinbase-advanced-trade.md 5.5). */
export function candles(venue: Venue, { params, query }: RestRequest): RestAnswer {
  const from = Number(query.get('start') ?? Number.NaN)
  const to = Number(query.get('end') ?? Number.NaN)
  const seconds = GRANULARITIES[query.get('granularity') ?? '']
  if (!Number.isInteger(from) || !Number.isInteger(to) || seconds === undefined) return invalid('start, end (unix seconds) and granularity are required')
  const limit = limitOf(query.get('limit'), CANDLE_LIMIT, CANDLE_LIMIT)
  if ((to - from) / seconds > CANDLE_LIMIT) return invalid(`number of candles requested should be less than ${CANDLE_LIMIT}`)
  return withProduct(venue, params[0], (product, market) =>
    ok({ candles: market.candles.between(from, to, seconds).reverse().slice(0, limit).map((candle) => showCandle(product, candle)) }),
  )
}

/** A candle's fields, the same in REST and on the socket. */
export function showCandle(product: Product, candle: StoredCandle): Record<string, string> {
  const price = (ticks: number): string => formatAmount(priceAtoms(product, ticks))
  return { start: String(candle.start), low: price(candle.low), high: price(candle.high), open: price(candle.open), close: price(candle.close), volume: formatAmount(candle.volume) }
}

function withProduct(venue: Venue, id: string | undefined, answer: (product: Product, market: Market) => RestAnswer): RestAnswer {
  const product = products.get(id ?? '')
  return product ? answer(product, venue.exchange.marketOf(product)) : notFound('valid product_id is required')
}
