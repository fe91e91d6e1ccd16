/** Amounts, ages and moments for people. Shown figures may be rounded; the exact one is always beside them, in a title. */

export const none = '–'

type Maybe<T> = T | null | undefined

const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined

/** A decimal text with thin groups of thousands; nothing is rounded. */
export const decimal = (text: Maybe<string>): string => {
  if (isNothing(text)) return none
  const [whole = '', fraction] = text.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u2009')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** A price or an amount of money with at least two places. */
export const money = (text: Maybe<string>): string => {
  if (isNothing(text)) return none
  const places = (text.split('.')[1] ?? '').length
  return decimal(places >= 2 ? text : Number(text).toFixed(2))
}

export const rounded = (text: Maybe<string>, places: number): string => (isNothing(text) ? none : decimal(Number(text).toFixed(places)))

/** With its sign, which a profit needs. */
export const signed = (value: Maybe<string | number>, places: number): string => {
  if (isNothing(value)) return none
  const number = Number(value)
  return `${number > 0 ? '+' : number < 0 ? '−' : ''}${decimal(Math.abs(number).toFixed(places))}`
}

/** A rate as basis points. */
export const bps = (rate: Maybe<string>): string => (isNothing(rate) ? none : `${String(Number((Number(rate) * 10_000).toFixed(1))).replace('-', '−')} bps`)

const two = (number: number): string => String(number).padStart(2, '0')

/** How long, in the two largest units. */
export const duration = (ms: Maybe<number>): string => {
  if (isNothing(ms)) return none
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days > 0) return `${days} d ${two(hours % 24)} h`
  if (hours > 0) return `${hours} h ${two(minutes % 60)} m`
  if (minutes > 0) return `${minutes} m ${two(seconds % 60)} s`
  return `${seconds} s`
}

/** How old, fine below ten seconds. */
export const age = (ms: Maybe<number>): string => (isNothing(ms) ? none : ms < 10_000 ? `${(Math.max(0, ms) / 1_000).toFixed(1)} s` : duration(ms))

/** The time of day here. */
export const clockTime = (at: Maybe<number>): string => {
  if (isNothing(at)) return none
  const date = new Date(at)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** The exact moment. */
export const stamp = (at: Maybe<number>): string => (isNothing(at) ? '' : new Date(at).toISOString())
