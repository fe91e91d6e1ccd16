/**
 * Looks after the breakers: sees that each has its row and today's limits, tells them what they cannot see for themselves,
 * and says whether a person may end a trip. What they count from orders and pairs is told in the turn itself
 * (consequences.ts), so nothing has to be found out again after a death.
 *
 * R1  Every breaker of the configuration has its row before anything is traded; one that it names no more is switched off.
 * R2  Of one breaker at most one message of the rounds is under way.
 * R3  Trouble has to be gone for `calmMs` before it is over.
 * R4  Before an entry is approved, what is held is valued at the bid of that moment: no market falls faster than the rounds.
 */
import { breakerAddress } from '../../domain/address.ts'
import { breakerName, instrumentBreakers, type BreakerKind, type TrippedBreaker } from '../../domain/breaker.ts'
import { money, type Money } from '../../domain/decimal.ts'
import type { ActorRecord } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import type { BreakerContext, BreakerEvent, BreakerInput, BreakerPolicy } from '../../machines/breaker/breaker-context.ts'
import { tripOf } from '../../machines/breaker/breaker-rules.ts'
import type { Timer } from '../../ports/clock.ts'
import type { DeskView } from '../desk-view.ts'
import type { Change, Message } from '../turn.ts'
import type { CommittedTurn } from '../loop-options.ts'
import { conditionOf, type Condition, type ConditionParts } from './conditions.ts'
import { Consequences } from './consequences.ts'
import { Holdings } from './holdings.ts'
import { markFor, markOf } from './marks.ts'

/** How often prices, commits and calls are looked at. */
const roundMs = 1_000
/** How long trouble has to be gone before it is over. */
const calmMs = 10_000

export interface BreakersOptions extends ConditionParts {
  readonly policies: readonly BreakerPolicy[]
  readonly instruments: readonly string[]
  readonly view: DeskView
  readonly ask: (message: Message) => Promise<unknown>
}

/** Those that are told what is held at the bid. */
const marked = ['dailyLoss', 'drawdown'] as const

interface Wanted extends BreakerInput {
  readonly policy: BreakerPolicy
}

interface Watched {
  readonly name: string
  readonly condition: Condition
  /** When the trouble was last there, on the monotonic clock. */
  worseAt: Millis
}

const isForEach = (kind: BreakerKind): boolean => (instrumentBreakers as readonly string[]).includes(kind)
const named = (policy: BreakerPolicy, instrument: string | null): Wanted => ({ name: breakerName(policy.kind, instrument), kind: policy.kind, instrument, policy })
const say = (name: string, event: BreakerEvent): Message => ({ to: breakerAddress(name), event })
/** A row gives its names back in another order. */
const isSame = (one: BreakerPolicy | null, other: BreakerPolicy): boolean => one?.kind === other.kind && Object.entries(one).every(([name, value]) => Object.entries(other).some(([its, same]) => its === name && same === value))

export class Breakers {
  readonly #options: BreakersOptions
  readonly #wanted: readonly Wanted[]
  readonly #holdings = new Holdings()
  readonly #watched: readonly Watched[]
  readonly #underWay = new Set<string>()
  #consequences = new Consequences(() => false, [])
  #timer: Timer | undefined
  #stopped = false

