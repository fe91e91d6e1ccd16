/** Cancelling many, amending and previewing (binance-spot.md 5.3, 11). */
import { compare, minus, money, notional, plus, rounded, times } from '../../domain/decimal.ts'
import { failed, ok, type CancelOutcome, type Result } from '../../domain/failure.ts'
import type { FeeRates, OrderReport, OrderRequest } from '../../domain/order.ts'
import type { Amendment, OrderPreview, OrderServices } from '../../ports/venue.ts'
import { amendOutcome, failureOf, refusalOf } from './failures.ts'
import { parseVenueName } from './names.ts'
import { termsOf } from './order-entry.ts'
import type { Rest } from './rest.ts'
import type { Params } from './signed-request.ts'
import type { Symbols } from './symbols.ts'

const amendWeight = 4
const testWeight = 1
/** Fees are told to so many places. */
const feePlaces = 8

export interface OrderServicesParts {
  readonly rest: Rest
  readonly symbols: Symbols
}

/** What of the adapter's other parts these services build on. */
export interface OrderServicesUse {
  cancel(venueOrderId: string): Promise<CancelOutcome>
  order(venueOrderId: string): Promise<Result<OrderReport | undefined>>
  feeRates(): Promise<Result<FeeRates>>
}

export class BinanceOrderServices implements OrderServices {
  readonly #parts: OrderServicesParts
  readonly #use: OrderServicesUse

  constructor(parts: OrderServicesParts, use: OrderServicesUse) {
    this.#parts = parts
    this.#use = use
  }

  /** One request for each: the venue's own cancel of everything would take strangers' orders along (5.3). */
  async cancelMany(venueOrderIds: readonly string[]): Promise<readonly CancelOutcome[]> {
    const outcomes: CancelOutcome[] = []
    for (const id of venueOrderIds) outcomes.push(await this.#use.cancel(id))
    return outcomes
  }

  /** Only to less, at the same price. The order's own name is sent along: without it the venue would give it another (5.3). */
  async amend(venueOrderId: string, to: Amendment): Promise<CancelOutcome> {
    const now = await this.#use.order(venueOrderId)
    if (!now.ok) return { kind: 'unknown', failure: now.failure }
    const name = parseVenueName(venueOrderId)
    if (now.value === undefined || name === undefined) return { kind: 'refused', detail: 'the venue knows no such order' }
    const { price, quantity, clientOrderId } = now.value
    if (price !== to.price || quantity === undefined || compare(to.quantity, quantity) >= 0) return { kind: 'refused', detail: 'not asked for: this venue only takes a smaller quantity at the same price' }
    const symbol = await this.#parts.symbols.symbolOf(name.instrument)
    if (!symbol.ok) return { kind: 'unknown', failure: symbol.failure }
    const params: Params = [['symbol', symbol.value], ['orderId', name.id], ['newQty', to.quantity], ['newClientOrderId', clientOrderId]]
    const sent = await this.#parts.rest.send({ method: 'PUT', path: '/order/amend/keepPriority', params, weight: amendWeight, lane: 'cancel', access: 'signed' })
    return sent.kind === 'answered' ? amendOutcome(sent.answer) : { kind: 'unknown', failure: sent.failure }
  }

  /** The venue tests everything but the balance (5.3); the fee is computed from the account's rates, in quote currency. */
  async preview(request: OrderRequest): Promise<Result<OrderPreview>> {
    const symbol = await this.#parts.symbols.symbolOf(request.instrument)
    if (!symbol.ok) return symbol
    const sent = await this.#parts.rest.send({ method: 'POST', path: '/order/test', params: termsOf(request, symbol.value), weight: testWeight, lane: 'data', access: 'signed' })
    if (sent.kind !== 'answered') return failed(sent.failure)
    if (sent.answer.status !== 200) {
      const refusal = refusalOf(sent.answer)
      return refusal === undefined ? failed(failureOf(sent.answer)) : ok({ kind: 'refused', ...refusal })
    }
    const rates = await this.#use.feeRates()
    if (!rates.ok) return rates
    const value = notional(request.price, request.quantity)
    const fee = money(rounded(times(value, request.postOnly ? rates.value.maker : rates.value.taker), feePlaces))
    return ok({ kind: 'possible', fee, total: request.side === 'buy' ? plus(value, fee) : minus(value, fee) })
  }
}
