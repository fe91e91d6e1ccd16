import { parseAmount } from '../exchange/amounts.ts'
import { errors, type ApiError } from './api-error.ts'

const DECIMAL = String.raw`^([0-9]{1,20})(\.[0-9]{1,20})?$`
const CLIENT_ID = '^[a-zA-Z0-9-_]{1,36}$'
const FRACTION_DIGITS = 8

/** The parameters of one request. Every reader throws the ApiError that the venue answers; `finish` throws for what nobody has read. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>
  readonly #read = new Set<string>()

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values
  }

  /** The value, if it was sent. An empty one is refused. */
  text(name: string): string | undefined {
    this.#read.add(name)
    const value = this.#values.get(name)
    if (value === '') throw errors.empty(name)
    return value
  }

  need(name: string): string {
    this.#read.add(name)
    const value = this.#values.get(name)
    if (value === undefined || value === '') throw errors.missing(name)
    return value
  }

  /** One of the known words; another is answered with `otherwise`. */
  word<Word extends string>(name: string, words: readonly Word[], otherwise: ApiError = errors.badData(name)): Word | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const word = words.find((one) => one === value)
    if (word === undefined) throw otherwise
    return word
  }

  /** A whole number in the bounds, which are inclusive. */
  whole(name: string, [least, most]: readonly [number, number]): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (!/^-?\d{1,16}$/.test(value)) throw errors.illegal(name, '^[0-9]{1,20}$')
    const number = Number(value)
    if (number < least || number > most) throw errors.badData(name)
    return number
  }

  /** A time in milliseconds since 1970; microseconds are understood (binance-spot.md 2). */
  time(name: string): number | undefined {
    const value = this.whole(name, [0, Number.MAX_SAFE_INTEGER])
    return value === undefined || value < 1e14 ? value : value / 1000
  }

  /** A number of rows: at most `most`, whatever was asked for. */
  limit(otherwise: number, most: number): number {
    return Math.min(this.whole('limit', [1, Number.MAX_SAFE_INTEGER]) ?? otherwise, most)
  }

  /** A plain decimal in atoms, with at most eight fraction digits. */
  decimal(name: string): bigint | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (!new RegExp(DECIMAL).test(value)) throw errors.illegal(name, DECIMAL)
    const atoms = parseAmount(value)
    if (atoms === undefined || (value.split('.')[1] ?? '').replace(/0+$/, '').length > FRACTION_DIGITS) throw errors.tooPrecise(name)
    return atoms
  }

  needDecimal(name: string): bigint {
    this.need(name)
    return this.decimal(name) ?? 0n
  }

  /** A client order id, in the stricter of the two alphabets (binance-spot.md 8). */
  clientId(name: string): string | undefined {
    const value = this.text(name)
    if (value !== undefined && !new RegExp(CLIENT_ID).test(value)) throw errors.illegal(name, CLIENT_ID)
    return value
  }

  flag(name: string): boolean | undefined {
    const word = this.word(name, ['true', 'false'])
    return word === undefined ? undefined : word === 'true'
  }

  /** A JSON array of texts. */
  list(name: string): readonly string[] | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    try {
      const items: unknown = JSON.parse(value)
      if (Array.isArray(items)) return items.map(String)
    } catch {
      // The error below says it for both cases.
    }
    throw errors.badData(name)
  }

  /** Refuses the request if any of these was sent. */
  forbid(...names: readonly string[]): void {
    for (const name of names) if (this.#values.has(name)) throw errors.notRequired(name)
  }

  /** Counts these as read: they are understood and change nothing here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name)
  }

  /** Refuses the request if anything was sent that nobody has read. */
  finish(): void {
    const sent = [...this.#values.keys()]
    const read = sent.filter((name) => this.#read.has(name)).length
    if (read < sent.length) throw errors.unread(read, sent.length)
  }
}
