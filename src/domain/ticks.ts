/**
 * Prices as whole numbers of ticks, for the hot path. Exact below 2^53; everything that is money goes
 * back to decimals.
 */
import { times, type Price } from './decimal.ts'

/** How an instrument's tick maps decimal text to whole ticks. */
export interface TickScale {
  /** Decimal places kept in the scaled integer. */
  readonly places: number
  /** Scaled units in one tick: 1 for 0.01, 5 for 0.05. */
  readonly unitsPerTick: number
  readonly tick: Price
}

/** The scale of a tick such as 0.01, 0.05 or 1. */
export const tickScale = (tick: Price): TickScale => {
  const [, fraction = ''] = tick.split('.')
  return { places: fraction.length, unitsPerTick: Number(tick.replace('.', '')), tick }
}

const digitZero = 48
const digitNine = 57
const point = 46

/**
 * Reads a plain positive decimal text as whole ticks without allocating. Digits beyond the scale must be zeros.
 * @returns NaN when the text is not one, is off tick, or is too large to be exact
 */
export const ticksOf = (scale: TickScale, text: string): number => {
  let units = 0
  let places = -1
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === point && places < 0) {
      places = 0
      continue
    }
    if (code < digitZero || code > digitNine) return Number.NaN
    if (places >= scale.places) {
      if (code !== digitZero) return Number.NaN
      continue
    }
    if (places >= 0) places++
    units = units * 10 + (code - digitZero)
  }
  for (let place = Math.max(places, 0); place < scale.places; place++) units *= 10
  const ticks = units / scale.unitsPerTick
  return text.length > 0 && Number.isSafeInteger(units) && Number.isSafeInteger(ticks) ? ticks : Number.NaN
}

/** The decimal price of so many ticks. */
export const priceOfTicks = (scale: TickScale, ticks: number): Price => times(scale.tick, String(ticks) as Price) as string as Price
