/**
 * Exact decimals. Every amount of money, price, quantity and rate in the desk is one of these: a plain
 * string in canonical form (no exponent, no leading `+`, no trailing zeros), so that it survives JSON,
 * snapshots and rows unchanged. The only file that knows the decimal library.
 *
 * D1  parse(format(x)) = x: a value is its text.
 * D2  NaN and infinities cannot be represented: parsing refuses them, division by zero throws.
 */
import { Decimal as Exact } from 'decimal.js'

declare const unit: unique symbol

/** A canonical decimal string; `U` keeps prices, quantities, money and rates apart for the compiler. */
export type Decimal<U extends string = string> = string & { readonly [unit]: U }
/** Quote currency per one base unit. */
export type Price = Decimal<'price'>
/** An amount of the base asset. */
export type Quantity = Decimal<'quantity'>
/** An amount of the quote asset (or of the asset named beside it). */
export type Money = Decimal<'money'>
/** A fraction: 0.006 is 0.6 %. */
export type Rate = Decimal<'rate'>

/** Thrown when a text is not a decimal or a result cannot be one. */
export class DecimalError extends Error {
  override readonly name = 'DecimalError'
}

/** 60 significant digits hold every product and quotient of two amounts below 10^18 with 18 places. */
const Exactly = Exact.clone({ precision: 60, toExpNeg: -60, toExpPos: 60, rounding: Exact.ROUND_HALF_EVEN })

/** Wide enough for every result of the arithmetic below, and bounded. */
const plain = /^[+-]?(?:\d{1,60}(?:\.\d{0,120})?|\.\d{1,120})$/

const canonical = <U extends string>(value: Exact): Decimal<U> => {
  if (!value.isFinite()) throw new DecimalError('the result is not a finite decimal')
  return (value.isZero() ? '0' : value.toFixed()) as Decimal<U>
}

const digitZero = 48
const digitNine = 57
const point = 46
/** No text of so many characters has more digits than a plain decimal may. */
const longest = 60

/**
 * How much of a text is its canonical form: all of it, or all but the zeros at its end, as venues write prices; 0 where more
 * is to be done to it. Every price of the market is read here, so it is read once and nothing is made.
 */
const canonicalLength = (text: string): number => {
  const { length } = text
  if (length === 0 || length > longest) return 0
  let points = 0
  let last = 0
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code === point) points++
    else if (code < digitZero || code > digitNine) return 0
    if (points === 0 || (code !== digitZero && code !== point)) last = index + 1
  }
  const isWhole = text.charCodeAt(0) !== digitZero || length === 1 || text.charCodeAt(1) === point
  return points > 1 || !isWhole || text.charCodeAt(0) === point ? 0 : last
}

/** Reads a plain decimal text; undefined when it is none (empty, exponent, NaN, too long). */
export const parseDecimal = (text: string): Decimal | undefined => {
  const length = canonicalLength(text)
  if (length > 0) return (length === text.length ? text : text.slice(0, length)) as Decimal
  return plain.test(text) ? canonical(new Exactly(text)) : undefined
}

const reader =
  <U extends string>() =>
  (text: string): Decimal<U> => {
    const value = parseDecimal(text)
    if (value === undefined) throw new DecimalError(`not a decimal: ${JSON.stringify(text.slice(0, 60))}`)
    return value as Decimal<U>
  }

/** @throws DecimalError when the text is not a plain decimal */
export const price = reader<'price'>()
/** @throws DecimalError when the text is not a plain decimal */
export const quantity = reader<'quantity'>()
/** @throws DecimalError when the text is not a plain decimal */
export const money = reader<'money'>()
/** @throws DecimalError when the text is not a plain decimal */
export const rate = reader<'rate'>()

/** Basis points as a fraction: 50 -> 0.005. */
export const rateOfBps = (bps: number): Rate => canonical(new Exactly(bps).dividedBy(10_000))

export const plus = <D extends Decimal>(a: D, b: D): D => (a === '0' ? b : b === '0' ? a : (canonical(new Exactly(a).plus(b)) as string as D))
export const minus = <D extends Decimal>(a: D, b: D): D => (b === '0' ? a : (canonical(new Exactly(a).minus(b)) as string as D))
/** The product; say what it is with `money(...)`, `price(...)`. */
export const times = (a: Decimal, b: Decimal): Decimal => canonical(new Exactly(a).times(b))
/**
 * The quotient to 60 significant digits.
 * @throws DecimalError on division by zero
 */
export const dividedBy = (a: Decimal, b: Decimal): Decimal => canonical(new Exactly(a).dividedBy(b))

/** -1, 0 or 1, by value. */
export const compare = (a: Decimal, b: Decimal): number => (a === b ? 0 : new Exactly(a).comparedTo(b))
export const isPositive = (a: Decimal): boolean => a !== '0' && !a.startsWith('-')
export const absolute = <D extends Decimal>(a: D): D => (a.startsWith('-') ? a.slice(1) : a) as D
export const isZero = (a: Decimal): boolean => a === '0'
export const least = <D extends Decimal>(a: D, b: D): D => (compare(a, b) <= 0 ? a : b)
export const greatest = <D extends Decimal>(a: D, b: D): D => (compare(a, b) >= 0 ? a : b)
export const sum = <D extends Decimal>(values: readonly D[]): D =>
  canonical(values.reduce((total, value) => total.plus(value), new Exactly(0))) as string as D

export const zero = '0' as Decimal<never>
export const one = '1' as Decimal<never>

/** The greatest multiple of `step` that is not above the value. `step` is positive. */
export const floorTo = <D extends Decimal>(value: D, step: D): D =>
  canonical(new Exactly(value).toNearest(step, Exact.ROUND_FLOOR)) as string as D
/** The least multiple of `step` that is not below the value. `step` is positive. */
export const ceilTo = <D extends Decimal>(value: D, step: D): D =>
  canonical(new Exactly(value).toNearest(step, Exact.ROUND_CEIL)) as string as D
export const isMultipleOf = (value: Decimal, step: Decimal): boolean => new Exactly(value).modulo(step).isZero()

/** price x quantity, in quote currency. */
export const notional = (at: Price, of: Quantity): Money => times(at, of) as string as Money
/** Rounds half to even at so many places, for display and reports only. */
export const rounded = <D extends Decimal>(value: D, places: number): D =>
  canonical(new Exactly(value).toDecimalPlaces(places)) as string as D
