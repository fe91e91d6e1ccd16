import { describe, expect, it } from 'vitest'
import type { Peer } from '../../../sandbox/binance/connection.ts'
import { Gate } from '../../../sandbox/binance/gate.ts'
import { hmacKey } from '../../../sandbox/binance/keys.ts'
import { OrderLimit, WeightLimit } from '../../../sandbox/binance/limits.ts'
import { RestHandler } from '../../../sandbox/binance/rest-handler.ts'
import { binanceRules } from '../../../sandbox/binance/rules.ts'
import { streamHost } from '../../../sandbox/binance/stream-host.ts'
import { UserReports } from '../../../sandbox/binance/user-reports.ts'
import type { Venue } from '../../../sandbox/binance/venue.ts'
import { wsApiHost } from '../../../sandbox/binance/ws-api-host.ts'
import { FaultBoard } from '../../../sandbox/control/faults.ts'
import { RequestLog } from '../../../sandbox/control/request-log.ts'
import { amount } from '../../../sandbox/exchange/amounts.ts'
import { Exchange } from '../../../sandbox/exchange/exchange.ts'
import { rateFromBps } from '../../../sandbox/exchange/fees.ts'
import { forgetfulJournal } from '../../../sandbox/exchange/journal-file.ts'
import { Ledger } from '../../../sandbox/exchange/ledger.ts'
import { Market } from '../../../sandbox/exchange/market.ts'
import { binanceProducts } from '../../../sandbox/exchange/products.ts'
import { signedParams, type Parsed } from './support.ts'

const EPOCH = Date.UTC(2026, 10, 21, 12)
const SECRET = 'secret-secret'
const KEY = { apiKey: 'k'.repeat(64), sign: () => '' }

/** The venue without a socket, a file or a timer: the clock is a number. */
function venueOf() {
  let at = 0
  const now = (): number => EPOCH + at
  const faults = new FaultBoard(now)
  const ledger = new Ledger(forgetfulJournal(), { USDT: amount('1000') }, now())
  const product = binanceProducts.get('BTC-USDT')!
  const markets = new Map([[product.id, new Market(product.id, { spacing: 100, meanSize: amount('1'), step: product.baseIncrement, levels: 3 }, 1)]])
  const rates = { maker: rateFromBps('10'), taker: rateFromBps('10') }
  const exchange = new Exchange({ ledger, markets, rates, rules: binanceRules({ ledger, markets, bnbFees: false, idsReusableAfter: 'end' }), now, cancelDelayMs: 0 })
  const orderLimit = new OrderLimit({ per10Seconds: 0, perDay: 0 }, now)
  const core = { exchange, faults, requests: new RequestLog(), now, monotonic: () => at, after: () => undefined, numberBase: EPOCH * 1000 }
  const settings = { orderVisibleAfterMs: 0, fillVisibleAfterMs: 0, cancelledKeepId: true, weightPerMinute: 6000, ordersPer10Seconds: 0, ordersPerDay: 0, socketLifeMs: 86_400_000, pingEveryMs: 20_000, bnbFees: false }
  let ids = 0
  const venue: Venue = {
    ...core,
    ring: { keyFile: '', keys: new Map([[KEY.apiKey, hmacKey(KEY.apiKey, SECRET)]]) },
    settings,
    weight: new WeightLimit(6000, 120_000, now),
    orderLimit,
    reports: new UserReports(core, orderLimit),
    newClientId: () => `id-${++ids}`,
  }
  exchange.onMarket(product.id, { kind: 'quote', atMs: 0, quote: { bid: 6_170_000, ask: 6_170_001, bidSize: amount('1'), askSize: amount('1') } })
  return { venue, gate: new Gate(venue), pass: (ms: number) => (at += ms), now }
}

function peerOf() {
  const frames: Parsed[] = []
  const seen = { pings: 0, closed: undefined as number | undefined, terminated: false }
  const peer: Peer = {
    waiting: () => 0,
    send: (text) => void frames.push(JSON.parse(text)),
    ping: () => void (seen.pings += 1),
    pong: () => undefined,
    close: (code) => void (seen.closed = code),
    terminate: () => void (seen.terminated = true),
  }
  return { peer, frames, seen }
}

