import { describe, expect, test } from 'vitest'
import { binanceHosts } from '../../src/adapters/binance/index.ts'
import { HandClock } from '../support/hand-clock.ts'
import { exchangeInfo, fakeTcp, fakeVenue, MemoryLog, symbolRow, venueFor, type Asked, type Reply } from './support.ts'
import { fakeRest } from '../support/venue-hosts.ts'

const at = Date.UTC(2026, 8, 30, 12)
const hour = 3_600_000
const day = 24 * hour
const order = (orderId: number, changes: object = {}) => ({ symbol: 'BTCUSDT', orderId, clientOrderId: `c-${orderId}`, price: '61000.10', origQty: '0.25', executedQty: '0.00000000', status: 'NEW', side: 'BUY', time: at + orderId, updateTime: at, isWorking: true, ...changes })
const trade = (id: number, changes: object = {}) => ({ symbol: 'BTCUSDT', id, orderId: 7, orderListId: -1, price: '61000.10000000', qty: '0.10000000', quoteQty: '6100.01', commission: '0.00010000', commissionAsset: 'BTC', time: at + id, isBuyer: true, isMaker: true, isBestMatch: true, ...changes })
const unknownOrder: Reply = { status: 400, body: { code: -2013, msg: 'Order does not exist.' } }
const isOf = (asked: Asked, path: string): boolean => asked.path === `/api/v3${path}`
const clockAt = (time: number): HandClock => {
  const clock = new HandClock()
  void clock.advance(time - clock.now())
  return clock
}

/** A venue with these orders and trades, that pages and limits windows as documented. */
const venueWith = async ({ orders = [], open = [], trades = [] }: { orders?: readonly ReturnType<typeof order>[]; open?: readonly object[]; trades?: readonly ReturnType<typeof trade>[] }) => {
  const page = <T extends { time: number; symbol: string }>(rows: readonly T[], { query }: Asked, idOf: (row: T) => number, from: string | null): Reply => {
    const [start, end] = [Number(query.get('startTime') ?? 0), Number(query.get('endTime') ?? Infinity)]
    if (query.has('startTime') && query.has('endTime') && end - start > day) return { status: 400, body: { code: -1127, msg: 'More than 24 hours between startTime and endTime.' } }
    const own = rows.filter((row) => row.symbol === query.get('symbol') && row.time >= start && row.time <= end && (from === null || idOf(row) >= Number(from)))
    const limit = Number(query.get('limit'))
    return { body: query.has('startTime') || from !== null ? own.slice(0, limit) : own.slice(-limit) }
  }
  return fakeVenue((asked) => {
    if (isOf(asked, '/openOrders')) return { body: open.filter((row) => 'symbol' in row && row.symbol === asked.query.get('symbol')) }
    if (isOf(asked, '/allOrders')) return page(orders, asked, ({ orderId }) => orderId, asked.query.get('orderId'))
    if (isOf(asked, '/myTrades')) return page(trades.filter(({ orderId }) => !asked.query.has('orderId') || orderId === Number(asked.query.get('orderId'))), asked, ({ id }) => id, asked.query.get('fromId'))
    return unknownOrder
  })
}

