/**
 * The desk put together: the loop, the board, the supervisors, the reconciler, the alarm and the strategists, over
 * the ports it is given. Start-up is recovery; there is no other way in.
 *
 * Z1  Lease, rows, claims in doubt, reconciliation, then trading: in this order, at every start.
 * Z2  Entries wait whenever a link was lost, until a complete reconciliation that began afterwards.
 */
import type { Observable } from 'rxjs'
import { deskAddress } from '../domain/address.ts'
import { parseClientOrderId } from '../domain/client-order-id.ts'
import type { Command } from '../domain/command.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { FeeRates, OrderRequest } from '../domain/order.ts'
import type { OuterEffect } from '../machines/effect.ts'
import type { ConnectionInspection, DeskInspection, PositionInspection, PriceInspection, PricePoint, SupervisorInspection } from '../ports/inspection.ts'
import { notional } from '../domain/decimal.ts'
import type { BookedTotal } from '../domain/records.ts'
import { noAlertSink } from '../ports/alerts.ts'
import type { Lease } from '../ports/journal.ts'
import { noMeter } from '../ports/metrics.ts'
import type { CommandOutcome, Preview } from '../ports/steering.ts'
import { Alarm } from './alarm.ts'
import type { Facts } from './alerting/conditions.ts'
import type { Wellness } from './alerting/dead-man.ts'
import { Lookout } from './alerting/lookout.ts'
import { isOnRamp } from './alerting/ramp.ts'
import { Alerts, type Alert } from './alerts.ts'
import { Breakers } from './breakers/breakers.ts'
import { CallMeter } from './breakers/call-meter.ts'
import type { Denial } from './denials.ts'
import { DeskGate } from './desk-gate.ts'
import { makeExecutor, makeLoop } from './desk-heart.ts'
import { exitsOf, type DeskOptions } from './desk-options.ts'
import { DeskView } from './desk-view.ts'
import { Exits } from './exits.ts'
import { Health } from './health.ts'
import { InstrumentWatch, withSharedRules } from './instrument-watch.ts'
import { JournalWriter } from './journal-writer.ts'
import { Links } from './links.ts'
import { guardObservers } from './observers.ts'
import type { OrderExecutor } from './order-executor.ts'
import { OrderNews } from './order-news.ts'
import { positionsOf } from './positions.ts'
import { PriceBoard } from './price-board.ts'
import { PriceHistory } from './price-history.ts'
import { Reconciliations } from './reconciliation/reconciliations.ts'
import { recover } from './recovery.ts'
import { lastReconciled, ownRows, prepare, type Ready } from './start-up.ts'
import { Steering } from './steering.ts'
import { Strategists } from './strategists.ts'
import type { Trouble } from './strategy-trouble.ts'
import { TurnFigures } from './turn-figures.ts'
import type { Message } from './turn.ts'
import type { CommittedTurn, LoopEnd } from './loop-options.ts'
import type { TurnLoop } from './turn-loop.ts'

/** Why a desk came to its end. */
export type DeskEnd = LoopEnd | 'stopped'

export class Desk {
  readonly #options: DeskOptions
  readonly lease: Lease
  readonly fees: FeeRates
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly view = new DeskView()
  readonly board: PriceBoard
  readonly #alarm: Alarm
  readonly #loop: TurnLoop
  readonly #writer: JournalWriter
  readonly #executor: OrderExecutor
  readonly #reconciliations: Reconciliations
  readonly #news: OrderNews
  readonly #links: Links
  readonly #strategists: Strategists
  readonly #steering: Steering
  readonly #exits: Exits
  readonly #health: Health
  readonly #breakers: Breakers
  readonly #gate: DeskGate
  readonly #rules: InstrumentWatch
  readonly #history: PriceHistory
  /** What is at work between the rows and the stop, in the order in which it begins and ends. */
  readonly #working: readonly { start(): void; stop(): void }[]
  readonly #listed: ReadonlyMap<string, Instrument>
  readonly #alerts: Alerts
  readonly #figures: TurnFigures
  readonly #lookout: Lookout
  #end: (end: DeskEnd) => void = () => undefined
  /** Resolves when the desk has come to its end. */
  readonly ended: Promise<DeskEnd>
  #stopping = false

