/** Subscribing to streams by messages: many names in each, because messages are few (binance-spot.md 6.1). */
import type { Line } from './socket.ts'
import type { ErrorBody } from './wire.ts'

const namesPerMessage = 200
/** Most streams of one connection. */
const mostNames = 1_024

export interface SubscriptionListener {
  /** Every name is confirmed. */
  confirmed(): void
  refused(error: ErrorBody): void
}

export const subscribeInBatches = (line: Line, names: readonly string[], listener: SubscriptionListener): void => {
  if (names.length > mostNames) return line.end('fatal', `${names.length} streams are more than the ${mostNames} that one connection may have`)
  let awaited = Math.ceil(names.length / namesPerMessage)
  for (let start = 0; start < names.length; start += namesPerMessage) {
    line.request('SUBSCRIBE', names.slice(start, start + namesPerMessage), ({ error }) => {
      if (error !== undefined) return listener.refused(error)
      awaited -= 1
      if (awaited === 0) listener.confirmed()
    })
  }
}
