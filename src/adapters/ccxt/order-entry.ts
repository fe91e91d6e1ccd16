/**
 * Creating and cancelling through ccxt.
 *
 * E1  A client order id is written at most once in the life of this process; the library's own retries are off (X2).
 * E2  Whatever does not prove that the order exists, or that it was refused, is unknown.
 * E3  A create begins at most `windowMs - requestTimeoutMs` after its claim; later, nothing is written. No exchange turns a
 *     late copy away for us: what has been written counts as possible until the proof's margins are over.
 * E4  What the library would round is not written: its own precision has to leave price and quantity as they are, and both
 *     must survive a binary number, since some classes make one.
 * E5  Without `acceptWeaker` nothing is written.
 */
import { compare, parseDecimal, type Decimal } from '../../domain/decimal.ts'
import type { CancelOutcome, RefusalReason, SendOutcome } from '../../domain/failure.ts'
import type { OrderRequest } from '../../domain/order.ts'
import type { ClaimedOrder, OrderEntry } from '../../ports/venue.ts'
import type { VenueClock } from '../venue-kit/venue-clock.ts'
import type { AcceptedOrders } from './accepted-orders.ts'
import type { Called, Calls } from './calls.ts'
import { takesPostOnly, type CcxtExchange } from './exchange.ts'
import { cancelOutcome, sendOutcome } from './failures.ts'
import { exactDigits } from './figures.ts'
import type { Market, Markets } from './markets.ts'
import { formatOrderName, parseOrderName } from './names.ts'
import type { Settings } from './options.ts'
import { quirksOf } from './quirks.ts'
import type { Redact } from './redact.ts'
import type { ShownNames } from './shown-names.ts'
import { quietly, readPlaced } from './wire.ts'

/** Ids remembered against a second write; those before them are fenced by the ends of their windows. */
const remembered = 50_000

export interface OrderEntryParts {
  readonly exchange: CcxtExchange
  readonly calls: Calls
  readonly markets: Markets
  readonly settings: Settings
  readonly venueClock: VenueClock
  readonly redact: Redact
  readonly shownNames: ShownNames
  readonly accepted: AcceptedOrders
}

type Refused = Extract<SendOutcome, { readonly kind: 'refused' }>

const notWritten = (reason: RefusalReason, why: string): Refused => ({ kind: 'refused', reason, detail: `not written: ${why}` })

export class CcxtOrderEntry implements OrderEntry {
  readonly #parts: OrderEntryParts
  readonly #written = new Set<string>()

  constructor(parts: OrderEntryParts) {
    this.#parts = parts
  }

  async create({ request, claimedAt }: ClaimedOrder): Promise<SendOutcome> {
    const { markets, settings, exchange, redact } = this.#parts
    if (!this.#takeOnly(request.clientOrderId)) return { kind: 'unknown', failure: { kind: 'badRequest', detail: 'this client order id was written before and is not written again' } }
    if (!settings.acceptWeaker) return notWritten('notPermitted', 'trading through ccxt is weaker than through an adapter of its own, and acceptWeaker is not set')
    const market = await markets.of(request.instrument)
    if (!market.ok) return notWritten('instrumentUnavailable', market.failure.detail)
    const misfit = misfitOf(exchange, request, market.value.symbol)
    if (misfit !== undefined) return misfit
    const called = await this.#write(request, claimedAt, market.value)
    if (called.kind === 'threw') return sendOutcome(called.thrown, redact)
    if (called.kind === 'answered') return this.#placed(called.answer, request, market.value)
    // That it was held back for want of room is knowledge; that its window is over is not: a process slept, or a copy of it wrote.
    return called.kind === 'held' && called.failure.kind === 'rateLimited' ? notWritten('rateLimited', called.failure.detail) : { kind: 'unknown', failure: called.failure }
  }

  async cancel(venueOrderId: string): Promise<CancelOutcome> {
    const { calls, markets, settings, redact } = this.#parts
    const name = parseOrderName(venueOrderId)
    if (name === undefined) return { kind: 'refused', detail: 'there is no venue order id to cancel by' }
    const market = await markets.of(name.instrument)
    if (!market.ok) return { kind: 'unknown', failure: market.failure }
    const withinMs = settings.requestTimeoutMs
    const called = await calls.once({ lane: 'cancel', waitMs: withinMs, withinMs }, (exchange) => exchange.cancelOrder(name.id, market.value.symbol))
    if (called.kind === 'answered') return { kind: 'requested' }
    return called.kind === 'threw' ? cancelOutcome(called.thrown, redact) : { kind: 'unknown', failure: called.failure }
  }

  #write({ clientOrderId, side, quantity, price, postOnly }: OrderRequest, claimedAt: number, { symbol }: Market): Promise<Called> {
    const { calls, settings, venueClock, exchange } = this.#parts
    const params = { [quirksOf(exchange).clientOrderIdParam]: clientOrderId, ...(postOnly && { postOnly: true }) }
    const latest = claimedAt + settings.proof.windowMs - settings.requestTimeoutMs
    const lane = side === 'sell' ? 'exit' : 'entry'
    return calls.once({ lane, waitMs: settings.createWaitMs, withinMs: settings.requestTimeoutMs, stillWanted: () => venueClock.now() <= latest }, (one) => one.createOrder(symbol, 'limit', side, quantity, price, params))
  }

  #placed(answer: unknown, { clientOrderId, instrument }: OrderRequest, { symbol }: Market): SendOutcome {
    const placed = quietly(() => readPlaced(answer))
    if (placed === undefined) return unreadable('success without an order id')
    if ((placed.symbol ?? symbol) !== symbol || ![undefined, '', clientOrderId].includes(placed.clientOrderId)) return unreadable('the answer speaks of another order')
    this.#parts.shownNames.saw(placed.clientOrderId)
    const venueOrderId = formatOrderName({ instrument, id: placed.id })
    this.#parts.accepted.tell(venueOrderId)
    return { kind: 'accepted', venueOrderId }
  }

  #takeOnly(clientOrderId: string): boolean {
    if (this.#written.has(clientOrderId)) return false
    this.#written.add(clientOrderId)
    const [oldest] = this.#written
    if (this.#written.size > remembered && oldest !== undefined) this.#written.delete(oldest)
    return true
  }
}

const unreadable = (detail: string): SendOutcome => ({ kind: 'unknown', failure: { kind: 'malformed', detail } })

/** Why the library would send something else than was asked for (E4). */
const misfitOf = (exchange: CcxtExchange, { postOnly, price, quantity }: OrderRequest, symbol: string): Refused | undefined => {
  if (postOnly && !takesPostOnly(exchange)) return notWritten('badRequest', `${exchange.id} is not known to take post-only orders: it might execute one`)
  if (!keeps(price, () => exchange.priceToPrecision(symbol, price))) return notWritten('badPrecision', `ccxt would round the price ${price}`)
  if (!keeps(quantity, () => exchange.amountToPrecision(symbol, quantity))) return notWritten('badPrecision', `ccxt would round the quantity ${quantity}`)
  return undefined
}

const digitsOf = (value: Decimal): number => value.replace('.', '').replace(/^-?0+/, '').length

const keeps = (value: Decimal, rounded: () => unknown): boolean => {
  if (digitsOf(value) > exactDigits) return false
  try {
    const text = rounded()
    const sent = typeof text === 'string' ? parseDecimal(text) : undefined
    return sent !== undefined && compare(sent, value) === 0
  } catch {
    // The library refuses what would become 0.
    return false
  }
}
