/** The risk gate with the desk's own eyes: the board, the rows and the instruments. */
import { money, notional, one, rate, times, type Rate } from '../domain/decimal.ts'
import { leastBuy, type ExitPlan } from '../domain/exits.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { OrderRequest } from '../domain/order.ts'
import { restingPrice } from '../domain/post-only.ts'
import type { WantedOrder } from '../machines/effect.ts'
import { judge, type RiskLimits } from '../risk/gate.ts'
import type { Denied, Verdict } from '../risk/verdict.ts'
import type { DeskView } from './desk-view.ts'
import type { PriceBoard } from './price-board.ts'

/** A market may gap so far through a stop, and what was bought can still be sold. */
const gapReserve = rate('0.1')

export class DeskGate {
  readonly #instruments: ReadonlyMap<string, Instrument>
  readonly #board: PriceBoard
  readonly #view: DeskView
  readonly #limits: RiskLimits
  readonly #exits: ReadonlyMap<string, ExitPlan>
  readonly #buyFee: Rate

  constructor(options: { instruments: ReadonlyMap<string, Instrument>; board: PriceBoard; view: DeskView; limits: RiskLimits; exits: ReadonlyMap<string, ExitPlan>; buyFee: Rate }) {
    this.#instruments = options.instruments
    this.#board = options.board
    this.#view = options.view
    this.#limits = options.limits
    this.#exits = options.exits
    this.#buyFee = options.buyFee
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
    const stop = this.#exits.get(request.instrument)?.stop
    const view = {
      instrument,
      leastAtStop: stop && leastBuy(instrument, request.price, { below: stop.below, buyFee: this.#buyFee, reserve: gapReserve }),
      quote: this.#board.usable(request.instrument),
      exposure: this.#view.exposure(request.clientOrderId),
      trading: this.#view.tradingState,
    }
    return judge(request, view, scaled(this.#limits, this.#view.share))
  }
}

/** The limits while only a share of them may be used. */
const scaled = (limits: RiskLimits, share: Rate): RiskLimits =>
  share === one ? limits : { ...limits, maxNotionalPerOrder: money(times(limits.maxNotionalPerOrder, share)), maxExposure: money(times(limits.maxExposure, share)) }
