/** What every venue adapter is put together with. */
import type { Millis } from '../../domain/time.ts'
import type { Failpoints } from '../../ports/failpoints.ts'
import type { Log } from '../../ports/log.ts'
import type { FullVenue, MarketSide } from '../../ports/venue.ts'

export interface VenueParts {
  readonly log: Log
  readonly failpoints: Failpoints
  /** The end of a ban that an earlier process was told of. */
  readonly bannedUntil?: Millis
  /** Told the end of every ban. */
  readonly banned: (until: Millis) => void
}

/** A venue that can be made whole, or as its market alone. */
export interface VenueMaker {
  /**
   * With its account and its orders.
   * @throws Problem when there is no key, or it cannot be used
   */
  readonly whole: () => FullVenue
  /**
   * Its market alone; a key is used where there is one, and never asked for.
   * @throws Problem when the key that there is cannot be used
   */
  readonly market: () => MarketSide
  /** In which coin its fees are. */
  readonly feeIn: 'quote' | 'received'
}
