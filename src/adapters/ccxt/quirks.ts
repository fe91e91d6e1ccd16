/**
 * What has to be known of single ccxt classes beyond the library's unified words. Each line was seen in that class's source
 * (ccxt 4.5.84) and is tried against the sandbox in test/contracts/ccxt-venue.test.ts.
 */
import type { CcxtExchange } from './exchange.ts'

export interface Quirks {
  /** The parameter in which `createOrder` carries the client order id. */
  readonly clientOrderIdParam: string
  /** The field of the exchange's own row that names an execution, where the unified `id` names the trade of both sides. */
  readonly executionId?: string
  /** True where it was seen that orders keep and show the client order id. */
  readonly showsClientOrderIds: boolean
  /** Options the class is constructed with. */
  readonly options: Readonly<Record<string, unknown>>
}

const usual: Quirks = { clientOrderIdParam: 'clientOrderId', showsClientOrderIds: false, options: { defaultType: 'spot' } }

const known: ReadonlyMap<string, Quirks> = new Map([
  // `createOrder` drops `clientOrderId` and mints an id of its own; only the venue's own parameter gets through.
  // The wallets of the older API, which it reads unasked, are not those that orders are paid from.
  ['coinbase', { clientOrderIdParam: 'client_order_id', executionId: 'entry_id', showsClientOrderIds: true, options: { ...usual.options, fetchBalance: 'v3PrivateGetBrokerageAccounts' } }],
  // Without it the lists of futures are read as well at every start.
  ['binance', { ...usual, showsClientOrderIds: true, options: { ...usual.options, fetchMarkets: { types: ['spot'] } } }],
])

export const quirksOf = ({ id }: Pick<CcxtExchange, 'id'>): Quirks => known.get(id) ?? usual
