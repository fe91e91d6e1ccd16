/**
 * A market of ccxt as an instrument of the desk.
 *
 * N1  An instrument whose price and quantity steps cannot be told exactly is left out, with the reason: a wrong step is
 *     a refused order at best.
 */
import { isPositive, price, quantity, zero, type Decimal, type Price, type Quantity } from '../../domain/decimal.ts'
import type { Instrument } from '../../domain/instrument.ts'
import { readMoney, readPrice, readQuantity } from '../venue-kit/reading.ts'
import type { MarketRow } from './wire.ts'

/** ccxt `functions/number`. */
const decimalPlaces = 2
const tickSize = 4
const mostPlaces = 60

/** Stands for "the exchange tells none": above what any asset has ever been counted in. */
const unlimited = quantity('1000000000000000000')

export type Read = { readonly instrument: Instrument; readonly symbol: string } | { readonly leftOut: string }

/** A market's rules; what it is not told (a largest size, a least value) is not checked here, the exchange refuses. */
export const instrumentOf = (row: MarketRow, precisionMode: number): Read => {
  const id = `${row.base}-${row.quote}`
  if (row.symbol !== `${row.base}/${row.quote}` || /[:\s]/.test(id)) return { leftOut: 'its name is not that of a plain spot market' }
  const tick = stepOf(row.precision?.price, precisionMode, price)
  const step = stepOf(row.precision?.amount, precisionMode, quantity)
  if (tick === undefined || step === undefined) return { leftOut: 'its steps of price or quantity cannot be told exactly' }
  const told = boundsOf(row, step)
  if (told === undefined) return { leftOut: 'its limits cannot be read' }
  // Only a plain no is one: many exchanges do not say whether a market is open.
  return { symbol: row.symbol, instrument: { id, base: row.base, quote: row.quote, tick, step, ...told, status: row.active === false ? 'halted' : 'online' } }
}

const boundsOf = ({ limits }: MarketRow, step: Quantity): Pick<Instrument, 'minQuantity' | 'maxQuantity' | 'minNotional'> | undefined => {
  const minQuantity = limits?.amount?.min === undefined ? step : readQuantity(limits.amount.min)
  const maxQuantity = limits?.amount?.max === undefined ? unlimited : readQuantity(limits.amount.max)
  const minNotional = limits?.cost?.min === undefined ? zero : readMoney(limits.cost.min)
  if (minQuantity === undefined || maxQuantity === undefined || minNotional === undefined || minNotional.startsWith('-')) return undefined
  // Exchanges write 0 for "no largest size".
  return { minQuantity, maxQuantity: isPositive(maxQuantity) ? maxQuantity : unlimited, minNotional }
}

/** Significant digits are no step: it changes with the price (N1). */
const stepOf = <D extends Price | Quantity>(told: string | number | undefined, mode: number, of: (text: string) => D): D | undefined => {
  if (told === undefined) return undefined
  if (mode === tickSize) return typeof told === 'string' ? (readPrice(told) as Decimal | undefined as D | undefined) : undefined
  if (mode !== decimalPlaces) return undefined
  const places = Number(told)
  if (!Number.isInteger(places) || Math.abs(places) > mostPlaces) return undefined
  return of(places > 0 ? `0.${'0'.repeat(places - 1)}1` : `1${'0'.repeat(-places)}`)
}
