import { describe, expect, test, vi } from 'vitest'
import { price, quantity } from '../../src/domain/decimal.ts'
import type { SendOutcome } from '../../src/domain/failure.ts'
import type { OrderRequest } from '../../src/domain/order.ts'
import type { CcxtOptions } from '../../src/adapters/ccxt/index.ts'
import { settle } from '../support/clock.ts'
import { approved, fakeRest, fakeTcp } from '../support/venue-hosts.ts'
import { vectorName, vectorSecret } from '../coinbase/support.ts'
import { buy, exchangeWith, instrument, orderRow, ownName, smallVenue, symbol, thrown } from './structural.ts'
import { coinbaseExchange, keyOf, venueOn } from './support.ts'

const products = { products: [{ product_id: 'BTC-USD', price: '1', base_currency_id: 'BTC', quote_currency_id: 'USD', base_increment: '0.00000001', quote_increment: '0.01', price_increment: '0.01', base_min_size: '0.00000001', base_max_size: '1000', quote_min_size: '1', status: 'online', trading_disabled: false, product_type: 'SPOT' }] }

const coinbaseAnswers = (path: string): object | undefined => {
  if (path.endsWith('/products')) return products
  if (path.endsWith('/transaction_summary')) return { fee_tier: { maker_fee_rate: '0.004', taker_fee_rate: '0.006' } }
  return path.includes('currencies') ? { data: [] } : undefined
}

const create = async (answer: () => unknown, { request = buy(), age = 0, over = {} }: { request?: OrderRequest; age?: number; over?: Partial<CcxtOptions> } = {}) => {
  const createOrder = vi.fn(async () => answer())
  const { venue, clock } = smallVenue(exchangeWith({ createOrder }), over)
  const coming = venue.create({ request: approved(request), claimedAt: venue.now() - age })
  await settle()
  return { createOrder, venue, clock, coming }
}
const outcomeOf = async (...given: Parameters<typeof create>): Promise<SendOutcome> => (await create(...given)).coming

