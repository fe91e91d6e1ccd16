import { formatAmount } from '../exchange/amounts.ts'
import { invalid, notFound, ok, type RestAnswer, type RestRequest } from './answers.ts'
import { uuidOf } from './identity.ts'
import { inOrder, limitOf } from './paging.ts'
import { showAccount } from './shapes.ts'
import type { Venue } from './venue.ts'

/** GET /accounts: assets never used have no row (coinbase-advanced-trade.md 5.2). */
export function listAccounts(venue: Venue, { query }: RestRequest): RestAnswer {
  const page = inOrder(rows(venue), query.get('cursor') ?? '', limitOf(query.get('limit'), 49, 250))
  if (!page) return invalid('invalid cursor')
  return ok({ accounts: page.items, has_next: page.cursor !== '', cursor: page.cursor, size: page.items.length })
}

export function oneAccount(venue: Venue, { params }: RestRequest): RestAnswer {
  const account = rows(venue).find((row) => row['uuid'] === params[0])
  return account ? ok({ account }) : notFound('account not found')
}

/** GET /transaction_summary: the one fee tier the sandbox was started with (coinbase-advanced-trade.md 5.14). */
export function transactionSummary(venue: Venue): RestAnswer {
  const { maker, taker } = venue.exchange.rates
  return ok({
    total_fees: 0,
    fee_tier: { pricing_tier: 'Sandbox', maker_fee_rate: formatAmount(maker), taker_fee_rate: formatAmount(taker), usd_from: '0', usd_to: '' },
    margin_rate: null,
    goods_and_services_tax: null,
    advanced_trade_only_volume: 0,
    advanced_trade_only_fees: 0,
    total_balance: '',
    has_promo_fee: false,
  })
}

/** GET /key_permissions (coinbase-advanced-trade.md 5.15). */
export function keyPermissions(): RestAnswer {
  return ok({ can_view: true, can_trade: true, can_transfer: false, portfolio_uuid: uuidOf('portfolio'), portfolio_type: 'DEFAULT' })
}

function rows(venue: Venue): Record<string, unknown>[] {
  const { accounts } = venue.exchange.ledger
  return accounts.assets().map((asset) => showAccount(asset, accounts.of(asset), venue.now()))
}