  constructor(options: BreakersOptions) {
    const { policies, instruments, clock } = options
    this.#options = options
    this.#wanted = policies.flatMap((policy) => (isForEach(policy.kind) ? instruments.map((instrument) => named(policy, instrument)) : [named(policy, null)]))
    this.#watched = this.#wanted.flatMap(({ name, instrument, policy }) => {
      const condition = conditionOf(policy, instrument, options)
      return condition === undefined ? [] : [{ name, condition, worseAt: clock.monotonic() }]
    })
  }

  /** What a start has to say, so that every row is there and keeps the limits of now (R1). Called when the view knows the rows. */
  awakening(rows: readonly ActorRecord[]): readonly Message[] {
    const { view } = this.#options
    for (const record of rows) this.#holdings.take(record)
    const refused = view.breakers().flatMap(({ context: { kind, instrument, tally } }) => (kind === 'refusals' && instrument !== null && tally.count + tally.pauses > 0 ? [instrument] : []))
    const wanted = new Set(this.#wanted.map(({ name }) => name))
    // One whose row cannot be read must not take the turn of what it counts down with it.
    this.#consequences = new Consequences((name) => wanted.has(name) && view.breaker(name) !== undefined, refused)
    const gone = view.breakers().filter(({ context }) => context.policy !== null && !wanted.has(context.name))
    return [...this.#wanted.flatMap((one) => this.#beginning(one)), ...gone.map(({ context }) => say(context.name, { type: 'configured', policy: null }))]
  }

  #beginning({ policy, ...input }: Wanted): readonly Message[] {
    const known = this.#options.view.breaker(input.name)
    if (known !== undefined && isSame(known.context.policy, policy)) return []
    return [{ ...say(input.name, { type: 'configured', policy }), ...(known === undefined && { create: { ...input } }) }]
  }

  /** What an event means to the breakers, within its own turn. */
  consequencesOf(change: Change): readonly Message[] {
    return this.#consequences.of(change)
  }

  learn({ actors }: CommittedTurn): void {
    for (const record of actors) this.#holdings.take(record)
  }

  start(): void {
    if (this.#wanted.length > 0) this.#round()
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #round(): void {
    if (this.#stopped) return
    this.#mark()
    for (const watched of this.#watched) this.#watch(watched)
    this.#timer = this.#options.clock.after(roundMs, () => this.#round())
  }

  get #unrealised(): Money | undefined {
    const { board, instruments } = this.#options
    // A late fill may bring back a pair on an instrument that is traded no more: nobody quotes it.
    return this.#holdings.unrealised((instrument) => (instruments.includes(instrument) ? board.usable(instrument)?.bid : undefined))
  }

  #mark(): void {
    const { view, clock } = this.#options
    const unrealised = this.#unrealised
    if (unrealised === undefined) return
    for (const kind of marked) {
      const known = view.breaker(kind)
      const message = known?.context.policy === null || known === undefined ? undefined : markFor(known, unrealised, clock.now())
      if (message !== undefined) this.#tell(kind, message)
    }
  }

  /** Those that the market of this moment trips while their rows do not say so yet; they are told of it (R4). */
  atThisMarket(): readonly Pick<TrippedBreaker, 'name' | 'reason'>[] {
    const { view, clock } = this.#options
    const unrealised = this.#unrealised
    if (unrealised === undefined) return []
    const at = clock.now()
    const found = marked.flatMap((name) => {
      const known = view.breaker(name)
      const trip = known?.state === 'clear' && known.context.policy !== null ? tripOf(known.context, { ...markOf(known.context, unrealised, at), at }) : undefined
      return trip === undefined ? [] : [{ name, reason: trip.reason }]
    })
    if (found.length > 0) this.#mark()
    return found
  }

  /** Tells of trouble at once, and of its end when it has been gone for long enough (R3). */
  #watch(watched: Watched): void {
    const { view, clock } = this.#options
    const { name, condition } = watched
    const trouble = condition()
    const state = view.breaker(name)?.state
    if (trouble !== undefined) {
      watched.worseAt = clock.monotonic()
      if (state === 'clear') this.#tell(name, say(name, { type: 'worsened', ...trouble }))
    } else if (state === 'tripped.lasting' && clock.monotonic() - watched.worseAt >= calmMs) this.#tell(name, say(name, { type: 'recovered' }))
  }

  /** Says it, unless the last word to that breaker is still on its way (R2). */
  #tell(name: string, message: Message): void {
    if (this.#underWay.has(name)) return
    this.#underWay.add(name)
    void this.#options.ask(message).finally(() => this.#underWay.delete(name))
  }

  /** Why a person may not end a trip yet: what it was tripped for is still so. Undefined when they may. */
  stillHolds(name: string): string | undefined {
    const known = this.#options.view.breaker(name)
    if (known === undefined) return undefined
    if (known.state === 'tripped.lasting') return this.#troubleOf(name)
    const { context } = known
    const { policy, tally, trip } = context
    if (policy?.kind === 'hourlyOrders' || policy?.kind === 'dailyOrders') return tally.count > policy.orders ? trip?.reason : undefined
    return policy?.kind === 'dailyLoss' ? this.#lossOf(context) : undefined
  }

  #troubleOf(name: string): string | undefined {
    const watched = this.#watched.find((one) => one.name === name)
    const quietMs = watched === undefined ? calmMs : this.#options.clock.monotonic() - watched.worseAt
    return watched?.condition()?.reason ?? (quietMs < calmMs ? `it was there ${Math.round(quietMs)} ms ago, and it ends by itself after ${calmMs} ms without it` : undefined)
  }

  #lossOf(context: BreakerContext): string | undefined {
    const at = this.#options.clock.now()
    const realised = tripOf(context, { type: 'profitBooked', change: money('0'), roundTrip: null, at })
    if (realised !== undefined) return realised.reason
    const unrealised = this.#unrealised
    if (unrealised === undefined) return 'what is held cannot be valued without a fresh price'
    return tripOf(context, { ...markOf(context, unrealised, at), at })?.reason
  }
}
