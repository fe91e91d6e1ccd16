/** The risk gate, rule by rule (src/risk/gate.ts, G1, G2). */
import { describe, expect, test } from 'vitest'
import { money, price, quantity, rate } from '../../src/domain/decimal.ts'
import type { InstrumentStatus } from '../../src/domain/instrument.ts'
import type { OrderRequest } from '../../src/domain/order.ts'
import { judge, type RiskLimits, type RiskView } from '../../src/risk/gate.ts'
import { bitcoin } from '../support/loop.ts'

const limits: RiskLimits = { maxNotionalPerOrder: money('100'), maxExposure: money('500'), maxInstrumentExposure: money('500'), minNotional: money('5'), maxOpenOrders: 10, maxOrdersPerMinute: 20, priceCollar: rate('0.05'), maxSpread: rate('0.002'), maxSlippage: rate('0.005'), minDepth: money('0'), quoteMaxAgeMs: 2_000 }
const view: RiskView = { instrument: bitcoin, quote: { bid: price('60000'), ask: price('60001'), ageMs: 2_000 }, exposure: money('400'), instrumentExposure: money('400'), openOrders: 9, ordersLastMinute: 19, freeQuote: money('1000'), takerFee: rate('0.01'), trading: { state: 'active' }, breakers: [] }
const buy: OrderRequest = { clientOrderId: 'nd0000-01JD5MZX8K4T7WQ2AB-b1', instrument: 'BTC-USD', side: 'buy', quantity: quantity('0.001'), price: price('60000'), postOnly: true }
const sell: OrderRequest = { ...buy, clientOrderId: 'nd0000-01JD5MZX8K4T7WQ2AB-s1', side: 'sell' }

/** The denial in one line, or `approved`. */
const word = (request: OrderRequest, over: Partial<RiskView> = {}, tighter: Partial<RiskLimits> = {}): string => {
  const verdict = judge(request, { ...view, ...over }, { ...limits, ...tighter })
  if ('rule' in verdict) return `${verdict.rule}: ${verdict.detail}`
  expect(verdict).toEqual({ approved: request })
  return 'approved'
}
const inState = (status: InstrumentStatus): Partial<RiskView> => ({ instrument: { ...bitcoin, status } })

test('a request within every limit is approved unchanged', () => {
  expect([word(buy), word(sell)]).toEqual(['approved', 'approved'])
})

