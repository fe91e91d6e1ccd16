/** The desk's own orders from the `user` channel: cumulative states, never executions (coinbase-advanced-trade.md 9.7). */
import type { AccountFeed, AccountStreamListener, Stream } from '../../ports/venue.ts'
import type { Settings } from './options.ts'
import { FeedSocket, type ChannelFrame, type Progress } from './socket.ts'
import { isSpot, userOrderReport } from './to-domain.ts'
import { userEvent } from './frames.ts'
import { userOrder } from './vocabulary.ts'
import { readUserOrder } from './wire.ts'

/** The snapshot of open orders comes in chunks of so many; a shorter one is the last. */
const chunk = 50

export class CoinbaseAccountFeed implements AccountFeed {
  readonly #settings: Settings
  readonly #token: () => string | undefined
  /** Which host is asked next: the user channel is served by both, and one may be down (9, 1). */
  #host: 'userUrl' | 'marketUrl' = 'userUrl'

  constructor(settings: Settings, token: () => string | undefined) {
    this.#settings = settings
    this.#token = token
  }

  /**
   * Follows all products, whatever is asked for: orders are told by their ids, and how the channel names the alias of a
   * unified book is uncertain.
   */
  open(_instruments: readonly string[], listener: AccountStreamListener): Stream {
    const settings = this.#settings
    const orders = new UserOrderReader(listener, settings)
    let served = false
    return new FeedSocket({
      url: settings[this.#host],
      open: settings.openWebSocket,
      subscriptions: [{ channel: 'user' }],
      token: this.#token,
      listener: {
        opened: () => listener.opened(),
        subscribed: () => {
          served = true
          listener.subscribed()
        },
        received: () => listener.received(),
        gap: (detail) => listener.gap(detail),
        ended: (end, detail) => {
          // One that never served: the next is asked of the other host.
          if (!served && end !== 'fatal') this.#host = this.#host === 'userUrl' ? 'marketUrl' : 'userUrl'
          listener.ended(end, detail)
        },
      },
      log: settings.log,
      take: (frame, isOpen) => orders.take(frame, isOpen),
    })
  }
}

type SnapshotState = 'awaited' | 'coming' | 'complete'

/** Reads the user frames of one connection and knows when its snapshot is whole. */
class UserOrderReader {
  readonly #listener: AccountStreamListener
  readonly #settings: Settings
  #snapshot: SnapshotState = 'awaited'

  constructor(listener: AccountStreamListener, settings: Settings) {
    this.#listener = listener
    this.#settings = settings
  }

  /** Delivered is a complete snapshot. */
  take(frame: ChannelFrame, isOpen: () => boolean): Progress {
    if (frame.channel === 'user') for (const event of frame.events) this.#event(event, isOpen)
    return this.#snapshot === 'complete' ? 'delivered' : 'awaited'
  }

  #event(event: unknown, isOpen: () => boolean): void {
    const { snapshot, orders } = userEvent(event)
    for (const row of orders) if (isOpen()) this.#order(row)
    if (snapshot || this.#snapshot === 'coming') this.#snapshot = orders.length < chunk ? 'complete' : 'coming'
  }

  /** An unreadable order costs only the hint: polling finds it. */
  #order(row: unknown): void {
    this.#settings.novelties.row('userOrder', row, userOrder)
    const read = readUserOrder(row)
    if (read !== undefined && !isSpot(read)) return
    const report = read === undefined ? undefined : userOrderReport(read)
    if (report === undefined) return this.#settings.log.warn('venue.orderUnreadable', { channel: 'user' })
    this.#listener.order(report)
  }
}