describe('the venue without sockets', () => {
  it('answers REST requests and tells the account by frames', async () => {
    const { venue, gate, now } = venueOf()
    const { createHmac } = await import('node:crypto')
    const key = { apiKey: KEY.apiKey, sign: (text: string) => createHmac('sha256', SECRET).update(text).digest('hex') }
    const { peer, frames } = peerOf()
    const session = wsApiHost(venue, gate).join(peer, '/ws-api/v3')!
    session.take(JSON.stringify({ id: 1, method: 'userDataStream.subscribe.signature', params: signedParams({ timestamp: now() }, key) }))
    await Promise.resolve()
    await Promise.resolve()
    const query = `symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.001&price=50000&timestamp=${now()}`
    const { outcome, headers } = await new RestHandler(venue, gate).take({ method: 'POST', path: '/api/v3/order', query: `${query}&signature=${key.sign(query)}`, body: '', apiKey: key.apiKey })
    expect(outcome).toMatchObject({ status: 200, body: { orderId: 1, clientOrderId: 'id-1' } })
    // The connection, the subscription; the order itself is free.
    expect(headers['x-mbx-used-weight-1m']).toBe('4')
    expect(frames.map((frame) => frame.event?.e ?? frame.id)).toEqual([1, 'executionReport', 'outboundAccountPosition'])
  })

  it('knows the symbols that have a market and no others', async () => {
    const { venue, gate } = venueOf()
    const rest = new RestHandler(venue, gate)
    const ask = async (path: string, query: string): Promise<unknown> => (await rest.take({ method: 'GET', path: `/api/v3${path}`, query, body: '', apiKey: undefined })).outcome
    expect(await ask('/ticker/price', 'symbol=BTCUSDT')).toMatchObject({ status: 200 })
    expect(await ask('/ticker/price', 'symbol=ETHUSDT')).toMatchObject({ status: 400, body: { code: -1121 } })
    expect(await ask('/depth', 'symbol=ETHUSDT')).toMatchObject({ status: 400, body: { code: -1121 } })
  })

  it('pings every 20 s, ends who does not answer within 60 s, and keeps who does', () => {
    const { venue, pass } = venueOf()
    const host = streamHost(venue)
    const [silent, lively] = [peerOf(), peerOf()]
    host.join(silent.peer, '/ws')
    const session = host.join(lively.peer, '/ws')!
    for (let second = 0; second <= 85; second += 1) {
      pass(1000)
      host.tick()
      session.connection.heard()
    }
    expect([silent.seen.terminated, lively.seen.terminated, lively.seen.pings]).toEqual([true, false, 4])
  })

  it('closes a connection after 24 hours', () => {
    const { venue, pass } = venueOf()
    const host = streamHost(venue)
    const { peer, seen } = peerOf()
    host.join(peer, '/ws')
    pass(86_399_999)
    host.tick()
    expect(seen.closed).toBeUndefined()
    pass(1)
    host.tick()
    expect(seen.closed).toBe(1000)
  })

  it('takes 300 connection attempts in five minutes and not one more', () => {
    const { venue, gate, pass } = venueOf()
    const host = wsApiHost(venue, gate)
    const attempt = (): boolean => {
      const session = host.join(peerOf().peer, '/ws-api/v3')
      if (session) host.leave(session)
      return session !== undefined
    }
    for (let count = 0; count < 300; count += 1) expect(attempt()).toBe(true)
    expect(attempt()).toBe(false)
    pass(300_001)
    expect(attempt()).toBe(true)
  })

  it('drops a reader that is too far behind', () => {
    const { venue } = venueOf()
    const host = streamHost(venue)
    const { peer, seen, frames } = peerOf()
    const session = host.join({ ...peer, waiting: () => 16_000_001 }, '/ws')!
    session.take(JSON.stringify({ method: 'LIST_SUBSCRIPTIONS', id: 1 }))
    expect([seen.terminated, frames]).toEqual([true, []])
  })

  it('a level that changes and comes back within one diff is in that diff', () => {
    const { venue, pass } = venueOf()
    const host = streamHost(venue)
    const { peer, frames } = peerOf()
    host.join(peer, '/ws/btcusdt@depth@100ms')
    host.tick()
    const quote = (bid: number) => venue.exchange.onMarket('BTC-USDT', { kind: 'quote', atMs: 0, quote: { bid, ask: 6_170_001, bidSize: amount('1'), askSize: amount('1') } })
    quote(6_169_999)
    quote(6_170_000)
    pass(100)
    host.tick()
    expect(frames).toHaveLength(1)
    expect(frames[0]!.b).toEqual(expect.arrayContaining([['61699.99000000', '0.00000000'], ['61700.00000000', '1.00000000']]))
    expect([frames[0]!.u - frames[0]!.U, frames[0]!.a]).toEqual([1, []])
  })

  it('a level whose size alone has changed is all that a diff tells', () => {
    const { venue, pass } = venueOf()
    const host = streamHost(venue)
    const { peer, frames } = peerOf()
    host.join(peer, '/ws/btcusdt@depth@100ms')
    host.tick()
    venue.exchange.onMarket('BTC-USDT', { kind: 'quote', atMs: 0, quote: { bid: 6_170_000, ask: 6_170_001, bidSize: amount('0.25'), askSize: amount('1') } })
    pass(100)
    host.tick()
    expect(frames.map(({ b, a }) => [b, a])).toEqual([[[['61700.00000000', '0.25000000']], []]])
  })

  it('executions of one order are told one by one, each with what was filled up to it', () => {
    const { venue } = venueOf()
    const told: Parsed[] = []
    venue.reports.listen((event) => told.push(event))
    venue.exchange.onMarket('BTC-USDT', { kind: 'quote', atMs: 0, quote: { bid: 6_170_000, ask: 6_170_001, bidSize: amount('1'), askSize: amount('0.001') } })
    venue.exchange.place({ clientOrderId: 'two-levels', productId: 'BTC-USDT', side: 'BUY', quantity: amount('0.003'), timeInForce: 'IOC', postOnly: false })
    expect(told.map(({ e, x, X, l, z, t }) => [e, x, X, l, z, t])).toEqual([
      ['executionReport', 'NEW', 'NEW', '0.00000000', '0.00000000', -1],
      ['executionReport', 'TRADE', 'PARTIALLY_FILLED', '0.00100000', '0.00100000', 1],
      ['executionReport', 'TRADE', 'FILLED', '0.00200000', '0.00300000', 2],
      ['outboundAccountPosition', undefined, undefined, undefined, undefined, undefined],
    ])
    expect(told.slice(0, 3).map(({ I }) => I)).toEqual([1, 2, 3].map((count) => venue.numberBase + count))
  })
})
