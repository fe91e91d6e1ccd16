/**
 * Asks a strategy what it wants when something it waits for has happened, and turns its wishes into messages.
 *
 * Y1  It decides only while the desk is trading, no breaker keeps its entries back and the quote is live (I9, PR-23).
 * Y2  It decides again only when everything it last wanted is durable: it never acts on what it has not seen.
 * Y3  However often it is woken, it decides at most once every `restMs`, and after a refused buy only when a growing
 *     pause has passed (OC-15).
 * Y4  A strategy that throws has wanted nothing: what it began before goes on, and it is asked again after a growing
 *     pause, for ever. A person is told when it keeps failing (`alerting/conditions.ts`).
 */
import { pairAddress } from '../domain/address.ts'
import type { ExitPlan } from '../domain/exits.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { FeeRates } from '../domain/order.ts'
import type { Millis } from '../domain/time.ts'
import type { PairPolicy, TradePairInput } from '../machines/trade-pair/trade-pair-context.ts'
import type { Clock, Random } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Decision, MarketView, Proposal, Strategy } from '../strategies/strategy.ts'
import { beginPair } from './begin-pair.ts'
import { BidHistory } from './bid-history.ts'
import { Brake } from './brake.ts'
import type { DeskView } from './desk-view.ts'
import { summaryOf } from './pair-summary.ts'
import type { PriceBoard } from './price-board.ts'
import { StrategyTrouble, type Trouble } from './strategy-trouble.ts'
import type { Message } from './turn.ts'

export interface StrategistOptions {
  readonly instrument: string
  /** The venue's rules for it, now. */
  readonly rules: () => Instrument
  readonly strategy: Strategy
  readonly fees: FeeRates
  readonly install: string
  readonly pairPolicy: PairPolicy
  readonly exits: ReadonlyMap<string, ExitPlan>
  readonly view: DeskView
  readonly board: PriceBoard
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly restMs: Millis
  /** First pause after a refused buy, and the longest. */
  readonly refusedMs: Millis
  readonly refusedMaxMs: Millis
  /** How often it is asked even if nothing woke it. */
  readonly cadenceMs: Millis
  /** How often the bid is noted for its view; not at all without it. */
  readonly sampleEveryMs?: Millis
  ask(message: Message): Promise<unknown>
}

export class Strategist {
  readonly #options: StrategistOptions
  readonly #unwanted = new Set<string>()
  readonly #brake: Brake
  readonly #trouble: StrategyTrouble
  readonly #history: BidHistory | undefined
  #leftOut: string | undefined
  #scheduled = false
  #deciding = false
  #again = false
  #stopped = false
  #decidedAt = Number.NEGATIVE_INFINITY

  constructor(options: StrategistOptions) {
    this.#options = options
    const { clock, instrument, board, sampleEveryMs } = options
    this.#brake = new Brake(clock, options.refusedMs, options.refusedMaxMs)
    this.#trouble = new StrategyTrouble(instrument, clock)
    this.#history = sampleEveryMs === undefined ? undefined : new BidHistory(clock, sampleEveryMs, () => board.usable(instrument)?.bid)
  }

  get instrument(): string {
    return this.#options.instrument
  }

  /** Why its strategy decides nothing; undefined while it decides. */
  get trouble(): Trouble | undefined {
    return this.#trouble.now
  }

  /** A buy of this instrument was refused, by the gate or by the venue, or withdrawn. */
  refused(): void {
    this.#brake.refused()
  }

  /** A buy of this instrument stands at the venue. */
  accepted(): void {
    this.#brake.passed()
  }

  start(): void {
    this.#history?.start()
    this.#beat()
    this.wake()
  }

  stop(): void {
    this.#stopped = true
    this.#history?.stop()
  }

