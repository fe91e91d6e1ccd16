/** A venue of its parts: each port's methods, from whoever has them. What a part does not offer the compiler asks for. */
import type { AccountFeed, AccountReads, FullVenue, MarketData, MarketReads, MarketSide, OrderEntry, OrderReads, OrderServices, VenueCapabilities } from '../../ports/venue.ts'

export interface MarketParts extends Omit<MarketSide, keyof MarketReads | keyof MarketData> {
  readonly reads: MarketReads
  readonly data: MarketData
}

export const marketOf = ({ reads, data, ...rest }: MarketParts): MarketSide => ({
  ...rest,
  instruments: () => reads.instruments(),
  quotes: (instruments) => reads.quotes(instruments),
  clockOffset: () => reads.clockOffset(),
  book: (instrument, depth) => data.book(instrument, depth),
  trades: (instrument, limit) => data.trades(instrument, limit),
  candles: (instrument, length, span) => data.candles(instrument, length, span),
})

export interface AccountParts {
  readonly capabilities: VenueCapabilities
  readonly entry: OrderEntry
  readonly services: OrderServices
  readonly orders: OrderReads
  readonly account: AccountReads
  readonly accountFeed: AccountFeed
}

export const accountOf = ({ capabilities, entry, services, orders, account, accountFeed }: AccountParts): Omit<FullVenue, keyof MarketSide> => ({
  capabilities,
  create: (order) => entry.create(order),
  cancel: (venueOrderId) => entry.cancel(venueOrderId),
  cancelMany: (venueOrderIds) => services.cancelMany(venueOrderIds),
  amend: (venueOrderId, to) => services.amend(venueOrderId, to),
  preview: (request) => services.preview(request),
  order: (venueOrderId) => orders.order(venueOrderId),
  findByClientOrderId: (clientOrderId, since) => orders.findByClientOrderId(clientOrderId, since),
  workingOrders: () => orders.workingOrders(),
  ordersSince: (since) => orders.ordersSince(since),
  fillsOf: (venueOrderId) => orders.fillsOf(venueOrderId),
  fillsSince: (since) => orders.fillsSince(since),
  balances: () => account.balances(),
  feeRates: () => account.feeRates(),
  accountId: () => account.accountId(),
  keyPermissions: () => account.keyPermissions(),
  accountFeed,
})
