/** What a desk is made of, and the waits and bounds that it keeps. */
import type { Command } from '../domain/command.ts'
import type { Millis } from '../domain/time.ts'
import type { BreakerPolicy } from '../machines/breaker/breaker-context.ts'
import type { ConnectionPolicy } from '../machines/connection/connection-machine.ts'
import type { OrderPolicy } from '../machines/order/order-context.ts'
import type { PairPolicy } from '../machines/trade-pair/trade-pair-context.ts'
import type { AlertSink } from '../ports/alerts.ts'
import type { Clock, Random } from '../ports/clock.ts'
import type { Rate } from '../domain/decimal.ts'
import type { ExitPlan } from '../domain/exits.ts'
import type { ForeignPolicy } from '../domain/reconciliation.ts'
import type { BeliefPolicy } from '../machines/account/account-context.ts'
import type { RestartPolicy } from '../machines/desk/desk-context.ts'
import type { Disk } from '../ports/disk.ts'
import type { DiskPolicy } from './disk-watch.ts'
import type { PulsePolicy } from './pulse.ts'
import type { Failpoints } from '../ports/failpoints.ts'
import type { Journal } from '../ports/journal.ts'
import type { Log } from '../ports/log.ts'
import type { Meter } from '../ports/metrics.ts'
import type { OrderServices, ProofOfAbsence, Venue } from '../ports/venue.ts'
import type { RiskLimits } from '../risk/gate.ts'
import type { Strategy } from '../strategies/strategy.ts'
import type { StalenessPolicy } from './connection-supervisor.ts'
import type { WriterPolicy } from './journal-writer.ts'
import type { LoopBounds } from './loop-options.ts'

export interface DeskOptions {
  readonly environment: string
  readonly venue: Venue
  readonly journal: Journal
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  /** Hears what is counted and timed; nobody does without it. */
  readonly meter?: Meter
  /** Carries alerts to people; without it they are only in the log and on the page. */
  readonly alerts?: AlertSink
  readonly failpoints: Failpoints
  /** The room that the store has left. */
  readonly disk: Disk
  /** `adoptedTarget` is the profit that an adopted buy is covered for; `exit` is how every new pair is left; `sampleEveryMs` is how often a bid is noted for the strategy's view. */
  readonly instruments: readonly { readonly id: string; readonly strategy: Strategy; readonly adoptedTarget: Rate; readonly exit?: ExitPlan; readonly sampleEveryMs?: Millis }[]
  /** What becomes of orders that somebody else placed on the account. */
  readonly foreignOrders: ForeignPolicy
  readonly limits: RiskLimits
  /** The venue's word on an order that is not placed. */
  readonly preview?: OrderServices['preview']
  /** The breakers that are switched on, at most one of each kind. */
  readonly breakers?: readonly BreakerPolicy[]
  /** What people wanted while no desk ran: read once the lease is taken, and carried out before anything is traded. */
  readonly commandsAtStart?: () => Promise<readonly Command[]>
  /** Refuses strategies that could only lose at the account's fees. */
  readonly insistOnFees?: boolean
  readonly tuning: DeskTuning
}

export interface DeskTuning {
  readonly writer: WriterPolicy
  readonly loop: LoopBounds
  readonly maxAwake: number
  readonly pairs: PairPolicy
  readonly connection: ConnectionPolicy
  readonly marketStaleness: StalenessPolicy
  readonly accountStaleness: StalenessPolicy
  readonly pricePollMs: Millis
  readonly orderPollMs: Millis
  readonly quoteStaleMs: Millis
  /** Every order and fill is compared at least so often. */
  readonly reconcileEveryMs: Millis
  readonly balancesEveryMs: Millis
  /** How often the venue's rules are read again. */
  readonly instrumentsEveryMs: Millis
  readonly belief: BeliefPolicy
  readonly lookBackMs: Millis
  readonly restarts: RestartPolicy
  readonly pulse: PulsePolicy
  readonly disk: DiskPolicy
  /** A deadline that could not be taken is told again after this. */
  readonly deadlineAgainMs: Millis
  readonly strategistRestMs: Millis
  readonly strategistCadenceMs: Millis
  /** First pause after a refused buy; doubles up to `refusedMaxMs`. */
  readonly refusedMs: Millis
  readonly refusedMaxMs: Millis
  readonly sendsAtOnce: number
  readonly sendsWaiting: number
  /** How often a thrown kill switch looks for what should not be. */
  readonly killRoundMs: Millis
  /** How what is closed at once is priced: so far below the bid the first, the second ... time, and the last for all that follow. */
  readonly closing: { readonly everyMs: Millis; readonly slippageBps: readonly number[]; readonly mostPrices: number }
  /** Clean trades that raise the limits by a step after a kill. */
  readonly cleanTrades: number
  /** Attempts to read the venue's rules at the start before giving up. */
  readonly startAttempts: number
}