  #beat(): void {
    this.#options.clock.after(this.#options.cadenceMs, () => {
      if (this.#stopped) return
      this.wake()
      this.#beat()
    })
  }

  /** Something changed: decide soon. */
  wake(): void {
    if (this.#stopped) return
    if (this.#deciding) {
      this.#again = true
      return
    }
    if (this.#scheduled) return
    this.#scheduled = true
    const { clock, restMs } = this.#options
    const restedMs = clock.monotonic() - this.#decidedAt
    const waitMs = Math.max(restMs - restedMs, this.#pauseMs)
    const decide = (): void => {
      this.#scheduled = false
      if (this.#pauseMs > 0) this.wake()
      else void this.#decide()
    }
    // The shortest timer lasts a millisecond, which a price that has crossed a line would wait for nothing.
    if (waitMs > 0) clock.after(waitMs, decide)
    else clock.soon(decide)
  }

  get #pauseMs(): Millis {
    return Math.max(this.#brake.waitMs, this.#trouble.waitMs)
  }

  async #decide(): Promise<void> {
    const { board, instrument, view, clock, log } = this.#options
    const quote = board.usable(instrument)
    if (this.#stopped || quote === undefined || view.tradingState.state !== 'active' || view.tripped(instrument).length > 0) return
    this.#deciding = true
    this.#decidedAt = clock.monotonic()
    try {
      await Promise.all(this.#wishes(quote).map((message) => this.#options.ask(message)))
    } catch (error) {
      log.error('strategist.failed', { instrument, detail: error instanceof Error ? error.message : String(error) })
    }
    this.#deciding = false
    if (!this.#again) return
    this.#again = false
    this.wake()
  }

  #wishes(quote: Pick<MarketView, 'bid' | 'ask'>): readonly Message[] {
    const decision = this.#decision(quote)
    if (decision === undefined) return []
    this.#sayLeftOut(decision.leftOut)
    this.#watch(decision.wakeAt)
    return [...decision.proposals.map((proposal) => this.#propose(proposal)), ...decision.unwanted.map((wish) => this.#callOff(wish))]
  }

  /** What the strategy wants; undefined when it has failed (Y4). */
  #decision({ bid, ask }: Pick<MarketView, 'bid' | 'ask'>): Decision | undefined {
    const { rules, strategy, view, fees, log } = this.#options
    const instrument = rules()
    const pairs = view.pairs(instrument.id).filter((pair) => pair.context.strategy === strategy.name)
    const open = new Set(pairs.map((pair) => pair.pairId))
    for (const pairId of this.#unwanted) if (!open.has(pairId)) this.#unwanted.delete(pairId)
    const summaries = pairs.map((pair) => summaryOf(pair, this.#unwanted.has(pair.pairId)))
    try {
      const decision = strategy.decide({ instrument, bid, ask, bids: this.#history?.bids ?? [], fees, share: view.share, pairs: summaries })
      this.#trouble.passed()
      return decision
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      log.error('strategy.failed', { instrument: instrument.id, strategy: strategy.name, detail })
      this.#trouble.failed(detail)
      return undefined
    }
  }

  /** Says it when it is news. */
  #sayLeftOut(sentence: string | undefined): void {
    const { log, instrument, strategy } = this.#options
    if (sentence !== undefined && sentence !== this.#leftOut) log.info('strategy.leftOut', { instrument, strategy: strategy.name, detail: sentence })
    this.#leftOut = sentence
  }

  #watch(wakeAt: { readonly falls?: TradePairInput['buy']['price']; readonly rises?: TradePairInput['buy']['price'] }): void {
    const { board, instrument } = this.#options
    for (const crossing of ['falls', 'rises'] as const) {
      const at = wakeAt[crossing]
      const id = `strategist ${crossing}`
      if (at === undefined) board.disarm(instrument, id)
      else board.arm(instrument, { id, crossing, at, wake: () => this.wake() })
    }
  }

  #propose({ quantity, price, target }: Proposal): Message {
    const wanted = { instrument: this.#options.rules(), target, strategy: this.#options.strategy.name, buy: { quantity, price, postOnly: true } }
    return beginPair(this.#options, wanted, { type: 'proposed' })
  }

  #callOff({ pairId, reason }: { readonly pairId: string; readonly reason: string }): Message {
    this.#unwanted.add(pairId)
    return { to: pairAddress(pairId), event: { type: 'buyUnwanted', reason } as Message['event'] }
  }
}