describe('a create', () => {
  test('is the library’s limit order, with text for money and the desk’s name in its parameters', async () => {
    const { createOrder, coming } = await create(() => orderRow())
    expect(await coming).toEqual({ kind: 'accepted', venueOrderId: 'BTC-USD:A1' })
    expect(createOrder.mock.calls).toEqual([[symbol, 'limit', 'buy', '0.5', '50000', { clientOrderId: ownName, postOnly: true }]])
  })

  test('without acceptWeaker writes nothing', async () => {
    const { createOrder, coming } = await create(() => orderRow(), { over: { acceptWeaker: false } })
    expect(await coming).toMatchObject({ kind: 'refused', reason: 'notPermitted' })
    expect(createOrder).not.toHaveBeenCalled()
  })

  test('of the same id is called once in the life of the process, whatever came of it', async () => {
    const { createOrder, venue, coming } = await create(() => { throw thrown(['NetworkError']) })
    expect(await coming).toMatchObject({ kind: 'unknown', failure: { kind: 'network' } })
    expect(await venue.create({ request: approved(buy()), claimedAt: venue.now() })).toMatchObject({ kind: 'unknown' })
    expect(createOrder).toHaveBeenCalledTimes(1)
  })

  test.each([[20_000, 'accepted', 1], [20_001, 'unknown', 0]])('%i ms after its claim is %s: a request takes up to 10 s of the 30', async (age, kind, calls) => {
    const { createOrder, coming } = await create(() => orderRow(), { age })
    expect((await coming).kind).toBe(kind)
    expect(createOrder).toHaveBeenCalledTimes(calls)
  })

  test('that waited in the rate budget beyond its window is not written', async () => {
    const createOrder = vi.fn(async () => orderRow())
    const { venue, clock } = smallVenue(exchangeWith({ createOrder }), { perSecond: 1, createWaitMs: 60_000 })
    await venue.instruments()
    for (let cancels = 0; cancels < 30; cancels += 1) void venue.cancel('BTC-USD:9')
    const coming = venue.create({ request: approved(buy()), claimedAt: venue.now() - 12_000 })
    await clock.advance(60_000)
    expect(await coming).toMatchObject({ kind: 'unknown', failure: { kind: 'timeout' } })
    expect(createOrder).not.toHaveBeenCalled()
  })

  test('for which there is no room in time is refused: nothing was written', async () => {
    const createOrder = vi.fn(async () => orderRow())
    const { venue, clock } = smallVenue(exchangeWith({ createOrder }), { perSecond: 1, createWaitMs: 100 })
    await venue.instruments()
    for (let cancels = 0; cancels < 30; cancels += 1) void venue.cancel('BTC-USD:9')
    const coming = venue.create({ request: approved(buy()), claimedAt: venue.now() })
    await clock.advance(60_000)
    expect(await coming).toMatchObject({ kind: 'refused', reason: 'rateLimited' })
    expect(createOrder).not.toHaveBeenCalled()
  })

  test('that is not answered in time is unknown, and what comes later is heard by nobody', async () => {
    let answer: (row: unknown) => void = () => undefined
    const { clock, coming } = await create(() => new Promise((resolve) => { answer = resolve }))
    await clock.advance(10_000)
    expect(await coming).toMatchObject({ kind: 'unknown', failure: { kind: 'timeout' } })
    answer(orderRow())
    await settle()
    expect(await coming).toMatchObject({ kind: 'unknown' })
  })

  test.each<[string, unknown]>([
    ['no id', orderRow({ id: undefined })],
    ['an empty id', orderRow({ id: '' })],
    ['a number for an id', orderRow({ id: 7 })],
    ['another client order id', orderRow({ clientOrderId: 'somebody-else' })],
    ['another market', orderRow({ symbol: 'ETH/USD' })],
    ['nothing', undefined],
    ['a page of HTML', '<html>'],
    ['a thing that throws', new Proxy({}, { get: () => { throw new Error('no') } })],
  ])('that is answered with %s is unknown', async (_what, answer) => {
    expect((await outcomeOf(() => answer)).kind).toBe('unknown')
  })

  test('on an exchange that is not known to take post-only orders is not written as one', async () => {
    const createOrder = vi.fn(async () => orderRow({ clientOrderId: undefined }))
    const { venue } = smallVenue(exchangeWith({ createOrder, has: { createPostOnlyOrder: undefined } }))
    expect(await venue.create({ request: approved(buy()), claimedAt: venue.now() })).toMatchObject({ kind: 'refused', reason: 'badRequest' })
    expect((await venue.create({ request: approved(buy({ clientOrderId: 'other', postOnly: false })), claimedAt: venue.now() })).kind).toBe('accepted')
    expect(createOrder).toHaveBeenCalledTimes(1)
    const other = smallVenue(exchangeWith({ createOrder, has: { createPostOnlyOrder: undefined }, features: { spot: { createOrder: { timeInForce: { PO: true } } } } })).venue
    expect((await other.create({ request: approved(buy()), claimedAt: other.now() })).kind).toBe('accepted')
  })

  test.each<[string, Partial<OrderRequest>, object]>([
    ['whose price the library would round', { price: price('50000.001') }, { priceToPrecision: () => '50000' }],
    ['whose quantity the library would cut', { quantity: quantity('0.123456789') }, { amountToPrecision: () => '0.12345678' }],
    ['that the library cannot format', {}, { priceToPrecision: () => { throw new Error('no') } }],
    ['with more digits than a binary number keeps', { price: price('12345678.12345678') }, {}],
  ])('%s is refused, and not written', async (_what, over, methods) => {
    const createOrder = vi.fn(async () => orderRow())
    const { venue } = smallVenue(exchangeWith({ createOrder, ...methods }))
    expect(await venue.create({ request: approved(buy(over)), claimedAt: venue.now() })).toMatchObject({ kind: 'refused', reason: 'badPrecision' })
    expect(createOrder).not.toHaveBeenCalled()
  })
})

