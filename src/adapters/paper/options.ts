/** What the paper venue is told, and what it assumes where it is told nothing. */
import { compare, isPositive, one, rate, type Money, type Rate } from '../../domain/decimal.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock, Random } from '../../ports/clock.ts'
import { noFailpoints, type Failpoints } from '../../ports/failpoints.ts'
import type { Log } from '../../ports/log.ts'
import type { FeeTerms, PaperLedger } from '../../ports/paper-ledger.ts'
import type { MarketSide, VenueCapabilities } from '../../ports/venue.ts'

/** A real venue as far as its market goes: nothing of it that could place an order is asked for. */
export interface RealMarket extends MarketSide {
  readonly capabilities: Pick<VenueCapabilities, 'venue'>
}

export interface PaperOptions {
  /** Whose market it is. A whole venue does; it is closed with the paper venue. */
  readonly market: RealMarket
  readonly ledger: PaperLedger
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** What a new account begins with, by asset; a ledger that has begun keeps what it has. */
  readonly opening: Readonly<Record<string, Money>>
  /** For orders placed from now on. Coinbase takes its fees in quote (coinbase-advanced-trade.md 10), Binance from what is received (binance-spot.md 7). */
  readonly fees: FeeTerms
  /** How long a request is on its way: `baseMs`, and up to `jitterMs` more, drawn for each. */
  readonly latency?: { readonly baseMs: Millis; readonly jitterMs: Millis }
  /** How much of a trade, or of a displayed level, that a resting order would meet it really has: above 0, at most 1. */
  readonly participation?: Rate
  /** Levels of each side that are asked for when the book is looked at. */
  readonly depth?: number
  /** The book is looked at for resting orders of one instrument at most so often. */
  readonly lookEveryMs?: Millis
  /** How long after its claim a create may still be admitted. */
  readonly windowMs?: Millis
  /** Orders that may work at once. */
  readonly maxWorking?: number
  readonly failpoints?: Failpoints
}

/** The options with nothing left open. */
export type Settings = Required<PaperOptions>

/** Two fifths of a second from a cheap server to an exchange's decision is a bad day, not a typical one. */
const standard = {
  latency: { baseMs: 150, jitterMs: 250 },
  participation: rate('0.25'),
  depth: 50,
  lookEveryMs: 1_000,
  windowMs: 5_000,
  maxWorking: 500,
  failpoints: noFailpoints,
} as const

const isFraction = (value: Rate): boolean => !value.startsWith('-') && compare(value, one) < 0

/** @throws RangeError when a rate, a share, a latency or a balance makes no sense */
export const settingsOf = (options: PaperOptions): Settings => {
  const settings = { ...standard, ...options }
  const { fees, participation, latency, opening, depth, lookEveryMs, windowMs, maxWorking } = settings
  if (!isFraction(fees.maker) || !isFraction(fees.taker)) throw new RangeError('fee rates are fractions, at or above 0 and below 1')
  if (!isPositive(participation) || compare(participation, one) > 0) throw new RangeError('participation is a share above 0 and at most 1')
  if (Object.values(opening).some((amount) => amount.startsWith('-'))) throw new RangeError('an account does not open with less than nothing')
  if (!(latency.baseMs >= 0) || !(latency.jitterMs >= 0) || !(lookEveryMs >= 0)) throw new RangeError('times are not below 0')
  if (!(windowMs > latency.baseMs + latency.jitterMs)) throw new RangeError('windowMs must be longer than a request may be on its way')
  if (![depth, maxWorking].every((count) => Number.isSafeInteger(count) && count > 0)) throw new RangeError('depth and maxWorking are whole numbers above 0')
  return settings
}
