/**
 * One reader of committed events, over server-sent events.
 *
 * E1  After a position: everything committed since comes exactly once and in order, then what happens from now on.
 * E2  A reader never slows the desk: what it does not take is bounded, and beyond the bound its stream is closed. It
 *     comes back with the last position it saw and misses nothing.
 */
import type { ServerResponse } from 'node:http'
import type { Subscription } from 'rxjs'
import type { EventRecord } from '../../domain/records.ts'
import type { Clock, Timer } from '../../ports/clock.ts'
import type { Inspection } from '../../ports/inspection.ts'
import { SseOutlet } from './sse-outlet.ts'

/** Bounds of a stream. */
export interface StreamBounds {
  /** Bytes written that the reader has not taken. */
  readonly unflushedBytes: number
  /** Events that happen while the missed ones are sent. */
  readonly waitingEvents: number
  /** Missed events read at once. */
  readonly page: number
  readonly heartbeatMs: number
}

export const streamBounds: StreamBounds = { unflushedBytes: 1024 * 1024, waitingEvents: 10_000, page: 500, heartbeatMs: 15_000 }

/** Why a stream came to its end. */
export type StreamEnd = 'readerGone' | 'readerSlow' | 'tooFarBehind' | 'storeAway' | 'closed'

/** What a stream works with. */
export interface StreamParts {
  readonly inspection: Pick<Inspection, 'events' | 'missed'>
  readonly clock: Clock
  readonly bounds: StreamBounds
  /** Told once. */
  readonly ended: (why: StreamEnd) => void
}

const frame = (record: EventRecord): string => `id: ${record.position}\nevent: transition\ndata: ${JSON.stringify(record)}\n\n`

export class EventStream {
  readonly #outlet: SseOutlet
  readonly #parts: StreamParts
  #subscription: Subscription | undefined
  #heartbeat: Timer | undefined
  /** Position of the newest event that the reader has. */
  #last = 0
  /** Events that came while the missed ones are sent; undefined once live. */
  #waiting: EventRecord[] | undefined
  #open = true

  constructor(response: ServerResponse, parts: StreamParts) {
    this.#outlet = new SseOutlet(response, parts.bounds.unflushedBytes)
    this.#parts = parts
    response.on('close', () => this.end('readerGone'))
    response.on('error', () => this.end('readerGone'))
  }

  /** Begins after the last position that the reader has; with undefined it begins with what comes next. */
  start(after: number | undefined): void {
    this.#outlet.open()
    if (after !== undefined) this.#waiting = []
    // Before the missed ones are read: what is committed during the reading is then in one of the two, or in both.
    this.#subscription = this.#parts.inspection.events.subscribe({
      next: (record) => this.#take(record),
      complete: () => this.end('closed'),
      error: () => this.end('closed'),
    })
    this.#beat()
    if (after !== undefined) this.#catchUp(after).catch(() => this.end('storeAway'))
  }

  end(why: StreamEnd): void {
    if (!this.#open) return
    this.#open = false
    this.#subscription?.unsubscribe()
    this.#heartbeat?.cancel()
    this.#waiting = undefined
    // Who does not take what was sent would not take the end either.
    if (why === 'readerSlow') this.#outlet.destroy()
    else this.#outlet.end()
    this.#parts.ended(why)
  }

  #take(record: EventRecord): void {
    if (this.#waiting === undefined) return this.#send(record)
    if (this.#waiting.length >= this.#parts.bounds.waitingEvents) return this.end('tooFarBehind')
    this.#waiting.push(record)
  }

  /** Sends it unless the reader has it: an event may be read from the journal before its news comes. */
  #send(record: EventRecord): void {
    if (!this.#open || record.position <= this.#last) return
    this.#last = record.position
    this.#write(frame(record))
  }

  #write(text: string): void {
    if (this.#open && !this.#outlet.write(text)) this.end('readerSlow')
  }

  async #catchUp(after: number): Promise<void> {
    this.#last = after
    if (after > 0 && !(await this.#reaches(after))) this.#beginAnew()
    else await this.#sendMissed()
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const record of waiting) this.#send(record)
  }

  /** False when the journal was never so long: the reader's position belongs to another store. */
  async #reaches(position: number): Promise<boolean> {
    return (await this.#parts.inspection.missed(position - 1, 1)).length > 0
  }

  #beginAnew(): void {
    this.#last = 0
    this.#write('event: reset\ndata: {}\n\n')
  }

  async #sendMissed(): Promise<void> {
    const { page } = this.#parts.bounds
    for (let got = page; got === page && this.#open; ) {
      const missed = await this.#parts.inspection.missed(this.#last, page)
      for (const record of missed) this.#send(record)
      got = missed.length
      await this.#outlet.drained()
    }
  }

  #beat(): void {
    this.#heartbeat = this.#parts.clock.after(this.#parts.bounds.heartbeatMs, () => {
      if (this.#outlet.stalled()) return this.end('readerSlow')
      this.#write(': alive\n\n')
      if (this.#open) this.#beat()
    })
  }
}
