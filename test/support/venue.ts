/**
 * A small truthful exchange in memory: it keeps balances, matches against a price that the test sets, refuses what a
 * real one refuses, and can be told, in the words of a scenario, to lose and delay things. It is the judge's book too:
 * it counts every write of a client order id and notes every rule of the trade that was broken.
 */
import { parseClientOrderId } from '../../src/domain/client-order-id.ts'
import { ceilTo, compare, least, minus, money, notional, one, plus, price, quantity, rate, sum, times, type Money, type Price, type Quantity } from '../../src/domain/decimal.ts'
import { failed, ok, type CancelOutcome, type Failure, type RefusalReason, type Result, type SendOutcome } from '../../src/domain/failure.ts'
import { sizeProblem, type Instrument } from '../../src/domain/instrument.ts'
import { isFinished, type Balance, type FeeRates, type Fill, type OrderReport, type OrderRequest, type VenueOrderStatus } from '../../src/domain/order.ts'
import type { Quote, QuoteSource } from '../../src/domain/quote.ts'
import type { AccountFills, AccountOrders, AccountStreamListener, ClaimedOrder, KeyPermissions, MarketStreamListener, Stream, StreamListener, Venue, VenueCapabilities } from '../../src/ports/venue.ts'
import type { ManualClock } from './clock.ts'
import { bitcoin } from './loop.ts'

export type Call = 'fillsSince' | 'create' | 'cancel' | 'order' | 'findByClientOrderId' | 'workingOrders' | 'ordersSince' | 'fillsOf' | 'balances' | 'feeRates' | 'accountId' | 'keyPermissions' | 'instruments' | 'quotes' | 'clockOffset'

/** The venue's word on an order at a moment; look-ups that lag read an older one. */
interface Word {
  readonly at: number
  readonly status: VenueOrderStatus
  readonly executed: Quantity
}

export interface BookedOrder {
  readonly venueOrderId: string
  readonly request: OrderRequest
  readonly createdAt: number
  readonly words: Word[]
}

interface OpenStream {
  readonly kind: 'market' | 'account'
  readonly listener: StreamListener
  readonly quote?: MarketStreamListener['quote']
  readonly order?: AccountStreamListener['order']
  open: boolean
  subscribed: boolean
}

type Loss = 'request' | 'answer'

const timedOut: Failure = { kind: 'timeout', detail: 'no answer in time' }
const reset: Failure = { kind: 'network', detail: 'connection reset' }
const timeoutMs = 1_500

export class TestVenue implements Venue {
  readonly capabilities: VenueCapabilities = {
    venue: 'coinbase',
    proofOfAbsence: { windowMs: 4_000, engineMs: 250, lookUpLagMs: 500, skewMs: 500 },
    cancelBatch: 100, amend: 'nothing', clientOrderIdGuard: 'always',
  }
  /** Every request in the order in which it was made: what, when and about which order. */
  readonly calls: { readonly at: number; readonly call: Call; readonly about: string }[] = []
  /** Creates by client order id, counted when the request leaves the desk. */
  readonly writes = new Map<string, number>()
  /** Rules that no desk may break, broken. */
  readonly violations: string[] = []
  readonly book = new Map<string, BookedOrder>()
  readonly fills: Fill[] = []
  feesAsked: FeeRates = { maker: rate('0'), taker: rate('0.0005') }
  account = 'account-1'
  listed: readonly Instrument[] = [bitcoin]
  /** Into how many executions a crossed order falls, one for each move of the market. */
  parts = 1
  /** Rows of the fills list that are no plain executions (FS-27). */
  oddFills: AccountFills['odd'] = []
  quoteMoney: Money
  baseHeld: Quantity = quantity('0')

