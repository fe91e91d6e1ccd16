/**
 * The desk's names for its orders. A client order id is minted from the trade pair, the leg and the attempt,
 * so the same decision always has the same id, and a person reading a venue's order list can tell whose it is:
 *
 *   nd3kf9-01JD5MZX8K4T7WQ2AB-s2     install 3kf9, that pair, its second sell
 *
 * At most 36 characters (Binance's limit; Coinbase allows 128).
 */
import type { Leg } from './order.ts'

export interface OrderName {
  /** Four characters drawn once per install. */
  readonly install: string
  readonly pairId: string
  readonly leg: Leg
  /** 1 for the first order of the leg. */
  readonly attempt: number
}

const shape = /^nd([0-9a-z]{4})-([0-9A-Z]{18})-([bs])([1-9]\d{0,4})$/

export const formatClientOrderId = (name: OrderName): string =>
  `nd${name.install}-${name.pairId}-${name.leg === 'buy' ? 'b' : 's'}${name.attempt}`

/** Reads one of our ids; undefined for anybody else's. */
export const parseClientOrderId = (text: string): OrderName | undefined => {
  const match = shape.exec(text)
  if (!match) return undefined
  const [, install = '', pairId = '', leg, attempt = ''] = match
  return { install, pairId, leg: leg === 'b' ? 'buy' : 'sell', attempt: Number(attempt) }
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * A trade pair's id: 10 characters of time (milliseconds) and 8 of randomness, sortable by birth.
 * @param random eight whole numbers below 32
 */
export const formatPairId = (at: number, random: readonly number[]): string => {
  let text = ''
  let rest = at
  for (let place = 0; place < 10; place++) {
    text = alphabet.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text + random.slice(0, 8).map((n) => alphabet.charAt(n)).join('')
}
