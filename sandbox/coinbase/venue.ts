import type { VenueCore } from '../dialect.ts'
import type { KeyRing } from './keys.ts'

/** How this venue behaves where the sheet leaves it open. Durations in milliseconds. */
export interface VenueSettings {
  /** How long a new order stays out of lists and look-ups (coinbase-advanced-trade.md 5.12). */
  readonly orderVisibleAfterMs: number
  /** How long a fill stays out of the fills list (5.13). */
  readonly fillVisibleAfterMs: number
  /** A repeated client order id: the first order's success, or the refusal DUPLICATE_CLIENT_ORDER_ID (5.7). */
  readonly duplicates: 'answerAgain' | 'refuse'
  /** Requests per second, 0 for no limit (7). */
  readonly privatePerSecond: number
  readonly publicPerSecond: number
  /** A connection without a subscribe for so long is closed (9.1). */
  readonly firstSubscribeMs: number
  /** A connection that was sent nothing for so long is closed (9.1). */
  readonly idleMs: number
}

/** Everything the dialect's handlers work with. */
export interface Venue extends VenueCore {
  readonly ring: KeyRing
  readonly settings: VenueSettings
}