describe('on the wire', () => {
  test('the digits of an order are those that were asked for, and its name is the desk’s', async () => {
    const rest = await fakeRest(({ path, body }) => ({ body: coinbaseAnswers(path) ?? { success: true, success_response: { order_id: 'A1', product_id: 'BTC-USD', side: 'BUY', client_order_id: body === '' ? '' : (JSON.parse(body) as { client_order_id: string }).client_order_id } } }))
    const key = keyOf(vectorName, vectorSecret)
    const venue = venueOn(await coinbaseExchange(rest.url, key), instrument, { key })
    const request = buy({ price: price('98765.43'), quantity: quantity('0.30000004') })
    expect(await venue.create({ request: approved(request), claimedAt: venue.now() })).toEqual({ kind: 'accepted', venueOrderId: 'BTC-USD:A1' })
    const [sent] = rest.asked.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body) as unknown)
    expect(sent).toEqual({ client_order_id: ownName, product_id: 'BTC-USD', side: 'BUY', order_configuration: { limit_limit_gtc: { base_size: '0.30000004', limit_price: '98765.43', post_only: true } } })
  })

  test('a create whose connection breaks is written once, whatever retries the library’s options ask for', async () => {
    const rest = await fakeRest(({ path }) => ({ body: coinbaseAnswers(path) ?? {} }))
    const peer = await fakeTcp((socket) => void socket.destroy())
    const key = keyOf(vectorName, vectorSecret)
    const exchange = await coinbaseExchange(rest.url, key)
    Object.assign(exchange.options, { maxRetriesOnFailure: 3, 'brokerage/orders': { maxRetriesOnFailure: 3 } })
    const venue = venueOn(exchange, instrument, { key })
    await venue.instruments()
    Object.assign((exchange as unknown as { urls: { api: Record<string, string> } }).urls.api, { rest: peer.url })
    expect(await venue.create({ request: approved(buy()), claimedAt: venue.now() })).toMatchObject({ kind: 'unknown', failure: { kind: 'network' } })
    expect(peer.requests.filter((text) => text.startsWith('POST'))).toHaveLength(1)
  })
})

test('a list of markets that could not be read is asked for again, though the library remembers the failure', async () => {
  let isIll = true
  const rest = await fakeRest(({ path }) => (isIll ? { status: 503, body: 'ill' } : { body: coinbaseAnswers(path) ?? {} }))
  const key = keyOf(vectorName, vectorSecret)
  const venue = venueOn(await coinbaseExchange(rest.url, key), instrument, { key })
  expect(await venue.instruments()).toMatchObject({ ok: false, failure: { kind: 'unavailable' } })
  isIll = false
  expect(await venue.quotes([])).toEqual({ ok: true, value: [] })
  expect(await venue.instruments()).toMatchObject({ ok: true, value: [{ id: instrument }] })
})

describe('a cancel', () => {
  test('goes before reads that wait for room', async () => {
    const order: string[] = []
    const note = (what: string) => async () => void order.push(what)
    const { venue, clock } = smallVenue(exchangeWith({ cancelOrder: note('cancel'), fetchBalance: note('read'), fetchTicker: note('read') }), { perSecond: 1 })
    await venue.instruments()
    const asked = [...Array.from({ length: 10 }, () => venue.balances()), venue.cancel('BTC-USD:1')]
    await clock.advance(60_000)
    await Promise.all(asked)
    expect(order.indexOf('cancel')).toBeLessThan(3)
    expect(order).toHaveLength(11)
  })

  test('does not wait out the pause after "too many", as reads do', async () => {
    const fetchBalance = vi.fn(async () => { throw thrown(['RateLimitExceeded', 'NetworkError']) })
    const { venue, clock } = smallVenue(exchangeWith({ fetchBalance, cancelOrder: async () => ({}) }))
    await venue.instruments()
    expect(await venue.balances()).toMatchObject({ ok: false, failure: { kind: 'rateLimited', retryAfterMs: 10_000 } })
    const again = venue.balances()
    await clock.advance(9_000)
    expect(fetchBalance).toHaveBeenCalledTimes(1)
    expect(await venue.cancel('BTC-USD:1')).toEqual({ kind: 'requested' })
    await clock.advance(2_000)
    await again
    expect(fetchBalance).toHaveBeenCalledTimes(2)
  })

  test.each([['', 'refused'], ['no-colon', 'refused'], [':1', 'refused'], ['BTC-USD:', 'refused'], ['XXX-USD:1', 'unknown']])('of %j is %s without asking', async (id, kind) => {
    const cancelOrder = vi.fn()
    const { venue } = smallVenue(exchangeWith({ cancelOrder }))
    expect((await venue.cancel(id)).kind).toBe(kind)
    expect(cancelOrder).not.toHaveBeenCalled()
  })
})

test('a venue whose requests may outlast their window is not made', () => {
  expect(() => smallVenue(exchangeWith(), { requestTimeoutMs: 30_000 })).toThrow(RangeError)
})
