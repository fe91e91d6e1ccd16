/** A venue that answers at once and on which nothing happens: so many buys rest there, each named as its pair. */
import { money, price, quantity, rate } from '../../src/domain/decimal.ts'
import { ok } from '../../src/domain/failure.ts'
import type { OrderReport } from '../../src/domain/order.ts'
import type { Stream, StreamListener, Venue } from '../../src/ports/venue.ts'
import { bitcoin, orderOf, pairOf, proof, stamp } from './order-lives.ts'

const opened = (listener: StreamListener): Stream => {
  setImmediate(() => {
    listener.opened()
    listener.subscribed()
  })
  return { close: () => undefined }
}

/** Made anew for every listing: what the venue remembers is not the desk's memory. */
const resting = (orders: number): readonly OrderReport[] =>
  Array.from({ length: orders }, (_, life) => {
    const pairId = pairOf(life)
    return { venueOrderId: `v-${pairId}-buy`, clientOrderId: orderOf(pairId, 'buy'), instrument: bitcoin.id, side: 'buy', status: 'open', executed: quantity('0'), price: price('60000'), quantity: quantity('0.001') }
  })

export const quietVenue = (orders: number): Venue => {
  const never = async (): Promise<never> => { throw new Error('the bench\'s venue was asked for what nobody should want') }
  return {
    capabilities: { venue: stamp.venue, proofOfAbsence: proof, cancelBatch: 100, amend: 'nothing', clientOrderIdGuard: 'always' },
    now: () => Date.now(),
    create: never,
    cancel: never,
    order: never,
    findByClientOrderId: never,
    workingOrders: async () => ok({ orders: resting(orders), unread: [] }),
    ordersSince: async () => ok({ orders: [], unread: [] }),
    fillsOf: async () => ok([]),
    fillsSince: async () => ok({ fills: [], unread: [], odd: [] }),
    balances: async () => ok([{ asset: 'USD', free: quantity('1000000'), held: quantity('1000000000') }, { asset: 'BTC', free: quantity('0'), held: quantity('0') }]),
    feeRates: async () => ok({ maker: rate('0'), taker: rate('0') }),
    accountId: async () => ok(stamp.account),
    keyPermissions: async () => ok({ canTrade: true, canTransfer: false }),
    instruments: async () => ok([bitcoin]),
    quotes: async () => ok([{ instrument: bitcoin.id, bid: price('61000'), ask: price('61000.01'), at: Date.now(), receivedAt: Date.now(), source: 'rest' }]),
    clockOffset: async () => ok(0),
    marketFeed: { open: (_instruments, listener) => opened(listener) },
    accountFeed: { open: (_instruments, listener) => opened(listener) },
  }
}

/** Limits that stop nothing. */
export const wideLimits = {
  maxNotionalPerOrder: money('1000000000'),
  maxExposure: money('1000000000'),
  maxInstrumentExposure: money('1000000000'),
  minNotional: money('1'),
  maxOpenOrders: 1_000_000,
  maxOrdersPerMinute: 1_000_000,
  maxSpread: rate('0.05'),
  maxSlippage: rate('0.05'),
  minDepth: money('0'),
  priceCollar: rate('0.5'),
  quoteMaxAgeMs: 10_000,
} as const
