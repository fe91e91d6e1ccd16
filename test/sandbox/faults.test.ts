import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { limit, order, start, until, type Client, type Feed } from './support.ts'

let sandbox: Sandbox
let client: Client
beforeEach(async () => ({ sandbox, client } = await start('--seed', '9')))
afterEach(() => sandbox.close())

const wish = () => order('BUY', limit('0.001', '50000'))
const ledgerOf = async (id: string) => (await client.control('GET', `/ledger?prefix=${id}`)).body.orders
const fault = (body: object) => client.control('POST', '/faults', body)

async function heartbeats(host: 'market' | 'user' = 'user'): Promise<Feed> {
  const feed = await client.open(host)
  feed.send({ type: 'subscribe', channel: 'heartbeats' })
  feed.send({ type: 'subscribe', channel: 'user', jwt: client.token() })
  await feed.seen((frame) => frame.channel === 'subscriptions' && frame.events[0].subscriptions.user)
  return feed
}

describe('faults of requests', () => {
  it('loseNextAnswer: the order is admitted, the answer is lost', async () => {
    await fault({ name: 'loseNextAnswer', count: 1 })
    const lost = wish()
    await expect(client.post('/orders', lost)).rejects.toThrow()
    expect(await ledgerOf(lost.client_order_id)).toMatchObject([{ state: 'OPEN', writes: 1 }])
    expect((await client.post('/orders', wish())).body.success).toBe(true)
  })

  it('loseNextRequest: nothing is admitted, the ledger knows the id', async () => {
    await fault({ name: 'loseNextRequest' })
    const lost = wish()
    await expect(client.post('/orders', lost)).rejects.toThrow()
    expect(await ledgerOf(lost.client_order_id)).toMatchObject([{ state: 'never-admitted', writes: 1, venueOrderId: null }])
  })

  it('lateAdmission: the answer is lost and the order comes later', async () => {
    await fault({ name: 'lateAdmission', durationMs: 150 })
    const lost = wish()
    await expect(client.post('/orders', lost)).rejects.toThrow()
    expect(await ledgerOf(lost.client_order_id)).toMatchObject([{ state: 'never-admitted' }])
    await until(() => ledgerOf(lost.client_order_id), ([row]) => row.state === 'OPEN')
  })

  it.each([
    ['created', 'OPEN'],
    ['notCreated', 'never-admitted'],
  ])('answer5xx with variant %s leaves the order %s', async (variant, state) => {
    await fault({ name: 'answer5xx', target: 'create', variant })
    const lost = wish()
    expect((await client.post('/orders', lost)).status).toBe(503)
    expect(await ledgerOf(lost.client_order_id)).toMatchObject([{ state }])
    expect((await client.get('/accounts')).status).toBe(200)
  })

  it('answer429 and delay aim at their target', async () => {
    await fault({ name: 'answer429', target: 'cancel' })
    expect((await client.get('/accounts')).status).toBe(200)
    expect((await client.post('/orders/batch_cancel', { order_ids: ['x'] })).status).toBe(429)
    await fault({ name: 'delay', durationMs: 120, count: 1, target: 'reads' })
    const began = performance.now()
    await client.get('/accounts')
    expect(performance.now() - began).toBeGreaterThan(110)
  })

  it('refuseConnections cuts everything but the control API for its time', async () => {
    await fault({ name: 'refuseConnections', durationMs: 150 })
    await expect(client.get('/accounts')).rejects.toThrow()
    await expect(client.open('market')).rejects.toThrow()
    await until(() => client.get('/accounts').catch(() => ({ status: 0, body: '' })), ({ status }) => status === 200)
  })

  it('clockSkew moves the venue time', async () => {
    await fault({ name: 'clockSkew', durationMs: 5000, skewMs: 600_000 })
    expect(Number((await client.get('/time')).body.epochMillis)).toBeGreaterThan(Date.now() + 500_000)
    expect((await client.get('/accounts')).status).toBe(401)
  })

  it('partialFills halves executions', async () => {
    await fault({ name: 'partialFills', count: 1 })
    const price = ((await client.get('/best_bid_ask?product_ids=SOL-USD')).body.pricebooks[0].bids[0].price * 0.99).toFixed(2)
    const { order_id: id } = (await client.post('/orders', order('BUY', limit('1', price), 'SOL-USD'))).body.success_response
    await client.control('POST', '/market', { instrument: 'SOL-USD', price: '120', overMs: 30 })
    const done = await until(async () => (await client.get(`/orders/historical/${id}`)).body.order, (row) => row?.status === 'FILLED')
    expect(Number(done.number_of_fills)).toBeGreaterThan(1)
  })
})

