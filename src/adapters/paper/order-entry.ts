/**
 * Creating and cancelling.
 *
 * E1  A client order id is written at most once in the life of this process, and names one order for ever (PL3).
 * E2  An order is admitted within its claim's window or never: the window is judged in the turn that writes it.
 * E3  Nothing is answered before it is durable; what the ledger did not confirm is unknown, and a look-up tells.
 */
import type { CancelOutcome, Failure, RefusalReason, SendOutcome } from '../../domain/failure.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { Book } from '../../domain/market-data.ts'
import type { OrderRequest } from '../../domain/order.ts'
import type { Millis } from '../../domain/time.ts'
import type { PaperEvent, PaperOrder } from '../../ports/paper-ledger.ts'
import type { ClaimedOrder, OrderEntry } from '../../ports/venue.ts'
import { untouched, type PaperAccount } from './account.ts'
import { refusedBy, unfunded } from './admission.ts'
import { fillEvents } from './fill-events.ts'
import { journey } from './journey.ts'
import type { Markets } from './markets.ts'
import type { Settings } from './options.ts'
import { holdFor } from './settlement.ts'
import type { Decision, Turns } from './turns.ts'

/** Ids remembered against a second write without asking the ledger; those before them the ledger knows. */
const remembered = 50_000

export interface OrderEntryParts {
  readonly settings: Settings
  readonly turns: Turns
  readonly markets: Markets
}

/** What was found on arrival: the rules and the book of that moment. */
interface Arrival {
  readonly rules: Instrument
  readonly book: Book
}

const refused = (reason: RefusalReason, detail: string): SendOutcome => ({ kind: 'refused', reason, detail })
const unknown = (failure: Failure): SendOutcome => ({ kind: 'unknown', failure })

export class PaperOrderEntry implements OrderEntry {
  readonly #parts: OrderEntryParts
  readonly #written = new Set<string>()

  constructor(parts: OrderEntryParts) {
    this.#parts = parts
  }

  async create(order: ClaimedOrder): Promise<SendOutcome> {
    const { settings } = this.#parts
    if (!this.#takeOnly(order.request.clientOrderId)) return unknown({ kind: 'badRequest', detail: 'this client order id was written before and is not written again' })
    const late = this.#tooLate(order)
    if (late !== undefined) return late
    settings.failpoints.reach('send.signed')
    await journey(settings)
    const outcome = await this.#arrive(order)
    settings.failpoints.reach('send.written')
    return outcome
  }

  async cancel(venueOrderId: string): Promise<CancelOutcome> {
    const { settings } = this.#parts
    await journey(settings)
    const outcome = await this.cancelOnArrival(venueOrderId)
    settings.failpoints.reach('cancel.written')
    return outcome
  }

  /** The cancel of a request that has arrived: it has lost where a fill was first. */
  async cancelOnArrival(venueOrderId: string): Promise<CancelOutcome> {
    const { turns, settings } = this.#parts
    const taken = await turns.take((account): Decision<CancelOutcome> => {
      const status = account.order(venueOrderId)?.status
      if (status !== 'open') return { events: [], answer: { kind: 'refused', detail: status === undefined ? 'no such order' : `the order is ${status}` } }
      return { events: [{ type: 'ended', at: settings.market.now(), venueOrderId, reason: 'cancelled on request' }], answer: { kind: 'requested' } }
    })
    return taken.ok ? taken.value : { kind: 'unknown', failure: taken.failure }
  }

  async #arrive(order: ClaimedOrder): Promise<SendOutcome> {
    const { turns, settings } = this.#parts
    const { clientOrderId, instrument } = order.request
    const known = await settings.ledger.knows(clientOrderId).catch(() => undefined)
    if (known === undefined) return unknown({ kind: 'unavailable', detail: 'the ledger of the paper venue does not answer' })
    const arrival = await this.#look(instrument)
    const taken = await turns.take((account): Decision<SendOutcome> => {
      const earlier = account.named(clientOrderId)
      if (earlier !== undefined) return { events: [], answer: { kind: 'exists', venueOrderId: earlier.venueOrderId } }
      if (known) return { events: [], answer: { kind: 'exists' } }
      const answer = this.#tooLate(order)
      if (answer !== undefined) return { events: [], answer }
      return 'kind' in arrival ? { events: [], answer: arrival } : this.#judge(account, order.request, arrival)
    })
    return taken.ok ? taken.value : unknown(taken.failure)
  }

