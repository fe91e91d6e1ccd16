/**
 * A whole desk in this process, over the in-memory store, the in-memory exchange and a clock that is moved by hand; and
 * its sudden death: a killed desk hears no answer, no timer and no stream, and its requests go nowhere.
 */
import { Desk } from '../../src/actors/desk.ts'
import { defaultTuning, type DeskOptions, type DeskTuning } from '../../src/actors/desk-options.ts'
import { MemoryJournal, MemoryStore } from '../../src/adapters/memory/memory-journal.ts'
import { money, rate } from '../../src/domain/decimal.ts'
import type { ExitPlan } from '../../src/domain/exits.ts'
import type { ActorRecord, OrderRecord } from '../../src/domain/records.ts'
import type { BreakerPolicy } from '../../src/machines/breaker/breaker-context.ts'
import type { AlertSink } from '../../src/ports/alerts.ts'
import type { Clock, Random } from '../../src/ports/clock.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import type { ForeignPolicy } from '../../src/domain/reconciliation.ts'
import type { Disk, FreeSpace } from '../../src/ports/disk.ts'
import type { Batch, Journal } from '../../src/ports/journal.ts'
import type { AccountStreamListener, MarketStreamListener, Stream, StreamListener, Venue } from '../../src/ports/venue.ts'
import type { RiskLimits } from '../../src/risk/gate.ts'
import { seededRandom } from '../../src/simulated-market/random.ts'
import { ladder, type LadderParameters } from '../../src/strategies/ladder.ts'
import type { Strategy } from '../../src/strategies/strategy.ts'
import { ManualClock, recordingLog } from './clock.ts'
import { TestVenue } from './venue.ts'

export const tuning: DeskTuning = {
  ...defaultTuning,
  pairs: { partialBuyWaitMs: 20_000, coverAgainMs: 250, coverMaxMs: 5_000, coverAttempts: 20 },
  connection: { ...defaultTuning.connection, backoffMs: 250, backoffMaxMs: 2_000 },
  // Deaths are the tests' own doing; those about restart loops set their own.
  restarts: { ...defaultTuning.restarts, pauseAfter: 1_000, observeAfter: 1_000 },
}

export const limits: RiskLimits = {
  maxNotionalPerOrder: money('1000'),
  maxExposure: money('1000'),
  maxInstrumentExposure: money('1000'),
  minNotional: money('1'),
  maxOpenOrders: 1_000,
  maxOrdersPerMinute: 10_000,
  maxSpread: rate('0.01'),
  maxSlippage: rate('0.005'),
  minDepth: money('0'),
  priceCollar: rate('0.1'),
  quoteMaxAgeMs: 10_000,
}

export const rungs: LadderParameters = { rungs: 4, spacing: rate('0.001'), target: rate('0.0005'), budget: money('400') }

/** When a process is to die: right before the store takes its next batch, or right after. */
export type DeathAt = 'beforeCommit' | 'afterCommit'

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

/** One process: what it holds dies with it. */
class Life {
  alive = true
  readonly streams: Stream[] = []

  /** The call's answer, while somebody is there to hear it. */
  guard<A extends readonly unknown[], T>(call: (...args: A) => Promise<T>): (...args: A) => Promise<T> {
    return (...args) => {
      if (!this.alive) return never<T>()
      return new Promise<T>((resolve, reject) => {
        call(...args).then(
          (value) => { if (this.alive) resolve(value) },
          (error: unknown) => { if (this.alive) reject(error) },
        )
      })
    }
  }

  clock(clock: ManualClock): Clock {
    const living = (task: () => void) => () => { if (this.alive) task() }
    return {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (delayMs, task) => clock.after(delayMs, living(task)),
      soon: (task) => clock.soon(living(task)),
    }
  }