describe('answers that tell nothing, or lie', () => {
  it.each([
    ['created', 'OPEN'],
    ['notCreated', 'never-admitted'],
  ])('answerHtml with variant %s leaves the order %s', async (variant, state) => {
    await fault({ name: 'answerHtml', target: 'create', variant })
    const lost = wish()
    expect(await client.post('/orders', lost)).toMatchObject({ status: 502, body: expect.stringContaining('<html>') })
    expect(await ledgerOf(lost.client_order_id)).toMatchObject([{ state }])
  })

  it('cutAnswer does what was asked and answers half of it', async () => {
    await fault({ name: 'cutAnswer', target: 'create' })
    const lost = wish()
    await expect(client.post('/orders', lost)).rejects.toThrow(SyntaxError)
    expect(await ledgerOf(lost.client_order_id)).toMatchObject([{ state: 'OPEN' }])
  })

  it.each([
    ['answer401', 401],
    ['answer403', 403],
  ])('%s bars its target and nothing is done', async (name, status) => {
    await fault({ name, target: 'create' })
    const barred = wish()
    expect((await client.post('/orders', barred)).status).toBe(status)
    expect(await ledgerOf(barred.client_order_id)).toMatchObject([{ state: 'never-admitted' }])
    expect((await client.get('/time')).status).toBe(200)
  })

  it.each([
    ['notCreated', 'REFUSED'],
    ['created', 'OPEN'],
  ])('refuseOrders with variant %s says the reason and leaves the order %s', async (variant, state) => {
    await fault({ name: 'refuseOrders', reason: 'SOMETHING_NEW', variant })
    const refused = wish()
    expect((await client.post('/orders', refused)).body).toMatchObject({ success: false, error_response: { new_order_failure_reason: 'SOMETHING_NEW' } })
    expect(await ledgerOf(refused.client_order_id)).toMatchObject([{ state }])
  })
})

describe('faults of the venue itself', () => {
  const resting = async (): Promise<string> => (await client.post('/orders', wish())).body.success_response.order_id
  const statusOf = async (id: string): Promise<unknown> => {
    const { status, body } = await client.get(`/orders/historical/${id}`)
    return status === 200 ? body.order.status : status
  }

  it.each([
    ['cancelled', 'CANCELLED'],
    ['expired', 'EXPIRED'],
    ['failed', 'FAILED'],
  ])('endOrders ends the oldest live orders: %s', async (variant, status) => {
    const [first, second] = [await resting(), await resting()]
    await fault({ name: 'endOrders', variant })
    await until(() => statusOf(first), (seen) => seen === status)
    await until(() => statusOf(second), (seen) => seen === 'OPEN')
  })

  it('closeMarkets takes cancels and no orders, and says so in the product list', async () => {
    const before = await resting()
    await fault({ name: 'closeMarkets', durationMs: 400 })
    expect((await client.post('/orders', wish())).body).toMatchObject({ success: false, error_response: { new_order_failure_reason: 'ORDER_ENTRY_DISABLED' } })
    expect((await client.get('/products/BTC-USD')).body).toMatchObject({ cancel_only: true })
    expect((await client.post('/orders/batch_cancel', { order_ids: [before] })).body.results).toMatchObject([{ success: true }])
    await until(() => client.get('/products/BTC-USD'), ({ body }) => body.cancel_only === false)
  })

  it('hideOrders leaves out what is made meanwhile, and nothing older', async () => {
    const before = await resting()
    await until(() => statusOf(before), (seen) => seen === 'OPEN')
    await fault({ name: 'hideOrders', durationMs: 400 })
    const meanwhile = await resting()
    expect([await statusOf(before), await statusOf(meanwhile)]).toEqual(['OPEN', 404])
    await until(() => statusOf(meanwhile), (seen) => seen === 'OPEN')
  })

  it('hideFills leaves out the executions made meanwhile', async () => {
    await fault({ name: 'hideFills', durationMs: 400 })
    const { order_id: id } = (await client.post('/orders', order('BUY', limit('0.001', '90000', false)))).body.success_response
    await until(() => statusOf(id), (seen) => seen === 'FILLED')
    const fills = async (): Promise<number> => (await client.get(`/orders/historical/fills?order_ids=${id}`)).body.fills.length
    expect(await fills()).toBe(0)
    await until(fills, (count) => count > 0)
  })
})

