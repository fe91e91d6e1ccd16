/** What the desk may do now: everything; only end what it began; or nothing at all. */
export type TradingState =
  | { readonly state: 'active' }
  /** No new entries; what was bought is still offered. */
  | { readonly state: 'reducing'; readonly because: string }
  /** No orders but those that a person, or the kill switch, closes positions with. */
  | { readonly state: 'halted'; readonly because: string }
