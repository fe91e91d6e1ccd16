import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshId, limit, maker, market, start, type Client, type Parsed } from './support.ts'

let client: Client
let close: () => Promise<void>
let bid: number
let ask: number
beforeAll(async () => {
  const { sandbox, client: own } = await start('--balance', 'USDT=100000', '--balance', 'BTC=2')
  client = own
  close = () => sandbox.close()
  const top = (await client.raw('GET', '/api/v3/ticker/bookTicker?symbol=BTCUSDT')).body
  bid = Number(top.bidPrice)
  ask = Number(top.askPrice)
})
afterAll(() => close())

const place = (values: Record<string, string | number | boolean>): Promise<{ status: number; body: Parsed }> => client.signed('POST', '/order', values)
const query = async (values: Record<string, string | number | boolean>): Promise<Parsed> => (await client.signed('GET', '/order', { symbol: 'BTCUSDT', ...values })).body
const account = async (asset: string): Promise<Parsed> => (await client.signed('GET', '/account')).body.balances.find((row: Parsed) => row.asset === asset)

describe('placing', () => {
  it('a resting limit order is NEW, locks price x quantity and nothing for fees', async () => {
    const before = await account('USDT')
    const { status, body } = await place(limit('BUY', '0.01', '50000'))
    expect([status, body.status, body.price, body.origQty, body.executedQty, body.timeInForce, body.type, body.fills]).toEqual([200, 'NEW', '50000.00000000', '0.01000000', '0.00000000', 'GTC', 'LIMIT', []])
    expect(Number((await account('USDT')).locked) - Number(before.locked)).toBe(500)
    expect((await account('USDT')).free).toMatch(/^\d+\.\d{8}$/)
    await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId: body.orderId })
    expect(await account('USDT')).toEqual(before)
  })

  it('answers FULL for LIMIT and MARKET, ACK for LIMIT_MAKER, and as asked for', async () => {
    expect((await place(market('BUY', { quantity: '0.001' }))).body.fills).toHaveLength(1)
    const ack = (await place(maker('BUY', '0.001', '50000'))).body
    expect(Object.keys(ack)).toEqual(['symbol', 'orderId', 'orderListId', 'clientOrderId', 'transactTime'])
    const result = (await place(maker('BUY', '0.001', '50000', { newOrderRespType: 'RESULT' }))).body
    expect([result.status, result.fills, result.selfTradePreventionMode]).toEqual(['NEW', undefined, 'EXPIRE_MAKER'])
    expect((await place(limit('BUY', '0.001', '50000', { newOrderRespType: 'ACK' }))).body.status).toBeUndefined()
  })

  it('a market order takes what it can and prints no price of its own', async () => {
    const { body } = await place(market('BUY', { quantity: '0.002' }))
    expect(body).toMatchObject({ status: 'FILLED', price: '0.00000000', type: 'MARKET', timeInForce: 'GTC', executedQty: '0.00200000' })
    const [fill] = body.fills
    expect(fill).toMatchObject({ price: ask.toFixed(8), qty: '0.00200000', commission: '0.00000200', commissionAsset: 'BTC' })
    expect(body.cummulativeQuoteQty).toBe((ask * 0.002).toFixed(8))
  })

  it('an order for so much quote buys whole steps for at most that, before commission', async () => {
    const { body } = await place(market('BUY', { quoteOrderQty: '100' }))
    const spent = Number(body.cummulativeQuoteQty)
    expect([body.status, body.origQuoteOrderQty, body.origQty]).toEqual(['FILLED', '100.00000000', body.executedQty])
    expect(spent).toBeLessThanOrEqual(100)
    expect(spent).toBeGreaterThan(100 - ask * 0.00001)
    expect(Number(body.executedQty) * 1e5 % 1).toBeCloseTo(0, 6)
  })

  it('a sale for so much quote works too, and its commission is in quote', async () => {
    const { body } = await place(market('SELL', { quoteOrderQty: '100' }))
    expect([body.status, body.fills[0].commissionAsset]).toEqual(['FILLED', 'USDT'])
  })

  it('IOC leaves its rest EXPIRED, FOK takes all or nothing', async () => {
    const ioc = (await place(limit('BUY', '0.001', '50000', { timeInForce: 'IOC' }))).body
    expect(ioc).toMatchObject({ status: 'EXPIRED', executedQty: '0.00000000', expiryReason: 'UNFILLED_IOC_QUANTITY_EXPIRED' })
    const fok = (await place(limit('BUY', '0.001', '50000', { timeInForce: 'FOK' }))).body
    expect(fok).toMatchObject({ status: 'EXPIRED', fills: [], expiryReason: 'UNFILLED_FOK_ORDER_EXPIRED' })
    expect((await place(limit('BUY', '0.001', String(ask), { timeInForce: 'FOK' }))).body.status).toBe('FILLED')
  })

  it('a limit order that crosses trades at the better price', async () => {
    const { body } = await place(limit('BUY', '0.001', (ask + 100).toFixed(2)))
    expect([body.status, body.fills[0].price]).toEqual(['FILLED', ask.toFixed(8)])
  })

  it('invents an id of 22 characters where none was sent', async () => {
    const { newClientOrderId: _none, ...rest } = maker('BUY', '0.001', '50000')
    expect((await place(rest)).body.clientOrderId).toMatch(/^[A-Za-z0-9_-]{22}$/)
  })

  it('numbers orders and trades by symbol', async () => {
    const first = (await place({ ...maker('BUY', '0.1', '2000'), symbol: 'ETHUSDT' })).body.orderId
    const second = (await place({ ...maker('BUY', '0.1', '2000'), symbol: 'ETHUSDT' })).body.orderId
    expect([first, second]).toEqual([1, 2])
    const btc = (await client.signed('GET', '/myTrades', { symbol: 'BTCUSDT' })).body
    expect(btc.map((row: Parsed) => row.id)).toEqual(btc.map((_: Parsed, index: number) => index + 1))
  })

  it('order/test checks parameters and filters, not funds, and makes nothing', async () => {
    const rows = async (): Promise<number> => (await client.signed('GET', '/allOrders', { symbol: 'BTCUSDT' })).body.length
    const before = await rows()
    const tested = await client.signed('POST', '/order/test', limit('BUY', '100', '50000'))
    expect([tested.status, tested.body]).toEqual([200, {}])
    expect((await client.signed('POST', '/order/test', limit('BUY', '0.000001', '50000'))).body.msg).toBe('Filter failure: LOT_SIZE')
    expect((await client.signed('POST', '/order/test', { ...limit('BUY', '0.01', '50000'), computeCommissionRates: true })).body.standardCommissionForOrder).toEqual({ maker: '0.00100000', taker: '0.00100000' })
    expect(await rows()).toBe(before)
  })
})