  /** The instrument and its book now; a market that cannot be seen takes no orders. */
  async #look(id: string): Promise<Arrival | SendOutcome> {
    const { markets, settings } = this.#parts
    const rules = await markets.rules(id)
    if (!rules.ok) return refused('instrumentUnavailable', `the rules of ${id} cannot be read: ${rules.failure.detail}`)
    if (rules.value === undefined) return refused('instrumentUnavailable', `the venue has no ${id}`)
    const book = await settings.market.book(id, settings.depth)
    return book.ok ? { rules: rules.value, book: book.value } : refused('instrumentUnavailable', `the book of ${id} cannot be seen: ${book.failure.detail}`)
  }

  #judge(account: PaperAccount, request: OrderRequest, { rules, book }: Arrival): Decision<SendOutcome> {
    const { settings, markets } = this.#parts
    const at = settings.market.now()
    const order = newOrder(account, request, { rules, terms: settings.fees, at })
    const refusal = refusedBy(rules, request) ?? unfunded(account, order, order.hold)
    if (refusal !== undefined) return { events: [], answer: { kind: 'refused', ...refusal } }
    if (account.working.length >= settings.maxWorking) return { events: [], answer: refused('tooManyOrders', `${settings.maxWorking} orders work already`) }
    const market = markets.of(rules.id)
    if (market?.see(book) !== true) return { events: [], answer: refused('instrumentUnavailable', 'the book is crossed') }
    if (request.postOnly && market.crosses(request)) return { events: [], answer: refused('wouldCross', 'the order would take') }
    const taken = request.postOnly ? [] : market.offered(request)
    const { venueOrderId, base, quote, terms, hold } = order
    const placed: PaperEvent = { type: 'placed', at, venueOrderId, request: requestOf(request), base, quote, terms, hold }
    const fills = fillEvents(order, taken.map((level) => ({ ...level, liquidity: 'taker' })), { at, tradeId: (index) => nameAt(account, index + 1) })
    const done = (): void => {
      market.use(request.side, taken)
      const rest = account.order(venueOrderId)
      if (rest?.status === 'open') market.rest(rest, at, 'displayed')
    }
    return { events: [placed, ...fills], answer: { kind: 'accepted', venueOrderId }, done }
  }

  #tooLate({ claimedAt }: ClaimedOrder): SendOutcome | undefined {
    const { market, windowMs } = this.#parts.settings
    return market.now() - claimedAt > windowMs ? unknown({ kind: 'timeout', detail: `the claim is older than its window of ${windowMs} ms` }) : undefined
  }

  #takeOnly(clientOrderId: string): boolean {
    if (this.#written.has(clientOrderId)) return false
    this.#written.add(clientOrderId)
    const [oldest] = this.#written
    if (this.#written.size > remembered && oldest !== undefined) this.#written.delete(oldest)
    return true
  }
}

/** Named by its place in the ledger, so that no two are alike. */
const nameAt = (account: PaperAccount, index: number): string => `${account.id}-${account.position + 1 + index}`

/** Only what an order is made of: a caller's object may carry more. */
const requestOf = ({ clientOrderId, instrument, side, quantity: of, price, postOnly }: OrderRequest): OrderRequest => ({ clientOrderId, instrument, side, quantity: of, price, postOnly })

/** By whose rules, at which rates and when an order is placed. */
interface Terms {
  readonly rules: Pick<Instrument, 'base' | 'quote'>
  readonly terms: Settings['fees']
  readonly at: Millis
}

/** The order as it will stand before its first fill. */
export const newOrder = (account: PaperAccount, request: OrderRequest, { rules: { base, quote }, terms, at }: Terms): PaperOrder => {
  const order = { ...request, ...untouched, venueOrderId: nameAt(account, 0), base, quote, terms, createdAt: at }
  return { ...order, hold: holdFor(order) }
}