  readonly #clock: ManualClock
  #bid: Price
  readonly #streams: OpenStream[] = []
  readonly #losses: { readonly call: Call; readonly loss: Loss }[] = []
  readonly #silentCalls = new Set<Call>()
  readonly #failures = new Map<Call, Failure>()
  #refusal: RefusalReason | undefined
  #heldCreatesMs: number[] = []
  #lookUpLagMs = 0
  #fillsLagMs = 0
  #slowMs = new Map<Call, number>()
  #streamsDown = false
  #silent = false
  #deaf = false
  #repeats = false
  #names = 0

  constructor(clock: ManualClock, options: { readonly bid?: string; readonly quoteMoney?: string } = {}) {
    this.#clock = clock
    this.#bid = price(options.bid ?? '60000')
    this.quoteMoney = money(options.quoteMoney ?? '100000')
    this.#beat()
  }

  // --- The market -------------------------------------------------------------------------------------------------

  get bid(): Price {
    return this.#bid
  }
  get ask(): Price {
    return plus(this.#bid, price('0.01'))
  }

  /** The market moves there; everything that it crosses is executed, at the order's own price. */
  moveTo(bid: string): void {
    this.#bid = price(bid)
    this.#match()
    for (const stream of this.#listening('market')) this.#quoteOn(stream)
  }

  #match(): void {
    for (const order of this.book.values()) {
      const { side, price: limit } = order.request
      if (!isFinished(this.#last(order).status) && (side === 'buy' ? compare(limit, this.ask) >= 0 : compare(limit, this.#bid) <= 0)) this.#execute(order)
    }
  }

  #execute(order: BookedOrder): void {
    const { request } = order
    const rest = minus(request.quantity, this.#last(order).executed)
    const part = this.parts <= 1 ? rest : least(rest, ceilTo(times(request.quantity, rate(String(1 / this.parts).slice(0, 10))) as string as Quantity, bitcoin.step))
    const value = notional(request.price, part)
    const fee = money(times(value, this.feesAsked.maker))
    this.fills.push({ tradeId: `t${this.fills.length + 1}`, venueOrderId: order.venueOrderId, instrument: request.instrument, side: request.side, quantity: part, price: request.price, fee, feeAsset: 'USD', liquidity: 'maker', at: this.now() })
    if (request.side === 'buy') {
      this.quoteMoney = minus(this.quoteMoney, plus(value, fee))
      this.baseHeld = plus(this.baseHeld, part)
    } else {
      this.quoteMoney = plus(this.quoteMoney, minus(value, fee))
      this.baseHeld = minus(this.baseHeld, part)
    }
    const executed = plus(this.#last(order).executed, part)
    this.#say(order, compare(executed, request.quantity) >= 0 ? 'filled' : 'open', executed)
  }

  #last(order: BookedOrder): Word {
    return order.words.at(-1)!
  }

  #say(order: BookedOrder, status: VenueOrderStatus, executed: Quantity): void {
    order.words.push({ at: this.now(), status, executed })
    const report = this.#report(order, this.#last(order))
    if (this.#deaf) return
    for (const stream of this.#listening('account')) for (let time = 0; time < (this.#repeats ? 3 : 1); time++) this.#later(2, () => stream.open && !this.#silent && this.#tell(stream, report))
  }

  #tell(stream: OpenStream, report: OrderReport): void {
    stream.listener.received()
    stream.order?.(report)
  }

  #report({ venueOrderId, request, createdAt }: BookedOrder, { status, executed }: Word): OrderReport {
    const { clientOrderId, instrument, side } = request
    return { venueOrderId, clientOrderId, instrument, side, status, executed, price: request.price, quantity: request.quantity, createdAt }
  }

  // --- What the judge reads ---------------------------------------------------------------------------------------

  orderOf(clientOrderId: string): BookedOrder | undefined {
    return [...this.book.values()].find(({ request }) => request.clientOrderId === clientOrderId)
  }

  /** What works now: client order id, side, price and what is left of it. */
  working(): readonly { readonly clientOrderId: string; readonly side: string; readonly price: Price; readonly left: Quantity }[] {
    return [...this.book.values()]
      .filter((order) => !isFinished(this.#last(order).status))
      .map((order) => ({ clientOrderId: order.request.clientOrderId, side: order.request.side, price: order.request.price, left: minus(order.request.quantity, this.#last(order).executed) }))
  }

  /** Quote money that working buys and everything bought and not sold bind, at the buys' own prices. */
  bound(): Money {
    const buys = this.working().filter(({ side }) => side === 'buy')
    return sum([money('0'), ...buys.map(({ price: at, left }) => notional(at, left))])
  }

  creates(since = 0): number {
    return this.calls.filter(({ call, at }) => call === 'create' && at >= since).length
  }

  sent(since = 0): readonly string[] {
    return this.calls.filter(({ call, at }) => (call === 'create' || call === 'cancel') && at >= since).map(({ call, about }) => `${call} ${about}`)
  }

  // --- Faults, in a scenario's words ------------------------------------------------------------------------------

  /** The next request of this kind never arrives. */
  losesTheNextRequest(call: Call = 'create'): void {
    this.#losses.push({ call, loss: 'request' })
  }
  /** The next request of this kind does its work, and nobody hears of it. */
  losesTheNextAnswer(call: Call = 'create'): void {
    this.#losses.push({ call, loss: 'answer' })
  }
  answersNothing(...calls: readonly Call[]): void {
    for (const call of calls) this.#silentCalls.add(call)
  }
  answersAgain(): void {
    this.#silentCalls.clear()
    this.#failures.clear()
    this.#slowMs.clear()
  }
  failsWith(failure: Failure, ...calls: readonly Call[]): void {
    for (const call of calls) this.#failures.set(call, failure)
  }
  /** Such requests are answered this much later, with what was true when they came. */
  isSlow(ms: number, ...calls: readonly Call[]): void {
    for (const call of calls) this.#slowMs.set(call, ms)
  }
  /** Every buy is refused for this reason. */
  refusesEveryBuy(reason: RefusalReason | undefined): void {
    this.#refusal = reason
  }
  /** The next create waits so long on its way, then it is admitted if its signature still counts. */
  holdsTheNextCreate(ms: number): void {
    this.#heldCreatesMs.push(ms)
  }
  /** Look-ups read what was true so long ago. */
  delaysLookUps(ms: number): void {
    this.#lookUpLagMs = ms
  }
  /** Executions come to the fills list this much later than they count in the order (FS-10). */
  listsFillsLate(ms: number): void {
    this.#fillsLagMs = ms
  }
  /** Every socket is closed; they may be opened again at once. */
  dropsItsStreams(): void {
    for (const stream of this.#streams.filter(({ open }) => open)) {
      stream.open = false
      this.#later(1, () => stream.listener.ended('retryable', 'the venue closed the socket'))
    }
  }
  /** Sockets are closed and refused until `takesStreams`. */
  refusesStreams(): void {
    this.#streamsDown = true
    this.dropsItsStreams()
  }
  takesStreams(): void {
    this.#streamsDown = false
  }
  /** Sockets stay open and say nothing. */
  goesSilent(): void {
    this.#silent = true
  }
  speaks(): void {
    this.#silent = false
  }
  /** What happens to orders now is told to no stream (FS-04). */
  tellsNobodyOfOrders(): void {
    this.#deaf = true
  }
  tellsOfOrders(): void {
    this.#deaf = false
  }
  /** Every word on an order is said three times (FS-03). */
  repeatsItself(repeats = true): void {
    this.#repeats = repeats
  }
  /** The last word on an order is said once more. */
  saysAgain(clientOrderId: string): void {
    const order = this.orderOf(clientOrderId)
    if (order === undefined) throw new Error(`the venue has no ${clientOrderId}`)
    for (const stream of this.#listening('account')) this.#tell(stream, this.#report(order, this.#last(order)))
  }
  /** The market crosses that order while no stream and no answer tells of it. */
  fillsWhileNobodyListens(clientOrderId: string): void {
    const order = this.orderOf(clientOrderId)
    if (order === undefined) throw new Error(`the venue has no ${clientOrderId}`)
    const before = this.#deaf
    this.#deaf = true
    this.#execute(order)
    this.#deaf = before
  }
  /** Somebody places an order on this account without the desk. */
  placedByHand(clientOrderId: string, side: 'buy' | 'sell', amount: string, at: string): void {
    const request: OrderRequest = { clientOrderId, instrument: bitcoin.id, side, quantity: quantity(amount), price: price(at), postOnly: false }
    const order: BookedOrder = { venueOrderId: `v${++this.#names}`, request, createdAt: this.now(), words: [] }
    this.book.set(order.venueOrderId, order)
    this.#say(order, 'open', quantity('0'))
  }
  /** The venue ends an order of its own accord. */
  cancelsByItself(clientOrderId: string): void {
    const order = this.orderOf(clientOrderId)
    if (order !== undefined && !isFinished(this.#last(order).status)) this.#say(order, 'cancelled', this.#last(order).executed)
  }
  /** Everything is well again. */
  recovers(): void {
    this.answersAgain()
    this.#losses.length = 0
    this.#heldCreatesMs = []
    this.#lookUpLagMs = 0
    this.#fillsLagMs = 0
    this.#refusal = undefined
    this.#repeats = false
    this.parts = 1
    this.takesStreams()
    this.speaks()
    this.tellsOfOrders()
    this.#match()
  }

  // --- The port ---------------------------------------------------------------------------------------------------

  async create({ request, claimedAt }: ClaimedOrder): Promise<SendOutcome> {
    const { clientOrderId } = request
    this.writes.set(clientOrderId, (this.writes.get(clientOrderId) ?? 0) + 1)
    const heldMs = this.#heldCreatesMs.shift()
    if (heldMs !== undefined) {
      this.calls.push({ at: this.now(), call: 'create', about: clientOrderId })
      this.#later(heldMs, () => void this.#admit(request, claimedAt))
      await this.#wait(timeoutMs)
      return { kind: 'unknown', failure: timedOut }
    }
    return this.#call<SendOutcome>('create', clientOrderId, () => this.#admit(request, claimedAt), (failure) => ({ kind: 'unknown', failure }))
  }

  #admit(request: OrderRequest, claimedAt: number): SendOutcome {
    const refuse = (reason: RefusalReason, detail: string): SendOutcome => ({ kind: 'refused', reason, detail })
    const known = this.orderOf(request.clientOrderId)
    if (known !== undefined) return { kind: 'exists', venueOrderId: known.venueOrderId }
    if (this.now() > claimedAt + this.capabilities.proofOfAbsence.windowMs) return refuse('badRequest', 'the signature is too old')
    if (this.#refusal !== undefined && request.side === 'buy') return refuse(this.#refusal, 'as told')
    const size = sizeProblem(bitcoin, request.price, request.quantity)
    if (size !== undefined) return refuse('badSize', size)
    const crosses = request.side === 'buy' ? compare(request.price, this.ask) >= 0 : compare(request.price, this.#bid) <= 0
    if (crosses && request.postOnly) return refuse('wouldCross', `the market is ${this.#bid} to ${this.ask}`)
    if (!this.#canPay(request)) return refuse('insufficientFunds', 'not enough free')
    this.#watchLegs(request)
    const order: BookedOrder = { venueOrderId: `v${++this.#names}`, request: { ...request }, createdAt: this.now(), words: [] }
    this.book.set(order.venueOrderId, order)
    this.#say(order, 'open', quantity('0'))
    if (crosses) this.#execute(order)
    return { kind: 'accepted', venueOrderId: order.venueOrderId }
  }

  #canPay(request: OrderRequest): boolean {
    const working = this.working().filter(({ side }) => side === request.side)
    if (request.side === 'sell') {
      const free = minus(this.baseHeld, sum([quantity('0'), ...working.map(({ left }) => left)]))
      if (compare(free, request.quantity) >= 0) return true
      this.violations.push(`${request.clientOrderId} offers ${request.quantity}, ${free} is free`)
      return false
    }
    const taken = sum([money('0'), ...working.map(({ price: at, left }) => this.#withFee(notional(at, left)))])
    return compare(plus(taken, this.#withFee(notional(request.price, request.quantity))), this.quoteMoney) <= 0
  }

  #withFee(value: Money): Money {
    return money(times(value, plus(rate(one), this.feesAsked.maker)))
  }

  #watchLegs({ clientOrderId }: OrderRequest): void {
    const name = parseClientOrderId(clientOrderId)
    const sameLeg = this.working().filter((other) => {
      const its = parseClientOrderId(other.clientOrderId)
      return its !== undefined && its.pairId === name?.pairId && its.leg === name.leg
    })
    for (const other of sameLeg) this.violations.push(`${clientOrderId} began while ${other.clientOrderId} works`)
  }

  cancel(venueOrderId: string): Promise<CancelOutcome> {
    return this.#call<CancelOutcome>(
      'cancel',
      this.book.get(venueOrderId)?.request.clientOrderId ?? venueOrderId,
      () => {
        const order = this.book.get(venueOrderId)
        if (order === undefined || isFinished(this.#last(order).status)) return { kind: 'refused', detail: 'UNKNOWN_CANCEL_ORDER' }
        this.#say(order, 'cancelled', this.#last(order).executed)
        return { kind: 'requested' }
      },
      (failure) => ({ kind: 'unknown', failure }),
    )
  }

  order(venueOrderId: string): Promise<Result<OrderReport | undefined>> {
    return this.#read('order', venueOrderId, () => this.#seen().find((report) => report.venueOrderId === venueOrderId))
  }

  findByClientOrderId(clientOrderId: string, since: number): Promise<Result<OrderReport | undefined>> {
    return this.#read('findByClientOrderId', clientOrderId, () => this.#seen().find((report) => report.clientOrderId === clientOrderId && (report.createdAt ?? 0) >= since))
  }

  workingOrders(): Promise<Result<AccountOrders>> {
    return this.#read('workingOrders', '', () => ({ orders: this.#seen().filter(({ status }) => !isFinished(status)), unread: [] }))
  }

  ordersSince(since: number): Promise<Result<AccountOrders>> {
    return this.#read('ordersSince', '', () => ({ orders: this.#seen().filter(({ createdAt }) => (createdAt ?? 0) >= since), unread: [] }))
  }

  /** Every order as look-ups see it now. */
  #seen(): readonly OrderReport[] {
    const moment = this.now() - this.#lookUpLagMs
    return [...this.book.values()].flatMap((order) => {
      const word = order.words.findLast(({ at }) => at <= moment)
      return word === undefined ? [] : [this.#report(order, word)]
    })
  }

  fillsOf(venueOrderId: string): Promise<Result<readonly Fill[]>> {
    return this.#read('fillsOf', venueOrderId, () => this.fills.filter((fill) => fill.venueOrderId === venueOrderId && fill.at <= this.now() - this.#fillsLagMs))
  }

  fillsSince(since: number): Promise<Result<AccountFills>> {
    const moment = this.now() - this.#fillsLagMs
    return this.#read('fillsSince', '', () => ({ fills: this.fills.filter((fill) => fill.at >= since && fill.at <= moment), odd: this.oddFills, unread: [] }))
  }

  /** The venue's own clock: whatever happens to ours does not move it. */
  now(): number {
    return this.#clock.monotonic()
  }

  balances(): Promise<Result<readonly Balance[]>> {
    const buys = this.bound()
    const sells = sum([quantity('0'), ...this.working().filter(({ side }) => side === 'sell').map(({ left }) => left)])
    return this.#read('balances', '', () => [
      { asset: 'USD', free: quantity(minus(this.quoteMoney, buys)), held: quantity(buys) },
      { asset: 'BTC', free: minus(this.baseHeld, sells), held: sells },
    ])
  }

  feeRates(): Promise<Result<FeeRates>> {
    return this.#read('feeRates', '', () => this.feesAsked)
  }
  accountId(): Promise<Result<string>> {
    return this.#read('accountId', '', () => this.account)
  }
  key: KeyPermissions = { canTrade: true, canTransfer: false }
  keyPermissions(): Promise<Result<KeyPermissions>> {
    return this.#read('keyPermissions', '', () => this.key)
  }
  instruments(): Promise<Result<readonly Instrument[]>> {
    return this.#read('instruments', '', () => this.listed)
  }
  clockOffset(): Promise<Result<number>> {
    return this.#read('clockOffset', '', () => this.now() - this.#clock.now())
  }
  quotes(instruments: readonly string[]): Promise<Result<readonly Quote[]>> {
    return this.#read('quotes', '', () => (instruments.includes(bitcoin.id) ? [this.#quote('rest')] : []))
  }

  #quote(source: QuoteSource): Quote {
    const at = this.now()
    return { instrument: bitcoin.id, bid: this.#bid, ask: this.ask, at, receivedAt: at, source }
  }

  readonly marketFeed = {
    open: (_instruments: readonly string[], listener: MarketStreamListener): Stream => this.#open({ kind: 'market', listener, quote: (quote) => listener.quote(quote), open: true, subscribed: false }),
  }
  readonly accountFeed = {
    open: (_instruments: readonly string[], listener: AccountStreamListener): Stream => this.#open({ kind: 'account', listener, order: (report) => listener.order(report), open: true, subscribed: false }),
  }

  #open(stream: OpenStream): Stream {
    if (this.#streamsDown) {
      this.#later(5, () => stream.listener.ended('retryable', 'connection refused'))
      return { close: () => undefined }
    }
    this.#streams.push(stream)
    this.#later(5, () => {
      if (!stream.open || this.#silent) return
      stream.listener.opened()
      stream.listener.received()
    })
    this.#later(10, () => {
      if (!stream.open || this.#silent) return
      stream.subscribed = true
      stream.listener.subscribed()
      if (stream.kind === 'market') this.#quoteOn(stream)
      else for (const order of this.book.values()) if (!isFinished(this.#last(order).status)) this.#tell(stream, this.#report(order, this.#last(order)))
    })
    return { close: () => { stream.open = false } }
  }

  #listening(kind: OpenStream['kind']): readonly OpenStream[] {
    return this.#streams.filter((stream) => stream.kind === kind && stream.open && stream.subscribed && !this.#silent)
  }

  #quoteOn(stream: OpenStream): void {
    stream.listener.received()
    stream.quote?.(this.#quote('stream'))
  }

  #beat(): void {
    this.#later(1_000, () => {
      for (const stream of this.#listening('market')) this.#quoteOn(stream)
      for (const stream of this.#listening('account')) stream.listener.received()
      this.#beat()
    })
  }

  #later(ms: number, run: () => unknown): void {
    this.#clock.after(ms, () => void run())
  }
  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.after(ms, resolve))
  }

  #read<T>(call: Call, about: string, work: () => T): Promise<Result<T>> {
    return this.#call<Result<T>>(call, about, () => ok(work()), failed)
  }

  /** One round trip: there, the work, and back, with what is lost on either way. */
  async #call<T>(call: Call, about: string, work: () => T, lost: (failure: Failure) => T): Promise<T> {
    this.calls.push({ at: this.now(), call, about })
    const place = this.#losses.findIndex((one) => one.call === call)
    const [loss] = place < 0 ? [] : this.#losses.splice(place, 1)
    await this.#wait(5)
    if (this.#silentCalls.has(call)) {
      await this.#wait(timeoutMs)
      return lost(timedOut)
    }
    const failure = loss?.loss === 'request' ? reset : this.#failures.get(call)
    if (failure !== undefined) return lost(failure)
    const value = work()
    await this.#wait((this.#slowMs.get(call) ?? 0) + (loss === undefined ? 5 : timeoutMs))
    return loss === undefined ? value : lost(timedOut)
  }
}
