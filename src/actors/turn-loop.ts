/**
 * The heart: takes messages in order, runs each as a turn, and commits what has gathered while the last commit
 * was under way. Nothing is shown or sent before its commit.
 *
 * L1  Turns run in the order in which their messages came.
 * L2  Effects and observers see a turn only after its batch is committed (I2): first the effects, whose requests are on their way
 *     before anybody is told.
 * L3  When a batch is refused or a turn fails, everything since the last confirmed commit is forgotten, the actors
 *     are read again from their rows, and the messages are taken again, in smaller and smaller batches.
 * L4  A message that fails alone is quarantined and its pair held; the others go on (PR-16, PR-25).
 * L5  The inbox holds at most `maxInbox` messages; beyond it the desk ends, and the next start recovers.
 * L6  The store never waits for the desk: what is ready leaves as soon as it is free.
 * L7  A fault of the loop's own, or of what it folds and performs, ends the desk: a loop that stood still would be a desk that
 *     looks alive.
 */
import { Subject, type Observable } from 'rxjs'
import { pairAddress, type Address } from '../domain/address.ts'
import { parseClientOrderId } from '../domain/client-order-id.ts'
import type { Millis } from '../domain/time.ts'
import { noMeter } from '../ports/metrics.ts'
import { addressesOf, withRecords, type Drafted, type Waiting } from './drafted.ts'
import type { WriteOutcome } from './journal-writer.ts'
import type { CommittedTurn, LoopEnd, LoopOptions } from './loop-options.ts'
import { RowUnreadable } from './row-reader.ts'
import { TurnRun, type Message } from './turn.ts'

/** A batch on its way into the store. */
interface Flight {
  readonly number: number
  readonly drafted: readonly Drafted[]
  readonly turns: readonly CommittedTurn[]
  readonly settled: Promise<void>
  outcome?: WriteOutcome
}

export class TurnLoop {
  readonly #options: LoopOptions
  readonly #committed = new Subject<CommittedTurn>()
  #inbox: Waiting[] = []
  #open: Drafted[] = []
  #flight: Flight | undefined
  /** Is in the store, and not everybody has been told. */
  #landed: Flight | undefined
  #driving = false
  #over = false
  #closed = false
  #wake: () => void = () => undefined
  #turns = 0
  #batches = 0
  #position: number
  /** Fewer than the bound while a bad message is being singled out (L3). */
  #batchLimit: number

  constructor(options: LoopOptions) {
    this.#options = options
    this.#position = options.lastPosition
    this.#batchLimit = options.bounds.maxTurnsPerBatch
  }

  /** Every committed turn, in order. */
  get committed(): Observable<CommittedTurn> {
    return this.#committed
  }

  /** Messages that are not durable yet, or of which not everybody has been told. */
  get depth(): number {
    return this.#inbox.length + this.#open.length + (this.#flight?.drafted.length ?? 0) + (this.#landed?.drafted.length ?? 0)
  }

  /** Durable actors in memory. */
  get awake(): number {
    return this.#options.directory.awake
  }

  /** Drops a message into the inbox. */
  post(message: Message): void {
    this.#enqueue({ message })
  }

  /** Drops a message into the inbox and tells when its turn is durable, or that it was set aside. */
  ask(message: Message): Promise<'committed' | 'quarantined'> {
    return new Promise((settle) => this.#enqueue({ message, settle }))
  }

  /** Takes no more messages, and resolves when everything taken is durable. */
  async close(): Promise<void> {
    this.#closed = true
    while (this.depth > 0 && !this.#over) await this.#pause(1)
  }

  #pause(delayMs: Millis): Promise<void> {
    return new Promise((resolve) => void this.#options.clock.after(delayMs, resolve))
  }

  /** Lets others have the thread. */
  #breathe(): Promise<void> {
    return new Promise((resolve) => this.#options.clock.soon(resolve))
  }

  #enqueue(waiting: Waiting): void {
    if (this.#over || this.#closed) return
    if (this.#inbox.length >= this.#options.bounds.maxInbox) {
      this.#end('inboxFull')
      return
    }
    this.#inbox.push(waiting)
    this.#wake()
    if (!this.#driving) {
      this.#driving = true
      this.#drive().catch((error: unknown) => {
        this.#options.log.error('turn.broken', { detail: error instanceof Error ? (error.stack ?? error.message) : String(error) })
        this.#end('broken')
      })
    }
  }

  #end(end: LoopEnd): void {
    if (this.#over) return
    this.#over = true
    this.#options.over(end)
  }

  async #drive(): Promise<void> {
    while (!this.#over && this.depth > 0) {
      this.#takeOff()
      const failed = await this.#runTurns()
      if (failed !== undefined) await this.#recover(failed)
      this.#takeOff()
      if (this.#flight !== undefined) await this.#idle(this.#flight)
      await this.#land(() => this.#takeOff())
    }
    this.#driving = false
  }

  /** Waits for the store or, when there is room, for the next message. */
  async #idle(flight: Flight): Promise<void> {
    const full = this.#open.length >= this.#batchLimit
    if (!full && this.#inbox.length > 0) return this.#breathe()
    const message = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    return full ? flight.settled : Promise.race([flight.settled, message])
  }

