/** Time and chance that a test moves by hand. */
import type { Clock, Timer } from '../../src/ports/clock.ts'
import type { Log } from '../../src/ports/log.ts'

interface Task {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** A clock that stands still until it is told to move; `soon` tasks run on the real event loop. */
export class ManualClock implements Clock {
  #now: number
  #wallAhead = 0
  #order = 0
  #tasks: Task[] = []

  constructor(now = 1_700_000_000_000) {
    this.#now = now
  }

  now(): number {
    return this.#now + this.#wallAhead
  }

  monotonic(): number {
    return this.#now
  }

  after(delayMs: number, run: () => void): Timer {
    const task = { at: this.#now + delayMs, order: ++this.#order, run }
    this.#tasks.push(task)
    return { cancel: () => { this.#tasks = this.#tasks.filter((one) => one !== task) } }
  }

  soon(run: () => void): void {
    setImmediate(run)
  }

  get waiting(): number {
    return this.#tasks.length
  }

  /** Sets the wall clock ahead or back without moving monotonic time. */
  jump(ms: number): void {
    this.#wallAhead += ms
  }

  /** Time passes and nobody notices: the thread stands still, and what came due meanwhile runs late. */
  stall(ms: number): void {
    this.#now += ms
  }

  /** Moves time, running everything that comes due, in order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    for (;;) {
      await settle()
      const [next] = this.#tasks.filter((task) => task.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)
      if (next === undefined) break
      this.#tasks = this.#tasks.filter((task) => task !== next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = until
    await settle()
  }
}

/** Lets everything that waits on promises and `soon` go on. */
export const settle = async (): Promise<void> => {
  for (let round = 0; round < 10; round++) await new Promise((resolve) => setImmediate(resolve))
}

/** A log that keeps what it was told. */
export const recordingLog = (): Log & { readonly lines: { level: string; event: string; fields: unknown }[] } => {
  const lines: { level: string; event: string; fields: unknown }[] = []
  const at = (level: string) => (event: string, fields?: unknown) => void lines.push({ level, event, fields })
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