describe('an order by its id', () => {
  test('is found by symbol and id, not known, or a failure', async () => {
    const answers: Reply[] = [{ body: order(7, { status: 'PARTIALLY_FILLED', executedQty: '0.1' }) }, { body: order(8) }, { body: order(7, { symbol: 'ETHUSDT' }) }, unknownOrder, { status: 400, body: { code: -2026, msg: 'Order was archived.' } }, { status: 503, body: '<html>' }, { body: {} }]
    const rest = await fakeVenue((_asked, count) => answers[count - 1] ?? { body: {} })
    const venue = venueFor({ restUrl: rest.url })
    const look = () => venue.order('BTC-USDT:7')
    expect(await look()).toEqual({ ok: true, value: { venueOrderId: 'BTC-USDT:7', clientOrderId: 'c-7', instrument: 'BTC-USDT', side: 'buy', status: 'open', executed: '0.1', price: '61000.1', quantity: '0.25', createdAt: at + 7 } })
    expect(rest.calls()[0]).toMatchObject({ method: 'GET', path: '/api/v3/order' })
    expect(rest.calls()[0]?.query.get('symbol')).toBe('BTCUSDT')
    expect(rest.calls()[0]?.query.get('orderId')).toBe('7')
    expect(await look()).toMatchObject({ ok: false, failure: { detail: 'the answer speaks of another order' } })
    expect(await look()).toMatchObject({ ok: false, failure: { kind: 'malformed' } })
    expect(await look()).toEqual({ ok: true, value: undefined })
    expect(await look()).toMatchObject({ ok: false, failure: { kind: 'notFound' } })
    expect(await look()).toMatchObject({ ok: false, failure: { kind: 'unavailable' } })
    expect(await look()).toMatchObject({ ok: false, failure: { kind: 'malformed' } })
    expect(await venue.order('nonsense')).toMatchObject({ ok: false, failure: { kind: 'malformed' } })
  })

  test('that was cancelled may carry the name of its cancel: it is the same order', async () => {
    const rest = await fakeVenue(() => ({ body: order(7, { status: 'CANCELED', clientOrderId: 'cancel-name' }) }))
    const venue = venueFor({ restUrl: rest.url })
    expect(await venue.order('BTC-USDT:7')).toMatchObject({ ok: true, value: { venueOrderId: 'BTC-USDT:7', status: 'cancelled' } })
    expect(await venue.findByClientOrderId('c-7', at)).toMatchObject({ ok: true, value: { venueOrderId: 'BTC-USDT:7', clientOrderId: 'c-7', status: 'cancelled' } })
  })

  test.each([
    ['NEW', '0', 'open'],
    ['PENDING_NEW', '0', 'pending'],
    ['PARTIALLY_FILLED', '0.1', 'open'],
    ['FILLED', '0.25', 'filled'],
    ['CANCELED', '0.1', 'cancelled'],
    ['REJECTED', '0', 'failed'],
    ['EXPIRED', '0', 'expired'],
    ['EXPIRED_IN_MATCH', '0.1', 'expired'],
    ['A_NEW_STATUS', '0', 'unknown'],
  ])('in %s with %s executed is %s', async (status, executedQty, said) => {
    const rest = await fakeVenue(() => ({ body: order(7, { status, executedQty }) }))
    expect(await venueFor({ restUrl: rest.url }).order('BTC-USDT:7')).toMatchObject({ ok: true, value: { status: said, executed: executedQty } })
  })

  test('that is filled with nothing executed cannot be read', async () => {
    const rest = await fakeVenue(() => ({ body: order(7, { status: 'FILLED' }) }))
    expect((await venueFor({ restUrl: rest.url }).order('BTC-USDT:7')).ok).toBe(false)
  })
})

