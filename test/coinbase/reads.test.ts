import { expect, test } from 'vitest'
import { parseTimestamp } from '../../src/domain/time.ts'
import { examples } from './examples.ts'
import { fakeRest, fakeTcp, venueFor, type Asked, type Reply } from './support.ts'

const order = (id: string, changes: object = {}) => ({ order_id: id, client_order_id: `c-${id}`, product_id: 'ETH-USD', side: 'BUY', status: 'OPEN', filled_size: '0', created_time: '2026-09-30T12:00:00Z', ...changes })
const fill = (id: string, changes: object = {}) => ({ entry_id: id, order_id: 'v1', product_id: 'ETH-USD', side: 'BUY', trade_type: 'FILL', price: '2', size: '1', commission: '0.1', trade_time: '2026-09-30T12:00:05Z', ...changes })
const ordersPage = (rows: readonly object[], next: string | undefined): Reply => ({ body: { orders: rows, has_next: next !== undefined, cursor: next ?? '' } })
const byCursor = (pages: Record<string, Reply>) => (asked: Asked): Reply => pages[asked.query.get('cursor') ?? 'first'] ?? { status: 500, body: '' }

test('an order is looked for by its client id on every page, without a status filter, from before the claim', async () => {
  const rest = await fakeRest(byCursor({ first: ordersPage([order('1')], 'p2'), p2: ordersPage([order('2')], 'p3'), p3: ordersPage([order('3')], undefined) }))
  const since = Date.UTC(2026, 8, 30, 12)
  expect(await venueFor({ restUrl: rest.url }).findByClientOrderId('c-3', since)).toMatchObject({ ok: true, value: { venueOrderId: '3' } })
  expect(rest.asked).toHaveLength(3)
  for (const { query } of rest.asked) {
    expect(query.has('order_status')).toBe(false)
    expect(parseTimestamp(query.get('start_date') ?? '')).toBe(since - 60_000)
  }
})

test('the signed URI has no query', async () => {
  const rest = await fakeRest(() => ordersPage([], undefined))
  await venueFor({ restUrl: rest.url }).findByClientOrderId('c', 0)
  const claims = JSON.parse(Buffer.from((rest.asked[0]?.headers.authorization ?? '').split('.')[1] ?? '', 'base64url').toString()) as { uri: string }
  expect(claims.uri).toBe(`GET ${new URL(rest.url).host}/api/v3/brokerage/orders/historical/batch`)
})

test('"not found" only after the last page', async () => {
  const pages = { first: ordersPage([order('1')], 'p2'), p2: ordersPage([], undefined) }
  expect(await venueFor({ restUrl: (await fakeRest(byCursor(pages))).url }).findByClientOrderId('c-9', 0)).toEqual({ ok: true, value: undefined })
  const broken: Record<string, Reply>[] = [
    { first: ordersPage([order('1')], 'p2') },
    { first: ordersPage([order('1')], 'p2'), p2: ordersPage([], 'p2') },
    { first: { body: { orders: [order('1')], has_next: true, cursor: '' } } },
    { first: { body: { orders: 'none' } } },
    { first: { body: '<html>login</html>' } },
    { first: { body: { orders: [null], has_next: false } } },
    { first: { body: { orders: [{ client_order_id: 5 }], has_next: false } } },
    { first: { status: 404, body: { error: 'NOT_FOUND' } } },
  ]
  for (const pages of broken) expect((await venueFor({ restUrl: (await fakeRest(byCursor(pages))).url }).findByClientOrderId('c-9', 0)).ok).toBe(false)
})

test('a list without end is a failure', async () => {
  const rest = await fakeRest((_asked, count) => ordersPage([], `p${count}`))
  expect(await venueFor({ restUrl: rest.url }).findByClientOrderId('c-9', 0)).toMatchObject({ ok: false, failure: { kind: 'malformed' } })
  expect(rest.asked).toHaveLength(400)
})

test('our order that cannot be read is a failure, a stranger that cannot be read is not', async () => {
  const rest = await fakeRest(() => ordersPage([order('1', { side: 'BOTH' }), order('2', { side: 'BOTH' }), order('3')], undefined))
  const venue = venueFor({ restUrl: rest.url })
  expect((await venue.findByClientOrderId('c-2', 0)).ok).toBe(false)
  expect((await venue.findByClientOrderId('c-3', 0)).ok).toBe(true)
})