  venue(venue: Venue): Venue {
    const heard = (listener: StreamListener): StreamListener => ({
      opened: () => { if (this.alive) listener.opened() },
      subscribed: () => { if (this.alive) listener.subscribed() },
      received: () => { if (this.alive) listener.received() },
      gap: (detail) => { if (this.alive) listener.gap(detail) },
      ended: (end, detail) => { if (this.alive) listener.ended(end, detail) },
    })
    const opened = (stream: Stream): Stream => {
      this.streams.push(stream)
      return stream
    }
    return {
      capabilities: venue.capabilities,
      now: () => venue.now(),
      create: this.guard((order) => venue.create(order)),
      cancel: this.guard((id) => venue.cancel(id)),
      order: this.guard((id) => venue.order(id)),
      findByClientOrderId: this.guard((id, since) => venue.findByClientOrderId(id, since)),
      workingOrders: this.guard(() => venue.workingOrders()),
      ordersSince: this.guard((since) => venue.ordersSince(since)),
      fillsOf: this.guard((id) => venue.fillsOf(id)),
      fillsSince: this.guard((since) => venue.fillsSince(since)),
      balances: this.guard(() => venue.balances()),
      feeRates: this.guard(() => venue.feeRates()),
      accountId: this.guard(() => venue.accountId()),
      keyPermissions: this.guard(() => venue.keyPermissions()),
      instruments: this.guard(() => venue.instruments()),
      quotes: this.guard((ids) => venue.quotes(ids)),
      clockOffset: this.guard(() => venue.clockOffset()),
      marketFeed: { open: (ids, listener: MarketStreamListener) => opened(venue.marketFeed.open(ids, { ...heard(listener), quote: (quote) => { if (this.alive) listener.quote(quote) } })) },
      accountFeed: { open: (ids, listener: AccountStreamListener) => opened(venue.accountFeed.open(ids, { ...heard(listener), order: (report) => { if (this.alive) listener.order(report) } })) },
    }
  }
}

export interface WorldOptions {
  readonly strategy?: Strategy
  readonly sampleEveryMs?: number
  readonly ladder?: Partial<LadderParameters>
  readonly exit?: ExitPlan
  readonly limits?: Partial<RiskLimits>
  readonly tuning?: Partial<DeskTuning>
  readonly instruments?: readonly string[]
  readonly environment?: string
  readonly foreignOrders?: ForeignPolicy
  readonly breakers?: readonly BreakerPolicy[]
  readonly alerts?: AlertSink
  readonly commandsAtStart?: DeskOptions['commandsAtStart']
}

/** What there is besides the desk: it survives every death. */
export class DeskWorld {
  readonly clock = new ManualClock()
  readonly store = new MemoryStore()
  readonly venue: TestVenue
  readonly log = recordingLog()
  /** What is left on the store's disk. */
  space: FreeSpace = { bytes: 1e12, share: 0.9 }
  readonly disk: Disk = { free: async () => this.space }
  /** How long the store takes for a batch. */
  commitMs = 1
  /** What the store was asked for and what it took, between the venue's calls, in order. */
  readonly story: string[] = []
  /** What happens between the lease and the first commit of a start. */
  onRecovery: () => void = () => undefined
  #life: Life | undefined
  #journal: MemoryJournal | undefined
  #death: { readonly at: DeathAt; readonly event: string | undefined } | undefined
  #desk: Desk | undefined
  readonly #options: WorldOptions
  readonly #seed: string

  constructor(options: WorldOptions = {}, seed = 'desk', venue: { bid?: string; quoteMoney?: string } = {}) {
    this.#options = options
    this.#seed = seed
    this.venue = new TestVenue(this.clock, venue)
  }

