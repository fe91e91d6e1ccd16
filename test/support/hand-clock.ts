/** A clock moved by hand, whose timers run in real turns of the event loop: for what waits on real sockets. */
import type { Clock, Timer } from '../../src/ports/clock.ts'

export class HandClock implements Clock {
  #at = 1_790_000_000_000
  #timers: { due: number; task: () => void }[] = []

  now(): number {
    return this.#at
  }

  monotonic(): number {
    return this.#at
  }

  after(delayMs: number, task: () => void): Timer {
    const timer = { due: this.#at + delayMs, task }
    this.#timers.push(timer)
    return { cancel: () => void (this.#timers = this.#timers.filter((other) => other !== timer)) }
  }

  soon(task: () => void): void {
    this.after(0, task)
  }

  get pending(): number {
    return this.#timers.length
  }

  async advance(ms: number): Promise<void> {
    const end = this.#at + ms
    for (;;) {
      const [next] = this.#timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)
      if (next === undefined) break
      this.#timers = this.#timers.filter((other) => other !== next)
      this.#at = Math.max(this.#at, next.due)
      next.task()
      await settle()
    }
    this.#at = end
    await settle()
  }
}

export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
