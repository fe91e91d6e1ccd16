/** What a person or a program may see of a running desk. Committed state only; looking changes nothing. */
import type { Observable } from 'rxjs'
import type { Address } from '../domain/address.ts'
import type { TrippedBreaker } from '../domain/breaker.ts'
import type { Money, Price, Quantity, Rate } from '../domain/decimal.ts'
import type { ExecutionResult } from '../domain/execution.ts'
import type { QuoteProblem, QuoteSource } from '../domain/quote.ts'
import type { ActorRecord, DeadlineRecord, EventRecord, FillRecord, KeptAudit, ReconciliationRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { ActorQuery, AuditQuery, RealisedTotal } from './journal.ts'
import type { LifeTooLong, ReplayInspection } from './replay.ts'

export interface ActorInspection {
  readonly address: Address
  readonly machine: string
  readonly version: number
  readonly state: string
  readonly since: Millis
  readonly context: Readonly<Record<string, unknown>>
  readonly history: readonly (Pick<EventRecord, 'seq' | 'at' | 'body' | 'from' | 'to' | 'turn'> & { readonly event: string })[]
  /** Event types that this state answers with a change. */
  readonly next: readonly string[]
  readonly deadlines: readonly Omit<DeadlineRecord, 'address'>[]
  /** What it has asked of the outside and has no answer to yet, derived from its row. */
  readonly pending: readonly Readonly<Record<string, unknown>>[]
  readonly waitsFor: readonly string[]
}

/** Which part of a history: the oldest after a number, or the newest before one; oldest first either way. */
export type HistoryPage = { readonly after: number; readonly limit: number } | { readonly before: number; readonly limit: number }

export interface ConnectionInspection {
  readonly name: string
  readonly venue: string
  readonly state: string
  /** Wall time at which the state was entered. */
  readonly since: Millis
  readonly attempt: number
  readonly lastFrameAt: Millis | null
  readonly lastEventAt: Millis | null
  readonly fallback: 'off' | 'polling'
  readonly gaps: number
  readonly reconnects: number
  readonly polls: number
  readonly lastEnd: string | null
}

/** `live` may be decided on; `stale` is too old; `suspect` is from before a gap; `none` was never there. */
export type PriceState = 'live' | 'stale' | 'suspect' | 'none'

export interface PriceInspection {
  readonly instrument: string
  readonly bid: Price | null
  readonly ask: Price | null
  readonly at: Millis | null
  readonly ageMs: Millis | null
  readonly source: QuoteSource | null
  readonly state: PriceState
  /** Ticks that were stopped at the edge. */
  readonly rejected: number
  readonly lastProblem: QuoteProblem | null
}

export interface MachineInspection {
  readonly id: string
  readonly version: number | null
  readonly initial: string
  readonly states: readonly {
    readonly path: string
    readonly initial: string | null
    readonly entry: readonly string[]
    readonly transitions: readonly {
      readonly event: string
      readonly guard: string | null
      readonly target: string | null
      readonly actions: readonly string[]
    }[]
  }[]
  readonly mermaid: string
}

/** How often an arrow of a chart was taken. */
export interface TakenTransition {
  readonly from: string
  readonly to: string
  readonly times: number
}

/** One event of a supervising actor. */
export interface SupervisedEvent {
  /** 1 for the first since the process began. */
  readonly seq: number
  readonly at: Millis
  /** Its type, or `after <delay>`. */
  readonly event: string
  readonly from: string
  readonly to: string
  readonly body: Readonly<Record<string, unknown>>
}

/** An actor that keeps a link alive: it lives in this process alone. */
export interface SupervisorInspection {
  readonly name: string
  readonly state: string
  readonly since: Millis
  readonly context: Readonly<Record<string, unknown>>
  /** The last of its events, oldest first. */
  readonly events: readonly SupervisedEvent[]
}

/** A chart, and where one of its actors is and has been on it. */
export interface ChartInspection {
  readonly machine: MachineInspection
  readonly actor: { readonly address: Address; readonly state: string; readonly taken: readonly TakenTransition[] } | null
  /** Mermaid source; the state of the actor is marked. */
  readonly mermaid: string
  /** An SVG document, coloured by the classes `state`, `active` and `taken` alone. */
  svg(): string
}

/** What a market was at one second. */
export interface PricePoint {
  readonly at: Millis
  readonly bid: Price
  readonly ask: Price
}

export interface DeskInspection {
  readonly pid: number
  readonly mode: string
  readonly environment: string
  readonly venue: string
  readonly state: string
  readonly ready: boolean
  /** What the desk may do now, and why no more. */
  readonly trading: { readonly state: 'active' | 'reducing' | 'halted'; readonly because: string | null }
  readonly kill: string
  /** What else keeps entries back. */
  readonly breakers: readonly TrippedBreaker[]
  readonly startedAt: Millis
  readonly epoch: number
  readonly starts: number
  readonly install: string
  readonly store: string
  readonly fees: { readonly maker: string; readonly taker: string }
  readonly openPairs: number
  readonly liveOrders: number
  readonly exposure: string
  readonly backlog: { readonly turns: number; readonly calls: number; readonly deadlines: number; readonly storeAway: boolean; /** How long the commit under way has taken so far, or the last one took. */ readonly commitMs: Millis }
  readonly alerts: readonly { readonly at: Millis; readonly severity: string; readonly code: string; readonly detail: string }[]
}

/** What one trade pair holds and has not sold. */
export interface PositionInspection {
  readonly pairId: string
  readonly instrument: string
  readonly strategy: string
  readonly state: string
  readonly quantity: Quantity
  /** What it cost, fees included: the share of what is left. */
  readonly cost: Money
  readonly breakEven: Price
  /** The price at which it is, or will be, offered. */
  readonly target: Price
  readonly boughtAt: Millis | null
  readonly ageMs: Millis | null
  /** At the bid, before the fee of a sell; null while there is no fresh price. */
  readonly marketValue: Money | null
  /** Market value less cost. */
  readonly unrealised: Money | null
  /** The falling bid at which its plan sells it at once; null where it has no stop. */
  readonly stop: Price | null
  /** How far the bid is below the target, as a fraction of the bid. */
  readonly distanceToTarget: Rate | null
}

/** Why the desk is, or is not, taking entries on an instrument. */
export interface InstrumentWhy {
  readonly instrument: string
  readonly entries: boolean
  /** One sentence for each thing that keeps entries back, those of the whole desk included. */
  readonly because: readonly string[]
  readonly status: string
  readonly price: { readonly state: PriceState; readonly ageMs: Millis | null; readonly maxAgeMs: Millis }
}

/** Why the desk is, or is not, taking entries now. */
export interface WhyInspection {
  /** True when it takes entries on at least one of the instruments. */
  readonly entries: boolean
  readonly trading: DeskInspection['trading']
  readonly desk: { readonly state: string; readonly waitsBecause: string | null; readonly pausedBecause: string | null; readonly hindrances: Readonly<Record<string, string>> }
  readonly kill: { readonly state: string; readonly because: string | null }
  readonly breakers: readonly TrippedBreaker[]
  readonly instruments: readonly InstrumentWhy[]
  /** The latest denial of each rule, the newest first, since this process began. */
  readonly denials: readonly { readonly at: Millis; readonly rule: string; readonly instrument: string; readonly side: string; readonly times: number; readonly detail: string }[]
}

export interface Inspection {
  /** What is held now, oldest first. */
  positions(): readonly PositionInspection[]
  /** What closed round trips have earned, by UTC day and instrument, newest day first. */
  realised(from: Millis, to: Millis): Promise<readonly RealisedTotal[]>
  desk(): DeskInspection
  /** Undefined when the desk does not trade that instrument. */
  why(instrument?: string): WhyInspection | undefined
  connections(): readonly ConnectionInspection[]
  /** The actors that keep those links alive; their addresses are `connection/<name>`. */
  supervisors(): readonly SupervisorInspection[]
  prices(): readonly PriceInspection[]
  machines(): readonly MachineInspection[]
  actors(query: ActorQuery): Promise<readonly ActorRecord[]>
  /** Undefined when there never was such an actor. */
  actor(address: Address, history: HistoryPage): Promise<ActorInspection | undefined>
  /** An actor's life, lived again: the steps after a number. Undefined when there never was such an actor. */
  replay(address: Address, after: number, limit: number): Promise<ReplayInspection | LifeTooLong | undefined>
  /** A chart by its machine's name, with one of its actors on it; undefined when there is no such machine, or no such actor of it. */
  chart(machine: string, address?: Address): Promise<ChartInspection | undefined>
  /** The last hour, a point a second at most, oldest first; undefined when the desk does not trade that instrument. */
  priceHistory(instrument: string): readonly PricePoint[] | undefined
  /** Booked executions, newest first. */
  fills(limit: number): Promise<readonly FillRecord[]>
  /** Comparisons with the venue, newest first. */
  reconciliations(limit: number, outcome?: ReconciliationRecord['outcome']): Promise<readonly ReconciliationRecord[]>
  /** What became of one order; undefined when there never was such an order. */
  execution(clientOrderId: string): Promise<ExecutionResult | undefined>
  /** Decisions, newest first. */
  audit(query: AuditQuery): Promise<readonly KeptAudit[]>
  /** Committed events as they happen. */
  readonly events: Observable<EventRecord>
  /** Committed events after a position, oldest first. */
  missed(position: number, limit: number): Promise<readonly EventRecord[]>
}
