/**
 * What runs the desk and starts it again, as a service manager does: one process at a time is meant to run, and others
 * that were frozen, or lost the desk to a successor, may still be about.
 *
 * H1  A desk that has ended or died, or could not start, is followed by another after a pause.
 * H2  The store notices that a process is gone a little later, and only then gives its lock to another.
 */
import { Desk, type DeskEnd } from '../../src/actors/desk.ts'
import { DeskCannotStart, type DeskOptions } from '../../src/actors/desk-options.ts'
import { MemoryJournal, type MemoryStore } from '../../src/adapters/memory/memory-journal.ts'
import type { Random } from '../../src/simulated-market/random.ts'
import type { VirtualClock } from '../time/virtual-clock.ts'
import { Life, type Machine } from './life.ts'

/** One process and what it holds. */
export interface DeskProcess {
  readonly life: Life
  readonly journal: MemoryJournal
  /** The epoch that its lease gave it; 0 before. */
  epoch: number
  desk: Desk | undefined
}

export interface DeskHostParts {
  readonly clock: VirtualClock
  readonly machine: Machine
  readonly store: MemoryStore
  readonly random: Random
  readonly optionsOf: (process: DeskProcess) => DeskOptions
  readonly say: (text: string) => void
  /** A desk threw what nobody expects of it. */
  readonly failed: (detail: string) => void
}

const leastPauseMs = 50
const pauseMs = 1_200
const noticeMs = 40
const stopWithinMs = 5_000

export class DeskHost {
  readonly #parts: DeskHostParts
  readonly #processes = new Set<DeskProcess>()
  #count = 0
  #current: DeskProcess | undefined

  constructor(parts: DeskHostParts) {
    this.#parts = parts
  }

  /** Processes that were ever begun. */
  get count(): number {
    return this.#count
  }

  /** The process that is meant to run. */
  get current(): DeskProcess | undefined {
    return this.#current
  }

  /** Processes that are not dead, the current one among them. */
  get processes(): ReadonlySet<DeskProcess> {
    return this.#processes
  }

  /** Begins a process; beside another it is the current one only when it is meant to succeed it. */
  launch(meant: 'to run' | 'beside' = 'to run'): DeskProcess {
    const { clock, machine, store, optionsOf, say } = this.#parts
    const life = new Life(++this.#count, clock, machine)
    const process: DeskProcess = { life, journal: new MemoryJournal(store), epoch: 0, desk: undefined }
    this.#processes.add(process)
    if (meant === 'to run') this.#current = process
    life.whenDead(() => this.#buried(process))
    say(`process ${life.number} starts`)
    Desk.start(optionsOf(process)).then(
      (desk) => this.#started(process, desk),
      (error: unknown) => this.#refused(process, error),
    )
    return process
  }

  kill({ life }: DeskProcess, why: string): void {
    if (life.state === 'dead') return
    this.#parts.say(`process ${life.number} is killed: ${why}`)
    life.kill()
  }

  /** @param sleptMs how much of the time its monotonic clock stands still */
  freeze({ life }: DeskProcess, forMs: number, sleptMs: number, why: string): void {
    if (life.state !== 'awake') return
    this.#parts.say(`process ${life.number} freezes for ${Math.round(forMs)} ms: ${why}`)
    life.freeze()
    this.#parts.clock.after(forMs, () => this.#wake(life, sleptMs))
  }

  #wake(life: Life, sleptMs: number): void {
    if (life.state === 'frozen') this.#parts.say(`process ${life.number} wakes`)
    life.thaw(sleptMs)
  }

  /** The store gives a living process's lock away, and a successor begins; the process does not know it yet. */
  succeed(process: DeskProcess, afterMs: number): void {
    const { store, clock, say } = this.#parts
    if (store.holder === process.journal) store.holder = undefined
    clock.after(afterMs, () => {
      if (this.#current !== process || process.life.state === 'dead') return
      say(`process ${process.life.number} is succeeded`)
      this.launch()
    })
  }

  stop(process: DeskProcess): void {
    this.#parts.say(`process ${process.life.number} is asked to stop`)
    process.life.hear(() => void process.desk?.stop('asked to', stopWithinMs))
  }

  /** Wakes whoever is frozen. */
  wakeAll(): void {
    for (const { life } of this.#processes) this.#wake(life, 0)
  }

  #started(process: DeskProcess, desk: Desk): void {
    // Killed in the middle of an instruction: what that instruction led to is nobody's any more.
    if (process.life.state === 'dead') return
    process.desk = desk
    // One that was begun beside the others may be the one that got the desk.
    if (this.#parts.store.holder === process.journal) this.#current = process
    void desk.ended.then((end: DeskEnd) => this.#exit(process, `it has ended: ${end}`))
  }

  #refused(process: DeskProcess, error: unknown): void {
    if (process.life.state === 'dead') return
    const expected = error instanceof DeskCannotStart || (error instanceof Error && 'code' in error)
    if (!expected) this.#parts.failed(error instanceof Error ? (error.stack ?? error.message) : String(error))
    this.#exit(process, `it cannot start: ${error instanceof Error ? error.message : String(error)}`)
  }

  #exit({ life }: DeskProcess, why: string): void {
    if (life.state === 'dead') return
    this.#parts.say(`process ${life.number} exits: ${why}`)
    life.kill()
  }

  #buried(process: DeskProcess): void {
    const { clock, random, store } = this.#parts
    this.#processes.delete(process)
    clock.after(random.uniform() * noticeMs, () => {
      if (store.holder === process.journal) void process.journal.close()
    })
    if (this.#current !== process) return
    // A successor that came too early leaves the desk to the one that has it.
    const holder = [...this.#processes].find(({ journal, desk }) => store.holder === journal && desk !== undefined)
    if (holder !== undefined) {
      this.#current = holder
      return
    }
    clock.after(leastPauseMs + random.uniform() * pauseMs, () => {
      if (this.#current === process) this.launch()
    })
  }
}