describe('refusals of new orders', () => {
  const btc = (more: object): Record<string, string> => ({ symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.001', price: '50000', ...more })
  const without = (name: string, from = btc({})): Record<string, string> => Object.fromEntries(Object.entries(from).filter(([key]) => key !== name))

  it.each([
    ['no symbol', without('symbol'), -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."],
    ['no price', without('price'), -1102, "Mandatory parameter 'price' was not sent, was empty/null, or malformed."],
    ['no timeInForce', without('timeInForce'), -1102, "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed."],
    ['an empty client order id', btc({ newClientOrderId: '' }), -1105, "Parameter 'newClientOrderId' was empty."],
    ['a market order without a size', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET' }, -1102, "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!"],
    ['both sizes', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '1', quoteOrderQty: '1' }, -1128, 'Combination of optional parameters invalid.'],
    ['a parameter nobody reads', btc({ colour: 'red' }), -1104, "Not all sent parameters were read; read '8' parameter(s) but was sent '9'."],
    ['timeInForce on LIMIT_MAKER', btc({ type: 'LIMIT_MAKER' }), -1106, "Parameter 'timeInForce' sent when not required."],
    ['a price on MARKET', { ...without('timeInForce'), type: 'MARKET' }, -1106, "Parameter 'price' sent when not required."],
    ['a stop price on LIMIT', btc({ stopPrice: '1' }), -1106, "Parameter 'stopPrice' sent when not required."],
    ['a quantity with nine digits', btc({ quantity: '0.000000001' }), -1111, "Parameter 'quantity' has too much precision."],
    ['an exponent', btc({ quantity: '1e-3' }), -1100, String.raw`Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\.[0-9]{1,20})?$'.`],
    ['an odd client order id', btc({ newClientOrderId: 'no spaces' }), -1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'."],
    ['a client order id of 37 characters', btc({ newClientOrderId: 'x'.repeat(37) }), -1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'."],
    ['an unknown timeInForce', btc({ timeInForce: 'GTX' }), -1115, 'Invalid timeInForce.'],
    ['an unknown type', btc({ type: 'ODD' }), -1116, 'Invalid orderType.'],
    ['an unknown side', btc({ side: 'HOLD' }), -1117, 'Invalid side.'],
    ['an unknown symbol', btc({ symbol: 'BTC-USDT' }), -1121, 'Invalid symbol.'],
    ['an unknown response type', btc({ newOrderRespType: 'LOUD' }), -1130, "Data sent for parameter 'newOrderRespType' is not valid."],
    ['a type of other symbols', btc({ type: 'STOP_LOSS_LIMIT' }), -2010, 'Stop loss limit orders are not supported for this symbol.'],
    ['an iceberg', btc({ icebergQty: '0.0001' }), -2010, 'Iceberg orders are not supported for this symbol.'],
    ['a self-trade mode that is not allowed', btc({ selfTradePreventionMode: 'TRANSFER' }), -1013, 'This symbol does not allow the specified self-trade prevention mode.'],
    ['a price between ticks', btc({ price: '50000.001' }), -1013, 'Filter failure: PRICE_FILTER'],
    ['a price beyond the highest', btc({ price: '1000000.01' }), -1013, 'Filter failure: PRICE_FILTER'],
    ['a price far from the market', btc({ price: '900' }), -1013, 'Filter failure: PERCENT_PRICE_BY_SIDE'],
    ['a quantity between steps', btc({ quantity: '0.000015' }), -1013, 'Filter failure: LOT_SIZE'],
    ['no quantity at all', btc({ quantity: '0' }), -1013, 'Filter failure: LOT_SIZE'],
    ['a market order of too much', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '91' }, -1013, 'Filter failure: MARKET_LOT_SIZE'],
    ['an order worth too little', btc({ quantity: '0.00009' }), -1013, 'Filter failure: NOTIONAL'],
    ['a market order worth too little', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quoteOrderQty: '4.99' }, -1013, 'Filter failure: NOTIONAL'],
    ['more than the balance', btc({ quantity: '100' }), -2010, 'Account has insufficient balance for requested action.'],
    ['a sale of more than there is', btc({ side: 'SELL', quantity: '100', price: '70000' }), -2010, 'Account has insufficient balance for requested action.'],
  ])('%s', async (_what, values, code, msg) => {
    const { status, body } = await place(values)
    expect([status, body]).toEqual([400, { code, msg }])
  })

  it('a post-only order that would trade', async () => {
    expect((await place(maker('BUY', '0.001', String(ask)))).body).toEqual({ code: -2010, msg: 'Order would immediately match and take.' })
    expect((await place(maker('SELL', '0.001', String(bid)))).body.code).toBe(-2010)
  })

  it('the same parameter twice', async () => {
    expect((await client.raw('GET', '/api/v3/depth?symbol=BTCUSDT&symbol=ETHUSDT')).body.code).toBe(-1101)
  })

  it('the 201st open order of a symbol', async () => {
    const small = { ...maker('BUY', '0.05', '100'), symbol: 'SOLUSDT' }
    for (let count = 0; count < 200; count += 1) expect((await place({ ...small, newClientOrderId: freshId() })).status).toBe(200)
    expect((await place({ ...small, newClientOrderId: freshId() })).body).toEqual({ code: -2010, msg: 'Filter failure: MAX_NUM_ORDERS' })
    expect((await client.signed('DELETE', '/openOrders', { symbol: 'SOLUSDT' })).body).toHaveLength(200)
  })
})

describe('client order ids', () => {
  it('are taken while their order is open, and free again afterwards', async () => {
    const wish = maker('BUY', '0.001', '50000')
    const first = (await place(wish)).body.orderId
    expect((await place(wish)).body).toEqual({ code: -2010, msg: 'Duplicate order sent.' })
    await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId: first })
    const second = (await place(wish)).body.orderId
    expect(second).toBeGreaterThan(first)
    expect((await query({ origClientOrderId: String(wish['newClientOrderId']) })).orderId).toBe(second)
    const seen = (await client.control('GET', '/ledger')).body.orders.find((row: Parsed) => row.venueOrderId === `BTC-USDT:${second}`)
    expect([seen.writes, seen.product, seen.state]).toEqual([3, 'BTC-USDT', 'OPEN'])
  })

  it('stay taken until their order is filled, under the other reading', async () => {
    const { sandbox, client: strict } = await start('--ids-reusable-after', 'fill')
    const wish = maker('BUY', '0.001', '50000')
    const { orderId } = (await strict.signed('POST', '/order', wish)).body
    await strict.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId })
    expect((await strict.signed('POST', '/order', wish)).body.msg).toBe('Duplicate order sent.')
    const filled = market('BUY', { quantity: '0.001' })
    for (let time = 0; time < 2; time += 1) expect((await strict.signed('POST', '/order', filled)).body.status).toBe('FILLED')
    await sandbox.close()
  })

  it('find a cancelled order, or do not, under the other reading', async () => {
    const { sandbox, client: strict } = await start('--cancelled-lose-id')
    for (const [venue, found] of [[client, true], [strict, false]] as const) {
      const wish = maker('BUY', '0.001', '50000')
      const { orderId } = (await venue.signed('POST', '/order', wish)).body
      await venue.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId, newClientOrderId: 'the-cancel' })
      const { body } = await venue.signed('GET', '/order', { symbol: 'BTCUSDT', origClientOrderId: String(wish['newClientOrderId']) })
      expect(body.code ?? body.status).toBe(found ? 'CANCELED' : -2013)
      expect((await venue.signed('GET', '/order', { symbol: 'BTCUSDT', orderId })).body.clientOrderId).toBe(found ? wish['newClientOrderId'] : 'the-cancel')
    }
    await sandbox.close()
  })
})

