/** Fields and words of the venue's rows as its documents and captures know them (coinbase-advanced-trade.md 5.2, 5.3, 5.12, 5.13, 9.7). */
import { vocabulary, type Novelties, type Vocabulary } from '../venue-kit/novelties.ts'
import { isRecord } from '../venue-kit/reading.ts'
import type { Payloads } from './wire.ts'

const statuses = 'PENDING OPEN FILLED CANCELLED EXPIRED FAILED UNKNOWN_ORDER_STATUS QUEUED CANCEL_QUEUED EDIT_QUEUED'
const productTypes = 'UNKNOWN_PRODUCT_TYPE SPOT FUTURE EQUITY OPTION_GROUP FUTURE_GROUP'

const order = vocabulary(
  `order_id product_id user_id client_order_id side order_configuration status time_in_force order_type created_time last_fill_time last_update_time
  completion_percentage filled_size average_filled_price number_of_fills filled_value total_fees fee total_value_after_fees size_in_quote
  size_inclusive_of_fees outstanding_hold_amount pending_cancel settled trigger_status reject_reason reject_message cancel_message product_type
  order_placement_source is_liquidation edit_history leverage margin_type retail_portfolio_id originating_order_id attached_order_id
  attached_order_configuration current_pending_replace commission_detail_total workable_size workable_size_completion_pct product_details
  cost_basis_method displayed_order_config equity_trading_session prediction_side`,
  { side: 'BUY SELL', status: statuses, product_type: productTypes, reject_reason: 'REJECT_REASON_UNSPECIFIED HOLD_FAILURE TOO_MANY_OPEN_ORDERS REJECT_REASON_INSUFFICIENT_FUNDS RATE_LIMIT_EXCEEDED' },
)

const fill = vocabulary(
  `entry_id trade_id order_id trade_time sequence_timestamp trade_type price size commission product_id side liquidity_indicator size_in_quote user_id
  retail_portfolio_id fillSource commission_detail_total`,
  { trade_type: 'FILL REVERSAL CORRECTION SYNTHETIC', side: 'BUY SELL', liquidity_indicator: 'UNKNOWN_LIQUIDITY_INDICATOR MAKER TAKER' },
)

const account = vocabulary('uuid name currency available_balance hold default active ready created_at updated_at deleted_at type retail_portfolio_id platform', {
  type: 'ACCOUNT_TYPE_UNSPECIFIED ACCOUNT_TYPE_CRYPTO ACCOUNT_TYPE_FIAT ACCOUNT_TYPE_VAULT ACCOUNT_TYPE_PERP_FUTURES FIAT CRYPTO VAULT PERP_FUTURES',
  platform: 'ACCOUNT_PLATFORM_UNSPECIFIED ACCOUNT_PLATFORM_CONSUMER ACCOUNT_PLATFORM_CFM_CONSUMER ACCOUNT_PLATFORM_INTX',
})

const product = vocabulary(
  `product_id price price_percentage_change_24h volume_24h volume_percentage_change_24h base_increment quote_increment price_increment base_min_size
  base_max_size quote_min_size quote_max_size base_name quote_name base_currency_id quote_currency_id base_display_symbol quote_display_symbol display_name
  watched new status is_disabled trading_disabled cancel_only limit_only post_only auction_mode view_only product_type product_venue alias alias_to
  mid_market_price fcm_trading_session_details future_product_details approximate_quote_24h_volume new_at market_cap base_cbrn quote_cbrn product_cbrn
  icon_color icon_url display_name_overwrite is_alpha_testing about_description best_bid_price best_ask_price high_24h low_24h hidden_from_discovery`,
  { status: 'online offline internal delisted', product_type: productTypes, product_venue: 'UNKNOWN_VENUE_TYPE CBE FCM INTX' },
)

/** An order of the user channel. */
export const userOrder = vocabulary(
  `order_id client_order_id product_id order_side order_type status cumulative_quantity leaves_quantity avg_price filled_value total_fees number_of_fills
  total_value_after_fees completion_percentage limit_price stop_price post_only time_in_force trigger_status cancel_reason reject_reason reject_Reason
  outstanding_hold_amount product_type contract_expiry_type risk_managed_by retail_portfolio_id creation_time end_time start_time`,
  { order_side: 'BUY SELL', status: statuses, product_type: productTypes },
)

/** The rows of each answer that are looked at. */
const rows: { readonly [K in keyof Payloads]?: readonly [kind: string, known: Vocabulary, field: string] } = {
  order: ['order', order, 'order'],
  orders: ['order', order, 'orders'],
  fills: ['fill', fill, 'fills'],
  accounts: ['account', account, 'accounts'],
  products: ['product', product, 'products'],
}

/** Counts what is new in an answer. */
export const noteNovelties = (novelties: Novelties, kind: keyof Payloads, payload: unknown): void => {
  const look = rows[kind]
  if (look === undefined || !isRecord(payload)) return
  const [name, known, field] = look
  const found: unknown = payload[field]
  for (const row of Array.isArray(found) ? found : [found]) novelties.row(name, row, known)
}
