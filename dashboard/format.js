/** Amounts, ages and moments for people. The exact value is always beside them, in a title. */

export const none = '–'

/** A decimal text with thin groups of thousands; nothing is rounded. */
export const decimal = (text) => {
  if (text === null || text === undefined) return none
  const [whole, fraction] = String(text).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u2009')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** A price or an amount of money with at least two places. */
export const money = (text) => {
  if (text === null || text === undefined) return none
  const places = (String(text).split('.')[1] ?? '').length
  return decimal(places >= 2 ? text : Number(text).toFixed(2))
}

/** Rounded for reading. */
export const rounded = (text, places) => (text === null || text === undefined ? none : decimal(Number(text).toFixed(places)))

/** With its sign, which a profit needs. */
export const signed = (text, places) => {
  if (text === null || text === undefined) return none
  const value = Number(text)
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${decimal(Math.abs(value).toFixed(places))}`
}

/** A rate as basis points. */
export const bps = (rate) => `${Number((Number(rate) * 10_000).toFixed(2))} bps`

const two = (number) => String(number).padStart(2, '0')

/** How long, in the two largest units. */
export const duration = (ms) => {
  if (ms === null || ms === undefined) return none
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
export const age = (ms) => {
  if (ms === null || ms === undefined) return none
  return ms < 10_000 ? `${(Math.max(0, ms) / 1_000).toFixed(1)} s` : duration(ms)
}

/** The time of day here. */
export const clockTime = (at) => {
  if (at === null || at === undefined) return none
  const date = new Date(at)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** The exact moment, for titles. */
export const stamp = (at) => (at === null || at === undefined ? '' : new Date(at).toISOString())