describe('faults of sockets', () => {
  it('loseUpdates tells nothing of an order and skips no number', async () => {
    const feed = await heartbeats()
    await fault({ name: 'loseUpdates', count: 1 })
    const untold = wish()
    await client.post('/orders', untold)
    const told = wish()
    await client.post('/orders', told)
    await feed.seen((frame) => frame.channel === 'user' && frame.events[0].orders[0]?.client_order_id === told.client_order_id)
    const ids = feed.frames.flatMap((frame) => (frame.channel === 'user' ? frame.events[0].orders.map((row: { client_order_id: string }) => row.client_order_id) : []))
    expect(ids).not.toContain(untold.client_order_id)
    const numbers = feed.frames.map((frame) => frame.sequence_num as number)
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
    feed.socket.close()
  })

  it.each([
    ['empty', ''],
    ['zero', '0'],
  ])('badTickers sends prices that are none: %s', async (variant, bid) => {
    const feed = await client.open('market')
    await fault({ name: 'badTickers', count: 1, variant })
    feed.send({ type: 'subscribe', channel: 'ticker', product_ids: ['BTC-USD'] })
    const first = await feed.seen((frame) => frame.channel === 'ticker')
    expect(first.events[0].tickers[0].best_bid).toBe(bid)
    const next = await feed.seen((frame) => frame.channel === 'ticker' && frame !== first)
    expect(Number(next.events[0].tickers[0].best_bid)).toBeGreaterThan(0)
    feed.socket.close()
  })

  it('badTickers sends a crossed top of the book', async () => {
    const feed = await client.open('market')
    await fault({ name: 'badTickers', variant: 'crossed' })
    feed.send({ type: 'subscribe', channel: 'ticker', product_ids: ['BTC-USD'] })
    const { best_bid: bid, best_ask: ask } = (await feed.seen((frame) => frame.channel === 'ticker')).events[0].tickers[0]
    expect(Number(bid)).toBeGreaterThan(Number(ask))
    feed.socket.close()
  })

  it('refuseSubscribe answers with its variant', async () => {
    const feed = await client.open('user')
    await fault({ name: 'refuseSubscribe', target: 'user', variant: 'authentication failure' })
    feed.send({ type: 'subscribe', channel: 'user', jwt: client.token() })
    expect(await feed.seen((frame) => frame.type === 'error')).toMatchObject({ message: 'authentication failure' })
    feed.socket.close()
  })

  it('dropSockets closes those of its target only', async () => {
    const [user, market] = [await heartbeats('user'), await heartbeats('market')]
    await fault({ name: 'dropSockets', target: 'user' })
    await user.closed
    expect(market.socket.readyState).toBe(market.socket.OPEN)
    market.socket.close()
  })

  it('goSilent: no frame and no pong, sockets open, frames lost for good', async () => {
    const feed = await heartbeats()
    await fault({ name: 'goSilent', durationMs: 300, target: 'user' })
    const count = feed.frames.length
    await client.post('/orders', wish())
    let pongs = 0
    feed.socket.on('pong', () => (pongs += 1)).ping()
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect([feed.frames.length, pongs, feed.socket.readyState]).toEqual([count, 0, feed.socket.OPEN])
    const next = await feed.seen((frame) => feed.frames.indexOf(frame) >= count)
    expect(next.sequence_num).toBeGreaterThan(count)
    feed.socket.close()
  })

  it('duplicateFrames, sequenceGap and reorderFrames do so with the next frames', async () => {
    const feed = await heartbeats()
    const numbers = () => feed.frames.map((frame) => frame.sequence_num as number)
    await fault({ name: 'sequenceGap', target: 'user' })
    await client.post('/orders', wish())
    await until(() => Promise.resolve(numbers()), (all) => all.some((value, index) => index > 0 && value === all[index - 1]! + 2))
    await fault({ name: 'duplicateFrames', target: 'user' })
    await client.post('/orders', wish())
    await until(() => Promise.resolve(numbers()), (all) => new Set(all).size < all.length)
    await fault({ name: 'reorderFrames', target: 'user' })
    await client.post('/orders', wish())
    await until(() => Promise.resolve(numbers()), (all) => all.some((value, index) => value < (all[index - 1] ?? 0)))
    feed.socket.close()
  })
})

