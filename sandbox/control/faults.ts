/** What a REST fault can aim at. */
export type RequestClass = 'create' | 'cancel' | 'reads'

/** One fault of the closed set: what it does, what it may aim at (the first is the default), and whether it counts or lasts. */
interface FaultKind {
  readonly does: string
  readonly targets: readonly string[]
  readonly measure: 'count' | 'durationMs' | 'both' | 'none'
}

const CLASSES = ['create', 'cancel', 'reads', 'all'] as const
const SOCKETS = ['all', 'market', 'user'] as const

/** Every fault the sandbox can make. */
export const faultKinds = {
  dropSockets: { does: 'closes the WebSocket connections now', targets: SOCKETS, measure: 'none' },
  goSilent: { does: 'sends no frame for durationMs, heartbeats and pongs included; sockets stay open and the frames are lost', targets: SOCKETS, measure: 'durationMs' },
  duplicateFrames: { does: 'sends the next count frames twice', targets: SOCKETS, measure: 'count' },
  reorderFrames: { does: 'sends the next count frames each after its successor', targets: SOCKETS, measure: 'count' },
  sequenceGap: { does: 'loses the next count frames, their sequence numbers with them', targets: SOCKETS, measure: 'count' },
  loseNextAnswer: { does: 'does what count requests ask, then destroys their sockets unanswered', targets: CLASSES, measure: 'count' },
  loseNextRequest: { does: 'destroys the sockets of count requests and does nothing', targets: CLASSES, measure: 'count' },
  lateAdmission: { does: 'destroys the sockets of count requests and does what they ask durationMs later', targets: ['create', 'cancel'], measure: 'both' },
  answer5xx: { does: 'answers count requests 503; with variant "created" they are done all the same', targets: CLASSES, measure: 'count' },
  answer429: { does: 'answers count requests 429 and does nothing', targets: CLASSES, measure: 'count' },
  delay: { does: 'lets count requests wait durationMs before they are done', targets: ['all', 'create', 'cancel', 'reads'], measure: 'both' },
  refuseConnections: { does: 'destroys every new connection and every request for durationMs', targets: ['all', 'rest', 'market', 'user'], measure: 'durationMs' },
  partialFills: { does: 'halves the next count executions of resting orders', targets: ['all'], measure: 'count' },
  clockSkew: { does: 'moves the venue clock by skewMs (default 60000) for durationMs', targets: ['all'], measure: 'durationMs' },
} as const satisfies Record<string, FaultKind>

export type FaultName = keyof typeof faultKinds

/** A request to `POST /faults`. */
export interface FaultRequest {
  readonly name: FaultName
  readonly count: number
  readonly durationMs: number
  readonly target: string
  readonly variant: 'created' | 'notCreated'
  readonly skewMs: number
}

interface Armed {
  readonly request: FaultRequest
  left: number
  readonly endsAt: number
}

const MAX_ARMED = 100

/** The armed faults. Counts run down as they are taken, durations by the clock. Bound: 100 armed at once. */
export class FaultBoard {
  readonly #armed: Armed[] = []
  readonly #now: () => number
  readonly #listeners = new Set<(request: FaultRequest) => void>()

  constructor(now: () => number) {
    this.#now = now
  }

  /** Calls the listener whenever a fault is armed; for the faults that act at once. */
  onArm(listener: (request: FaultRequest) => void): void {
    this.#listeners.add(listener)
  }

  /** False: too many are armed already. */
  arm(request: FaultRequest): boolean {
    this.#forgetOver()
    if (this.#armed.length >= MAX_ARMED) return false
    const { measure } = faultKinds[request.name]
    const endsAt = measure === 'durationMs' ? this.#now() + request.durationMs : Infinity
    if (measure !== 'none') this.#armed.push({ request, left: request.count, endsAt })
    for (const listener of this.#listeners) listener(request)
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
  active(name: FaultName, target: string): FaultRequest | undefined {
    return this.#find(name, target)?.request
  }

  /** What is armed, for `GET /faults`. */
  armed(): readonly Record<string, unknown>[] {
    this.#forgetOver()
    return this.#armed.map(({ request, left, endsAt }) => ({ name: request.name, target: request.target, left, ...(endsAt === Infinity ? {} : { leftMs: Math.max(0, endsAt - this.#now()) }) }))
  }

  clear(): void {
    this.#armed.length = 0
  }

  #find(name: FaultName, target: string): Armed | undefined {
    return this.#armed.find(({ request, left, endsAt }) => request.name === name && left > 0 && endsAt > this.#now() && (request.target === 'all' || target === request.target))
  }

  #forgetOver(): void {
    const kept = this.#armed.filter(({ left, endsAt }) => left > 0 && endsAt > this.#now())
    this.#armed.splice(0, this.#armed.length, ...kept)
  }
}

/** Reads a request body; a text is the sentence that says what is wrong with it. */
export function readFault(body: unknown): FaultRequest | string {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const name = fields['name']
  if (typeof name !== 'string' || !Object.hasOwn(faultKinds, name)) return `unknown fault ${JSON.stringify(name)}; known: ${Object.keys(faultKinds).join(', ')}`
  const known = name as FaultName
  const targets: readonly string[] = faultKinds[known].targets
  const target = fields['target'] ?? targets[0]
  if (typeof target !== 'string' || !targets.includes(target)) return `${name} aims at one of ${targets.join(', ')}, not ${JSON.stringify(target)}`
  const count = wholeNumber(fields['count'], 1, 100_000)
  const durationMs = wholeNumber(fields['durationMs'], 1000, 3_600_000)
  if (count === undefined || durationMs === undefined) return 'count (1 to 100000) and durationMs (1 to 3600000) are whole numbers'
  const skewMs = typeof fields['skewMs'] === 'number' ? fields['skewMs'] : 60_000
  return { name: known, target, count, durationMs, variant: fields['variant'] === 'created' ? 'created' : 'notCreated', skewMs }
}

function wholeNumber(value: unknown, otherwise: number, limit: number): number | undefined {
  if (value === undefined) return otherwise
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= limit ? value : undefined
}