test('working orders: the open list and the recent rest; what has ended meanwhile is left out', async () => {
  const rest = await fakeRest(({ query }) =>
    query.get('order_status') === 'OPEN'
      ? ordersPage([order('open'), order('ended')], undefined)
      : ordersPage([order('ended', { status: 'CANCELLED' }), order('pending', { status: 'PENDING' }), order('queued', { status: 'QUEUED' }), order('future', { product_type: 'FUTURE' }), order('old', { status: 'FILLED', filled_size: '1' })], undefined),
  )
  const working = await venueFor({ restUrl: rest.url }).workingOrders()
  expect(working.ok && working.value.orders.map(({ venueOrderId }) => venueOrderId)).toEqual(['open', 'pending', 'queued'])
})

test('rows that cannot be read are told apart, with as much of their names as can be read', async () => {
  const rest = await fakeRest(({ path }) =>
    path.endsWith('/fills')
      ? { body: { fills: [fill('1'), fill('2', { side: 'BOTH' }), { entry_id: 5, order_id: 'v1' }, 'nothing'], cursor: '' } }
      : ordersPage([order('1'), order('2', { side: 'BOTH' }), { client_order_id: 5 }], undefined),
  )
  const venue = venueFor({ restUrl: rest.url })
  expect(await venue.ordersSince(0)).toMatchObject({ ok: true, value: { orders: [{ venueOrderId: '1' }], unread: [{ venueOrderId: '2', clientOrderId: 'c-2' }, { venueOrderId: undefined, clientOrderId: undefined }] } })
  expect(await venue.fillsSince(0)).toMatchObject({
    ok: true,
    value: { fills: [{ tradeId: '1' }], unread: [{ tradeId: '2', venueOrderId: 'v1' }, { tradeId: undefined, venueOrderId: 'v1' }, { tradeId: undefined, venueOrderId: undefined }] },
  })
})

test('an order by id: found, not known, and everything else', async () => {
  const answers: Reply[] = [{ body: examples.order }, { body: examples.order }, { status: 404, body: { error: 'NOT_FOUND', message: 'order with this orderID was not found' } }, { status: 404, body: { errors: [{ id: 'not_found' }] } }, { status: 503, body: '<html>' }, { body: {} }]
  const rest = await fakeRest((_asked, count) => answers[count - 1] ?? { body: {} })
  const venue = venueFor({ restUrl: rest.url })
  expect(await venue.order('a/b')).toMatchObject({ ok: false, failure: { detail: 'the answer speaks of another order' } })
  expect(await venue.order('aaaaaaaa-0000-4000-8000-000000000001')).toMatchObject({ ok: true, value: { status: 'open' } })
  expect(rest.asked[0]?.path).toBe('/api/v3/brokerage/orders/historical/a%2Fb')
  expect(await venue.order('x')).toEqual({ ok: true, value: undefined })
  expect(await venue.order('x')).toMatchObject({ ok: false, failure: { kind: 'notFound' } })
  expect(await venue.order('x')).toMatchObject({ ok: false, failure: { kind: 'unavailable' } })
  expect(await venue.order('x')).toMatchObject({ ok: false, failure: { kind: 'malformed' } })
})

test('fills: every page up to an empty cursor or an empty page, only of that order', async () => {
  const rest = await fakeRest(byCursor({ first: { body: { fills: [fill('1'), fill('x', { order_id: 'v2' })], cursor: 'p2' } }, p2: { body: { fills: [fill('1'), fill('2')], cursor: 'p3' } }, p3: { body: { fills: [], cursor: 'p4' } } }))
  const fills = await venueFor({ restUrl: rest.url }).fillsOf('v1')
  expect(fills.ok && fills.value.map(({ tradeId }) => tradeId)).toEqual(['1', '2'])
  expect(rest.asked.map(({ query }) => query.getAll('order_ids'))).toEqual([['v1'], ['v1'], ['v1']])
})

test.each(['REVERSAL', 'CORRECTION', 'SYNTHETIC', 'NEW_TYPE'])('a fill of type %s needs a person', async (type) => {
  const rest = await fakeRest(() => ({ body: { fills: [fill('1'), fill('2', { trade_type: type })], cursor: '' } }))
  const fills = await venueFor({ restUrl: rest.url }).fillsOf('v1')
  expect(fills).toMatchObject({ ok: false, failure: { kind: 'malformed' } })
  expect(!fills.ok && fills.failure.detail).toContain(type)
})

