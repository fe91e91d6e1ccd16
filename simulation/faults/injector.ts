/**
 * Lets the drawn faults fall, and counts them where they hit: a fault that was armed and met nothing is not counted.
 *
 * F1  What meets nothing within a while is taken back, so that a rare request is not hit by yesterday's fault.
 */
import type { NextCommit } from '../../src/adapters/memory/memory-journal.ts'
import type { Failpoint, Failpoints } from '../../src/ports/failpoints.ts'
import type { ProofOfAbsence } from '../../src/ports/venue.ts'
import { faultKinds as venueKinds, type FaultRequest } from '../../sandbox/control/fault-kinds.ts'
import type { DeskHost, DeskProcess } from '../process/desk-host.ts'
import type { Machine } from '../process/life.ts'
import type { StoreTrouble, StoreWeather } from '../store/store-weather.ts'
import type { VirtualClock } from '../time/virtual-clock.ts'
import type { MarketPath } from '../venue/market-path.ts'
import type { SimulatedVenue } from '../venue/simulated-venue.ts'
import type { FaultTargets, PointPlan } from './fault-kind.ts'
import type { DrawnFault } from './swarm.ts'

export interface InjectorParts {
  readonly clock: VirtualClock
  readonly venue: SimulatedVenue<MarketPath>
  readonly weather: StoreWeather
  readonly host: DeskHost
  readonly machine: Machine
  readonly proof: ProofOfAbsence
  readonly disk: { full: boolean }
  readonly say: (text: string) => void
  readonly clockSet: () => void
}

interface ArmedPoint {
  readonly kind: string
  readonly plan: PointPlan
}

/** How long an armed fault waits for something to meet. */
const patienceMs = 12_000

export class FaultInjector {
  /** How often each kind has met something. */
  readonly met = new Map<string, number>()
  readonly #parts: InjectorParts
  readonly #byRequest = new Map<FaultRequest, string>()
  readonly #byTrouble = new Map<StoreTrouble | NextCommit, string>()
  #points: ArmedPoint[] = []
  #isOver = false

  constructor(parts: InjectorParts) {
    this.#parts = parts
    parts.venue.faults.onEffect((request) => this.#noteOnce(this.#byRequest, request))
  }

  /** Lets a kind fall again and again from now on. */
  begin({ kind, gapMs, random }: DrawnFault): void {
    this.#parts.clock.after(random.exponential(gapMs), () => {
      if (this.#isOver) return
      this.#parts.say(kind.id)
      kind.inject(this.#targets(kind.id), random)
      this.begin({ kind, gapMs, random })
    })
  }

  /** No fault falls any more, and none that fell goes on. */
  end(): void {
    const { venue, weather, host, disk } = this.#parts
    this.#isOver = true
    this.#points = []
    venue.faults.clear()
    weather.clear()
    disk.full = false
    host.wakeAll()
  }

  /** The store ran into its trouble. */
  storeMet(trouble: StoreTrouble | NextCommit): void {
    this.#noteOnce(this.#byTrouble, trouble)
  }

  /** The named moments of one process. */
  failpointsOf(process: DeskProcess): Failpoints {
    return { reach: (point) => this.#reach(process, point) }
  }

  #reach(process: DeskProcess, point: Failpoint): void {
    if (this.#points.length === 0 || process.life.state !== 'awake') return
    const armed = this.#points.find(({ plan }) => plan.point === point)
    if (armed === undefined || armed.plan.skip-- > 0) return
    this.#points = this.#points.filter((one) => one !== armed)
    this.#note(armed.kind)
    const { host } = this.#parts
    if (armed.plan.action === 'kill') return host.kill(process, `at ${point}`)
    host.freeze(process, armed.plan.forMs, 0, `at ${point}`)
    host.succeed(process, 0)
  }

  #targets(kind: string): FaultTargets {
    const { clock, venue, weather, host, machine, proof, disk } = this.#parts
    return {
      clock,
      venue,
      weather,
      host,
      machine,
      proof,
      disk,
      met: () => this.#note(kind),
      arm: (request) => this.#arm(kind, request),
      trouble: (trouble, forMs) => {
        this.#byTrouble.set(trouble, kind)
        weather.begin(trouble, forMs)
      },
      loseCommit: (next) => {
        this.#byTrouble.set(next, kind)
        weather.loseNext(next)
      },
      plan: (plan) => this.#plan({ kind, plan }),
      setClock: (byMs) => {
        machine.wallAheadMs += byMs
        this.#parts.clockSet()
      },
    }
  }

  #arm(kind: string, draw: Partial<FaultRequest> & Pick<FaultRequest, 'name'>): void {
    const { venue, clock } = this.#parts
    const { targets, measure, ...known } = venueKinds[draw.name]
    const variant = 'variants' in known ? known.variants[0] : ''
    const request: FaultRequest = { count: 1, durationMs: 1_000, target: targets[0], variant, skewMs: 0, reason: '', ...draw }
    this.#byRequest.set(request, kind)
    if (!venue.faults.arm(request)) return
    // These act at once, on whatever is there.
    if (measure === 'none' || draw.name === 'partialFills') this.#noteOnce(this.#byRequest, request)
    clock.after(Math.max(patienceMs, request.durationMs), () => venue.faults.disarm(request))
  }

  #plan(armed: ArmedPoint): void {
    this.#points.push(armed)
    this.#parts.clock.after(patienceMs, () => {
      this.#points = this.#points.filter((one) => one !== armed)
    })
  }

  /** A fault that meets many things is one fault. */
  #noteOnce<K>(kinds: Map<K, string>, key: K): void {
    const kind = kinds.get(key)
    if (kind === undefined) return
    kinds.delete(key)
    this.#note(kind)
  }

  #note(kind: string): void {
    this.met.set(kind, (this.met.get(kind) ?? 0) + 1)
  }
}
