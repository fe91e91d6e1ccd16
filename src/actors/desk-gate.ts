/** The risk gate with the desk's own eyes: the board, the rows and the instruments. */
import type { TrippedBreaker } from '../domain/breaker.ts'
import { money, notional, one, times, type Rate } from '../domain/decimal.ts'
import { gapReserve, leastBuy, type ExitPlan } from '../domain/exits.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { FeeRates, OrderRequest } from '../domain/order.ts'
import type { Millis } from '../domain/time.ts'
import { restingPrice } from '../domain/post-only.ts'
import type { WantedOrder } from '../machines/effect.ts'
import type { Clock } from '../ports/clock.ts'
import { judge, type RiskLimits } from '../risk/gate.ts'
import type { Denied, Verdict } from '../risk/verdict.ts'
import { Denials, type Denial } from './denials.ts'
import type { DeskView } from './desk-view.ts'
import type { PriceBoard } from './price-board.ts'

const minuteMs: Millis = 60_000

interface Begun {
  readonly id: string
  readonly at: Millis
}

export interface DeskGateOptions {
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly board: PriceBoard
  readonly view: DeskView
  readonly limits: RiskLimits
  /** Those instruments that have a plan. */
  readonly exits: ReadonlyMap<string, ExitPlan>
  readonly fees: FeeRates
  /** The breakers that the market of this moment trips, before their rows say so. */
  readonly tripping: () => readonly Pick<TrippedBreaker, 'name' | 'reason'>[]
  readonly clock: Clock
}

export class DeskGate {
  readonly #instruments: ReadonlyMap<string, Instrument>
  readonly #board: PriceBoard
  readonly #view: DeskView
  readonly #limits: RiskLimits
  readonly #denials: Denials

  readonly #takerFee: Rate
  readonly #clock: Clock
  readonly #tripping: DeskGateOptions['tripping']
  readonly #exits: ReadonlyMap<string, ExitPlan>
  readonly #buyFee: Rate
  /** When the orders of the last minute were begun, by the monotonic clock; at most as many as may begin in one. */
  #begun: readonly Begun[] = []

  constructor({ instruments, board, view, limits, exits, fees, tripping, clock }: DeskGateOptions) {
    this.#instruments = instruments
    this.#board = board
    this.#view = view
    this.#limits = limits
    this.#exits = exits
    this.#buyFee = fees.maker
    this.#takerFee = fees.taker
    this.#clock = clock
    this.#tripping = tripping
    this.#denials = new Denials(clock)
  }

  /** The latest denials since this process began. */
  get denials(): readonly Denial[] {
    return this.#denials.latest
  }

  /** The word on an order about to begin, at a price at which it can rest. */
  open(order: WantedOrder): { readonly order: WantedOrder } | Denied {
    const instrument = this.#instruments.get(order.instrument)
    if (instrument === undefined) return { rule: 'instrumentStatus', detail: `${order.instrument} is not traded by this desk` }
    const quote = this.#board.usable(order.instrument)
    const placed = { ...order, price: restingPrice(order, quote, instrument), ...(quote !== undefined && { arrival: { bid: quote.bid, ask: quote.ask } }) }
    const verdict = this.judge(placed)
    if ('rule' in verdict) return verdict
    if (placed.side === 'buy') {
      this.#view.reserve(placed.clientOrderId, placed.instrument, notional(placed.price, placed.quantity))
      this.#begun = [...this.#lastMinute(), { id: placed.clientOrderId, at: this.#clock.monotonic() }]
    }
    return { order: placed }
  }

  /** Counts an order that nobody asked the gate about: somebody else placed it. */
  count(order: WantedOrder): void {
    if (order.side === 'buy') this.#view.reserve(order.clientOrderId, order.instrument, notional(order.price, order.quantity))
  }

  #lastMinute(except?: string): readonly Begun[] {
    const from = this.#clock.monotonic() - minuteMs
    return this.#begun.filter(({ id, at }) => at > from && id !== except)
  }

  /** The word on a request now; its own claim does not count against it. */
  judge(request: OrderRequest): Verdict {
    const instrument = this.#instruments.get(request.instrument)
    if (instrument === undefined) return { rule: 'instrumentStatus', detail: `${request.instrument} is not traded by this desk` }
    const { clientOrderId: id } = request
    const stop = this.#exits.get(request.instrument)?.stop
    const view = {
      instrument,
      leastAtStop: stop && leastBuy(instrument, request.price, { below: stop.below, buyFee: this.#buyFee, reserve: gapReserve }),
      quote: this.#board.usable(request.instrument),
      exposure: this.#view.exposure(id),
      instrumentExposure: this.#view.exposure(id, instrument.id),
      openOrders: this.#view.openOrders(id),
      ordersLastMinute: this.#lastMinute(id).length,
      freeQuote: this.#view.freeQuote(this.#instruments.values(), instrument, this.#takerFee, id),
      takerFee: this.#takerFee,
      trading: this.#view.tradingState,
      breakers: [...this.#view.tripped(request.instrument), ...(request.side === 'buy' ? this.#tripping() : [])],
    }
    const verdict = judge(request, view, scaled(this.#limits, this.#view.share))
    if ('rule' in verdict) this.#denials.note(request, verdict)
    return verdict
  }
}

/** The limits while only a share of them may be used. */
const scaled = (limits: RiskLimits, share: Rate): RiskLimits =>
  share === one ? limits : { ...limits, maxNotionalPerOrder: money(times(limits.maxNotionalPerOrder, share)), maxExposure: money(times(limits.maxExposure, share)), maxInstrumentExposure: money(times(limits.maxInstrumentExposure, share)) }
