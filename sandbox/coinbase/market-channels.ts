import { formatAmount } from '../exchange/amounts.ts'
import type { Market, PublicTrade } from '../exchange/market.ts'
import { priceAtoms, products, type Product } from '../exchange/products.ts'
import type { FeedConnection } from './feed-connection.ts'
import { showCandle } from './market-routes.ts'
import { rfc3339 } from './times.ts'
import type { Venue } from './venue.ts'

/** One channel's state for one product on one connection: a snapshot, then whatever changed since the last `update`. */
export interface ChannelFeed {
  snapshot(): void
  update(): void
}

interface FeedParts {
  readonly venue: Venue
  readonly connection: FeedConnection
  readonly product: Product
  readonly market: Market
}

/** A market-data channel: how often it may speak and how a product's feed is made. */
export interface ChannelKind {
  readonly everyMs: number
  readonly open: (parts: FeedParts) => ChannelFeed
}

const FIVE_MINUTES = 300
const CANDLE_SNAPSHOT = 100
const TRADE_SNAPSHOT = 100

/** The market-data channels with their paces; tickers are merged so that a fast replay cannot flood (coinbase-advanced-trade.md 9.4 to 9.6). */
export const channelKinds: Readonly<Record<string, ChannelKind>> = {
  ticker: { everyMs: 25, open: (parts) => tickerFeed(parts, 'ticker') },
  ticker_batch: { everyMs: 5000, open: (parts) => tickerFeed(parts, 'ticker_batch') },
  level2: { everyMs: 50, open: bookFeed },
  market_trades: { everyMs: 250, open: tradeFeed },
  candles: { everyMs: 1000, open: candleFeed },
  status: { everyMs: 5000, open: statusFeed },
}

function tickerFeed({ venue, connection, product, market }: FeedParts, channel: string): ChannelFeed {
  let sent = -1
  const send = (type: string): void => {
    sent = market.version
    const bad = venue.faults.take('badTickers', 'all')
    connection.send(channel, [{ type, tickers: [{ ...showTicker(product, market), ...(bad && badTop(bad.variant, product, market)) }] }])
  }
  return { snapshot: () => send('snapshot'), update: () => (market.version === sent ? undefined : send('update')) }
}

function showTicker(product: Product, market: Market): Record<string, string> {
  const price = (ticks: number): string => formatAmount(priceAtoms(product, ticks))
  const last = price(market.lastTicks)
  const { quote } = market
  const top = quote ? { best_bid: price(quote.bid), best_bid_quantity: formatAmount(quote.bidSize), best_ask: price(quote.ask), best_ask_quantity: formatAmount(quote.askSize) } : {}
  return { type: 'ticker', product_id: product.id, price: last, volume_24_h: '0', low_24_h: last, high_24_h: last, low_52_w: last, high_52_w: last, price_percent_chg_24_h: '0', ...top }
}

/** A top of the book that is none. */
function badTop(variant: string, product: Product, market: Market): Record<string, string> {
  const price = (ticks: number): string => formatAmount(priceAtoms(product, ticks))
  const last = market.lastTicks
  if (variant === 'crossed') return { best_bid: price(last + 1), best_ask: price(last) }
  if (variant === 'far') return { best_bid: price(last * 3), best_ask: price(last * 3 + 1) }
  const none = variant === 'zero' ? '0' : ''
  return { best_bid: none, best_ask: none }
}

type BookRow = readonly [side: 'bid' | 'offer', price: number, size: bigint]

function bookFeed({ venue, connection, product, market }: FeedParts): ChannelFeed {
  let shown = new Map<string, BookRow>()
  let sent = -1
  const rows = (): Map<string, BookRow> =>
    new Map([...market.depth('BUY').map((level): BookRow => ['bid', level.price, level.size]), ...market.depth('SELL').map((level): BookRow => ['offer', level.price, level.size])].map((row) => [`${row[0]}${row[1]}`, row]))
  const send = (type: string, changed: readonly BookRow[]): void => {
    const eventTime = rfc3339(venue.now())
    const updates = changed.map(([side, price, size]) => ({ side, event_time: eventTime, price_level: formatAmount(priceAtoms(product, price)), new_quantity: formatAmount(size) }))
    if (type === 'snapshot' || updates.length > 0) connection.send('l2_data', [{ type, product_id: product.id, updates }])
  }
  return {
    snapshot: () => {
      shown = rows()
      send('snapshot', [...shown.values()])
    },
    update: () => {
      if (market.version === sent) return
      sent = market.version
      const next = rows()
      const gone = [...shown].filter(([key]) => !next.has(key)).map(([, [side, price]]): BookRow => [side, price, 0n])
      const changed = [...next].filter(([key, row]) => shown.get(key)?.[2] !== row[2]).map(([, row]) => row)
      shown = next
      send('update', [...gone, ...changed])
    },
  }
}

function tradeFeed({ connection, product, market }: FeedParts): ChannelFeed {
  let lastId = 0
  const send = (type: string, trades: readonly PublicTrade[]): void => {
    lastId = trades.at(-1)?.tradeId ?? lastId
    const shown = trades.map((trade) => ({
      trade_id: String(trade.tradeId),
      product_id: product.id,
      price: formatAmount(priceAtoms(product, trade.price)),
      size: formatAmount(trade.quantity),
      time: rfc3339(trade.at),
      side: trade.makerSide,
    }))
    connection.send('market_trades', [{ type, trades: shown.reverse() }])
  }
  return {
    snapshot: () => send('snapshot', market.tape().slice(-TRADE_SNAPSHOT)),
    update: () => {
      const fresh = (market.lastTrade?.tradeId ?? 0) > lastId ? market.tape(lastId) : []
      if (fresh.length > 0) send('update', fresh)
    },
  }
}

function candleFeed({ venue, connection, product, market }: FeedParts): ChannelFeed {
  const send = (type: string, count: number): void => {
    const now = Math.floor(venue.now() / 1000)
    const candles = market.candles.between(now - (count + 1) * FIVE_MINUTES, now, FIVE_MINUTES).slice(-count)
    connection.send('candles', [{ type, candles: candles.reverse().map((candle) => ({ ...showCandle(product, candle), product_id: product.id })) }])
  }
  return { snapshot: () => send('snapshot', CANDLE_SNAPSHOT), update: () => send('update', 1) }
}

function statusFeed({ connection, product }: FeedParts): ChannelFeed {
  const row = {
    product_type: 'SPOT',
    id: product.id,
    base_currency: product.base,
    quote_currency: product.quote,
    base_increment: formatAmount(product.baseIncrement),
    quote_increment: formatAmount(product.priceIncrement),
    display_name: `${product.base}/${product.quote}`,
    status: 'online',
    status_message: '',
    min_market_funds: formatAmount(product.quoteMinSize),
  }
  return { snapshot: () => connection.send('status', [{ type: 'snapshot', products: [row] }]), update: () => undefined }
}

/** The product a market-data subscription is served with: an alias is served, and labelled, as its canonical product (coinbase-advanced-trade.md 9.6). */
export function canonical(id: string): Product | undefined {
  return products.get(products.get(id)?.market ?? '')
}