  get desk(): Desk {
    if (this.#desk === undefined) throw new Error('no desk runs')
    return this.#desk
  }

  get isAlive(): boolean {
    return this.#life?.alive === true
  }

  /** This process's line to the store. */
  get journal(): MemoryJournal {
    if (this.#journal === undefined) throw new Error('no desk runs')
    return this.#journal
  }

  /** Starts a desk as a new process and waits until it is up, or was refused. */
  async start(over: WorldOptions = {}, withinMs?: number): Promise<Desk> {
    const life = new Life()
    const journal = new MemoryJournal(this.store)
    const options = this.#deskOptions(life, journal, over)
    this.#life = life
    this.#journal = journal
    this.#desk = await this.during(Desk.start(options), withinMs)
    return this.#desk
  }

  #deskOptions(life: Life, journal: MemoryJournal, over: WorldOptions): DeskOptions {
    const { strategy, sampleEveryMs, ladder: own, exit, limits: ownLimits, tuning: ownTuning, instruments, environment, foreignOrders, breakers = [], alerts, commandsAtStart } = { ...this.#options, ...over }
    const random = seededRandom(`${this.#seed}/${this.store.epoch}`)
    const chance: Random = { fraction: () => random.uniform(), below: (bound) => random.below(bound) }
    return {
      environment: environment ?? 'sandbox',
      venue: life.venue(this.venue),
      journal: this.#line(life, journal),
      clock: life.clock(this.clock),
      random: chance,
      log: this.log,
      failpoints: noFailpoints,
      instruments: (instruments ?? ['BTC-USD']).map((id) => ({ id, strategy: strategy ?? ladder({ ...rungs, ...own }), adoptedTarget: rungs.target, ...(exit !== undefined && { exit }), ...(sampleEveryMs !== undefined && { sampleEveryMs }) })),
      foreignOrders: foreignOrders ?? 'report',
      disk: this.disk,
      limits: { ...limits, ...ownLimits },
      breakers,
      ...(alerts !== undefined && { alerts }),
      ...(commandsAtStart !== undefined && { commandsAtStart }),
      tuning: { ...tuning, ...ownTuning },
    }
  }

  #line(life: Life, journal: MemoryJournal): Journal {
    const pause = (): Promise<void> => new Promise((resolve) => void this.clock.after(this.commitMs, resolve))
    return {
      takeLease: life.guard(async (stamp, install) => {
        this.story.push(`takeLease after ${this.venue.calls.length} calls`)
        return journal.takeLease(stamp, install)
      }),
      commit: life.guard(async (batch: Batch) => {
        await pause()
        const death = this.#deathIn(batch)
        if (death === 'beforeCommit') this.kill()
        if (!life.alive) return never()
        const outcome = await journal.commit(batch)
        if (death === 'afterCommit') this.kill()
        if (outcome.kind === 'committed') this.story.push(...batch.turns.flatMap((turn) => turn.events.map((event) => `${event.address.split('/')[0]} ${event.type} -> ${event.to}`)))
        return outcome
      }),
      command: life.guard((commandId: string) => journal.command(commandId)),
      wasCommitted: life.guard((id: string) => journal.wasCommitted(id)),
      reconnect: life.guard(() => journal.reconnect()),
      liveRows: life.guard(() => {
        this.story.push('liveRows')
        this.onRecovery()
        return journal.liveRows()
      }),
      actor: life.guard((address: string) => journal.actor(address)),
      orderAtVenue: life.guard((id: string) => journal.orderAtVenue(id)),
      lastPairOn: life.guard((instrument: string) => journal.lastPairOn(instrument)),
      bookedSince: life.guard((at: number) => journal.bookedSince(at)),
      history: life.guard((address: string, after: number, limit: number) => journal.history(address, after, limit)),
      close: () => journal.close(),
    }
  }

  /** Moves the clock until the promise has come to something. */
  async during<T>(promise: Promise<T>, withinMs = 300_000): Promise<T> {
    const state = { open: true }
    const done = promise.finally(() => { state.open = false })
    done.catch(() => undefined)
    const until = this.clock.monotonic() + withinMs
    while (state.open && this.clock.monotonic() < until) await this.clock.advance(5)
    if (state.open) throw new Error('it never came to an end')
    return done
  }

  /** Moves the clock in steps until it holds. */
  async until(holds: () => boolean, withinMs = 60_000): Promise<void> {
    const from = this.clock.monotonic()
    while (!holds()) {
      if (this.clock.monotonic() - from >= withinMs) throw new Error(`it did not hold within ${withinMs} simulated ms: ${holds.toString()}`)
      await this.clock.advance(10)
    }
  }

  /** The process is gone between two instructions. */
  kill(): void {
    const life = this.#life
    if (life === undefined || !life.alive) return
    life.alive = false
    this.#death = undefined
    for (const stream of life.streams) stream.close()
    // A dead process's lock is taken from it by the store.
    void this.#journal?.close()
  }

  /** The process dies around its next commit, or around the next one that has such an event (`order created`). */
  diesAt(at: DeathAt, event?: string): void {
    this.#death = { at, event }
  }
  livesOn(): void {
    this.#death = undefined
  }

  #deathIn(batch: Batch): DeathAt | undefined {
    const events = batch.turns.flatMap((turn) => turn.events.map(({ address, type }) => `${address.split('/')[0]} ${type}`))
    return this.#death?.event === undefined || events.includes(this.#death.event) ? this.#death?.at : undefined
  }

  // --- What the rows say ------------------------------------------------------------------------------------------

  rows(): readonly ActorRecord[] {
    return [...this.store.tables.actors.values()]
  }
  orderRows(): readonly (OrderRecord & { readonly state: string })[] {
    return this.rows().flatMap(({ order, state }) => (order === undefined ? [] : [{ ...order, state }]))
  }
  pairRows(): readonly ActorRecord[] {
    return this.rows().filter(({ kind }) => kind === 'trade-pair')
  }
  deskState(): string | undefined {
    return this.store.tables.actors.get('desk')?.state
  }
  /** How many order rows are in each state. */
  states(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const { state } of this.orderRows()) counts[state] = (counts[state] ?? 0) + 1
    return counts
  }
}

/** A desk that is trading, with its ladder resting. */
export const tradingDesk = async (options: WorldOptions = {}, seed?: string): Promise<DeskWorld> => {
  const world = new DeskWorld(options, seed)
  await world.start()
  await world.until(() => world.venue.working().length >= (options.ladder?.rungs ?? rungs.rungs))
  await world.clock.advance(100)
  return world
}