/** Sober values for a real venue; a sandbox may shorten them. */
export const defaultTuning: DeskTuning = {
  writer: { lostAfterMs: 60_000, againMs: 100, againMaxMs: 2_000 },
  loop: { maxInbox: 20_000, maxTurnsPerBatch: 512, maxTurnsAtOnce: 8 },
  maxAwake: 4_000,
  pairs: { partialBuyWaitMs: 600_000, coverAgainMs: 1_000, coverMaxMs: 60_000, coverAttempts: 20 },
  connection: {
    openWithinMs: 10_000,
    subscribeWithinMs: 10_000,
    backoffMs: 500,
    backoffMaxMs: 30_000,
    healthyMs: 5_000,
    staleMs: 5_000,
    refusedMs: 60_000,
  },
  marketStaleness: { frameMs: 10_000, eventMs: 30_000 },
  accountStaleness: { frameMs: 10_000 },
  pricePollMs: 1_000,
  orderPollMs: 2_000,
  quoteStaleMs: 10_000,
  reconcileEveryMs: 30_000,
  balancesEveryMs: 60_000,
  instrumentsEveryMs: 60_000,
  belief: { rounds: 3, forMs: 120_000 },
  lookBackMs: 3_600_000,
  restarts: { healthyAfterMs: 60_000, pauseAfter: 3, pauseMs: 5_000, pauseMaxMs: 300_000, observeAfter: 8, observeMs: 3_600_000 },
  pulse: { beatMs: 250, stallMs: 2_000, leapMs: 2_000 },
  disk: { everyMs: 15_000, leastShare: 0.1, leastBytes: 1_073_741_824 },
  deadlineAgainMs: 60_000,
  strategistRestMs: 50,
  strategistCadenceMs: 5_000,
  refusedMs: 1_000,
  refusedMaxMs: 300_000,
  sendsAtOnce: 8,
  sendsWaiting: 5_000,
  killRoundMs: 2_000,
  closing: { everyMs: 2_000, slippageBps: [50, 75, 100, 150, 200], mostPrices: 30 },
  cleanTrades: 5,
  startAttempts: 5,
}

/** The exit plans that are configured, by instrument. */
export const exitsOf = ({ instruments }: Pick<DeskOptions, 'instruments'>): ReadonlyMap<string, ExitPlan> =>
  new Map(instruments.flatMap(({ id, exit }) => (exit === undefined ? [] : [[id, exit] as const])))

/** An order's waits, from the venue's proof of absence. */
export const orderPolicyOf = (proof: ProofOfAbsence): OrderPolicy => {
  const absentAfterMs = proof.windowMs + proof.engineMs + proof.lookUpLagMs + proof.skewMs
  return {
    answerWithinMs: proof.windowMs,
    absentAfterMs,
    apartMs: proof.lookUpLagMs,
    lookUpMs: 500,
    lookUpMaxMs: 2_000,
    flagAfterMs: absentAfterMs * 2 + 30_000,
    cancelAgainMs: 3_000,
  }
}

/** Thrown when the desk cannot be started; nothing was sent and nothing is left half done. */
export class DeskCannotStart extends Error {
  override readonly name = 'DeskCannotStart'
  readonly kind: 'held' | 'otherOwner' | 'venueUnreachable' | 'credentials' | 'configuration' | 'commandNotTaken'

  constructor(kind: DeskCannotStart['kind'], message: string) {
    super(message)
    this.kind = kind
  }
}

