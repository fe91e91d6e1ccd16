/**
 * What the desk must know of its own body: a thread that stood still, a clock that leapt, a disk that fills.
 *
 * H1  After a stall or a leap nothing heard before it counts: the board is suspect at once and both streams begin anew.
 * H2  After a leap entries wait until the venue's clock has been measured again (CK-01, CK-03).
 * H3  Deadlines that came due while the machine slept are due when it wakes.
 */
import { deskAddress } from '../domain/address.ts'
import type { DeskOptions } from './desk-options.ts'
import { DiskWatch } from './disk-watch.ts'
import type { Links } from './links.ts'
import type { PriceBoard } from './price-board.ts'
import { Pulse } from './pulse.ts'
import type { Message } from './turn.ts'

/** Pause between attempts to measure the venue's clock after a leap. */
const measureAgainMs = 2_000

export interface HealthOptions {
  readonly options: DeskOptions
  readonly board: PriceBoard
  readonly links: Links
  post(message: Message): void
  /** Time has passed that the monotonic clock did not count. */
  slept(ms: number): void
}

export class Health {
  readonly #parts: HealthOptions
  readonly #pulse: Pulse
  readonly #disk: DiskWatch
  #stopped = false
  #leaps = 0

  constructor(parts: HealthOptions) {
    const { clock, log, disk, tuning } = parts.options
    this.#parts = parts
    this.#pulse = new Pulse({
      clock,
      policy: tuning.pulse,
      onStall: (lateMs) => this.#beginAnew(`the process stood still for ${lateMs} ms`),
      onLeap: (byMs) => {
        if (byMs > 0) parts.slept(byMs)
        this.#beginAnew(`the wall clock moved by ${byMs} ms`)
        void this.#measure(byMs)
      },
    })
    this.#disk = new DiskWatch({ disk, clock, log, policy: tuning.disk, onLow: (detail) => this.#hinder('disk', detail), onEnough: () => this.#unhinder('disk') })
  }

  /** The latest that a beat of this process ever was. */
  get worstStallMs(): number {
    return this.#pulse.worstMs
  }

  start(): void {
    this.#pulse.start()
    this.#disk.start()
  }

  stop(): void {
    this.#stopped = true
    this.#pulse.stop()
    this.#disk.stop()
  }

  #beginAnew(detail: string): void {
    const { options, board, links } = this.#parts
    options.log.warn('desk.stoodStill', { detail })
    board.suspect()
    links.renew(detail)
  }

  async #measure(byMs: number): Promise<void> {
    const { venue, clock, log } = this.#parts.options
    const leap = ++this.#leaps
    this.#hinder('clock', `the wall clock moved by ${byMs} ms, and the venue's clock has not been measured since`)
    // A measurement that began before the last leap ends no hindrance: that leap has its own.
    while (!this.#stopped && leap === this.#leaps) {
      const offset = await venue.clockOffset()
      if (leap !== this.#leaps) return
      if (offset.ok) return this.#unhinder('clock')
      log.warn('venue.clockUnmeasured', { ...offset.failure })
      await new Promise<void>((resolve) => void clock.after(measureAgainMs, resolve))
    }
  }

  #hinder(what: 'disk' | 'clock', detail: string): void {
    this.#parts.post({ to: deskAddress, event: { type: 'hindered', what, detail } as Message['event'] })
  }

  #unhinder(what: 'disk' | 'clock'): void {
    this.#parts.post({ to: deskAddress, event: { type: 'unhindered', what } as Message['event'] })
  }
}
