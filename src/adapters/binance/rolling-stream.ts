/**
 * A stream that outlives its connections: the venue cuts each at 24 h, and those that were opened together are cut together
 * (binance-spot.md 6.1, 12). Before that a second connection is opened, both serve, and the second takes over.
 *
 * T1  The old connection is let go only when every subscription of the new one is confirmed.
 * T2  Whoever listens hears of no hand-over; an old connection that ends before it is done ends the stream.
 * T3  At most two connections at a time, and a failed attempt is followed by a pause.
 */
import type { Millis } from '../../domain/time.ts'
import type { Timer } from '../../ports/clock.ts'
import type { Stream, StreamEnd, StreamListener } from '../../ports/venue.ts'
import type { Settings } from './options.ts'
import type { ConnectionListener } from './socket.ts'

/** The last part of a connection's age is drawn by lot, so that the streams of a desk do not move all at once. */
const drawnShare = 0.02
const handOverMs: Millis = 15_000
const againMs: Millis = 60_000
/** The venue gives no fixed notice of a shutdown. */
const hastyAgainMs: Millis = 2_000

export interface RollingStreamPlan {
  readonly settings: Pick<Settings, 'clock' | 'log' | 'random' | 'renewAfterMs'>
  readonly listener: StreamListener
  /** Opens one connection; nothing is told before it has returned. `serial` rises with every connection of this stream. */
  readonly connect: (listener: ConnectionListener, serial: number) => Stream
}

interface Leg {
  readonly stream: Stream
}

export class RollingStream implements Stream {
  readonly #plan: RollingStreamPlan
  #current: Leg
  #successor: Leg | undefined
  #serial = 0
  #timer: Timer | undefined
  #over = false
  #isSubscribed = false
  #leaving: string | undefined

  constructor(plan: RollingStreamPlan) {
    this.#plan = plan
    this.#current = this.#connect()
  }

  close(): void {
    this.#over = true
    this.#timer?.cancel()
    this.#current.stream.close()
    this.#successor?.stream.close()
  }

  #connect(): Leg {
    this.#serial += 1
    const leg: { stream: Stream } = { stream: { close: () => undefined } }
    leg.stream = this.#plan.connect(this.#listenerOf(leg), this.#serial)
    return leg
  }

  #listenerOf(leg: Leg): ConnectionListener {
    const { listener } = this.#plan
    const isCurrent = (): boolean => leg === this.#current
    return {
      opened: () => {
        if (!isCurrent()) return
        this.#renewAtAge()
        listener.opened()
      },
      subscribed: () => {
        if (!isCurrent()) this.#takeOver(leg)
        this.#subscribed()
      },
      received: () => listener.received(),
      gap: (detail) => {
        if (isCurrent()) listener.gap(detail)
      },
      leaving: (detail) => (isCurrent() ? this.#leave(detail) : this.#successorEnded(detail)),
      ended: (end, detail) => (isCurrent() ? this.#ended(end, detail) : this.#successorEnded(detail)),
    }
  }

  #subscribed(): void {
    if (this.#isSubscribed) return
    this.#isSubscribed = true
    this.#plan.listener.subscribed()
  }

  #renewAtAge(): void {
    const { random, renewAfterMs } = this.#plan.settings
    this.#renewIn(renewAfterMs * (1 - drawnShare * random.fraction()))
  }

  #renewIn(delayMs: Millis): void {
    this.#after(delayMs, () => this.#renew())
  }

  #after(delayMs: Millis, task: () => void): void {
    this.#timer?.cancel()
    this.#timer = this.#plan.settings.clock.after(delayMs, task)
  }

  #renew(): void {
    if (this.#over || this.#successor !== undefined) return
    this.#successor = this.#connect()
    this.#after(handOverMs, () => this.#successorEnded(`not ready within ${handOverMs} ms`))
  }

  #takeOver(leg: Leg): void {
    const old = this.#current
    this.#current = leg
    this.#successor = undefined
    this.#leaving = undefined
    this.#renewAtAge()
    old.stream.close()
    this.#plan.settings.log.info('venue.connectionRenewed', { connection: this.#serial })
  }

  #successorEnded(detail: string): void {
    this.#successor?.stream.close()
    this.#successor = undefined
    this.#plan.settings.log.warn('venue.renewalFailed', { detail })
    this.#renewIn(this.#leaving === undefined ? againMs : hastyAgainMs)
  }

  #leave(detail: string): void {
    this.#leaving = detail
    this.#renew()
  }

  #ended(end: StreamEnd, detail: string): void {
    this.close()
    this.#plan.listener.ended(end, this.#leaving === undefined ? detail : `${this.#leaving}: ${detail}`)
  }
}
