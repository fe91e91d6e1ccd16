import { describe, expect, test, vi } from 'vitest'
import { compare, parseDecimal, type Decimal } from '../../src/domain/decimal.ts'
import * as fc from 'fast-check'
import { plainText } from '../../src/adapters/ccxt/figures.ts'
import { anotherName, exchangeWith, instrument, market, orderRow, ownName, smallVenue, symbol, thrown, tradeRow } from './structural.ts'

const lists = (open: readonly unknown[], past: readonly unknown[]) => ({ fetchOpenOrders: async () => open, fetchOrders: async () => past })

describe('a look-up by client order id', () => {
  test('finds the order in whichever list it is, and takes the word that is further on', async () => {
    const { venue } = smallVenue(exchangeWith(lists([orderRow()], [orderRow({ status: 'closed', filled: '0.5' })])))
    expect(await venue.findByClientOrderId(ownName, 0)).toMatchObject({ ok: true, value: { venueOrderId: 'BTC-USD:A1', status: 'filled', executed: '0.5' } })
  })

  test('says that there is none only when the exchange was seen to keep the desk’s names', async () => {
    const rows: unknown[] = []
    const { venue } = smallVenue(exchangeWith(lists([], rows)))
    expect(await venue.findByClientOrderId(ownName, 0)).toMatchObject({ ok: false, failure: { kind: 'malformed' } })
    rows.push(orderRow({ id: 'A0', clientOrderId: anotherName }))
    expect(await venue.findByClientOrderId(ownName, 0)).toEqual({ ok: true, value: undefined })
    rows.length = 0
    expect(await venue.findByClientOrderId(ownName, 0)).toEqual({ ok: true, value: undefined })
  })

  test.each<[string, Record<string, unknown>]>([
    ['an order that shows no client order id', orderRow({ id: 'A2', clientOrderId: undefined })],
    ['its own row, unreadable', orderRow({ id: 'A2', filled: undefined })],
  ])('proves nothing beside %s', async (_what, row) => {
    const { venue } = smallVenue(exchangeWith(lists([orderRow({ clientOrderId: anotherName })], [row])))
    expect((await venue.findByClientOrderId(ownName, 0)).ok).toBe(false)
  })

  test('asks by the name where the exchange can, and then in the lists', async () => {
    const fetchOrderWithClientOrderId = vi.fn(async () => orderRow())
    const fetchOpenOrders = vi.fn(async () => [])
    const { venue } = smallVenue(exchangeWith({ fetchOrderWithClientOrderId, fetchOpenOrders, fetchOrders: async () => [orderRow({ clientOrderId: anotherName })] }))
    expect(await venue.findByClientOrderId(ownName, 0)).toMatchObject({ ok: true, value: { clientOrderId: ownName } })
    expect(fetchOpenOrders).not.toHaveBeenCalled()
    fetchOrderWithClientOrderId.mockImplementation(async () => { throw thrown(['OrderNotFound']) })
    expect(await venue.findByClientOrderId(ownName, 0)).toEqual({ ok: true, value: undefined })
    expect(fetchOpenOrders).toHaveBeenCalledWith(symbol)
  })

  test('reads closed and cancelled orders where they are listed apart', async () => {
    const fetchClosedOrders = vi.fn(async () => [])
    const fetchCanceledOrders = vi.fn(async () => [orderRow({ status: 'canceled' })])
    const { venue } = smallVenue(exchangeWith({ fetchOpenOrders: async () => [], fetchClosedOrders, fetchCanceledOrders }))
    expect(await venue.findByClientOrderId(ownName, 0)).toMatchObject({ ok: true, value: { status: 'cancelled' } })
    expect(fetchClosedOrders).toHaveBeenCalled()
  })

  test('proves nothing where cancelled orders are in no list', async () => {
    const closedOnly = { fetchOpenOrders: async () => [orderRow({ id: 'A9', clientOrderId: anotherName })], fetchClosedOrders: async () => [] }
    expect((await smallVenue(exchangeWith(closedOnly)).venue.findByClientOrderId(ownName, 0)).ok).toBe(false)
    expect(await smallVenue(exchangeWith({ ...closedOnly, fetchCanceledOrders: async () => [] })).venue.findByClientOrderId(ownName, 0)).toEqual({ ok: true, value: undefined })
  })

  test('fails where a traded instrument is not listed', async () => {
    const { venue } = smallVenue(exchangeWith(lists([], [orderRow({ clientOrderId: anotherName })])), { instruments: [instrument, 'XXX-USD'] })
    expect((await venue.findByClientOrderId(ownName, 0)).ok).toBe(false)
  })
})

