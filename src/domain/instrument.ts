/** A spot market and the venue's rules for prices and sizes on it. */
import {
  ceilTo,
  compare,
  floorTo,
  isMultipleOf,
  isPositive,
  notional,
  type Money,
  type Price,
  type Quantity,
} from './decimal.ts'

/** What the venue lets one do on an instrument now; a `delisted` one is not even spoken of any more. */
export type InstrumentStatus = 'online' | 'postOnly' | 'limitOnly' | 'cancelOnly' | 'halted' | 'delisted'

export interface Instrument {
  /** The venue's own name, such as BTC-USD. */
  readonly id: string
  readonly base: string
  readonly quote: string
  /** Prices are multiples of this. */
  readonly tick: Price
  /** Quantities are multiples of this. */
  readonly step: Quantity
  readonly minQuantity: Quantity
  readonly maxQuantity: Quantity
  /** Least price x quantity, in quote currency. */
  readonly minNotional: Money
  readonly status: InstrumentStatus
}

export const floorToTick = (instrument: Instrument, value: Price): Price => floorTo(value, instrument.tick)
export const ceilToTick = (instrument: Instrument, value: Price): Price => ceilTo(value, instrument.tick)
export const floorToStep = (instrument: Instrument, value: Quantity): Quantity => floorTo(value, instrument.step)
export const ceilToStep = (instrument: Instrument, value: Quantity): Quantity => ceilTo(value, instrument.step)

/** Why the venue would refuse an order of this size at this price, or undefined when it would not. */
export type SizeProblem = 'priceOffTick' | 'quantityOffStep' | 'belowMinQuantity' | 'aboveMaxQuantity' | 'belowMinNotional'

/** The first rule of the instrument that a limit order would break. */
export const sizeProblem = (instrument: Instrument, at: Price, of: Quantity): SizeProblem | undefined => {
  if (!isPositive(at) || !isMultipleOf(at, instrument.tick)) return 'priceOffTick'
  if (!isMultipleOf(of, instrument.step)) return 'quantityOffStep'
  if (!isPositive(of) || compare(of, instrument.minQuantity) < 0) return 'belowMinQuantity'
  if (compare(of, instrument.maxQuantity) > 0) return 'aboveMaxQuantity'
  if (compare(notional(at, of), instrument.minNotional) < 0) return 'belowMinNotional'
  return undefined
}

/** True when so much can be sold at that price at all. */
export const isSellable = (instrument: Instrument, at: Price, of: Quantity): boolean =>
  compare(of, instrument.minQuantity) >= 0 && compare(notional(at, of), instrument.minNotional) >= 0