  private constructor(options: DeskOptions, ready: Ready, calls: CallMeter) {
    const { clock, log, tuning, meter = noMeter } = options
    this.#options = options
    this.#figures = new TurnFigures(meter, clock)
    guardObservers(log)
    this.lease = ready.lease
    this.fees = ready.fees
    const traded = new Map(ready.instruments)
    this.instruments = traded
    this.#listed = ready.listed
    this.#alerts = new Alerts({ clock, log, meter, sink: options.alerts ?? noAlertSink, closer: () => isOnRamp(this.view.kill.state) })
    this.ended = new Promise((resolve) => { this.#end = resolve })
    this.board = new PriceBoard({ clock, staleAfterMs: tuning.quoteStaleMs, instruments: [...ready.instruments.values()] })
    this.#alarm = new Alarm(clock, ({ address, name }) => this.#loop.post({ to: address, event: { type: 'deadlineDue', name } as Message['event'] }))
    const gate = new DeskGate({ instruments: this.instruments, board: this.board, view: this.view, limits: options.limits, exits: exitsOf(options), fees: ready.fees, tripping: () => this.#breakers.atThisMarket(), clock })
    this.#gate = gate
    this.#writer = new JournalWriter({ journal: options.journal, clock, log, policy: tuning.writer, failpoints: options.failpoints, meter })
    const heart = { options, instruments: this.instruments, lease: this.lease, own: ownRows(ready), alarm: this.#alarm, view: this.view, writer: this.#writer, gate }
    this.#loop = makeLoop(heart, {
      consequences: (change) => this.#breakers.consequencesOf(change),
      fold: (turn) => this.#fold(turn),
      perform: (effect, turn) => this.#perform(effect, turn),
      setAside: (message, detail) => this.#setAside(message, detail),
      over: (end) => this.#over(end),
    })
    this.#executor = makeExecutor(heart, { post: (message) => this.#loop.post(message), isOver: () => this.#stopping })
    const post = (message: Message): void => this.#loop.post(message)
    this.#breakers = new Breakers({ policies: options.breakers ?? [], instruments: [...ready.instruments.keys()], view: this.view, board: this.board, clock, calls, commitMs: () => this.#writer.commitMs, ask: (message) => this.#loop.ask(message) })
    this.#reconciliations = new Reconciliations({ options, lease: this.lease, fees: this.fees, reconciledAt: lastReconciled(ready), instruments: this.instruments, view: this.view, alerts: this.#alerts, ask: (message) => this.#loop.ask(message), post, isOver: () => this.#stopping })
    this.#news = new OrderNews((id) => parseClientOrderId(id)?.install === this.lease.install || this.view.order(id) !== undefined, post)
    this.#links = new Links({ options, instruments: this.instruments, board: this.board, news: this.#news, poll: () => this.#reconciliations.poll(), post })
    this.#health = new Health({ options, board: this.board, links: this.#links, post, slept: (ms) => this.#alarm.advance(ms) })
    this.#steering = new Steering({ options, instruments: this.instruments, fees: this.fees, install: this.lease.install, view: this.view, board: this.board, breakers: this.#breakers, judge: (request) => gate.judge(request), post, ask: (message) => this.#loop.ask(message) })
    this.#exits = new Exits({ options, instruments: this.instruments, view: this.view, board: this.board, post, ask: (message) => this.#loop.ask(message) })
    this.#strategists = new Strategists({ options, instruments: this.instruments, fees: this.fees, install: this.lease.install, view: this.view, board: this.board, ask: (message) => this.#loop.ask(message) })
    this.#rules = new InstrumentWatch({ options, instruments: traded, view: this.view, board: this.board, alerts: this.#alerts, post, wake: () => this.#strategists.wake(), isOver: () => this.#stopping })
    this.#lookout = new Lookout({ alerts: this.#alerts, clock, view: this.view, facts: () => this.#facts() })
    this.#history = new PriceHistory({ board: this.board, clock, instruments: [...traded.keys()] })
    this.#working = [this.#alarm, this.#links, this.#health, this.#breakers, this.#strategists, this.#steering, this.#exits, this.#lookout, this.#history]
  }

  /**
   * Takes the desk and recovers (Z1). Resolves when recovery has begun; trading begins by itself.
   * @throws DeskCannotStart
   */
  static async start(options: DeskOptions): Promise<Desk> {
    const calls = new CallMeter(options.clock, options.meter)
    const watched = { ...options, venue: calls.counted(options.venue) }
    const ready = await prepare(watched)
    const desk = new Desk(watched, ready, calls)
    // The store or the lease can be lost while recovering: then the desk is over before it began, and `ended` says so.
    await Promise.race([desk.#recover(ready), desk.ended])
    return desk
  }

  async #recover(ready: Ready): Promise<void> {
    const { rows } = ready
    for (const record of rows.actors) this.view.take(withSharedRules(record, this.instruments))
    for (const { instrument, ...booked } of rows.booked) this.#book(instrument, booked)
    await recover(ready, { options: this.#options, instruments: this.instruments, alarm: this.#alarm, alerts: this.#alerts, breakers: this.#breakers, steering: this.#steering, ask: (message) => this.#loop.ask(message) })
    this.#options.failpoints.reach('start.restored')
    for (const part of this.#working) part.start()
    this.#loop.post({ to: deskAddress, event: { type: 'restored' } })
    this.#reconciliations.start()
    this.#rules.start()
  }

  #facts(): Facts {
    const { awaySince, commitMs } = this.#writer
    return { view: this.view, instruments: this.instruments, connections: this.connections, prices: this.prices, troubles: this.troubles, awayMs: awaySince === undefined ? undefined : this.#options.clock.monotonic() - awaySince, commitMs }
  }

  #setAside({ to, event }: Message, detail: string): void {
    this.#alerts.raise({ code: 'turn.quarantined', subject: to, detail: `${event.type} for ${to} could not be taken and was set aside: ${detail}` })
    const { name } = event as { name?: unknown }
    if (event.type === 'deadlineDue' && typeof name === 'string') this.#alarm.again({ address: to, name }, this.#options.tuning.deadlineAgainMs)
  }

  #book(instrument: string, booked: Omit<BookedTotal, 'instrument'>): void {
    const traded = this.#listed.get(instrument)
    if (traded !== undefined) this.view.book(traded, booked)
  }

  #fold(turn: CommittedTurn): void {
    const before = this.view.tradingState.state
    this.#strategists.learn(turn)
    for (const record of turn.actors) this.view.take(record)
    this.#rules.learn(turn)
    for (const { fill } of turn.fills) this.#book(fill.instrument, { ...fill, value: notional(fill.price, fill.quantity) })
    for (const deadline of turn.cleared) this.#alarm.clear(deadline)
    for (const deadline of turn.deadlines) this.#alarm.set(deadline)
    if (this.#loop.depth === 0) this.view.forgetReserved()
    this.#breakers.learn(turn)
    this.#steering.learn(turn)
    this.#exits.learn(turn)
    this.#figures.learn(turn)
    this.#lookout.learn(turn)
    if (before !== this.view.tradingState.state || turn.actors.some((record) => record.tradePair !== undefined)) {
      this.#strategists.wake()
    }
  }

  #perform(effect: OuterEffect, turn: CommittedTurn): void {
    if (effect.type === 'alert') this.#alerts.raise(effect)
    else if (effect.type === 'reconcile') void this.#reconciliations.run(effect.reason, effect.asked)
    else this.#executor.perform(effect, turn)
  }

  #over(end: DeskEnd): void {
    this.#stopping = true
    this.#quieten()
    this.#end(end)
  }

  /** Stops deciding, lets what is on its way finish within the bound, gives the lease back. Correctness never depends on it. */
  async stop(reason: string, withinMs: number): Promise<void> {
    if (this.#stopping) return
    const { clock, journal, log, failpoints } = this.#options
    failpoints.reach('stop.asked')
    const late = new Promise<'late'>((resolve) => void clock.after(withinMs, () => resolve('late')))
    const outcome = await Promise.race([late, this.#windDown(reason)])
    if (outcome === 'late') log.warn('desk.stoppedLate', { detail: 'what was not durable in time is recovered at the next start' })
    failpoints.reach('stop.drained')
    this.#stopping = true
    await Promise.race([late, journal.close()])
    this.#end('stopped')
  }

  async #windDown(reason: string): Promise<'done'> {
    const { clock } = this.#options
    await this.#loop.ask({ to: deskAddress, event: { type: 'stopRequested', reason } as Message['event'] })
    this.#quieten()
    while (this.#executor.depth + this.#loop.depth > 0) await new Promise<void>((resolve) => void clock.after(10, resolve))
    this.#stopping = true
    await this.#loop.close()
    return 'done'
  }

  #quieten(): void {
    for (const part of this.#working) part.stop()
  }

  /** Carries out what a person wants. */
  command(command: Command): Promise<CommandOutcome> {
    return this.#stopping ? Promise.resolve({ kind: 'failed', detail: 'the desk is stopping' }) : this.#steering.command(command)
  }

  /** What would become of an order; nothing is claimed and nothing is sent. */
  preview(request: OrderRequest): Promise<Preview> {
    return this.#steering.preview(request)
  }

  /** Every committed turn, in order: watchers fold it, and cannot disturb it. */
  get committed(): Observable<CommittedTurn> {
    return this.#loop.committed
  }

  get connections(): readonly ConnectionInspection[] {
    return this.#links.supervisors.map((supervisor) => supervisor.status())
  }

  get supervisors(): readonly SupervisorInspection[] {
    return this.#links.supervisors.map((supervisor) => supervisor.inspect())
  }

  get prices(): readonly PriceInspection[] {
    return this.board.views()
  }

  /** The last hour of a market; undefined when it is not traded. */
  priceHistory(instrument: string): readonly PricePoint[] | undefined {
    return this.#history.of(instrument)
  }

  /** What is held now, oldest first. */
  get positions(): readonly PositionInspection[] {
    return positionsOf(this.view.pairs(), (instrument) => this.board.usable(instrument)?.bid, this.#options.clock.now())
  }

  /** The strategies that decide nothing now, and why. */
  get troubles(): readonly Trouble[] {
    return this.#strategists.troubles
  }

  get alerts(): readonly Alert[] {
    return this.#alerts.raised
  }

  /** What a dead man's switch asks about. */
  get wellness(): Wellness {
    return { state: this.view.deskState, storeAway: this.#writer.awaySince !== undefined, commitMs: this.#writer.commitMs }
  }

  /** The gate's latest denials, the newest first. */
  get denials(): readonly Denial[] {
    return this.#gate.denials
  }

  /** Messages and calls that are under way. */
  get backlog(): DeskInspection['backlog'] {
    return { turns: this.#loop.depth, calls: this.#executor.depth, deadlines: this.#alarm.size, storeAway: this.#writer.awaySince !== undefined, commitMs: Math.round(this.#writer.commitMs) }
  }

  /** Durable actors in memory; the others are rows until somebody writes to them. */
  get awake(): number {
    return this.#loop.awake
  }
}