describe('an order', () => {
  const statusOf = async (over: Record<string, unknown>) => {
    const { venue } = smallVenue(exchangeWith({ fetchOrder: async () => orderRow(over) }))
    const read = await venue.order('BTC-USD:A1')
    return read.ok ? read.value?.status : read.failure.kind
  }

  test.each([
    ['open', '0', 'open'],
    ['canceling', '0.1', 'open'],
    ['canceled', '0.1', 'cancelled'],
    ['expired', '0', 'expired'],
    ['rejected', '0', 'failed'],
    ['closed', '0.5', 'filled'],
    ['closed', '0.4', 'unknown'],
    ['closed', '0', 'unknown'],
    ['PENDING', '0', 'unknown'],
    [undefined, '0', 'unknown'],
  ])('that ccxt calls %s with %s of 0.5 executed is %s', async (status, filled, expected) => {
    expect(await statusOf({ status, filled })).toBe(expected)
  })

  test.each<[string, Record<string, unknown>]>([
    ['more executed than it holds', { filled: '0.6' }],
    ['no figure of what was executed', { filled: undefined }],
    ['a binary number for it', { filled: 0.1 }],
    ['another market', { symbol: 'ETH/USD' }],
    ['another id', { id: 'A2' }],
    ['no side', { side: undefined }],
  ])('with %s cannot be read', async (_what, over) => {
    expect(await statusOf(over)).toBe('malformed')
  })

  test('that the exchange does not know is none; any other failure is no absence', async () => {
    const fetchOrder = vi.fn(async () => { throw thrown(['OrderNotFound', 'InvalidOrder']) })
    const { venue } = smallVenue(exchangeWith({ fetchOrder }))
    expect(await venue.order('BTC-USD:A1')).toEqual({ ok: true, value: undefined })
    fetchOrder.mockImplementation(async () => { throw thrown(['ExchangeError']) })
    expect((await venue.order('BTC-USD:A1')).ok).toBe(false)
  })
})