describe('cancelling', () => {
  it('answers with the order\'s id and the cancel\'s own', async () => {
    const wish = maker('BUY', '0.001', '50000')
    await place(wish)
    const { body } = await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', origClientOrderId: String(wish['newClientOrderId']), newClientOrderId: 'my-cancel' })
    expect(body).toMatchObject({ origClientOrderId: wish['newClientOrderId'], clientOrderId: 'my-cancel', status: 'CANCELED', executedQty: '0.00000000' })
  })

  it('refuses what is unknown, over, or restricted', async () => {
    const unknown = { code: -2011, msg: 'Unknown order sent.' }
    expect((await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId: 999_999 })).body).toEqual(unknown)
    const { orderId } = (await place(market('BUY', { quantity: '0.001' }))).body
    expect((await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId })).body).toEqual(unknown)
    expect((await client.signed('DELETE', '/openOrders', { symbol: 'BNBUSDT' })).body).toEqual(unknown)
    const open = (await place(maker('BUY', '0.001', '50000'))).body.orderId
    expect((await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId: open, cancelRestrictions: 'ONLY_PARTIALLY_FILLED' })).body).toEqual({ code: -2011, msg: 'Order was not canceled due to cancel restrictions.' })
    expect((await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId: open, cancelRestrictions: 'ONLY_OLD' })).body.code).toBe(-1145)
    expect((await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId: open, origClientOrderId: 'another' })).body).toEqual({ code: -2039, msg: 'Client order ID is not correct for this order ID.' })
    expect((await client.signed('DELETE', '/order', { symbol: 'BTCUSDT' })).body).toEqual({ code: -1102, msg: "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!" })
    expect((await client.signed('DELETE', '/order', { symbol: 'ETHUSDT', orderId: open })).body).toEqual(unknown)
    expect((await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId: open, cancelRestrictions: 'ONLY_NEW' })).body.status).toBe('CANCELED')
  })
})