test('balances over pages, and fees', async () => {
  const account = (currency: string, uuid: string) => ({ uuid, currency, available_balance: { value: '1' }, hold: { value: '2' } })
  const rest = await fakeRest(({ path, query }) => {
    if (path.endsWith('transaction_summary')) return { body: { total_fees: 1.5, fee_tier: { pricing_tier: 'x', maker_fee_rate: '0.0060', taker_fee_rate: '0.012' } } }
    return { body: query.has('cursor') ? { accounts: [account('USD', '3'), account('BTC', '2')], has_next: false, cursor: '' } : { accounts: [account('USD', '1'), account('BTC', '2')], has_next: true, cursor: 'p2' } }
  })
  const venue = venueFor({ restUrl: rest.url })
  expect(await venue.balances()).toEqual({ ok: true, value: [{ asset: 'USD', free: '2', held: '4' }, { asset: 'BTC', free: '1', held: '2' }] })
  expect(await venue.feeRates()).toEqual({ ok: true, value: { maker: '0.006', taker: '0.012' } })
})

test('the key: what it may do, and for which portfolio', async () => {
  const rest = await fakeRest(() => ({ body: { can_view: true, can_trade: true, can_transfer: true, portfolio_uuid: 'p1', portfolio_type: 'DEFAULT' } }))
  expect(await venueFor({ restUrl: rest.url }).keyPermissions()).toEqual({ ok: true, value: { canTrade: true, canTransfer: true } })
  expect(await venueFor({ restUrl: rest.url }).accountId()).toEqual({ ok: true, value: 'p1' })
  const silent = await fakeRest(() => ({ body: { can_view: true, can_trade: true, portfolio_uuid: 'p1' } }))
  expect((await venueFor({ restUrl: silent.url }).keyPermissions()).ok).toBe(false)
})

test('reads are not repeated either (OC-09)', async () => {
  const rest = await fakeRest(() => ({ status: 500, body: '' }))
  expect((await venueFor({ restUrl: rest.url }).balances()).ok).toBe(false)
  expect(rest.asked).toHaveLength(1)
})

test('quotes of an alias come labelled with the canonical name (MD-09)', async () => {
  const book = (id: string) => ({ product_id: id, bids: [{ price: '1', size: '1' }], asks: [{ price: '2', size: '1' }], time: '' })
  const rest = await fakeRest(({ query }) => ({ body: { pricebooks: [...new Set(query.getAll('product_ids').map((id) => id.replace('USDC', 'USD')))].map(book) } }))
  const quotes = await venueFor({ restUrl: rest.url }).quotes(['BTC-USDC', 'ETH-USD'])
  expect(quotes.ok && quotes.value.map(({ instrument }) => instrument)).toEqual(['BTC-USDC', 'ETH-USD'])
})

test.each([{ restUrl: 'api.coinbase.com' }, { restUrl: 'ws://host' }, { marketUrl: 'https://host' }, { userUrl: '' }])('a wrong URL is said at once: %j', (wrong) => {
  expect(() => venueFor(wrong)).toThrow(TypeError)
})

test('a repeated cursor is noticed at once', async () => {
  const rest = await fakeRest(byCursor({ first: ordersPage([order('1')], 'p2'), p2: ordersPage([], 'p2') }))
  expect(await venueFor({ restUrl: rest.url }).ordersSince(0)).toMatchObject({ ok: false, failure: { detail: 'a list repeats its cursor' } })
  expect(rest.asked).toHaveLength(2)
})

test('an answer that is cut off is none, even where the part is whole JSON', async () => {
  const peer = await fakeTcp((socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"orders":[],"has_next":false,"cursor":""}'))
  expect(await venueFor({ restUrl: peer.url }).findByClientOrderId('c', 0)).toMatchObject({ ok: false, failure: { kind: 'network' } })
})

test('the clock offset is taken at the middle of the round trip', async () => {
  const peer = await fakeTcp((socket) => {
    const body = JSON.stringify({ iso: '', epochSeconds: '', epochMillis: String(Date.now() + 5060) })
    setTimeout(() => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`), 120)
  })
  const offset = await venueFor({ restUrl: peer.url }).clockOffset()
  expect(offset.ok && Math.abs(offset.value - 5000)).toBeLessThan(30)
  expect([3, 4, 5]).toContain(peer.requests.length)
})