describe('fills', () => {
  test('are those of the order, out of the account’s list since it was created', async () => {
    const fetchMyTrades = vi.fn(async () => [tradeRow(), tradeRow({ id: 'T2', order: 'other' })])
    const { venue } = smallVenue(exchangeWith({ fetchOrder: async () => orderRow(), fetchMyTrades }))
    expect(await venue.fillsOf('BTC-USD:A1')).toMatchObject({ ok: true, value: [{ tradeId: 'T1', venueOrderId: 'BTC-USD:A1', quantity: '0.5', price: '50000', fee: '0.01', feeAsset: 'USD', liquidity: 'maker' }] })
    expect(fetchMyTrades).toHaveBeenCalledWith(symbol, 1_700_000_000_000 - 60_000, 100, {})
  })

  test('of the order’s own list are taken where that is surely whole', async () => {
    const fetchOrderTrades = vi.fn(async () => [tradeRow()])
    const { venue } = smallVenue(exchangeWith({ fetchOrderTrades, fetchOrder: async () => orderRow(), fetchMyTrades: async () => Array.from({ length: 19 }, (_, index) => tradeRow({ id: `T${index}` })) }))
    expect(await venue.fillsOf('BTC-USD:A1')).toMatchObject({ ok: true, value: [{ tradeId: 'T1' }] })
    fetchOrderTrades.mockImplementation(async () => Array.from({ length: 20 }, (_, index) => tradeRow({ id: `T${index}` })))
    expect(await venue.fillsOf('BTC-USD:A1')).toMatchObject({ ok: true, value: { length: 19 } })
  })

  test.each<[string, Record<string, unknown>]>([
    ['no fee', { fee: undefined }],
    ['a fee of no asset', { fee: { cost: '1', currency: undefined } }],
    ['a rebate', { fee: { cost: '-1', currency: 'USD' } }],
    ['fees of two assets', { fees: [{ cost: '1', currency: 'USD' }, { cost: '1', currency: 'BNB' }] }],
    ['a binary number for its price', { price: 50000.5 }],
    ['no order', { order: undefined }],
    ['nothing executed', { amount: '0' }],
  ])('with %s cannot be booked, and are told as unread', async (_what, over) => {
    const { venue } = smallVenue(exchangeWith({ fetchOrder: async () => orderRow(), fetchMyTrades: async () => [tradeRow(over)] }))
    expect(await venue.fillsOf('BTC-USD:A1')).toMatchObject({ ok: false })
    expect(await venue.fillsSince(0)).toMatchObject({ ok: true, value: { fills: [], unread: [{ tradeId: 'T1' }] } })
  })

  test('with several fees of one asset cost their sum', async () => {
    const { venue } = smallVenue(exchangeWith({ fetchMyTrades: async () => [tradeRow({ fees: [{ cost: '0.1', currency: 'USD' }, { cost: '0.2', currency: 'USD' }] })] }))
    expect(await venue.fillsSince(0)).toMatchObject({ ok: true, value: { fills: [{ fee: '0.3', feeAsset: 'USD' }] } })
  })
})

test('so many open orders that the list may have been cut off are a failure', async () => {
  const { venue } = smallVenue(exchangeWith({ fetchOpenOrders: async () => Array.from({ length: 100 }, (_, index) => orderRow({ id: `A${index}` })) }))
  expect((await venue.workingOrders()).ok).toBe(false)
})

test('every order since a moment is asked for and told with room for the exchange’s own stamps', async () => {
  const since = 1_700_000_000_000
  const fetchOrders = vi.fn(async () => [orderRow({ id: 'A1', timestamp: since - 59_000 }), orderRow({ id: 'A2', timestamp: since - 61_000 })])
  const { venue } = smallVenue(exchangeWith({ fetchOpenOrders: async () => [], fetchOrders }))
  expect(await venue.ordersSince(since)).toMatchObject({ ok: true, value: { orders: [{ venueOrderId: 'BTC-USD:A1' }], unread: [] } })
  expect(fetchOrders).toHaveBeenCalledWith(symbol, since - 60_000, 100, {})
})

