import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { limit, order, start, until, type Client, type Feed, type Parsed } from './support.ts'

let sandbox: Sandbox
let client: Client
beforeAll(async () => ({ sandbox, client } = await start('--seed', '6', '--first-subscribe-ms', '150', '--idle-ms', '1500')))
afterAll(() => sandbox.close())

const contiguous = (frames: Parsed[]) => frames.filter((frame) => frame.sequence_num !== undefined).every((frame, index) => frame.sequence_num === index)
const subscribe = (feed: Feed, channel: string, more: object = {}) => feed.send({ type: 'subscribe', channel, ...more })
const bid = async () => Number((await client.get('/best_bid_ask?product_ids=BTC-USD')).body.pricebooks[0].bids[0].price)

async function userFeed(host: 'user' | 'market' = 'user'): Promise<Feed> {
  const feed = await client.open(host)
  subscribe(feed, 'user', { jwt: client.token() })
  await feed.seen((frame) => frame.channel === 'subscriptions')
  return feed
}

describe('the market host', () => {
  it('serves every channel with one rising sequence, data before the acknowledgement', async () => {
    const feed = await client.open('market')
    for (const channel of ['ticker', 'level2', 'market_trades', 'candles', 'status', 'ticker_batch']) subscribe(feed, channel, { product_ids: ['BTC-USD', 'ETH-USD'] })
    subscribe(feed, 'heartbeats')
    await feed.seen((frame) => frame.channel === 'heartbeats')
    await feed.seen((frame) => frame.channel === 'market_trades' && frame.events[0].type === 'update')
    await feed.seen((frame) => frame.channel === 'l2_data' && frame.events[0].type === 'update')
    expect(feed.frames[0]).toMatchObject({ channel: 'ticker', sequence_num: 0, events: [{ type: 'snapshot' }] })
    expect(feed.frames.findIndex((frame) => frame.channel === 'subscriptions')).toBeGreaterThan(0)
    expect(feed.frames[0].timestamp).toMatch(/\.\d{9}Z$/)
    expect(feed.frames[0]).not.toHaveProperty('client_id')
    expect(contiguous(feed.frames)).toBe(true)
    feed.socket.close()
  })

  it('keeps a coherent book: applying the updates gives an uncrossed book', async () => {
    const feed = await client.open('market')
    subscribe(feed, 'level2', { product_ids: ['BTC-USD'] })
    await until(() => Promise.resolve(feed.frames.length), (count) => count > 15)
    const sides = { bid: new Map<string, string>(), offer: new Map<string, string>() }
    for (const frame of feed.frames.filter(({ channel }) => channel === 'l2_data')) {
      for (const { side, price_level, new_quantity } of frame.events[0].updates) {
        const levels = sides[side as 'bid' | 'offer']
        if (new_quantity === '0') levels.delete(price_level)
        else levels.set(price_level, new_quantity)
      }
      expect(Math.max(...[...sides.bid.keys()].map(Number))).toBeLessThan(Math.min(...[...sides.offer.keys()].map(Number)))
    }
    expect([sides.bid.size, sides.offer.size]).toEqual([50, 50])
    feed.socket.close()
  })

  it('labels an alias with its canonical product and stops on unsubscribe', async () => {
    const feed = await client.open('market')
    subscribe(feed, 'ticker', { product_ids: ['BTC-USDC'] })
    expect((await feed.seen((frame) => frame.channel === 'ticker')).events[0].tickers[0].product_id).toBe('BTC-USD')
    feed.send({ type: 'unsubscribe', channel: 'ticker' })
    await feed.seen((frame) => frame.channel === 'subscriptions' && Object.keys(frame.events[0].subscriptions).length === 0)
    const count = feed.frames.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(feed.frames).toHaveLength(count)
    feed.socket.close()
  })

  it('answers what it cannot serve with error frames and stays open', async () => {
    const feed = await client.open('market')
    subscribe(feed, 'nonsense', { product_ids: ['BTC-USD'] })
    subscribe(feed, 'user')
    subscribe(feed, 'ticker', { product_ids: ['NO-USD'] })
    await until(() => Promise.resolve(feed.frames.length), (count) => count === 3)
    expect(feed.frames.map((frame) => frame.message)).toEqual(['authentication failure', 'authentication failure', 'failure to subscribe'])
    expect(feed.socket.readyState).toBe(feed.socket.OPEN)
    feed.socket.close()
  })

  it('closes a socket that does not subscribe in time', async () => {
    const feed = await client.open('market')
    const began = performance.now()
    await feed.closed
    expect(performance.now() - began).toBeGreaterThan(100)
  })
})

describe('an idle socket', () => {
  it('is closed unless heartbeats keep it open', async () => {
    const [quiet, kept] = [await userFeed(), await userFeed()]
    subscribe(kept, 'heartbeats')
    await quiet.closed
    expect(kept.socket.readyState).toBe(kept.socket.OPEN)
    kept.socket.close()
  })
})

describe('the user channel', () => {
  it.each(['user', 'market'] as const)('on the %s host: snapshot, acknowledgement, then cumulative states', async (host) => {
    const feed = await userFeed(host)
    expect(feed.frames[0]).toMatchObject({ channel: 'user', events: [{ type: 'snapshot', orders: [] }] })
    expect('client_id' in feed.frames[0]).toBe(host === 'user')
    const price = (await bid()) * 0.9
    const wish = order('BUY', limit('0.001', price.toFixed(2)))
    const { order_id: id } = (await client.post('/orders', wish)).body.success_response
    const about = (status: string) => (frame: Parsed) => frame.channel === 'user' && frame.events[0].orders.some((row: Parsed) => row.order_id === id && row.status === status)
    await feed.seen(about('PENDING'))
    const open = (await feed.seen(about('OPEN'))).events[0].orders[0]
    expect(open).toMatchObject({ client_order_id: wish.client_order_id, post_only: 'true', reject_Reason: '', leaves_quantity: '0.001', cumulative_quantity: '0', order_type: 'Limit' })
    await client.post('/orders/batch_cancel', { order_ids: [id] })
    await feed.seen(about('CANCEL_QUEUED'))
    expect((await feed.seen(about('CANCELLED'))).events[0].orders[0]).toMatchObject({ leaves_quantity: '0', cancel_reason: 'User requested cancel', outstanding_hold_amount: '0' })
    expect(contiguous(feed.frames)).toBe(true)
    feed.socket.close()
  })

  it('shows the open orders in chunks of 50, the last one shorter', async () => {
    const price = ((await bid()) * 0.8).toFixed(2)
    const ids = await Promise.all(Array.from({ length: 53 }, async () => (await client.post('/orders', order('BUY', limit('0.0001', price)))).body.success_response.order_id))
    const feed = await userFeed()
    const chunks = feed.frames.filter((frame) => frame.channel === 'user').map((frame) => [frame.events[0].type, frame.events[0].orders.length])
    expect(chunks).toEqual([['snapshot', 50], ['update', 3]])
    await client.post('/orders/batch_cancel', { order_ids: ids })
    feed.socket.close()
  })

  it('is refused with a wrong token', async () => {
    const feed = await client.open('user')
    subscribe(feed, 'user', { jwt: client.token(undefined, { payload: { exp: 1 } }) })
    expect(await feed.seen((frame) => frame.type === 'error')).toEqual({ type: 'error', message: 'authentication failure' })
    feed.socket.close()
  })
})
