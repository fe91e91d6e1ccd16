/** What a person, or a program for one, may want of a running desk. */
import type { Price, Quantity } from './decimal.ts'

interface Signed {
  /** Chosen by whoever commands; the same id again does nothing and answers as before. */
  readonly id: string
  readonly who: string
  readonly reason: string
}

export type Command = Signed &
  (
    | { readonly kind: 'pause' | 'resume' | 'reconcile' }
    | { readonly kind: 'kill'; readonly level: 'entries' | 'orders' | 'flatten' }
    | { readonly kind: 'unkill' }
    /** Ends the trip of a breaker, by its name. */
    | { readonly kind: 'reset-breaker'; readonly breaker: string }
    | { readonly kind: 'hold'; readonly pair: string }
    | { readonly kind: 'release'; readonly pair: string }
    /** Sell what it holds at once, whatever it earns. */
    | { readonly kind: 'close'; readonly pair: string }
    /** A person has sold or moved what it holds. */
    | { readonly kind: 'close-externally'; readonly pair: string }
    | { readonly kind: 'set-target'; readonly pair: string; readonly price: Price }
    | { readonly kind: 'cancel'; readonly order: string }
    /** Begin a round trip: a post-only buy, covered for the target (basis points of its cost). */
    | { readonly kind: 'buy'; readonly instrument: string; readonly quantity: Quantity; readonly price: Price; readonly targetBps: number }
    /** The venue's own id of a buy that was placed by hand. */
    | { readonly kind: 'adopt'; readonly order: string }
  )