describe('an order by its client id', () => {
  test('is asked for by name on each traded instrument first', async () => {
    const rest = await fakeVenue((asked) => (asked.query.get('symbol') === 'ETHUSDT' ? { body: order(9, { symbol: 'ETHUSDT', clientOrderId: 'mine' }) } : unknownOrder))
    expect(await venueFor({ restUrl: rest.url, instruments: ['BTC-USDT', 'ETH-USDT', 'BNB-USDT'] }).findByClientOrderId('mine', at)).toMatchObject({ ok: true, value: { venueOrderId: 'ETH-USDT:9', instrument: 'ETH-USDT' } })
    expect(rest.calls().map(({ query }) => [query.get('symbol'), query.get('origClientOrderId')])).toEqual([['BTCUSDT', 'mine'], ['ETHUSDT', 'mine']])
  })

  test('that answers no look-up by name is found in the lists, page after page', async () => {
    const orders = Array.from({ length: 2_500 }, (_, index) => order(index + 1))
    const rest = await venueWith({ orders })
    const clock = clockAt(at + hour)
    expect(await venueFor({ restUrl: rest.url, clock }).findByClientOrderId('c-2500', at)).toMatchObject({ ok: true, value: { venueOrderId: 'BTC-USDT:2500' } })
    expect(rest.calls().filter((asked) => isOf(asked, '/allOrders')).map(({ query }) => [query.get('startTime'), query.get('orderId')])).toEqual([[String(at - 60_000), null], [null, '1001'], [null, '2001']])
  })

  test('is not found only when every list of every instrument was read', async () => {
    const orders = [order(1), order(2, { symbol: 'ETHUSDT' })]
    const rest = await venueWith({ orders })
    const clock = clockAt(at + hour)
    expect(await venueFor({ restUrl: rest.url, clock, instruments: ['BTC-USDT', 'ETH-USDT'] }).findByClientOrderId('c-9', at)).toEqual({ ok: true, value: undefined })
    expect(rest.calls().map(({ path, query }) => `${path.slice(8)} ${query.get('symbol')}`)).toEqual(['order BTCUSDT', 'order ETHUSDT', 'openOrders BTCUSDT', 'openOrders ETHUSDT', 'allOrders BTCUSDT', 'allOrders ETHUSDT'])
  })

  const broken: [string, (asked: Asked) => Reply][] = [
    ['the look-up by name fails', () => ({ status: 503, body: '' })],
    ['the open list fails', (asked) => (isOf(asked, '/openOrders') ? { status: 503, body: '' } : isOf(asked, '/order') ? unknownOrder : { body: [] })],
    ['the history fails', (asked) => (isOf(asked, '/allOrders') ? { status: 503, body: '' } : isOf(asked, '/order') ? unknownOrder : { body: [] })],
    ['a list is no list', (asked) => (isOf(asked, '/order') ? unknownOrder : { body: { rows: [] } })],
    ['a list is a page of HTML', (asked) => (isOf(asked, '/order') ? unknownOrder : { body: '<html>login</html>' })],
    ['a row does not tell its id', (asked) => (isOf(asked, '/order') ? unknownOrder : { body: [null] })],
    ['a row has an id that is no text', (asked) => (isOf(asked, '/order') ? unknownOrder : { body: [order(1, { clientOrderId: 5 })] })],
    ['our own row cannot be read', (asked) => (isOf(asked, '/order') ? unknownOrder : { body: [order(9, { side: 'BOTH' })] })],
    ['the answer by name is of another, living order', () => ({ body: order(3) })],
    ['a list repeats itself', (asked) => (isOf(asked, '/order') ? unknownOrder : { body: isOf(asked, '/openOrders') ? [] : Array.from({ length: 1000 }, (_, index) => order(index + 1)) })],
    ['the path is gone', () => ({ status: 404, body: '<html>' })],
  ]
  test.each(broken)('is never "not found" when %s', async (_name, answer) => {
    const rest = await fakeVenue(answer)
    expect((await venueFor({ restUrl: rest.url, clock: clockAt(at + hour) }).findByClientOrderId('c-9', at)).ok).toBe(false)
  })

  test('is never "not found" when no traded instrument is listed at all', async () => {
    const rest = await venueWith({})
    expect(await venueFor({ restUrl: rest.url, instruments: ['GONE-USDT'] }).findByClientOrderId('c-9', at)).toMatchObject({ ok: false })
  })

  test('an answer that is cut off is none, even where the part is whole JSON', async () => {
    const listing = JSON.stringify(exchangeInfo)
    const peer = await fakeTcp((socket, count) => void (count === 1 ? socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${listing.length}\r\n\r\n${listing}`) : socket.end('HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n[]')))
    expect(await venueFor({ restUrl: peer.url }).findByClientOrderId('c', at)).toMatchObject({ ok: false, failure: { kind: 'network' } })
  })
})

describe('lists of the account', () => {
  test('go through time in windows of at most 24 h until a row is found, then by id', async () => {
    const since = at - 3 * day
    const rest = await venueWith({ orders: [order(5, { time: at - day }), order(6, { time: at - 1_000 })] })
    const listed = await venueFor({ restUrl: rest.url, clock: clockAt(at) }).ordersSince(since)
    expect(listed.ok && listed.value.orders.map(({ venueOrderId }) => venueOrderId)).toEqual(['BTC-USDT:5', 'BTC-USDT:6'])
    const spans = rest.calls().filter((asked) => isOf(asked, '/allOrders')).map(({ query }) => [query.get('startTime'), query.get('endTime'), query.get('orderId')])
    const start = since - 60_000
    expect(spans).toEqual([
      [String(start), String(start + day - 1), null],
      [String(start + day), String(start + 2 * day - 1), null],
      [String(start + 2 * day), String(start + 3 * day - 1), null],
      [null, null, '6'],
    ])
  })

  test('that reach back beyond their bound are a failure, not a part', async () => {
    const rest = await venueWith({})
    expect(await venueFor({ restUrl: rest.url, clock: clockAt(at) }).fillsSince(at - 401 * day)).toMatchObject({ ok: false, failure: { kind: 'malformed' } })
    expect(rest.calls()).toHaveLength(400)
  })

  test('working orders: the open list and the recent rest; the word that is further on counts, whichever list has it', async () => {
    const now = at + hour
    const rest = await venueWith({
      open: [order(1), order(2), order(3, { executedQty: '0.2', status: 'PARTIALLY_FILLED' }), order(9, { time: at - 90 * day })],
      orders: [order(2, { status: 'FILLED', executedQty: '0.25', time: now }), order(3, { executedQty: '0.1', status: 'PARTIALLY_FILLED', time: now }), order(4, { time: now }), order(5, { status: 'CANCELED', time: now })],
    })
    const working = await venueFor({ restUrl: rest.url, clock: clockAt(now) }).workingOrders()
    expect(working.ok && working.value.orders.map(({ venueOrderId, executed }) => [venueOrderId, executed])).toEqual([['BTC-USDT:1', '0'], ['BTC-USDT:3', '0.2'], ['BTC-USDT:9', '0'], ['BTC-USDT:4', '0']])
  })

  test('orders since then leave out what is open from long before', async () => {
    const rest = await venueWith({ open: [order(1, { time: at - day }), order(2)] })
    const listed = await venueFor({ restUrl: rest.url, clock: clockAt(at + hour) }).ordersSince(at)
    expect(listed.ok && listed.value.orders.map(({ venueOrderId }) => venueOrderId)).toEqual(['BTC-USDT:2'])
  })

  test('rows that cannot be read are told apart, with as much of their names as can be read', async () => {
    const rest = await fakeVenue((asked) => ({ body: isOf(asked, '/myTrades') ? [trade(1), trade(2, { isBuyer: 'yes' }), { id: 'x', orderId: 7 }, 'nothing'] : isOf(asked, '/openOrders') ? [] : [order(1), order(2, { side: 'BOTH' }), { clientOrderId: 5 }] }))
    const venue = venueFor({ restUrl: rest.url, clock: clockAt(at + hour) })
    expect(await venue.ordersSince(at)).toMatchObject({ ok: true, value: { orders: [{ venueOrderId: 'BTC-USDT:1' }], unread: [{ venueOrderId: 'BTC-USDT:2', clientOrderId: 'c-2' }, { venueOrderId: undefined, clientOrderId: undefined }] } })
    expect(await venue.fillsSince(at)).toEqual({
      ok: true,
      value: { fills: [expect.objectContaining({ tradeId: 'BTC-USDT:1' })], odd: [], unread: [{ tradeId: 'BTC-USDT:2', venueOrderId: 'BTC-USDT:7' }, { tradeId: undefined, venueOrderId: 'BTC-USDT:7' }, { tradeId: undefined, venueOrderId: undefined }] },
    })
  })

  test('rows of another symbol are not taken for those of this one, even where the filter is ignored', async () => {
    const rest = await fakeVenue((asked) => ({ body: isOf(asked, '/myTrades') ? [trade(1), trade(2, { symbol: 'ETHUSDT' })] : [order(1), order(2, { symbol: 'ETHUSDT' })] }))
    const venue = venueFor({ restUrl: rest.url, clock: clockAt(at + hour) })
    expect(await venue.ordersSince(at)).toMatchObject({ ok: true, value: { orders: [{ venueOrderId: 'BTC-USDT:1' }], unread: [] } })
    expect(await venue.fillsSince(at)).toMatchObject({ ok: true, value: { fills: [{ tradeId: 'BTC-USDT:1' }], unread: [] } })
    const own = await venue.fillsOf('BTC-USDT:7')
    expect(own.ok && own.value.map(({ tradeId }) => tradeId)).toEqual(['BTC-USDT:1'])
    const listed = await venue.workingOrders()
    expect(listed.ok && listed.value.orders).toHaveLength(1)
  })

  test('an instrument that is not listed any more is left out and told once; the others are read', async () => {
    const log = new MemoryLog()
    const rest = await venueWith({ open: [order(1)] })
    const venue = venueFor({ restUrl: rest.url, log, instruments: ['GONE-USDT', 'BTC-USDT'] })
    expect(await venue.workingOrders()).toMatchObject({ ok: true, value: { orders: [{ venueOrderId: 'BTC-USDT:1' }] } })
    await venue.workingOrders()
    expect(log.lines.filter(({ event }) => event === 'venue.instrumentUnlisted')).toEqual([{ level: 'warn', event: 'venue.instrumentUnlisted', fields: { instrument: 'GONE-USDT' } }])
  })
})

describe('fills', () => {
  test('carry the fee and its asset as each execution says', async () => {
    const rest = await venueWith({ trades: [trade(1), trade(2, { commission: '0.00000750', commissionAsset: 'BNB', isMaker: false }), trade(3, { orderId: 8 })] })
    const fills = await venueFor({ restUrl: rest.url }).fillsOf('BTC-USDT:7')
    expect(fills).toEqual({
      ok: true,
      value: [
        { tradeId: 'BTC-USDT:1', venueOrderId: 'BTC-USDT:7', instrument: 'BTC-USDT', side: 'buy', quantity: '0.1', price: '61000.1', fee: '0.0001', feeAsset: 'BTC', liquidity: 'maker', at: at + 1 },
        { tradeId: 'BTC-USDT:2', venueOrderId: 'BTC-USDT:7', instrument: 'BTC-USDT', side: 'buy', quantity: '0.1', price: '61000.1', fee: '0.0000075', feeAsset: 'BNB', liquidity: 'taker', at: at + 2 },
      ],
    })
  })

  test('of an order with more than a page are read from the first on (FS-19)', async () => {
    const rest = await venueWith({ trades: Array.from({ length: 2_500 }, (_, index) => trade(index + 1)) })
    const fills = await venueFor({ restUrl: rest.url }).fillsOf('BTC-USDT:7')
    expect(fills.ok && fills.value).toHaveLength(2_500)
    expect(fills.ok && fills.value[0]?.tradeId).toBe('BTC-USDT:1')
    expect(rest.calls().map(({ query }) => query.get('fromId'))).toEqual([null, '0', '1001', '2001'])
  })

  test('of the account since then, all pages, of every traded instrument', async () => {
    const trades = [...Array.from({ length: 1_200 }, (_, index) => trade(index + 1)), trade(5, { symbol: 'ETHUSDT', isBuyer: false })]
    const rest = await venueWith({ trades })
    const fills = await venueFor({ restUrl: rest.url, clock: clockAt(at + hour), instruments: ['BTC-USDT', 'ETH-USDT'] }).fillsSince(at)
    expect(fills.ok && fills.value.fills).toHaveLength(1_201)
    expect(fills.ok && fills.value.fills.at(-1)).toMatchObject({ tradeId: 'ETH-USDT:5', side: 'sell' })
  })

  test('of our own two orders that met have one trade id and stay two (FS-26)', async () => {
    const rest = await venueWith({ trades: [trade(1, { orderId: 7 }), trade(1, { orderId: 8, isBuyer: false })] })
    const fills = await venueFor({ restUrl: rest.url, clock: clockAt(at + hour) }).fillsSince(at)
    expect(fills.ok && fills.value.fills.map(({ venueOrderId, side }) => [venueOrderId, side])).toEqual([['BTC-USDT:7', 'buy'], ['BTC-USDT:8', 'sell']])
  })

  test.each([{ qty: '0.00000000' }, { qty: '-1' }, { price: '0' }, { commission: 'NaN' }, { commission: '-0.1' }, { commissionAsset: '' }, { time: -1 }, { isBuyer: undefined }])('of an order with one that cannot be read are a failure: %j', async (odd) => {
    const rest = await fakeVenue(() => ({ body: [trade(1), trade(2, odd)] }))
    expect(await venueFor({ restUrl: rest.url }).fillsOf('BTC-USDT:7')).toMatchObject({ ok: false, failure: { kind: 'malformed' } })
  })

  test('are only of that order, even where the filter is ignored', async () => {
    const rest = await fakeVenue(() => ({ body: [trade(1), trade(2, { orderId: 8 })] }))
    const fills = await venueFor({ restUrl: rest.url }).fillsOf('BTC-USDT:7')
    expect(fills.ok && fills.value.map(({ tradeId }) => tradeId)).toEqual(['BTC-USDT:1'])
  })
})

describe('the account', () => {
  const account = { uid: 354937868, canTrade: true, canWithdraw: true, canDeposit: true, permissions: ['SPOT'], balances: [{ asset: 'BTC', free: '4723846.89208129', locked: '0.00000000' }, { asset: 'USDT', free: '1.5', locked: '2.50000000' }] }

  test('has balances, a number, and permissions', async () => {
    const rest = await fakeVenue(() => ({ body: account }))
    const venue = venueFor({ restUrl: rest.url })
    expect(await venue.balances()).toEqual({ ok: true, value: [{ asset: 'BTC', free: '4723846.89208129', held: '0' }, { asset: 'USDT', free: '1.5', held: '2.5' }] })
    expect(await venue.accountId()).toEqual({ ok: true, value: '354937868' })
    expect(await venue.keyPermissions()).toEqual({ ok: true, value: { canTrade: true, canTransfer: undefined } })
  })

  test('that does not say that it may trade may not', async () => {
    const rest = await fakeVenue(() => ({ body: { ...account, canTrade: undefined } }))
    expect(await venueFor({ restUrl: rest.url }).keyPermissions()).toMatchObject({ ok: true, value: { canTrade: false } })
  })

  test('with a balance that cannot be read has none', async () => {
    const rest = await fakeVenue(() => ({ body: { ...account, balances: [...account.balances, { asset: 'X', free: 'many', locked: '0' }] } }))
    expect((await venueFor({ restUrl: rest.url }).balances()).ok).toBe(false)
  })

  test('pays the dearest commission of its instruments: every kind, and the dearer side', async () => {
    const rates = (maker: string, taker: string, buyer: string, seller: string) => ({ maker, taker, buyer, seller })
    const rest = await fakeVenue(({ query }) => ({
      body: {
        symbol: query.get('symbol'),
        standardCommission: query.get('symbol') === 'BTCUSDT' ? rates('0.00100000', '0.00100000', '0', '0') : rates('0.00090000', '0.00200000', '0', '0'),
        specialCommission: rates('0', '0', '0', '0'),
        taxCommission: query.get('symbol') === 'BTCUSDT' ? rates('0.0001', '0.0002', '0.0003', '0.0004') : rates('0', '0', '0', '0'),
        discount: { enabledForAccount: true, enabledForSymbol: true, discountAsset: 'BNB', discount: '0.75000000' },
      },
    }))
    expect(await venueFor({ restUrl: rest.url, instruments: ['BTC-USDT', 'ETH-USDT'] }).feeRates()).toEqual({ ok: true, value: { maker: '0.0015', taker: '0.002' } })
  })
})

describe('the market', () => {
  test('instruments come from the list of symbols with their filters; unreadable ones are left out', async () => {
    const symbols = [
      symbolRow('BTC'),
      symbolRow('１２３'),
      symbolRow('HALTED', 'USDT', { status: 'HALT' }),
      symbolRow('CANCEL', 'USDT', { status: 'CANCEL_ONLY' }),
      symbolRow('NEWSTATUS', 'USDT', { status: 'SOMETHING' }),
      symbolRow('MARGIN', 'USDT', { isSpotTradingAllowed: false }),
      symbolRow('PLAIN', 'USDT', { filters: [{ filterType: 'LOT_SIZE', minQty: '1', maxQty: '10', stepSize: '0' }, { filterType: 'MIN_NOTIONAL', minNotional: '10' }, null] }),
      symbolRow('EMPTY', 'USDT', { filters: [] }),
      { symbol: 'BROKEN' },
      null,
    ]
    const rest = await fakeRest(() => ({ body: { ...exchangeInfo, symbols } }))
    const read = await venueFor({ restUrl: rest.url }).instruments()
    expect(read.ok && read.value.map(({ id, status }) => [id, status])).toEqual([['BTC-USDT', 'online'], ['１２３-USDT', 'online'], ['HALTED-USDT', 'halted'], ['CANCEL-USDT', 'cancelOnly'], ['NEWSTATUS-USDT', 'halted'], ['PLAIN-USDT', 'online']])
    expect(read.ok && read.value[0]).toEqual({ id: 'BTC-USDT', base: 'BTC', quote: 'USDT', tick: '0.01', step: '0.00001', minQuantity: '0.00001', maxQuantity: '9000', minNotional: '5', status: 'online' })
    expect(read.ok && read.value.at(-1)).toMatchObject({ tick: '0.00000001', step: '0.00000001', minQuantity: '1', minNotional: '10' })
    expect(rest.asked[0]?.headers['x-mbx-apikey']).toBeUndefined()
  })

  test('the list is read once for all who need a name', async () => {
    const rest = await fakeVenue(() => unknownOrder)
    const venue = venueFor({ restUrl: rest.url })
    await Promise.all([venue.order('BTC-USDT:1'), venue.order('ETH-USDT:1'), venue.order('BNB-USDT:1')])
    expect(rest.asked.filter(({ path }) => path.endsWith('exchangeInfo'))).toHaveLength(1)
  })

  test('quotes of all instruments come in one call, dated by their receipt; an empty side is no quote', async () => {
    const tickers = [{ symbol: 'BTCUSDT', bidPrice: '61602.01000000', bidQty: '1', askPrice: '61602.02000000', askQty: '1' }, { symbol: 'ETHUSDT', bidPrice: '0.00000000', bidQty: '0', askPrice: '2', askQty: '1' }, { symbol: 'UNKNOWN', bidPrice: '1', askPrice: '2' }, null]
    const rest = await fakeVenue(() => ({ body: tickers }))
    const clock = clockAt(at)
    expect(await venueFor({ restUrl: rest.url, clock }).quotes(['BTC-USDT', 'ETH-USDT', 'GONE-USDT'])).toEqual({ ok: true, value: [{ instrument: 'BTC-USDT', bid: '61602.01', ask: '61602.02', bidQuantity: '1', askQuantity: '1', at, receivedAt: at, source: 'rest' }] })
    expect(rest.calls().map(({ query }) => query.get('symbols'))).toEqual(['["BTCUSDT","ETHUSDT"]'])
  })
})

describe('the clock', () => {
  test('is measured at the middle of the round trip, by the median of up to five', async () => {
    let trip = 0
    const peer = await fakeTcp((socket) => {
      trip += 1
      const body = JSON.stringify({ serverTime: Date.now() + 5_030 + (trip === 2 ? 90_000 : 0) })
      setTimeout(() => socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`), 60)
    })
    const venue = venueFor({ restUrl: peer.url })
    const offset = await venue.clockOffset()
    expect(offset.ok && Math.abs(offset.value - 5_000)).toBeLessThan(30)
    expect([4, 5]).toContain(peer.requests.length)
    expect(Math.abs(venue.now() - Date.now() - 5_000)).toBeLessThan(40)
  })

  test('is mended once when a read is refused for its time, and the read is signed anew with the right one (CK-01)', async () => {
    const ahead = 42_000
    const rest = await fakeVenue(
      ({ query }) => (Math.abs(Number(query.get('timestamp')) - Date.now() - ahead) < 1_000 ? unknownOrder : { status: 400, body: { code: -1021, msg: 'Timestamp for this request is outside of the recvWindow.' } }),
      () => Date.now() + ahead,
    )
    const venue = venueFor({ restUrl: rest.url })
    expect(await Promise.all([venue.order('BTC-USDT:1'), venue.order('BTC-USDT:2'), venue.order('BTC-USDT:3')])).toEqual([1, 2, 3].map(() => ({ ok: true, value: undefined })))
    expect([3, 4, 5]).toContain(rest.asked.filter(({ path }) => path.endsWith('/time')).length)
    expect(rest.calls()).toHaveLength(6)
  })

  test('that the venue goes on refusing is told, after one repeat', async () => {
    const rest = await fakeVenue(() => ({ status: 400, body: { code: -1021, msg: 'Timestamp for this request is outside of the recvWindow.' } }))
    expect(await venueFor({ restUrl: rest.url }).balances()).toMatchObject({ ok: false, failure: { kind: 'clockSkew' } })
    expect(rest.calls()).toHaveLength(2)
  })
})

