/** What the venue's REST payloads mean in the desk's words. Pure; undefined means "cannot be read". */
import { isPositive, isZero, plus, price, quantity, greatest, sum, zero, type Price, type Quantity, type Rate } from '../../domain/decimal.ts'
import type { FeeRates } from '../../domain/order.ts'
import { isFinished, type Balance, type Fill, type OrderReport, type Side, type VenueOrderStatus } from '../../domain/order.ts'
import type { Instrument, InstrumentStatus } from '../../domain/instrument.ts'
import type { Quote } from '../../domain/quote.ts'
import type { Millis } from '../../domain/time.ts'
import { present, readMoney, readPrice, readQuantity, readRate } from '../venue-kit/reading.ts'
import { formatVenueName } from './names.ts'
import { readFilter, type BalanceRow, type FilterRow, type OrderRow, type Payloads, type RatesRow, type SymbolRow, type TickerRow, type TradeRow } from './wire.ts'

/** binance-spot.md 7.1: an order that a list waits with is not in the book yet. */
const statuses: ReadonlyMap<string | undefined, VenueOrderStatus> = new Map([
  ['NEW', 'open'],
  ['PENDING_NEW', 'pending'],
  ['PARTIALLY_FILLED', 'open'],
  ['PENDING_CANCEL', 'open'],
  ['FILLED', 'filled'],
  ['CANCELED', 'cancelled'],
  ['REJECTED', 'failed'],
  ['EXPIRED', 'expired'],
  ['EXPIRED_IN_MATCH', 'expired'],
])

export const orderStatus = (text: string | undefined): VenueOrderStatus => statuses.get(text) ?? 'unknown'

export const sideOf = (text: 'BUY' | 'SELL'): Side => (text === 'BUY' ? 'buy' : 'sell')

/** A filled order without a size is unreadable: taken as zero, its fills would never be looked for. */
export const executedOf = (text: string, status: VenueOrderStatus): Quantity | undefined => {
  const executed = readQuantity(text)
  return executed === undefined || executed.startsWith('-') || (status === 'filled' && isZero(executed)) ? undefined : executed
}

/** "NONE" stands for no reason (6.3). */
export const reasonOf = (status: VenueOrderStatus, ...texts: readonly (string | undefined)[]): string | undefined =>
  isFinished(status) ? texts.find((text) => text !== undefined && text !== 'NONE') : undefined

/** An order of the REST reads (5.4). */
export const orderReport = (row: OrderRow, instrument: string): OrderReport | undefined => {
  const status = orderStatus(row.status)
  const executed = executedOf(row.executedQty, status)
  if (executed === undefined) return undefined
  const optional = present<Pick<OrderReport, 'reason' | 'price' | 'quantity' | 'createdAt'>>({
    reason: reasonOf(status, row.expiryReason),
    price: readPrice(row.price),
    quantity: readQuantity(row.origQty),
    createdAt: row.time,
  })
  return { venueOrderId: formatVenueName({ instrument, id: row.orderId }), clientOrderId: row.clientOrderId ?? '', instrument, side: sideOf(row.side), status, executed, ...optional }
}

/** An execution (5.4). The fee is of the asset that the row names (11). */
export const fillOf = (row: TradeRow, instrument: string): Fill | undefined => {
  const price = readPrice(row.price)
  const size = readQuantity(row.qty)
  const fee = readMoney(row.commission)
  if (price === undefined || size === undefined || !isPositive(size) || fee === undefined || fee.startsWith('-')) return undefined
  return {
    tradeId: formatVenueName({ instrument, id: row.id }),
    venueOrderId: formatVenueName({ instrument, id: row.orderId }),
    instrument,
    side: row.isBuyer ? 'buy' : 'sell',
    quantity: size,
    price,
    fee,
    feeAsset: row.commissionAsset,
    liquidity: row.isMaker === undefined ? 'unknown' : row.isMaker ? 'maker' : 'taker',
    at: row.time,
  }
}

/** Only TRADING takes new orders (5.2); a status that is new to us takes none either. */
const instrumentStatuses: ReadonlyMap<string | undefined, InstrumentStatus> = new Map([
  ['TRADING', 'online'],
  ['CANCEL_ONLY', 'cancelOnly'],
])

