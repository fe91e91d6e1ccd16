/**
 * One WebSocket of the venue: connects, asks, is asked to say something now and then, hands frames on. It knows no meaning
 * and never connects twice.
 *
 * S1  `ended` is told once, and nothing after it; after `close` nothing is told at all.
 * S2  No connection is tried while the venue wants silence.
 * S3  A socket that says nothing by itself is made to: each heartbeat is a request that the venue answers at once, so
 *     silence means that it is gone.
 */
import type { Timer } from '../../ports/clock.ts'
import type { Stream, StreamEnd, StreamListener } from '../../ports/venue.ts'
import type { WebSocketLink } from '../venue-kit/web-socket.ts'
import { cleaned } from './failures.ts'
import { readFrame, type AnswerFrame, type EventFrame } from './frames.ts'
import type { Limits } from './limits.ts'
import type { Settings } from './options.ts'
import { PacedSender } from './paced-sender.ts'
import type { SocketParams } from './signed-request.ts'
import type { ErrorBody } from './wire.ts'

/** Going away, service restart: the venue is well and wants this socket gone. */
const drainCodes: ReadonlySet<number> = new Set([1001, 1012])
/** Requests under way; one connection never has more. */
const mostPending = 64

export interface ConnectionListener extends StreamListener {
  /** The venue will cut this connection soon (6.1). */
  leaving(detail: string): void
}

/** What a conversation may do with its connection; nothing happens any more once it has ended. */
export interface Line {
  request(method: string, params: SocketParams | readonly string[], answered: (answer: AnswerFrame) => void): void
  /** Every subscription is confirmed. */
  subscribed(): void
  end(end: StreamEnd, detail: string): void
  /** False once it has ended: what was asked elsewhere meanwhile is not told any more (S1). */
  readonly isOpen: boolean
}

/** The meaning of one connection. */
export interface Conversation {
  opened(): void
  event(frame: EventFrame): void
  /** An error that answers no request. */
  refused(error: ErrorBody): void
}

export interface FeedPlan {
  readonly url: string
  readonly settings: Pick<Settings, 'clock' | 'log' | 'openWebSocket' | 'heartbeatMs'>
  readonly limits: Limits
  /** A request that changes nothing. */
  readonly heartbeat: string
  readonly listener: ConnectionListener
  readonly converse: (line: Line) => Conversation
}

export class FeedSocket implements Stream, Line {
  readonly #plan: FeedPlan
  readonly #conversation: Conversation
  readonly #sender: PacedSender
  readonly #pending = new Map<number, (answer: AnswerFrame) => void>()
  #socket: WebSocketLink | undefined
  #beat: Timer | undefined
  #lastId = 0
  #over = false
  #isSubscribed = false
  #isLeaving = false

  constructor(plan: FeedPlan) {
    const { settings, limits, url } = plan
    this.#plan = plan
    this.#conversation = plan.converse(this)
    this.#sender = new PacedSender(settings.clock, (text) => this.#socket?.send(text))
    const { embargo } = limits
    if (embargo !== undefined) {
      settings.clock.soon(() => this.end('retryable', embargo.detail))
      return
    }
    this.#socket = settings.openWebSocket(url, {
      opened: () => this.#opened(),
      message: (text) => this.#receive(text),
      refused: (status) => this.#refused(status),
      failed: (code) => this.end(this.#isLeaving ? 'drained' : 'retryable', code),
      closed: (code) => this.end(this.#isLeaving || (this.#isSubscribed && drainCodes.has(code)) ? 'drained' : 'retryable', `closed with code ${code}`),
    })
  }

  get isOpen(): boolean {
    return !this.#over
  }

  close(): void {
    this.#over = true
    this.#beat?.cancel()
    this.#sender.stop()
    this.#pending.clear()
    this.#socket?.terminate()
  }

  request(method: string, params: SocketParams | readonly string[], answered: (answer: AnswerFrame) => void): void {
    if (this.#over) return
    this.#lastId += 1
    const hasParams = Object.keys(params).length > 0
    const sent = this.#pending.size < mostPending && this.#sender.send(JSON.stringify({ id: this.#lastId, method, ...(hasParams && { params }) }))
    if (sent) this.#pending.set(this.#lastId, answered)
    else this.end('retryable', 'requests remain without an answer')
  }

  subscribed(): void {
    if (this.#over || this.#isSubscribed) return
    this.#isSubscribed = true
    this.#plan.listener.subscribed()
  }

  end(end: StreamEnd, detail: string): void {
    if (this.#over) return
    this.close()
    this.#plan.listener.ended(end, detail)
  }

  #opened(): void {
    if (this.#over) return
    this.#plan.listener.opened()
    if (this.#over) return
    this.#conversation.opened()
    this.#beatLater()
  }

  /** One at a time: a heartbeat without an answer is itself the sign that something is wrong. */
  #beatLater(): void {
    const { settings, heartbeat } = this.#plan
    this.#beat = settings.clock.after(settings.heartbeatMs, () => this.request(heartbeat, {}, () => this.#beatLater()))
  }

  #refused(status: number): void {
    this.#plan.limits.toldBySocket(status)
    this.end(status === 401 || status === 403 || status === 451 ? 'fatal' : 'retryable', `HTTP ${status} instead of a WebSocket`)
  }

  #receive(text: string): void {
    if (this.#over) return
    this.#plan.listener.received()
    if (this.#over) return
    const frame = readFrame(text)
    if (frame === undefined) return this.#plan.settings.log.warn('venue.frameUnreadable', { bytes: text.length })
    if (frame.kind === 'answer') return this.#answer(frame)
    if (frame.type === 'serverShutdown') return this.#leave('the venue shuts this server down')
    this.#conversation.event(frame)
  }

  #answer(answer: AnswerFrame): void {
    if (answer.status !== undefined) this.#plan.limits.toldBySocket(answer.status, answer.retryAt)
    const answered = answer.id === undefined ? undefined : this.#pending.get(answer.id)
    if (answer.id !== undefined) this.#pending.delete(answer.id)
    if (answered !== undefined) answered(answer)
    else if (answer.error !== undefined) this.#conversation.refused(answer.error)
  }

  #leave(detail: string): void {
    if (this.#isLeaving) return
    this.#isLeaving = true
    this.#plan.listener.leaving(detail)
  }
}

/** What an error says, for people. */
export const inWords = ({ code, message }: ErrorBody): string => cleaned(`venue: ${[code, message].filter((part) => part !== undefined).join(' ') || 'unnamed error'}`)