describe('instruments', () => {
  test('are asked for once by however many ask at the same time', async () => {
    const loadMarkets = vi.fn(async () => ({ [symbol]: market }))
    const { venue } = smallVenue(exchangeWith({ loadMarkets, fetchTickers: async () => ({}) }))
    await Promise.all([venue.instruments(), venue.quotes([instrument]), venue.quotes([instrument])])
    expect(loadMarkets).toHaveBeenCalledTimes(1)
  })

  const read = async (over: Record<string, unknown>, precisionMode = 4) => {
    const { venue, log } = smallVenue(exchangeWith({ precisionMode, loadMarkets: async () => ({ [symbol]: market, 'X/USD': { ...market, symbol: 'X/USD', base: 'X', ...over } }) }))
    const listed = await venue.instruments()
    return { one: listed.ok ? listed.value.find(({ id }) => id === 'X-USD') : undefined, log: JSON.stringify(log.lines) }
  }

  test('have the steps that the library tells as tick sizes', async () => {
    expect((await read({})).one).toEqual({ id: 'X-USD', base: 'X', quote: 'USD', tick: '0.01', step: '0.00000001', minQuantity: '0.0001', maxQuantity: '100', minNotional: '5', status: 'online' })
  })

  test.each([[2, '0.01'], [0, '1'], [-2, '100'], ['8', '0.00000001']])('have a step for %s decimal places: %s', async (places, step) => {
    const exchange = exchangeWith({ precisionMode: 2, loadMarkets: async () => ({ [symbol]: { ...market, precision: { price: places, amount: places } } }) })
    const listed = await smallVenue(exchange).venue.instruments()
    expect(listed.ok && listed.value[0]).toMatchObject({ tick: step, step })
  })

  test.each<[string, Record<string, unknown>]>([
    ['no step of price', { precision: { price: undefined, amount: '0.1' } }],
    ['a binary number for a step', { precision: { price: 0.01, amount: '0.1' } }],
    ['a step of nothing', { precision: { price: '0', amount: '0.1' } }],
    ['another name than a plain spot market', { symbol: 'X/USD:USD' }],
    ['limits that cannot be read', { limits: { amount: { min: 'few' } } }],
    ['nothing readable', { base: 7 }],
  ])('with %s are left out, and the log says how many and why', async (_what, over) => {
    const { one, log } = await read(over)
    expect(one).toBeUndefined()
    expect(log).toMatch(/venue\.instrumentsLeftOut.*"count":1,"reason":"[^"]+","examples":\["X\/USD"\]/)
  })

  test('in significant digits are left out, every one, and that is a failure', async () => {
    const { venue } = smallVenue(exchangeWith({ precisionMode: 3 }))
    expect(await venue.instruments()).toMatchObject({ ok: false, failure: { kind: 'malformed' } })
  })

  test('that are no spot markets are not spoken of', async () => {
    const { one, log } = await read({ spot: false })
    expect([one, log]).toEqual([undefined, '[]'])
  })

  test('without limits have none but their step; without a word they are open, with a no they are not', async () => {
    expect((await read({ limits: undefined, active: undefined })).one).toMatchObject({ minQuantity: '0.00000001', maxQuantity: '1000000000000000000', minNotional: '0', status: 'online' })
    expect((await read({ active: false })).one?.status).toBe('halted')
  })
})

describe('prices', () => {
  const book = { bids: [[9.5, 1], [10.25, 2]], asks: [[100.5, 1], [11, 0.00000012]] }

  test('come from one list, and from the book for what it does not quote', async () => {
    const fetchOrderBook = vi.fn(async () => book)
    const markets = { [symbol]: market, 'ETH/USD': { ...market, symbol: 'ETH/USD', base: 'ETH' } }
    const { venue } = smallVenue(exchangeWith({ loadMarkets: async () => markets, fetchTickers: async () => ({ [symbol]: { symbol, bid: '1', ask: '2' }, 'ETH/USD': { symbol: 'ETH/USD', bid: undefined, ask: undefined } }), fetchOrderBook }))
    const read = await venue.quotes([instrument, 'ETH-USD', 'XXX-USD'])
    expect(read.ok && read.value.map(({ instrument: id, bid, ask }) => [id, bid, ask])).toEqual([[instrument, '1', '2'], ['ETH-USD', '10.25', '11']])
    expect(fetchOrderBook.mock.calls).toEqual([['ETH/USD']])
  })

  test('of a book are sorted by value and plain, however the library gives them', async () => {
    const { venue } = smallVenue(exchangeWith({ fetchOrderBook: async () => book }))
    expect(await venue.book(instrument, 1)).toMatchObject({ ok: true, value: { bids: [{ price: '10.25', quantity: '2' }], asks: [{ price: '11', quantity: '0.00000012' }] } })
  })

  test('a number’s text is its plain decimal, to the digits that survive one', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), fc.integer({ min: -25, max: 20 }), (digits, exponent) => {
      const text = plainText(Number(`${digits}e${exponent}`)) ?? ''
      const exact = exponent >= 0 ? `${digits}${'0'.repeat(exponent)}` : `${String(digits).padStart(1 - exponent, '0').slice(0, exponent)}.${String(digits).padStart(1 - exponent, '0').slice(exponent)}`
      expect(compare(parseDecimal(text) as Decimal, parseDecimal(exact) as Decimal)).toBe(0)
    }))
    expect([plainText(NaN), plainText(Infinity), plainText(-1), plainText(0.1 + 0.2)]).toEqual([undefined, undefined, undefined, '0.3'])
  })
})

