/**
 * Everybody who reads the same stream: a bare script, this desk's way to its board, and the clients that others use. Each
 * begins to listen and says when it has heard the last quote.
 */
import { WebsocketClient as BinanceSockets } from 'binance'
import * as ccxt from 'ccxt'
import { WebsocketClient as CoinbaseSockets } from 'coinbase-api'
import { WebSocket } from 'ws'
import { PriceBoard } from '../../src/actors/price-board.ts'
import { binanceMarket } from '../../src/adapters/binance/index.ts'
import { coinbaseMarket } from '../../src/adapters/coinbase/index.ts'
import { systemClock, systemRandom } from '../../src/adapters/system/system-clock.ts'
import { price } from '../../src/domain/decimal.ts'
import type { MarketSide } from '../../src/ports/venue.ts'
import { lastBid } from './quotes.ts'
import { silent } from './silent.ts'

export interface Reader {
  /** Calls `done` when it has heard the last quote; resolves to what ends it. */
  listen(done: () => void): Promise<() => void | Promise<void>>
}

export type Dialect = 'coinbase' | 'binance'

/** Who reads, in the order of the readers below: the bare script first, then this desk. */
export const readerNames: Readonly<Record<Dialect, readonly string[]>> = {
  binance: ['bare ws + JSON.parse', 'nightdesk', 'binance', 'ccxt (binance)'],
  coinbase: ['bare ws + JSON.parse', 'nightdesk', 'coinbase-api', 'ccxt (coinbase)'],
}

export interface Places {
  readonly streams: string
  readonly rest: string
}

const quiet = { trace: () => undefined, info: () => undefined, error: () => undefined }

/** `ws`, `JSON.parse` and one number. */
const bare = (url: string, request: object, bidOf: (body: never) => string): Reader => ({
  listen: (done) =>
    new Promise((resolve) => {
      const socket = new WebSocket(url, { perMessageDeflate: false })
      const last = Number(lastBid)
      socket.on('open', () => {
        socket.send(JSON.stringify(request))
        resolve(() => socket.terminate())
      })
      socket.on('message', (data: Buffer) => {
        const body = JSON.parse(data.toString()) as { data?: unknown; result?: unknown }
        if (!('result' in body) && Number(bidOf(body as never)) === last) done()
      })
    }),
})

/** The product's own feed, and its board with a hundred lines armed. */
const ours = (market: MarketSide, instrument: string): Reader => ({
  listen: async (done) => {
    const board = new PriceBoard({ clock: systemClock, staleAfterMs: 10_000, instruments: [{ id: instrument, tick: price('0.01') }] })
    for (let rung = 1; rung <= 100; rung++) board.arm(instrument, { id: String(rung), crossing: 'falls', at: price(String(50_000 - rung)), wake: () => undefined })
    const stream = market.marketFeed.open([instrument], {
      opened: () => undefined,
      subscribed: () => undefined,
      received: () => undefined,
      gap: () => undefined,
      ended: () => undefined,
      quote: (quote) => { if (board.offer(quote) && quote.bid === lastBid) done() },
    })
    return () => {
      stream.close()
      market.close()
    }
  },
})

interface Watcher {
  close(): unknown
  loadHttpProxyAgent(): unknown
  handleMessage(client: unknown, message: unknown): unknown
}

/** ccxt takes every frame into its cache, whoever waits for one: what it has heard is what stands there after a frame. */
const watching = <W extends Watcher>(make: () => W, ask: (watcher: W) => Promise<unknown>, bidOf: (watcher: W) => number | undefined): Reader => ({
  listen: async (done) => {
    const watcher = make()
    const handle = watcher.handleMessage.bind(watcher)
    watcher.handleMessage = (client, message) => {
      handle(client, message)
      if (bidOf(watcher) === Number(lastBid)) done()
    }
    await watcher.loadHttpProxyAgent()
    ask(watcher).catch(() => undefined)
    return async () => void (await watcher.close())
  },
})

const parts = { clock: systemClock, random: systemRandom, log: silent }

export const binanceReaders = ({ streams, rest }: Places): readonly Reader[] => {
  const symbol = 'BTC/USDT'
  const watcher = (): InstanceType<typeof ccxt.pro.binance> => {
    const made = new ccxt.pro.binance({ urls: { api: { public: `${rest}/api/v3`, private: `${rest}/api/v3`, ws: { spot: `${streams}/ws` } } }, options: { defaultType: 'spot', fetchMarkets: { types: ['spot'] }, fetchCurrencies: false, fetchMargins: false } })
    made.has['fetchCurrencies'] = false
    return made
  }
  return [
    bare(`${streams}/stream`, { id: 1, method: 'SUBSCRIBE', params: ['btcusdt@bookTicker'] }, (body: { data: { b: string } }) => body.data.b),
    ours(binanceMarket({ ...parts, restUrl: rest, streamsUrl: streams, wsApiUrl: streams, instruments: ['BTC-USDT'] }), 'BTC-USDT'),
    {
      listen: async (done) => {
        const sockets = new BinanceSockets({ wsUrl: streams, beautify: false }, quiet)
        sockets.on('message', (message) => { if (((message as { data?: { b?: string } }).data ?? (message as { b?: string })).b === lastBid) done() })
        await sockets.subscribe(['btcusdt@bookTicker'], 'main')
        return () => sockets.closeAll(true)
      },
    },
    watching(watcher, (one) => one.watchBidsAsks([symbol]), (one) => one.bidsasks[symbol]?.bid),
  ]
}

export const coinbaseReaders = ({ streams, rest }: Places, key: { readonly name: string; readonly privateKey: string }): readonly Reader[] => {
  const subscription = { type: 'subscribe', channel: 'ticker', product_ids: ['BTC-USD'] }
  const watcher = () => new ccxt.pro.coinbase({ apiKey: key.name, secret: key.privateKey, urls: { api: { rest, ws: streams } } })
  return [
    bare(streams, subscription, (body: { events: [{ tickers: [{ best_bid: string }] }] }) => body.events[0].tickers[0].best_bid),
    ours(coinbaseMarket({ ...parts, restUrl: rest, marketUrl: streams, userUrl: streams }), 'BTC-USD'),
    {
      listen: async (done) => {
        const sockets = new CoinbaseSockets({ apiKey: key.name, apiSecret: key.privateKey, wsUrl: streams }, quiet)
        sockets.on('update', (frame: { events?: { tickers?: { best_bid?: string }[] }[] }) => { if (frame.events?.[0]?.tickers?.[0]?.best_bid === lastBid) done() })
        sockets.subscribe({ topic: 'ticker', payload: { product_ids: ['BTC-USD'] } }, 'advTradeMarketData')
        return () => sockets.closeAll(true)
      },
    },
    watching(watcher, (one) => one.watchTicker('BTC/USD'), (one) => one.tickers['BTC/USD']?.bid),
  ]
}
