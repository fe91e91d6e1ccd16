import type { Order } from '../exchange/order.ts'
import { products } from '../exchange/products.ts'
import { FeedConnection, type FeedHostName, type Peer } from './feed-connection.ts'
import { uuidOf } from './identity.ts'
import { tokenFault } from './jwt.ts'
import { canonical, channelKinds, type ChannelFeed } from './market-channels.ts'
import { sendUserSnapshot, sendUserUpdate } from './user-channel.ts'
import type { Venue } from './venue.ts'

interface OpenFeed {
  readonly channel: string
  readonly productId: string
  readonly feed: ChannelFeed
  dueAt: number
}

interface Wish {
  readonly type: unknown
  readonly channel: string
  readonly productIds: readonly string[]
  readonly jwt: unknown
}

const HEARTBEAT_MS = 1000
/** Products one connection may follow on one channel; more is answered "failure to subscribe". */
const MAX_PRODUCTS = 100

/** What one client subscribed to and when each of it is due. Driven by `take`, `tick` and `onOrder`. */
export class FeedSession {
  readonly connection: FeedConnection
  readonly #venue: Venue
  readonly #feeds: OpenFeed[] = []
  #subscribed = false
  #heartbeatDueAt = 0

  constructor(host: FeedHostName, peer: Peer, venue: Venue) {
    this.connection = new FeedConnection(host, peer, venue)
    this.#venue = venue
  }

  /** Sends what is due; closes a connection that never subscribed or went idle (coinbase-advanced-trade.md 9.1). */
  tick(nowMs: number): void {
    const { settings } = this.#venue
    if (!this.#subscribed && nowMs - this.connection.openedAt >= settings.firstSubscribeMs) return this.connection.close()
    if (nowMs - this.connection.lastSentAt >= settings.idleMs) return this.connection.close()
    for (const open of this.#feeds) {
      if (nowMs < open.dueAt) continue
      open.dueAt = nowMs + (channelKinds[open.channel]?.everyMs ?? HEARTBEAT_MS)
      open.feed.update()
    }
    if (this.connection.channels.has('heartbeats') && nowMs >= this.#heartbeatDueAt) this.#heartbeat(nowMs)
  }

  onOrder(order: Order): void {
    const followed = this.connection.channels.get('user')
    if (followed && !this.#venue.faults.take('loseUpdates', 'all')) sendUserUpdate(this.connection, followed, order)
  }

  #heartbeat(nowMs: number): void {
    this.#heartbeatDueAt = nowMs + HEARTBEAT_MS
    const uptime = this.#venue.monotonic() / 1000
    const goTime = new Date(this.#venue.now()).toISOString().replace('T', ' ').replace('Z', '000000 +0000 UTC')
    this.connection.send('heartbeats', [{ current_time: `${goTime} m=+${uptime.toFixed(6)}`, heartbeat_counter: Math.floor(uptime) }])
  }

  /** One message of the client. */
  take(text: string): void {
    const wish = readWish(text)
    if (!wish) return this.connection.error('failure to subscribe')
    const refusal = this.#venue.faults.take('refuseSubscribe', this.connection.host)
    if (refusal) return this.connection.error(refusal.variant)
    if (!this.#mayUse(wish)) return this.connection.error('authentication failure')
    if (wish.type === 'subscribe') {
      if (!this.#subscribe(wish)) return this.connection.error('failure to subscribe')
      this.#subscribed = true
    } else if (wish.type === 'unsubscribe') this.#unsubscribe(wish)
    else return this.connection.error('failure to subscribe')
    this.connection.send('subscriptions', [{ subscriptions: this.#listing() }])
  }

  /** `user` needs a token everywhere; the user host has nothing else but heartbeats; an unknown channel is an authentication failure too (9.1). */
  #mayUse({ channel, jwt }: Wish): boolean {
    const known = channel === 'user' || channel === 'heartbeats' || (this.connection.host === 'market' && Object.hasOwn(channelKinds, channel))
    if (!known) return false
    if (channel !== 'user' && jwt === undefined) return true
    return typeof jwt === 'string' && tokenFault(jwt, { keys: this.#venue.ring.keys, nowMs: this.#venue.now() }) === undefined
  }

  #subscribe({ channel, productIds }: Wish): boolean {
    const { channels } = this.connection
    const followed = channels.get(channel) ?? new Set<string>()
    if (channel === 'heartbeats' || channel === 'user') {
      channels.set(channel, new Set([...followed, ...productIds]))
      if (channel === 'user') sendUserSnapshot(this.#venue, this.connection, channels.get(channel) ?? followed)
      return true
    }
    const wanted = channel === 'status' && productIds.length === 0 ? [...products.keys()] : productIds
    const served = wanted.map((id) => canonical(id))
    if (served.length === 0 || served.length > MAX_PRODUCTS || served.includes(undefined)) return false
    channels.set(channel, new Set([...followed, ...wanted]))
    for (const product of new Set(served)) if (product) this.#open(channel, product.id)
    return true
  }

  #open(channel: string, productId: string): void {
    const kind = channelKinds[channel]
    const product = products.get(productId)
    if (!kind || !product) return
    this.#close(channel, productId)
    const feed = kind.open({ venue: this.#venue, connection: this.connection, product, market: this.#venue.exchange.marketOf(product) })
    feed.snapshot()
    this.#feeds.push({ channel, productId, feed, dueAt: 0 })
  }

  #close(channel: string, productId: string): void {
    const index = this.#feeds.findIndex((open) => open.channel === channel && open.productId === productId)
    if (index >= 0) this.#feeds.splice(index, 1)
  }

  #unsubscribe({ channel, productIds }: Wish): void {
    const followed = this.connection.channels.get(channel)
    if (!followed) return
    const leaving = productIds.length === 0 ? [...followed] : productIds
    for (const id of leaving) {
      followed.delete(id)
      this.#close(channel, canonical(id)?.id ?? id)
    }
    if (followed.size === 0) this.connection.channels.delete(channel)
  }

  /** The full set of this connection (9.1): products, or the names that stand for channels without them. */
  #listing(): Record<string, readonly string[]> {
    const standIns: Readonly<Record<string, string>> = { heartbeats: 'heartbeats', user: uuidOf('user') }
    return Object.fromEntries([...this.connection.channels].map(([channel, followed]) => [channel, standIns[channel] === undefined ? [...followed] : [standIns[channel]]]))
  }
}

function readWish(text: string): Wish | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { type, channel, product_ids: ids, jwt } = value as Record<string, unknown>
    return { type, channel: String(channel), productIds: Array.isArray(ids) ? ids.map(String) : [], jwt }
  } catch {
    return undefined
  }
}