describe('queries', () => {
  it('say -2013, -2039 and -1102 as the sheet has them', async () => {
    expect(await query({ orderId: 999_999 })).toEqual({ code: -2013, msg: 'Order does not exist.' })
    const { orderId } = (await place(maker('BUY', '0.001', '50000'))).body
    expect(await query({ orderId, origClientOrderId: 'another' })).toEqual({ code: -2039, msg: 'Client order ID is not correct for this order ID.' })
    expect((await query({})).code).toBe(-1102)
  })

  it('do not know an order right after its acknowledgement', async () => {
    const { sandbox, client: slow } = await start('--order-visible-ms', '400')
    const { orderId } = (await slow.signed('POST', '/order', maker('BUY', '0.001', '50000'))).body
    expect((await slow.signed('GET', '/order', { symbol: 'BTCUSDT', orderId })).body.code).toBe(-2013)
    expect((await slow.signed('GET', '/openOrders')).body).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 450))
    expect((await slow.signed('GET', '/order', { symbol: 'BTCUSDT', orderId })).body.status).toBe('NEW')
    expect((await slow.signed('GET', '/openOrders', { symbol: 'BTCUSDT' })).body).toHaveLength(1)
    await sandbox.close()
  })

  it('list orders from an id on and trades by order, and refuse other combinations', async () => {
    const { orderId, clientOrderId } = (await place(market('BUY', { quantity: '0.003' }))).body
    const rows = (await client.signed('GET', '/allOrders', { symbol: 'BTCUSDT', orderId })).body
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ orderId, clientOrderId, status: 'FILLED', isWorking: false, stopPrice: '0.00000000' })
    expect((await client.signed('GET', '/allOrders', { symbol: 'BTCUSDT', limit: 2 })).body.at(-1).orderId).toBe(orderId)
    const trades = (await client.signed('GET', '/myTrades', { symbol: 'BTCUSDT', orderId })).body
    expect(trades).toHaveLength(1)
    expect(trades[0]).toMatchObject({ orderId, qty: '0.00300000', commission: '0.00000300', commissionAsset: 'BTC', isBuyer: true, isMaker: false })
    expect((await client.signed('GET', '/myTrades', { symbol: 'BTCUSDT', fromId: trades[0].id })).body).toEqual(trades)
    expect((await client.signed('GET', '/myTrades', { symbol: 'BTCUSDT', orderId, startTime: 1 })).body).toEqual({ code: -1128, msg: 'Combination of optional parameters invalid.' })
    expect((await client.signed('GET', '/myTrades', { symbol: 'BTCUSDT', startTime: 1, endTime: 86_400_002 })).body).toEqual({ code: -1127, msg: 'More than 24 hours between startTime and endTime.' })
  })

  it('show the account\'s rates and balances', async () => {
    const { body } = await client.signed('GET', '/account')
    expect(body).toMatchObject({ makerCommission: 10, takerCommission: 10, commissionRates: { maker: '0.00100000', taker: '0.00100000' }, canTrade: true, accountType: 'SPOT' })
    const commission = (await client.signed('GET', '/account/commission', { symbol: 'BTCUSDT' })).body
    expect(commission).toMatchObject({ symbol: 'BTCUSDT', standardCommission: { maker: '0.00100000' }, discount: { discountAsset: 'BNB', enabledForAccount: false } })
    expect((await client.signed('GET', '/rateLimit/order')).body.map((row: Parsed) => [row.interval, row.intervalNum])).toEqual([['SECOND', 10], ['DAY', 1]])
  })
})