  /** Runs what waits, as far as the batch and the thread allow; hands back a message whose turn failed. */
  async #runTurns(): Promise<{ readonly waiting: Waiting; readonly run: TurnRun; readonly error: unknown } | undefined> {
    const { epoch, clock, directory, rules, bounds, meter = noMeter } = this.#options
    for (let count = 0; count < bounds.maxTurnsAtOnce && this.#open.length < this.#batchLimit; count++) {
      const waiting = this.#inbox.shift()
      if (waiting === undefined) return undefined
      const run = new TurnRun({ id: `${epoch}-${++this.#turns}`, at: clock.now(), directory, rules })
      const beganAt = clock.monotonic()
      try {
        const draft = await run.run(waiting.message)
        meter.observe('nightdesk_turn_seconds', (clock.monotonic() - beganAt) / 1_000)
        for (const actor of draft.touched) actor.touchedBy = this.#batches + 1
        this.#open.push({ waiting, draft: withRecords(draft, waiting), decidedAt: clock.monotonic() })
      } catch (error) {
        return { waiting, run, error }
      }
    }
    return undefined
  }

  /** When the store is free, what is ready leaves before more is made ready. */
  #takeOff(): void {
    const drafted = this.#open
    if (this.#flight !== undefined || drafted.length === 0) return
    this.#open = []
    let position = this.#position
    const turns = drafted.map(({ draft: { touched: _touched, ...turn }, decidedAt }) => ({
      ...turn,
      decidedAt,
      events: turn.events.map((event) => ({ ...event, position: ++position })),
    }))
    const number = ++this.#batches
    const written = this.#options.writer.write({ id: `${this.#options.epoch}-${number}`, turns })
    const flight: Flight = { number, drafted, turns, settled: written.then((outcome) => { flight.outcome = outcome }) }
    this.#flight = flight
  }

  /** @param next what the store is given to do while everybody is told of what it has done */
  async #land(next?: () => void): Promise<void> {
    const flight = this.#flight
    const outcome = flight?.outcome
    if (flight === undefined || outcome === undefined) return
    this.#flight = undefined
    if (outcome.kind === 'over') this.#end(outcome.end)
    else if (outcome.kind === 'committed') await this.#confirm(flight, next)
    else this.#refuse(flight, `${outcome.rule}: ${outcome.detail}`)
  }

  async #confirm(flight: Flight, next?: () => void): Promise<void> {
    const { number, drafted, turns } = flight
    // A turn of a message for nobody has no event, and may be the last.
    this.#position = turns.findLast(({ events }) => events.length > 0)?.events.at(-1)?.position ?? this.#position
    this.#batchLimit = Math.min(this.#batchLimit * 2, this.#options.bounds.maxTurnsPerBatch)
    this.#options.directory.settle(addressesOf(drafted), number)
    for (const turn of turns) this.#options.fold(turn)
    this.#landed = flight
    for (const turn of turns) for (const effect of turn.effects) this.#options.perform(effect, turn)
    next?.()
    // What an effect sends is on its way before anybody is told, and before the next turn.
    if (turns.some(({ effects }) => effects.length > 0)) await this.#breathe()
    for (const [index, turn] of turns.entries()) {
      for (const surprise of turn.surprises) this.#options.log.warn('turn.unexpected', { turn: turn.id, detail: surprise })
      this.#committed.next(turn)
      drafted[index]?.waiting.settle?.('committed')
    }
    this.#landed = undefined
  }

  #refuse({ drafted }: Flight, detail: string): void {
    const alone = drafted.length === 1
    this.#batchLimit = Math.max(1, Math.floor(drafted.length / 2))
    this.#startOver(alone ? [] : drafted, addressesOf(drafted), detail)
    if (alone && drafted[0] !== undefined) this.#setAside(drafted[0].waiting, detail)
  }

  /** A turn failed: nothing of the memory since the last commit can be trusted. */
  async #recover(failed: { readonly waiting: Waiting; readonly run: TurnRun; readonly error: unknown }): Promise<void> {
    const { waiting, run, error } = failed
    const touched = [...run.touched].map((actor) => actor.address)
    const detail = error instanceof Error ? error.message : String(error)
    // A store that is away will come back; anything else would fail again and block what waits behind it.
    const poisoned = !(error instanceof RowUnreadable)
    // Back where it came from, before what is in the air may come back before it (L1).
    if (!poisoned) this.#inbox.unshift(waiting)
    if (this.#flight !== undefined) {
      await this.#flight.settled
      await this.#land()
    }
    if (!poisoned) {
      await this.#pause(unreadablePauseMs)
      const end = await this.#options.writer.reach()
      if (end !== undefined) this.#end(end)
    }
    this.#startOver([], touched, detail)
    if (poisoned) this.#setAside(waiting, detail)
  }

  /** Forgets everything unconfirmed and takes its messages again, in their order (L3). */
  #startOver(refused: readonly Drafted[], dirty: readonly Address[], detail: string): void {
    const again = [...refused, ...this.#open]
    this.#options.directory.drop([...dirty, ...addressesOf(this.#open)])
    this.#open = []
    this.#inbox = [...again.map(({ waiting }) => waiting), ...this.#inbox]
    this.#options.log.warn('turn.startedOver', { detail, messages: again.length })
  }

  #setAside(poisoned: Waiting, detail: string): void {
    const { message } = poisoned
    this.#options.log.error('turn.quarantined', { to: message.to, event: message.event.type, detail })
    poisoned.settle?.('quarantined')
    this.#options.setAside(message, detail)
    const pairId = this.#pairOf(message.to)
    if (pairId === undefined || poisoned.quarantines !== undefined) return
    const reason = `${message.event.type} for ${message.to} could not be taken: ${detail}`
    const hold = { to: pairAddress(pairId), event: { type: 'hold', reason } as Message['event'] }
    this.#inbox.unshift({ message: hold, quarantines: reason })
  }

  #pairOf(address: Address): string | undefined {
    const [kind, id = ''] = address.split('/')
    if (kind === 'order') return parseClientOrderId(id)?.pairId ?? this.#options.pairOfOrder(id)
    return kind === 'trade-pair' ? id : undefined
  }
}

/** Pause before a message whose actor's row could not be read is tried again. */
const unreadablePauseMs = 200
