/** The risk gate with the desk's own eyes: the board, the rows and the instruments. */
import { money, notional, one, times, type Rate } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { OrderRequest } from '../domain/order.ts'
import { restingPrice } from '../domain/post-only.ts'
import type { WantedOrder } from '../machines/effect.ts'
import type { Clock } from '../ports/clock.ts'
import { judge, type RiskLimits } from '../risk/gate.ts'
import type { Denied, Verdict } from '../risk/verdict.ts'
import { Denials, type Denial } from './denials.ts'
import type { DeskView } from './desk-view.ts'
import type { PriceBoard } from './price-board.ts'

export class DeskGate {
  readonly #instruments: ReadonlyMap<string, Instrument>
  readonly #board: PriceBoard
  readonly #view: DeskView
  readonly #limits: RiskLimits
  readonly #denials: Denials

  constructor(options: { instruments: ReadonlyMap<string, Instrument>; board: PriceBoard; view: DeskView; limits: RiskLimits; clock: Clock }) {
    this.#instruments = options.instruments
    this.#board = options.board
    this.#view = options.view
    this.#limits = options.limits
    this.#denials = new Denials(options.clock)
  }

  /** The latest denials since this process began. */
  get denials(): readonly Denial[] {
    return this.#denials.latest
  }

  /** The word on an order about to begin, at a price at which it can rest. */
  open(order: WantedOrder): { readonly order: WantedOrder } | Denied {
    const instrument = this.#instruments.get(order.instrument)
    if (instrument === undefined) return { rule: 'instrumentStatus', detail: `${order.instrument} is not traded by this desk` }
    const placed = { ...order, price: restingPrice(order, this.#board.usable(order.instrument), instrument) }
    const verdict = this.judge(placed)
    if ('rule' in verdict) return verdict
    if (placed.side === 'buy') this.#view.reserve(placed.clientOrderId, notional(placed.price, placed.quantity))
    return { order: placed }
  }

  /** Counts an order that nobody asked the gate about: somebody else placed it. */
  count(order: WantedOrder): void {
    if (order.side === 'buy') this.#view.reserve(order.clientOrderId, notional(order.price, order.quantity))
  }

  /** The word on a request now; its own claim does not count against it. */
  judge(request: OrderRequest): Verdict {
    const instrument = this.#instruments.get(request.instrument)
    if (instrument === undefined) return { rule: 'instrumentStatus', detail: `${request.instrument} is not traded by this desk` }
    const view = {
      instrument,
      quote: this.#board.usable(request.instrument),
      exposure: this.#view.exposure(request.clientOrderId),
      trading: this.#view.tradingState,
      breakers: this.#view.tripped(request.instrument),
    }
    const verdict = judge(request, view, scaled(this.#limits, this.#view.share))
    if ('rule' in verdict) this.#denials.note(request, verdict)
    return verdict
  }
}

/** The limits while only a share of them may be used. */
const scaled = (limits: RiskLimits, share: Rate): RiskLimits =>
  share === one ? limits : { ...limits, maxNotionalPerOrder: money(times(limits.maxNotionalPerOrder, share)), maxExposure: money(times(limits.maxExposure, share)) }
