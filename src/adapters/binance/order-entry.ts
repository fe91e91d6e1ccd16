/**
 * Creating and cancelling (binance-spot.md 5.3, 8, 9).
 *
 * E1  A client order id is written at most once in the life of this process; its window ends it for every other.
 * E2  Whatever does not prove that the order exists, or that it was refused, is unknown.
 * E3  A create is never signed again, not even when the venue refused its time.
 */
import type { CancelOutcome, SendOutcome } from '../../domain/failure.ts'
import type { OrderRequest } from '../../domain/order.ts'
import type { ClaimedOrder, OrderEntry } from '../../ports/venue.ts'
import type { ClockSync } from './clock-sync.ts'
import { cancelOutcome, isClockSkew, sendOutcome } from './failures.ts'
import { parseVenueName } from './names.ts'
import type { Settings } from './options.ts'
import type { Rest, Sent } from './rest.ts'
import type { Params } from './signed-request.ts'
import type { Symbols } from './symbols.ts'

/** Ids remembered against a second write; those before them are fenced by the end of their windows. */
const remembered = 50_000
const weight = 1

export interface OrderEntryParts {
  readonly rest: Rest
  readonly symbols: Symbols
  readonly sync: ClockSync
  readonly settings: Settings
}

export class BinanceOrderEntry implements OrderEntry {
  readonly #parts: OrderEntryParts
  readonly #written = new Set<string>()

  constructor(parts: OrderEntryParts) {
    this.#parts = parts
  }

  async create({ request, claimedAt }: ClaimedOrder): Promise<SendOutcome> {
    const { rest, symbols, settings, sync } = this.#parts
    const { clientOrderId, instrument } = request
    if (!this.#takeOnly(clientOrderId)) return { kind: 'unknown', failure: { kind: 'badRequest', detail: 'this client order id was written before and is not written again' } }
    const symbol = await symbols.symbolOf(instrument)
    if (!symbol.ok) return { kind: 'refused', reason: 'instrumentUnavailable', detail: `not written: ${symbol.failure.detail}` }
    const signed = { at: claimedAt, windowMs: settings.proof.windowMs }
    const known = sync.measurements
    const sent = await rest.send({ method: 'POST', path: '/order', params: createParams(request, symbol.value), weight, lane: request.side === 'sell' ? 'exit' : 'entry', access: 'signed', signed })
    if (sent.kind !== 'answered') return unanswered(sent)
    if (isClockSkew(sent.answer)) void sync.mend(known)
    return sendOutcome(sent.answer, { instrument, symbol: symbol.value, clientOrderId })
  }

  /** By the order's own id alone, which is fastest; the venue names the cancel itself (5.3). */
  async cancel(venueOrderId: string): Promise<CancelOutcome> {
    const { rest, symbols, sync } = this.#parts
    const name = parseVenueName(venueOrderId)
    if (name === undefined) return { kind: 'refused', detail: 'there is no venue order id to cancel by' }
    const symbol = await symbols.symbolOf(name.instrument)
    if (!symbol.ok) return { kind: 'unknown', failure: symbol.failure }
    const params: Params = [['symbol', symbol.value], ['orderId', name.id]]
    const known = sync.measurements
    const sent = await rest.send({ method: 'DELETE', path: '/order', params, weight, lane: 'cancel', access: 'signed' })
    if (sent.kind !== 'answered') return { kind: 'unknown', failure: sent.failure }
    if (isClockSkew(sent.answer)) void sync.mend(known)
    return cancelOutcome(sent.answer, name)
  }

  #takeOnly(clientOrderId: string): boolean {
    if (this.#written.has(clientOrderId)) return false
    this.#written.add(clientOrderId)
    const [oldest] = this.#written
    if (this.#written.size > remembered && oldest !== undefined) this.#written.delete(oldest)
    return true
  }
}

/** LIMIT_MAKER takes no `timeInForce`, and without a response type it would answer without a status (5.3). */
const createParams = (request: OrderRequest, symbol: string): Params => [...termsOf(request, symbol), ['newClientOrderId', request.clientOrderId], ['newOrderRespType', 'RESULT']]

/** What an order is to be, without its name. */
export const termsOf = ({ side, quantity, price, postOnly }: OrderRequest, symbol: string): Params => [
  ['symbol', symbol],
  ['side', side === 'buy' ? 'BUY' : 'SELL'],
  ...(postOnly ? [['type', 'LIMIT_MAKER'] as const] : [['type', 'LIMIT'] as const, ['timeInForce', 'GTC'] as const]),
  ['quantity', quantity],
  ['price', price],
]

/**
 * The one write was not made: that is knowledge where we held it back ourselves. A claim older than its window is not:
 * a process that slept so long leaves the answer to the look-up.
 */
const unanswered = (sent: Exclude<Sent, { kind: 'answered' }>): SendOutcome => {
  const { kind, detail } = sent.failure
  if (sent.kind === 'broken' || kind === 'timeout') return { kind: 'unknown', failure: sent.failure }
  return { kind: 'refused', reason: kind === 'unauthorised' ? 'notPermitted' : 'rateLimited', detail }
}
