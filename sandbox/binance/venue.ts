import type { VenueCore } from '../dialect.ts'
import type { AccountEvents } from './account-events.ts'
import type { KeyRing } from './keys.ts'
import type { OrderLimit, WeightLimit } from './limits.ts'

/** How this venue behaves where the sheet leaves it open. Durations in milliseconds. */
export interface VenueSettings {
  /** How long a new order stays out of look-ups and lists (binance-spot.md 12). */
  readonly orderVisibleAfterMs: number
  /** How long an execution stays out of `myTrades`. */
  readonly fillVisibleAfterMs: number
  /** Whether a cancelled order is still found by the id it was placed with (8). */
  readonly cancelledKeepId: boolean
  /** Limits as `exchangeInfo` shows them; 0 for none (10). */
  readonly weightPerMinute: number
  readonly ordersPer10Seconds: number
  readonly ordersPerDay: number
  /** A socket is closed after so long (4.2). */
  readonly socketLifeMs: number
  readonly pingEveryMs: number
  /** Whether fees are taken in BNB while the balance lasts (11). */
  readonly bnbFees: boolean
}

/** Everything the dialect's handlers work with. */
export interface Venue extends VenueCore {
  readonly ring: KeyRing
  readonly settings: VenueSettings
  readonly weight: WeightLimit
  readonly orderLimit: OrderLimit
  readonly reports: AccountEvents
  /** A client order id for those who send none: 22 characters, never the same twice (binance-spot.md 8). */
  readonly newClientId: () => string
  /** Added to numbers that must not go back when the venue starts again. */
  readonly numberBase: number
}