describe('the control API', () => {
  it('lists its faults and refuses others', async () => {
    const { known } = (await client.control('GET', '/faults')).body
    expect(Object.keys(known)).toContain('loseNextAnswer')
    const unknown = await fault({ name: 'explode' })
    expect([unknown.status, unknown.body.known]).toEqual([400, Object.keys(known)])
    expect((await fault({ name: 'dropSockets', target: 'moon' })).status).toBe(400)
    expect((await fault({ name: 'delay', count: 0 })).status).toBe(400)
    expect((await fault({ name: 'answer5xx', variant: 'sideways' })).status).toBe(400)
    expect((await fault({ name: 'dropSockets', variant: 'created' })).status).toBe(400)
    await fault({ name: 'delay', count: 5 })
    expect((await client.control('GET', '/faults')).body.armed).toMatchObject([{ name: 'delay', left: 5 }])
    await client.control('DELETE', '/faults')
    expect((await client.control('GET', '/faults')).body.armed).toEqual([])
  })

  it('shows health, requests and a settled ledger, and refuses odd pushes', async () => {
    expect((await client.control('GET', '/health')).body).toMatchObject({ status: 'ok', seed: '9' })
    const sent = wish()
    await client.post('/orders', sent)
    const { requests } = (await client.control('GET', '/requests')).body
    expect(requests.at(-1)).toMatchObject({ method: 'POST', path: '/api/v3/brokerage/orders', clientOrderId: sent.client_order_id, outcome: 200 })
    const ledger = await until(async () => (await client.control('GET', '/ledger')).body, (body) => body.settled)
    expect(ledger.balances).toEqual({ opening: { USD: '100000', USDC: '100000' }, free: { USD: '99949.975', USDC: '100000' }, held: { USD: '50.025', USDC: '0' } })
    expect((await client.control('POST', '/market', { product: 'NO-USD', price: '1' })).status).toBe(400)
    expect((await client.control('POST', '/market', { product: 'BTC-USD', price: '-1' })).status).toBe(400)
    expect((await client.control('GET', '/nowhere')).status).toBe(404)
  })

  it('lets the markets stand still for as long as it is told, and go on', async () => {
    const trades = async (): Promise<string> => JSON.stringify((await client.get('/products/BTC-USD/ticker?limit=5')).body.trades)
    expect((await client.control('POST', '/market', { holdMs: -1 })).status).toBe(400)
    expect((await client.control('POST', '/market', { holdMs: 30_000 })).body).toEqual({ holdMs: 30_000 })
    const still = await trades()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(await trades()).toBe(still)
    await client.control('POST', '/market', { holdMs: 0 })
    await until(trades, (now) => now !== still)
  })
})