describe('an entry', () => {
  test('instrumentStatus: no order where the venue takes none, no taker where it takes makers only', () => {
    const said = (['online', 'limitOnly', 'postOnly', 'cancelOnly', 'halted'] as const).map((status) => word(buy, inState(status)))
    expect(said).toEqual(['approved', 'approved', 'approved', 'instrumentStatus: BTC-USD is cancelOnly', 'instrumentStatus: BTC-USD is halted'])
    expect(word({ ...buy, postOnly: false }, inState('postOnly'))).toBe('instrumentStatus: BTC-USD is postOnly')
  })

  test('size: nothing that the venue would refuse', () => {
    expect(word({ ...buy, price: price('60000.001') })).toBe('size: 0.001 at 60000.001 is refused by BTC-USD: priceOffTick')
    expect(word({ ...buy, quantity: quantity('0') })).toBe('size: 0 at 60000 is refused by BTC-USD: belowMinQuantity')
  })

  test('tradingState: no entry while the desk takes none', () => {
    expect(word(buy, { trading: { state: 'reducing', because: 'the desk is paused' } })).toBe('tradingState: no new entries: the desk is paused')
    expect(word(buy, { trading: { state: 'halted', because: 'kill switch (orders) by ann: enough' } })).toBe('tradingState: no new entries: kill switch (orders) by ann: enough')
  })

  test('breaker: no entry while one is tripped, with its name, its reason and the numbers', () => {
    expect(word(buy, { breakers: [{ name: 'dailyLoss', reason: 'the UTC day 2026-11-21 has lost 20.4, the limit is 20' }] })).toBe('breaker: no new entries: dailyLoss is tripped: the UTC day 2026-11-21 has lost 20.4, the limit is 20')
  })

  test('quoteFreshness: no entry without a quote, or on an old one', () => {
    expect(word(buy, { quote: undefined })).toBe('quoteFreshness: there is no quote')
    expect(word(buy, { quote: { bid: price('60000'), ask: price('60001'), ageMs: 2_001 } })).toBe('quoteFreshness: the quote is 2001 ms old, the limit is 2000 ms')
  })

  test('priceCollar: not too far from the market, on either side, the limit itself included', () => {
    const at = (text: string) => word({ ...buy, price: price(text) }, {}, { maxNotionalPerOrder: money('1000') })
    expect([at('57000'), at('63000')]).toEqual(['approved', 'approved'])
    expect(at('56999.99')).toBe('priceCollar: 56999.99 is 0.050000 of the bid 60000 away, the limit is 0.05')
    expect(at('63000.01')).toMatch(/^priceCollar: 63000.01 is /)
  })

  test('orderNotional: neither too small nor too large, the limits themselves included', () => {
    const of = (text: string) => word({ ...buy, quantity: quantity(text), price: price('60000') })
    expect([of('0.00008333'), of('0.00008334')]).toEqual(['orderNotional: 4.9998 is below the least order of 5', 'approved'])
    expect([of('0.00166666'), of('0.00166667')]).toEqual(['approved', 'orderNotional: 100.0002 is above the greatest order of 100'])
  })

  test('stopReserve: nothing that could become too small to be sold at its stop, the limit itself included', () => {
    expect([word(buy, { leastAtStop: money('60') }), word(buy, { leastAtStop: undefined })]).toEqual(['approved', 'approved'])
    expect(word(buy, { leastAtStop: money('60.01') })).toBe('stopReserve: 60 could become too small to be sold at its stop: at least 60.01 must be spent')
  })

  test('exposure: not more than may be bound, in all and on one instrument, the limits themselves included', () => {
    expect(word(buy, { exposure: money('440') })).toBe('approved')
    expect(word(buy, { exposure: money('440.01') })).toBe('exposure: 500.01 would be bound, the limit is 500')
    const own = { maxInstrumentExposure: money('480') }
    expect(word(buy, { instrumentExposure: money('420') }, own)).toBe('approved')
    expect(word(buy, { instrumentExposure: money('420.01') }, own)).toBe('exposure: 480.01 would be bound on BTC-USD, the limit is 480')
  })

  test('spread: not on a market that is wider than wanted, the limit itself included', () => {
    const on = (ask: string) => word(buy, { quote: { bid: price('60000'), ask: price(ask), ageMs: 0 } })
    expect([on('60120'), on('60120.01')]).toEqual(['approved', 'spread: the spread from 60000 to 60120.01 is 0.002000, the limit is 0.002'])
  })

  test('depth: not where too little is wanted at the bid, nor where nobody tells; zero asks for nothing', () => {
    const on = (bidQuantity?: string) => word(buy, { quote: { bid: price('60000'), ask: price('60001'), ageMs: 0, ...(bidQuantity !== undefined && { bidQuantity: quantity(bidQuantity) }) } }, { minDepth: money('6000') })
    expect([on('0.1'), on('0.09999'), on()]).toEqual(['approved', 'depth: 5999.4 is wanted at the bid 60000, the least is 6000', 'depth: the venue does not tell what is wanted at the bid, and 6000 must be'])
    expect(word(buy, {}, { minDepth: money('0') })).toBe('approved')
  })

  test('slippage: an order that takes goes no further through the market than wanted; one that rests pays its own price', () => {
    const at = (text: string, over: Partial<OrderRequest> = {}) => word({ ...buy, price: price(text), quantity: quantity('0.0005'), postOnly: false, ...over })
    expect([at('60301'), at('59000'), at('60401', { postOnly: true })]).toEqual(['approved', 'approved', 'approved'])
    expect(at('60301.01')).toBe('slippage: 60301.01 is 0.005000 through 60001, the limit is 0.005')
  })

  test('sellable: not so little that it could not be sold again when the fee is taken from it', () => {
    const dear = { instrument: { ...bitcoin, minNotional: money('20'), minQuantity: quantity('0.0001') } }
    const of = (text: string) => word({ ...buy, quantity: quantity(text), price: price('60000') }, dear)
    expect([of('0.00033671'), of('0.0003367')]).toEqual(['approved', 'sellable: of 0.0003367 at 60000 at least 0.00033333 would be left after fees, worth 19.9998: BTC-USD takes no sell below 0.0001 or 20'])
  })

  test('openOrders and orderRate: not more than may work at once, nor begin within a minute', () => {
    expect(word(buy, { openOrders: 10 })).toBe('openOrders: 10 orders work already, the limit is 10')
    expect(word(buy, { ordersLastMinute: 20 })).toBe('orderRate: 20 orders were begun within the last minute, the limit is 20')
  })

  test('freeBalance: not more than is free, fee included; nobody knows before the account was compared', () => {
    expect(word(buy, { freeQuote: money('60.59') })).toBe('freeBalance: it may cost 60.6 USD with its fee, 60.59 is free')
    expect([word(buy, { freeQuote: money('60.6') }), word(buy, { freeQuote: undefined })]).toEqual(['approved', 'approved'])
  })
})

describe('an exit', () => {
  test('an exit is never blocked by a rule for entries (G1)', () => {
    const worst = { openOrders: 1_000, ordersLastMinute: 1_000, freeQuote: money('0'), instrumentExposure: money('1000000'), trading: { state: 'reducing', because: 'the desk is cutOff' } as const, quote: undefined, exposure: money('1000000'), breakers: [{ name: 'drawdown', reason: 'much is lost' }] }
    expect(word(sell, worst, { maxNotionalPerOrder: money('1'), maxExposure: money('0'), minNotional: money('1000'), priceCollar: rate('0'), quoteMaxAgeMs: 0 })).toBe('approved')
    expect(word({ ...sell, price: price('120000') })).toBe('approved')
    // The same view denies an entry.
    expect(word(buy, worst)).not.toBe('approved')
    expect(word(buy, { breakers: worst.breakers })).toMatch(/^breaker: /)
    expect(word(sell, { breakers: worst.breakers })).toBe('approved')
  })

  test('waits while the desk is halted, but for one that closes its pair at a person’s wish', () => {
    const halted = { trading: { state: 'halted', because: 'kill switch (orders) by ann: enough' } as const }
    expect(word(sell, halted)).toBe('tradingState: no orders: kill switch (orders) by ann: enough')
    expect(word({ ...sell, closes: true }, halted)).toBe('approved')
  })

  test('is still judged by what the venue itself takes', () => {
    expect(word(sell, inState('halted'))).toBe('instrumentStatus: BTC-USD is halted')
    expect(word(sell, inState('delisted'))).toBe('instrumentStatus: BTC-USD is delisted')
    expect(word({ ...sell, quantity: quantity('0.000000001') })).toBe('size: 0.000000001 at 60000 is refused by BTC-USD: quantityOffStep')
  })
})