describe('cancel-replace', () => {
  const replace = (values: object): Promise<{ status: number; body: Parsed }> => client.signed('POST', '/order/cancelReplace', { cancelReplaceMode: 'STOP_ON_FAILURE', ...maker('BUY', '0.001', '50100'), ...values })
  const resting = async (): Promise<number> => (await place(maker('BUY', '0.001', '50000'))).body.orderId

  it('both halves done is 200 with both answers, the old id free for the new order', async () => {
    const wish = maker('BUY', '0.001', '50000')
    await place(wish)
    const { status, body } = await replace({ cancelOrigClientOrderId: wish['newClientOrderId'], newClientOrderId: wish['newClientOrderId'] })
    expect([status, body.cancelResult, body.newOrderResult, body.cancelResponse.status]).toEqual([200, 'SUCCESS', 'SUCCESS', 'CANCELED'])
    expect((await query({ orderId: body.newOrderResponse.orderId })).clientOrderId).toBe(wish['newClientOrderId'])
  })

  it('cancelled but not replaced is 409 -2021, and the old order is gone', async () => {
    const orderId = await resting()
    const { status, body } = await replace({ cancelOrderId: orderId, quantity: '10' })
    expect([status, body.code, body.msg]).toEqual([409, -2021, 'Order cancel-replace partially failed.'])
    expect(body.data).toMatchObject({ cancelResult: 'SUCCESS', newOrderResult: 'FAILURE', cancelResponse: { orderId, status: 'CANCELED' }, newOrderResponse: { code: -2010 } })
    expect((await query({ orderId })).status).toBe('CANCELED')
  })

  it('not cancelled stops there with 400 -2022, or goes on when failure is allowed: 409', async () => {
    const stopped = await replace({ cancelOrderId: 999_999 })
    expect([stopped.status, stopped.body]).toEqual([400, { code: -2022, msg: 'Order cancel-replace failed.', data: { cancelResult: 'FAILURE', newOrderResult: 'NOT_ATTEMPTED', cancelResponse: { code: -2011, msg: 'Unknown order sent.' }, newOrderResponse: null } }])
    const allowed = await replace({ cancelOrderId: 999_999, cancelReplaceMode: 'ALLOW_FAILURE' })
    expect([allowed.status, allowed.body.code, allowed.body.data.newOrderResult]).toEqual([409, -2021, 'SUCCESS'])
    const neither = await replace({ cancelOrderId: 999_999, cancelReplaceMode: 'ALLOW_FAILURE', quantity: '10' })
    expect([neither.status, neither.body.code, neither.body.data.newOrderResult]).toEqual([400, -2022, 'FAILURE'])
  })

  it('checks filters before it cancels anything', async () => {
    const orderId = await resting()
    expect((await replace({ cancelOrderId: orderId, quantity: '0.000001' })).body).toEqual({ code: -1013, msg: 'Filter failure: LOT_SIZE' })
    expect((await query({ orderId })).status).toBe('NEW')
  })

  it('at the order limit does nothing, or cancels only', async () => {
    const { sandbox, client: limited } = await start('--orders-per-day', '2')
    const send = (values: object): Promise<{ status: number; body: Parsed }> => limited.signed('POST', '/order/cancelReplace', { cancelReplaceMode: 'STOP_ON_FAILURE', ...maker('BUY', '0.001', '50100'), ...values })
    const first = (await limited.signed('POST', '/order', maker('BUY', '0.001', '50000'))).body.orderId
    const second = (await limited.signed('POST', '/order', maker('BUY', '0.001', '50000'))).body.orderId
    const nothing = await send({ cancelOrderId: first })
    expect([nothing.status, nothing.body]).toEqual([429, { code: -1015, msg: 'Too many new orders; current limit is 2 orders per 1 DAY.' }])
    const only = await send({ cancelOrderId: first, orderRateLimitExceededMode: 'CANCEL_ONLY' })
    expect([only.status, only.body.code, only.body.data.newOrderResponse.code]).toEqual([429, -2021, -1015])
    const allowed = await send({ cancelOrderId: second, orderRateLimitExceededMode: 'CANCEL_ONLY', cancelReplaceMode: 'ALLOW_FAILURE' })
    expect([allowed.status, allowed.body.code]).toEqual([409, -2021])
    const failed = await send({ cancelOrderId: second, orderRateLimitExceededMode: 'CANCEL_ONLY', cancelReplaceMode: 'ALLOW_FAILURE' })
    expect([failed.status, failed.body.code]).toEqual([400, -2022])
    await sandbox.close()
  })
})

