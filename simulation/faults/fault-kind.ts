/** One kind of trouble: what it is called, which rows of the fault catalogue it stands for, and how it is made. */
import type { Failpoint } from '../../src/ports/failpoints.ts'
import type { Random } from '../../src/simulated-market/random.ts'
import type { FaultRequest } from '../../sandbox/control/fault-kinds.ts'
import type { DeskHost } from '../process/desk-host.ts'
import type { Machine } from '../process/life.ts'
import type { StoreTrouble, StoreWeather } from '../store/store-weather.ts'
import type { VirtualClock } from '../time/virtual-clock.ts'
import type { MarketPath } from '../venue/market-path.ts'
import type { SimulatedVenue } from '../venue/simulated-venue.ts'
import type { NextCommit } from '../../src/adapters/memory/memory-journal.ts'
import type { ProofOfAbsence } from '../../src/ports/venue.ts'

/** What happens to a process at a named moment. */
export interface PointPlan {
  readonly point: Failpoint
  readonly action: 'kill' | 'freeze'
  /** How often the moment passes before. */
  skip: number
  readonly forMs: number
}

/** What a fault can reach. */
export interface FaultTargets {
  readonly clock: VirtualClock
  readonly venue: SimulatedVenue<MarketPath>
  readonly weather: StoreWeather
  readonly host: DeskHost
  readonly machine: Machine
  readonly proof: ProofOfAbsence
  /** The room on the store's disk, which somebody else may fill. */
  readonly disk: { full: boolean }
  /** Notes that the fault has met something. */
  readonly met: () => void
  /** Arms a fault of the venue; `met` is called when it meets something. */
  readonly arm: (request: Partial<FaultRequest> & Pick<FaultRequest, 'name'>) => void
  /** The same for the store. */
  readonly trouble: (trouble: StoreTrouble, forMs: number) => void
  readonly loseCommit: (next: NextCommit) => void
  /** The same for a moment of the desk. */
  readonly plan: (plan: PointPlan) => void
  /** The wall clock is set, by that much. */
  readonly setClock: (byMs: number) => void
}

export interface FaultKind {
  readonly id: string
  /** Rows of the fault catalogue. */
  readonly rows: readonly string[]
  /** 1 is usual; a kind of rarity 4 falls a quarter as often where it is drawn. */
  readonly rarity?: number
  inject(targets: FaultTargets, random: Random): void
}
