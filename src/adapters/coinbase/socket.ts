/**
 * One WebSocket of the venue: connects, subscribes at once, watches sequence and heartbeats, hands frames on. It knows
 * no meaning and never connects twice.
 *
 * S1  `ended` is told once, and nothing after it; after `close` nothing is told at all.
 * S2  A stale frame (a repeat, or one that was overtaken) is dropped: its number was counted before.
 */
import type { Log } from '../../ports/log.ts'
import type { Stream, StreamEnd, StreamListener } from '../../ports/venue.ts'
import { HeartbeatWatch, SequenceWatch } from './sequence.ts'
import type { OpenWebSocket, WebSocketLink } from '../venue-kit/web-socket.ts'
import { readFrame, readHeartbeat, type Frame } from './frames.ts'

/** Going away, service restart: the venue is well and wants this socket gone. */
const drainCodes: ReadonlySet<number> = new Set([1001, 1012])

interface Subscription {
  readonly channel: string
  readonly productIds?: readonly string[]
}

/** An envelope with its channel and events. */
export type ChannelFrame = Extract<Frame, { readonly channel: string }>

export interface FeedPlan {
  readonly url: string
  readonly open: OpenWebSocket
  readonly subscriptions: readonly Subscription[]
  /** A new token for every message (9.1); undefined where there is no key. */
  readonly token: () => string | undefined
  readonly listener: StreamListener
  readonly log: Log
  /** Takes a frame of any channel. Stops telling when `isOpen` turns false: a listener may close the stream in the middle of a frame. */
  readonly take: (frame: ChannelFrame, isOpen: () => boolean) => Progress
  /** True where a gap cannot be lived with: the stream ends, and the next connection begins anew. */
  readonly endsAtGap?: boolean
}

/** Whether every subscription but the heartbeats has delivered; `lost` says that what was delivered cannot be gone on with. */
export type Progress = 'awaited' | 'delivered' | 'lost'

export class FeedSocket implements Stream {
  readonly #plan: FeedPlan
  readonly #socket: WebSocketLink
  readonly #sequence = new SequenceWatch()
  readonly #heartbeats = new HeartbeatWatch()
  #over = false
  #subscribed = false

  constructor(plan: FeedPlan) {
    this.#plan = plan
    this.#socket = plan.open(plan.url, {
      opened: () => this.#greet(),
      message: (text) => this.#receive(text),
      refused: (status) => this.#end(status === 401 || status === 403 ? 'fatal' : 'retryable', `HTTP ${status} instead of a WebSocket`),
      failed: (code) => this.#end('retryable', code),
      closed: (code) => this.#end(this.#subscribed && drainCodes.has(code) ? 'drained' : 'retryable', `closed with code ${code}`),
    })
  }

  readonly #isOpen = (): boolean => !this.#over

  close(): void {
    this.#over = true
    this.#socket.terminate()
  }

  /** The first subscribe must arrive within 5 s, one channel a message (9.1). */
  #greet(): void {
    if (this.#over) return
    const { subscriptions, token, listener } = this.#plan
    for (const { channel, productIds } of [...subscriptions, { channel: 'heartbeats' }] satisfies Subscription[]) {
      const jwt = token()
      const products = productIds === undefined ? {} : { product_ids: productIds }
      this.#socket.send(JSON.stringify({ type: 'subscribe', channel, ...products, ...(jwt === undefined ? {} : { jwt }) }))
    }
    listener.opened()
  }

  #receive(text: string): void {
    if (this.#over) return
    this.#plan.listener.received()
    const frame = readFrame(text)
    if (frame === undefined) return this.#plan.log.warn('venue.frameUnreadable', { bytes: text.length })
    if ('error' in frame) return this.#end(frame.error.startsWith('authentication failure') ? 'fatal' : 'retryable', `venue: ${frame.error.slice(0, 200)}`)
    const place = this.#sequence.place(frame.sequence)
    if (place === 'stale') return
    if (place === 'gap') this.#gap(`messages before number ${frame.sequence} are missing`)
    if (frame.channel === 'heartbeats') this.#beat(frame)
    if (this.#over) return
    const progress = this.#plan.take(frame, this.#isOpen)
    if (progress === 'lost') return this.#end('retryable', 'what was told contradicts itself')
    this.#confirm(progress === 'delivered')
  }

  #beat({ events }: ChannelFrame): void {
    const counter = readHeartbeat(events[0])
    const missed = counter === undefined ? 0 : this.#heartbeats.missed(counter)
    if (missed > 0) this.#gap(`${missed} heartbeats are missing`)
  }

  #confirm(delivered: boolean): void {
    if (this.#subscribed || !delivered || !this.#heartbeats.seen || this.#over) return
    this.#subscribed = true
    this.#plan.listener.subscribed()
  }

  #gap(detail: string): void {
    if (this.#over) return
    this.#plan.listener.gap(detail)
    if (this.#plan.endsAtGap === true) this.#end('retryable', detail)
  }

  #end(end: StreamEnd, detail: string): void {
    if (this.#over) return
    this.close()
    this.#plan.listener.ended(end, detail)
  }
}