describe('amend keep priority', () => {
  const amend = (values: object): Promise<{ status: number; body: Parsed }> => client.signed('PUT', '/order/amend/keepPriority', { symbol: 'BTCUSDT', ...values })

  it('reduces the order, releases what it locked, and answers in its own names', async () => {
    const wish = maker('BUY', '0.01', '50000')
    const { orderId } = (await place(wish)).body
    const locked = Number((await account('USDT')).locked)
    const { status, body } = await amend({ orderId, newQty: '0.004', newClientOrderId: 'smaller' })
    expect(status).toBe(200)
    expect(body.amendedOrder).toMatchObject({ orderId, origClientOrderId: wish['newClientOrderId'], clientOrderId: 'smaller', qty: '0.00400000', cumulativeQuoteQty: '0.00000000', status: 'NEW' })
    expect(locked - Number((await account('USDT')).locked)).toBeCloseTo(300, 8)
    expect(await query({ origClientOrderId: 'smaller' })).toMatchObject({ orderId, origQty: '0.00400000' })
    expect((await amend({ orderId, newQty: '0.003' })).body.amendedOrder.clientOrderId).toMatch(/^[A-Za-z0-9_-]{22}$/)
  })

  it('refuses increases, changes of nothing, unknown orders, odd sizes and an eleventh time', async () => {
    const { orderId } = (await place(maker('BUY', '0.01', '50000'))).body
    expect((await amend({ orderId, newQty: '0.02' })).body).toEqual({ code: -2038, msg: 'Order amend (quantity increase) is not supported.' })
    expect((await amend({ orderId, newQty: '0.01' })).body).toEqual({ code: -2038, msg: 'The requested action would change no state; rejecting' })
    expect((await amend({ orderId: 999_999, newQty: '0.01' })).body).toEqual({ code: -2038, msg: 'Unknown order sent.' })
    expect((await amend({ orderId, newQty: '0.000001' })).body).toEqual({ code: -1013, msg: 'Filter failure: LOT_SIZE' })
    for (let step = 1; step <= 10; step += 1) expect((await amend({ orderId, newQty: `0.00${String(100 - step)}`.slice(0, 7) })).status).toBe(200)
    expect((await amend({ orderId, newQty: '0.001' })).body).toEqual({ code: -2038, msg: 'Filter failure: MAX_NUM_ORDER_AMENDS' })
  })
})
