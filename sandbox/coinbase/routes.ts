import type { RequestClass } from '../control/fault-kinds.ts'
import { keyPermissions, listAccounts, oneAccount, transactionSummary } from './account-routes.ts'
import { appTime, cryptoCurrencies, exchangeRates, fiatCurrencies } from './app-routes.ts'
import type { RestAnswer, RestRequest } from './answers.ts'
import { createOrder, previewOrder } from './create-routes.ts'
import { editOrder, previewEdit } from './edit-routes.ts'
import { bestBidAsk, candles, listProducts, oneProduct, productBook, ticker, time } from './market-routes.ts'
import { batchCancel, listFills, listOrders, oneOrder } from './order-routes.ts'
import type { Venue } from './venue.ts'

/** One path of the venue. */
export interface Route {
  readonly method: string
  readonly pattern: RegExp
  readonly open: boolean
  readonly kind: RequestClass
  readonly handle: (venue: Venue, request: RestRequest) => RestAnswer
}

const PREFIX = '/api/v3/brokerage'

function route(spec: string, handle: Route['handle'], traits: { open?: boolean; kind?: RequestClass; prefix?: string } = {}): Route {
  const [method = '', path = ''] = spec.split(' ')
  const pattern = new RegExp(`^${traits.prefix ?? PREFIX}${path.replaceAll(/\{\w+\}/g, '([^/]+)')}/?$`)
  return { method, pattern, open: traits.open ?? false, kind: traits.kind ?? 'reads', handle }
}

const PUBLIC = { open: true }
const APP = { open: true, prefix: '/v2' }

/** The endpoint index (coinbase-advanced-trade.md 4), spot only; fixed paths before those with a variable part. */
export const routes: readonly Route[] = [
  route('GET /time', time, PUBLIC),
  route('GET /market/products', listProducts, PUBLIC),
  route('GET /market/products/{id}', oneProduct, PUBLIC),
  route('GET /market/product_book', productBook, PUBLIC),
  route('GET /market/products/{id}/candles', candles, PUBLIC),
  route('GET /market/products/{id}/ticker', ticker, PUBLIC),
  route('GET /products', listProducts),
  route('GET /products/{id}', oneProduct),
  route('GET /product_book', productBook),
  route('GET /products/{id}/candles', candles),
  route('GET /products/{id}/ticker', ticker),
  route('GET /best_bid_ask', bestBidAsk),
  route('GET /accounts', listAccounts),
  route('GET /accounts/{uuid}', oneAccount),
  route('POST /orders', createOrder, { kind: 'create' }),
  route('POST /orders/preview', previewOrder),
  route('POST /orders/edit', editOrder),
  route('POST /orders/edit_preview', previewEdit),
  route('POST /orders/batch_cancel', batchCancel, { kind: 'cancel' }),
  route('GET /orders/historical/batch', listOrders),
  route('GET /orders/historical/fills', listFills),
  route('GET /orders/historical/{order_id}', oneOrder),
  route('GET /transaction_summary', transactionSummary),
  route('GET /key_permissions', keyPermissions),
  route('GET /time', appTime, APP),
  route('GET /currencies', fiatCurrencies, APP),
  route('GET /currencies/crypto', cryptoCurrencies, APP),
  route('GET /exchange-rates', exchangeRates, APP),
]
