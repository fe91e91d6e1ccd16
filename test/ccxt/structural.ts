/** An exchange object without an exchange: what the test does not give it, it has not. */
import { ccxtVenue, type CcxtExchange, type CcxtOptions } from '../../src/adapters/ccxt/index.ts'
import { price, quantity } from '../../src/domain/decimal.ts'
import type { OrderRequest } from '../../src/domain/order.ts'
import type { FullVenue } from '../../src/ports/venue.ts'
import { ManualClock } from '../support/clock.ts'
import { MemoryLog } from '../support/venue-hosts.ts'

/** A name as the desk mints them. */
export const ownName = 'ndtest-01JD5MZX8K4T7WQ2AB-b1'
export const anotherName = 'ndtest-01JD5MZX8K4T7WQ2AB-b2'
export const symbol = 'BTC/USD'
export const instrument = 'BTC-USD'

export const market = { symbol, base: 'BTC', quote: 'USD', spot: true, active: true, precision: { price: '0.01', amount: '0.00000001' }, limits: { amount: { min: '0.0001', max: '100' }, cost: { min: '5' } }, maker: 0.004, taker: 0.006 }

export const orderRow = (over: Record<string, unknown> = {}): Record<string, unknown> => ({ id: 'A1', clientOrderId: ownName, symbol, side: 'buy', type: 'limit', status: 'open', price: '50000', amount: '0.5', filled: '0', remaining: '0.5', timestamp: 1_700_000_000_000, ...over })

export const tradeRow = (over: Record<string, unknown> = {}): Record<string, unknown> => ({ id: 'T1', order: 'A1', symbol, side: 'buy', price: '50000', amount: '0.5', timestamp: 1_700_000_000_000, takerOrMaker: 'maker', fee: { cost: '0.01', currency: 'USD' }, info: {}, ...over })

type Methods = { readonly [K in Exclude<keyof CcxtExchange, 'has'>]?: unknown }

/** What it is given a method for, it says that it has. */
export const exchangeWith = (methods: Methods & { readonly has?: Readonly<Record<string, unknown>> } = {}): CcxtExchange => {
  const given = { loadMarkets: async () => ({ [symbol]: market }), priceToPrecision: (_: string, text: string) => text, amountToPrecision: (_: string, text: string) => text, ...methods }
  const has = { ...Object.fromEntries(Object.keys(given).map((name) => [name, true])), createPostOnlyOrder: true, ...methods.has }
  return { id: 'small', precisionMode: 4, rateLimit: 0, options: {}, number: Number, enableRateLimit: true, timeout: 10_000, timeframes: {}, ...given, has } as unknown as CcxtExchange
}

export interface SmallVenue {
  readonly venue: FullVenue
  readonly clock: ManualClock
  readonly log: MemoryLog
}

export const smallVenue = (exchange: CcxtExchange, over: Partial<CcxtOptions> = {}): SmallVenue => {
  const clock = new ManualClock()
  const log = new MemoryLog()
  return { venue: ccxtVenue({ exchange, instruments: [instrument], acceptWeaker: true, clock, log, perSecond: 0, ...over }), clock, log }
}

export const buy = (over: Partial<OrderRequest> = {}): OrderRequest => ({ clientOrderId: ownName, instrument, side: 'buy', quantity: quantity('0.5'), price: price('50000'), postOnly: true, ...over })

/** An error as ccxt throws them, of a class that is made here. */
export const thrown = (chain: readonly string[], message = 'no'): Error => {
  let parent: typeof Error = Error
  for (const name of chain.toReversed()) parent = { [name]: class extends parent {} }[name] as typeof Error
  return new parent(message)
}
