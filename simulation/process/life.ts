/**
 * One process: everything that it hears and says passes through here, so that it can die or freeze between any two
 * instructions.
 *
 * P1  A dead process hears nothing and says nothing, for ever.
 * P2  A frozen one hears and says, in order, when it wakes; its clock has gone on meanwhile, unless the machine slept.
 * P3  A timer rings by the process's own monotonic clock: time that the machine slept does not count.
 */
import type { Clock, Timer } from '../../src/ports/clock.ts'
import type { VirtualClock } from '../time/virtual-clock.ts'

/** The machine's wall clock, which its processes share and which can be set. */
export interface Machine {
  /** Wall time at the beginning of the world, milliseconds since 1970. */
  readonly epochMs: number
  /** How far the wall clock is ahead of the venue's. */
  wallAheadMs: number
}

/** Moments are fractions: the rest of one that is as good as over is no wait. */
const roundingMs = 1e-6

type LifeState = 'awake' | 'frozen' | 'dead'

export class Life {
  /** 1 for the first process of the world. */
  readonly number: number
  readonly clock: Clock
  readonly #world: VirtualClock
  readonly #machine: Machine
  readonly #whenDead: (() => void)[] = []
  #parked: (() => void)[] = []
  #sleptMs = 0
  #timers = 0
  #state: LifeState = 'awake'

  constructor(number: number, world: VirtualClock, machine: Machine) {
    this.number = number
    this.#world = world
    this.#machine = machine
    this.clock = {
      now: () => Math.floor(machine.epochMs + world.now + machine.wallAheadMs),
      monotonic: () => world.now - this.#sleptMs,
      after: (delayMs, task) => this.#after(delayMs, task),
      soon: (task) => void this.#after(0, task),
    }
  }

  get state(): LifeState {
    return this.#state
  }

  /** Timers that have not rung. */
  get timers(): number {
    return this.#timers
  }

  /** World time of a moment on this process's wall clock, as the wall clock stands now. */
  worldTimeOf(wall: number): number {
    return wall - this.#machine.epochMs - this.#machine.wallAheadMs
  }

  /** Something reaches the process. */
  hear(task: () => void): void {
    if (this.#state === 'awake') task()
    else if (this.#state === 'frozen') this.#parked.push(task)
  }

  /** Something leaves the process. */
  say(task: () => void): void {
    this.hear(task)
  }

  /** Calls back when the process dies, as the system does that closes its sockets. */
  whenDead(task: () => void): void {
    this.#whenDead.push(task)
  }

  kill(): void {
    if (this.#state === 'dead') return
    this.#state = 'dead'
    this.#parked = []
    for (const task of this.#whenDead.splice(0)) task()
  }

  freeze(): void {
    if (this.#state === 'awake') this.#state = 'frozen'
  }

  /** @param sleptMs how much of the time the whole machine slept: its monotonic clock stood still */
  thaw(sleptMs = 0): void {
    if (this.#state !== 'frozen') return
    this.#sleptMs += sleptMs
    this.#state = 'awake'
    for (const task of this.#parked.splice(0)) this.#world.after(0, () => this.hear(task))
  }

  #after(delayMs: number, task: () => void): Timer {
    const dueAt = this.clock.monotonic() + Math.max(delayMs, 0)
    let open = true
    let timer: Timer
    const close = (): void => {
      if (!open) return
      open = false
      this.#timers--
    }
    const ring = (): void => {
      if (!open) return
      const leftMs = dueAt - this.clock.monotonic()
      if (leftMs > roundingMs) {
        timer = this.#world.after(leftMs, heard)
        return
      }
      close()
      task()
    }
    const heard = (): void => this.hear(ring)
    this.#timers++
    timer = this.#world.after(delayMs, heard)
    return {
      cancel: () => {
        close()
        timer.cancel()
      },
    }
  }
}