/** The desk's name of a symbol. */
export const instrumentNameOf = ({ baseAsset, quoteAsset }: SymbolRow): string => `${baseAsset}-${quoteAsset}`

/** A symbol with its filters (7.2). A filter that is off leaves what the asset's precision allows. */
export const instrumentOf = (row: SymbolRow): Instrument | undefined => {
  const filters = (row.filters ?? []).flatMap((filter) => readFilter(filter) ?? [])
  const of = (type: string): FilterRow | undefined => filters.find(({ filterType }) => filterType === type)
  const lot = of('LOT_SIZE')
  const tick = readPrice(of('PRICE_FILTER')?.tickSize) ?? smallest(row.quoteAssetPrecision, price)
  const step = stepOf(lot) ?? smallest(row.baseAssetPrecision, quantity)
  const maxQuantity = readQuantity(lot?.maxQty)
  if (tick === undefined || step === undefined || maxQuantity === undefined) return undefined
  return {
    id: instrumentNameOf(row),
    base: row.baseAsset,
    quote: row.quoteAsset,
    tick,
    step,
    minQuantity: readQuantity(lot?.minQty) ?? step,
    maxQuantity,
    minNotional: readMoney((of('NOTIONAL') ?? of('MIN_NOTIONAL'))?.minNotional) ?? zero,
    status: instrumentStatuses.get(row.status) ?? 'halted',
  }
}

const stepOf = (lot: FilterRow | undefined): Quantity | undefined => {
  const step = readQuantity(lot?.stepSize)
  return step === undefined || !isPositive(step) ? undefined : step
}

const smallest = <D extends Price | Quantity>(places: number | undefined, of: (text: string) => D): D | undefined =>
  places === undefined ? undefined : of(places === 0 ? '1' : `0.${'0'.repeat(places - 1)}1`)

/** Best bid and ask; undefined while a side is empty. The venue dates neither (5.1). */
export const quoteOf = (row: TickerRow, instrument: string, receivedAt: Millis): Quote | undefined => {
  const bid = readPrice(row.bidPrice)
  const ask = readPrice(row.askPrice)
  return bid === undefined || ask === undefined ? undefined : { instrument, bid, ask, bidQuantity: readQuantity(row.bidQty), askQuantity: readQuantity(row.askQty), at: receivedAt, receivedAt, source: 'rest' }
}

export const balanceOf = ({ asset, free, locked }: BalanceRow): Balance | undefined => {
  const amounts = { free: readQuantity(free), held: readQuantity(locked) }
  return amounts.free === undefined || amounts.held === undefined ? undefined : { asset, free: amounts.free, held: amounts.held }
}

/**
 * What a fill costs on one symbol: every kind of commission is summed, and each is the maker's or taker's rate plus the
 * buyer's or seller's (11); the dearer side counts. A discount for paying in another asset does not: it is uncertain.
 */
export const feeRatesOf = ({ standardCommission, specialCommission, taxCommission }: Payloads['commission']): FeeRates | undefined => {
  const kinds = [standardCommission, specialCommission, taxCommission].flatMap((kind) => (kind === undefined ? [] : [kindRates(kind)]))
  const rates = kinds.flatMap((kind) => kind ?? [])
  if (rates.length < kinds.length) return undefined
  return { maker: sum(rates.map(({ maker }) => maker)), taker: sum(rates.map(({ taker }) => taker)) }
}

const kindRates = (row: RatesRow): { readonly maker: Rate; readonly taker: Rate } | undefined => {
  const [maker, taker, buyer, seller] = [row.maker, row.taker, row.buyer, row.seller].map((text) => readRate(text))
  if (maker === undefined || taker === undefined || buyer === undefined || seller === undefined) return undefined
  const side = greatest(buyer, seller)
  return { maker: plus(maker, side), taker: plus(taker, side) }
}

/** The dearest of several symbols, rate by rate. */
export const worstOf = (rates: readonly FeeRates[]): FeeRates => ({
  maker: rates.reduce<Rate>((worst, { maker }) => greatest(worst, maker), zero),
  taker: rates.reduce<Rate>((worst, { taker }) => greatest(worst, taker), zero),
})
