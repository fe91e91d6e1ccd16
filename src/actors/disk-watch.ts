/** Says when the store's disk is nearly full, and when there is room again: entries wait, exits do not (DB-09). */
import type { Millis } from '../domain/time.ts'
import type { Clock, Timer } from '../ports/clock.ts'
import type { Disk, FreeSpace } from '../ports/disk.ts'
import type { Log } from '../ports/log.ts'

export interface DiskPolicy {
  readonly everyMs: Millis
  /** Nearly full is below both of these. */
  readonly leastShare: number
  readonly leastBytes: number
}

export interface DiskWatchOptions {
  readonly disk: Disk
  readonly clock: Clock
  readonly log: Log
  readonly policy: DiskPolicy
  readonly onLow: (detail: string) => void
  readonly onEnough: () => void
}

/** Room must have grown by this much before it is enough again. */
const hysteresis = 1.1
const mebibyte = 1_048_576

export class DiskWatch {
  readonly #options: DiskWatchOptions
  #timer: Timer | undefined
  #low = false
  #stopped = false

  constructor(options: DiskWatchOptions) {
    this.#options = options
  }

  start(): void {
    void this.#look()
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  async #look(): Promise<void> {
    const { disk, clock, log, policy } = this.#options
    const free = await disk.free().catch((error: unknown) => {
      log.warn('disk.unreadable', { detail: String(error) })
      return undefined
    })
    if (this.#stopped) return
    if (free !== undefined) this.#weigh(free)
    this.#timer = clock.after(policy.everyMs, () => void this.#look())
  }

  #weigh({ bytes, share }: FreeSpace): void {
    const { policy, onLow, onEnough } = this.#options
    const factor = this.#low ? hysteresis : 1
    const low = share < policy.leastShare * factor && bytes < policy.leastBytes * factor
    if (low === this.#low) return
    this.#low = low
    if (low) onLow(`the store's disk has ${Math.round(bytes / mebibyte)} MiB (${(share * 100).toFixed(1)} %) left: make room`)
    else onEnough()
  }
}