test('reads are not repeated otherwise (OC-09)', async () => {
  const rest = await fakeVenue(() => ({ status: 500, body: '' }))
  expect((await venueFor({ restUrl: rest.url }).balances()).ok).toBe(false)
  expect(rest.calls()).toHaveLength(1)
})

test('a refused key is dead at once where it was never valid, and only when it lasts where it was (CN-21)', async () => {
  const refused: Reply = { status: 401, body: { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' } }
  let valid = false
  const rest = await fakeVenue(() => (valid ? { body: [] } : refused))
  const clock = new HandClock()
  const venue = venueFor({ restUrl: rest.url, clock })
  const kind = async (): Promise<string> => {
    const read = await venue.fillsOf('BTC-USDT:1')
    return read.ok ? 'ok' : read.failure.kind
  }
  expect(await kind()).toBe('unauthorised')
  valid = true
  expect(await kind()).toBe('ok')
  valid = false
  expect(await kind()).toBe('unavailable')
  await clock.advance(599_000)
  expect(await kind()).toBe('unavailable')
  await clock.advance(2_000)
  expect(await kind()).toBe('unauthorised')
})

test.each([{ restUrl: 'api.binance.com' }, { restUrl: 'ws://host' }, { streamsUrl: 'https://host' }, { wsApiUrl: '' }])('a wrong URL is said at once: %j', (wrong) => {
  expect(() => venueFor(wrong)).toThrow(TypeError)
})

test.each(Object.entries(binanceHosts))('the hosts of %s can be used as they stand, over TLS only', (_environment, hosts) => {
  expect(() => venueFor(hosts)).not.toThrow()
  expect(new URL(hosts.restUrl).protocol).toBe('https:')
  for (const url of [hosts.streamsUrl, hosts.wsApiUrl]) expect(new URL(url).protocol).toBe('wss:')
})
