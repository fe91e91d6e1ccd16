/** What ccxt's structures of the account mean in the desk's words. Pure; undefined means "cannot be read". */
import { compare, isPositive, isZero, plus, type Money, type Quantity } from '../../domain/decimal.ts'
import type { Balance, FeeRates, Fill, Liquidity, OrderReport, VenueOrderStatus } from '../../domain/order.ts'
import { present, readMoney, readPrice, readQuantity, readRate } from '../venue-kit/reading.ts'
import { formatOrderName } from './names.ts'
import { fieldOf, nameIn, readBalance, readFee, readRates, type OrderRow, type OwnTradeRow } from './wire.ts'

/** ccxt's order structure; whatever else a class says is a word of its exchange and no knowledge. */
const statuses: ReadonlyMap<string | undefined, VenueOrderStatus> = new Map([
  ['open', 'open'],
  ['canceling', 'open'],
  ['canceled', 'cancelled'],
  ['expired', 'expired'],
  ['rejected', 'failed'],
])

/** `closed` is "fully filled", and some classes say it of every end: only the figures make it a fill. */
const statusOf = ({ status }: OrderRow, executed: Quantity, whole: Quantity | undefined): VenueOrderStatus => {
  if (status !== 'closed') return statuses.get(status) ?? 'unknown'
  return whole !== undefined && isPositive(executed) && compare(executed, whole) === 0 ? 'filled' : 'unknown'
}

export const orderReport = (row: OrderRow, instrument: string): OrderReport | undefined => {
  const executed = readQuantity(row.filled)
  const whole = readQuantity(row.amount)
  if (executed === undefined || (whole !== undefined && compare(executed, whole) > 0)) return undefined
  const optional = present<Pick<OrderReport, 'price' | 'quantity' | 'createdAt'>>({ price: readPrice(row.price), quantity: whole, createdAt: row.timestamp })
  return { venueOrderId: formatOrderName({ instrument, id: row.id }), clientOrderId: row.clientOrderId ?? '', instrument, side: row.side, status: statusOf(row, executed, whole), executed, ...optional }
}

interface Fee {
  readonly fee: Money
  readonly feeAsset: string
}

/** One asset, or it cannot be booked; without a fee nothing is known of it, and none is invented. */
const feeOf = ({ fee, fees }: OwnTradeRow): Fee | undefined => {
  const rows = fees === undefined || fees.length === 0 ? [fee] : fees
  const read = rows.map((row) => readFee(row))
  let total: Fee | undefined
  for (const one of read) {
    const cost = readMoney(one?.cost)
    if (one === undefined || cost === undefined || cost.startsWith('-') || (total !== undefined && total.feeAsset !== one.currency)) return undefined
    total = { fee: total === undefined ? cost : plus(total.fee, cost), feeAsset: one.currency }
  }
  return total
}

const liquidityOf = (text: string | undefined): Liquidity => (text === 'maker' || text === 'taker' ? text : 'unknown')

/** @param executionId the field of the exchange's own row that names the execution, where `id` does not */
export const fillOf = (row: OwnTradeRow, instrument: string, executionId: string | undefined): Fill | undefined => {
  const tradeId = executionId === undefined ? row.id : nameIn(row.info, executionId)
  const price = readPrice(row.price)
  const quantity = readQuantity(row.amount)
  const fee = feeOf(row)
  if (tradeId === undefined || price === undefined || quantity === undefined || isZero(quantity) || fee === undefined) return undefined
  return { tradeId, venueOrderId: formatOrderName({ instrument, id: row.order }), instrument, side: row.side, quantity, price, ...fee, liquidity: liquidityOf(row.takerOrMaker), at: row.timestamp }
}

/** Free and held of every asset; one that cannot be read spoils the list. */
export const balancesOf = (answer: unknown): readonly Balance[] | undefined => {
  const read = readBalance(answer)
  if (read === undefined) return undefined
  const assets = [...new Set([...Object.keys(read.free), ...Object.keys(read.used)])]
  const balances = assets.flatMap((asset) => balanceOf(asset, read.free[asset], read.used[asset]) ?? [])
  return balances.length < assets.length ? undefined : balances
}

const balanceOf = (asset: string, free: unknown, used: unknown): Balance | undefined => {
  const [spare, held] = [free, used].map((one) => (typeof one === 'string' ? readQuantity(one) : undefined))
  return asset === '' || spare === undefined || held === undefined ? undefined : { asset, free: spare, held }
}

export const feeRatesOf = (answer: unknown): FeeRates | undefined => {
  const row = readRates(answer)
  const [maker, taker] = [readRate(row?.maker), readRate(row?.taker)]
  return maker === undefined || taker === undefined ? undefined : { maker, taker }
}

/** Those of some symbols, out of a list of all. */
export const feeRatesIn = (answer: unknown, symbols: readonly string[]): readonly FeeRates[] | undefined => {
  const rates = symbols.flatMap((symbol) => feeRatesOf(fieldOf(answer, symbol)) ?? [])
  return rates.length < symbols.length ? undefined : rates
}
