import { faultKinds, type FaultName, type FaultRequest } from './fault-kinds.ts'

interface Armed {
  readonly request: FaultRequest
  readonly since: number
  readonly endsAt: number
  left: number
}

/** A lasting fault that is on. */
export interface ActiveFault extends FaultRequest {
  /** When it was armed. */
  readonly since: number
}

const MAX_ARMED = 100

/** The armed faults. Counts run down as they are taken, durations by the clock. Bound: 100 armed at once. */
export class FaultBoard {
  readonly #armed: Armed[] = []
  readonly #now: () => number
  readonly #onArm = new Set<(request: FaultRequest) => void>()
  readonly #onEffect = new Set<(request: FaultRequest) => void>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** Calls the listener whenever a fault is armed, for the faults that act at once; returns how to stop. */
  onArm(listener: (request: FaultRequest) => void): () => void {
    this.#onArm.add(listener)
    return () => this.#onArm.delete(listener)
  }

  /** Calls the listener whenever a fault has met something: a request, a frame, a look at what it changes. */
  onEffect(listener: (request: FaultRequest) => void): void {
    this.#onEffect.add(listener)
  }

  /** False: too many are armed already. */
  arm(request: FaultRequest): boolean {
    this.#forgetOver()
    if (this.#armed.length >= MAX_ARMED) return false
    const { measure } = faultKinds[request.name]
    const since = this.#now()
    const endsAt = measure === 'durationMs' ? since + request.durationMs : Infinity
    if (measure !== 'none') this.#armed.push({ request, since, endsAt, left: request.count })
    for (const listener of this.#onArm) listener(request)
    return true
  }

  /** Takes one of a counting fault aimed at `target`, if armed. */
  take(name: FaultName, target: string): FaultRequest | undefined {
    const armed = this.#find(name, target)
    if (!armed) return undefined
    armed.left -= 1
    this.#forgetOver()
    return armed.request
  }

  /** The lasting fault of that name aimed at `target`, if it is on now. */
  active(name: FaultName, target: string): ActiveFault | undefined {
    const armed = this.#find(name, target)
    return armed && { ...armed.request, since: armed.since }
  }

  /** What is armed, for `GET /faults`. */
  armed(): readonly Record<string, unknown>[] {
    this.#forgetOver()
    return this.#armed.map(({ request, left, endsAt }) => ({ name: request.name, target: request.target, left, ...(endsAt === Infinity ? {} : { leftMs: Math.max(0, endsAt - this.#now()) }) }))
  }

  /** Takes a fault back, whatever is left of it. */
  disarm(request: FaultRequest): void {
    const index = this.#armed.findIndex((armed) => armed.request === request)
    if (index >= 0) this.#armed.splice(index, 1)
  }

  clear(): void {
    this.#armed.length = 0
  }

  #find(name: FaultName, target: string): Armed | undefined {
    if (this.#armed.length === 0) return undefined
    const found = this.#armed.find(({ request, left, endsAt }) => request.name === name && left > 0 && endsAt > this.#now() && (request.target === 'all' || target === request.target))
    if (found) for (const listener of this.#onEffect) listener(found.request)
    return found
  }

  #forgetOver(): void {
    const kept = this.#armed.filter(({ left, endsAt }) => left > 0 && endsAt > this.#now())
    this.#armed.splice(0, this.#armed.length, ...kept)
  }
}