describe('the exchange’s clock', () => {
  test('that tells whole seconds is taken to be in the middle of one', async () => {
    const { venue, clock } = smallVenue(exchangeWith({ fetchTime: async () => 1_700_000_000_000 }))
    expect(await venue.clockOffset()).toEqual({ ok: true, value: 500 })
    expect(venue.now()).toBe(clock.now() + 500)
  })

  test('is ours where it is not told', async () => {
    const { venue, clock } = smallVenue(exchangeWith())
    expect(await venue.clockOffset()).toEqual({ ok: true, value: 0 })
    expect(venue.now()).toBe(clock.now())
  })
})

describe('the fee rates', () => {
  test.each<[string, object, { maker: string; taker: string }]>([
    ['of each instrument', { fetchTradingFee: async () => ({ maker: '0.001', taker: '0.002' }) }, { maker: '0.001', taker: '0.002' }],
    ['of a list of all', { fetchTradingFees: async () => ({ [symbol]: { maker: '0.003', taker: '0.001' } }) }, { maker: '0.003', taker: '0.001' }],
    ['of the list of markets', {}, { maker: '0.004', taker: '0.006' }],
  ])('are those %s', async (_what, methods, rates) => {
    expect(await smallVenue(exchangeWith(methods)).venue.feeRates()).toEqual({ ok: true, value: rates })
  })

  test('that cannot be read are a failure, and never a guess', async () => {
    expect((await smallVenue(exchangeWith({ fetchTradingFee: async () => ({ maker: undefined, taker: undefined }) })).venue.feeRates()).ok).toBe(false)
    expect((await smallVenue(exchangeWith({ loadMarkets: async () => ({ [symbol]: { ...market, maker: undefined } }) })).venue.feeRates()).ok).toBe(false)
  })
})

test('the tape is told newest first, and no longer than asked', async () => {
  const trade = (id: string, timestamp: number) => ({ id, side: 'sell', price: '1', amount: '2', timestamp })
  const { venue } = smallVenue(exchangeWith({ fetchTrades: async () => [trade('1', 10), trade('2', 20), trade('3', 30)] }))
  expect(await venue.trades(instrument, 2)).toEqual({ ok: true, value: [{ tradeId: '3', instrument, price: '1', quantity: '2', taker: 'sell', at: 30 }, { tradeId: '2', instrument, price: '1', quantity: '2', taker: 'sell', at: 20 }] })
})

test('candles are read page by page, across a page without any', async () => {
  const minute = 60_000
  const since: number[] = []
  const candle = (at: number): unknown[] => [at, '1', '3', '0.5', '2', '7']
  const fetchOHLCV = async (_symbol: string, _length: string, from: number, limit: number) => {
    since.push(from / minute)
    return from === 1_100 * minute ? [] : Array.from({ length: limit }, (_, index) => candle(from + index * minute))
  }
  const { venue } = smallVenue(exchangeWith({ fetchOHLCV, timeframes: { '1m': '1m' } }))
  const read = await venue.candles(instrument, '1m', { from: 1_000 * minute, to: 1_250 * minute })
  expect(since).toEqual([1_000, 1_100, 1_200])
  const opens = [...Array.from({ length: 100 }, (_, index) => 1_000 + index), ...Array.from({ length: 50 }, (_, index) => 1_200 + index)]
  expect(read.ok && read.value.map(({ opensAt }) => opensAt / minute)).toEqual(opens)
  expect(await venue.candles(instrument, '6h', { from: 0, to: minute })).toMatchObject({ ok: false, failure: { kind: 'badRequest' } })
})
