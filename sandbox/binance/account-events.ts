/** One event of the account as the WebSocket API wraps it (binance-spot.md 6.3). */
export type UserEvent = Readonly<Record<string, unknown>>

/** What the account tells those who follow it. */
export interface AccountEvents {
  /** The newest `I`. */
  readonly executionId: number
  /** When a balance last changed, milliseconds since 1970. */
  readonly accountChangedAt: number
  /** Calls the listener with every event; returns how to stop. */
  listen(listener: (event: UserEvent) => void): () => void
}
