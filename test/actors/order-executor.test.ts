/** The order executor (src/actors/order-executor.ts, V1 to V3). */
import { describe, expect, test } from 'vitest'
import { OrderExecutor, type ExecutorOptions } from '../../src/actors/order-executor.ts'
import type { CommittedTurn } from '../../src/actors/loop-options.ts'
import type { Message } from '../../src/actors/turn.ts'
import type { Approved } from '../../src/domain/approved.ts'
import { quantity } from '../../src/domain/decimal.ts'
import { failed, ok, type CancelOutcome, type Result, type SendOutcome } from '../../src/domain/failure.ts'
import type { Fill, OrderReport, OrderRequest } from '../../src/domain/order.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import type { AccountOrders, ClaimedOrder } from '../../src/ports/venue.ts'
import { ManualClock, recordingLog, settle } from '../support/clock.ts'
import { fillOf, orderRecordOf, turnOf } from '../support/records.ts'

const P = '01JD5MZX8K4T7WQ2AB'
const timeout = { kind: 'timeout', detail: 'no answer in 5000 ms' } as const
const notUsed = (): never => {
  throw new Error('not asked for in this test')
}

class FakeVenue {
  readonly now: () => number
  readonly creates: ClaimedOrder[] = []
  readonly calls: string[] = []
  sends: SendOutcome = { kind: 'accepted', venueOrderId: 'v-1' }
  cancels: CancelOutcome = { kind: 'requested' }
  finds: Result<OrderReport | undefined> = ok(undefined)
  lists: Result<readonly Fill[]> = ok([])
  /** Calls wait for this when it is set. */
  gate: Promise<void> | undefined
  underWay = 0
  mostUnderWay = 0

  constructor(now: () => number) {
    this.now = now
  }

  async #call<T>(name: string, answer: () => T): Promise<T> {
    this.calls.push(name)
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay)
    await this.gate
    this.underWay--
    return answer()
  }
  create(order: ClaimedOrder): Promise<SendOutcome> {
    this.creates.push(order)
    return this.#call(`create ${order.request.clientOrderId.slice(-2)}`, () => this.sends)
  }
  cancel(venueOrderId: string): Promise<CancelOutcome> {
    return this.#call(`cancel ${venueOrderId}`, () => this.cancels)
  }
  order(venueOrderId: string): Promise<Result<OrderReport | undefined>> {
    return this.#call(`order ${venueOrderId}`, () => this.finds)
  }
  findByClientOrderId(id: string, since: number): Promise<Result<OrderReport | undefined>> {
    return this.#call(`find ${id.slice(-2)} since ${since}`, () => this.finds)
  }
  fillsOf(venueOrderId: string): Promise<Result<readonly Fill[]>> {
    return this.#call(`fills ${venueOrderId}`, () => this.lists)
  }
  listed: Result<readonly OrderReport[]> = ok([])
  unread: AccountOrders['unread'] = []
  ordersSince(since: number): Promise<Result<AccountOrders>> {
    return this.#call(`since ${since}`, () => (this.listed.ok ? ok({ orders: this.listed.value, unread: this.unread }) : this.listed))
  }
  workingOrders = notUsed
  fillsSince = notUsed
}

const record = (attempt = 1) => {
  const row = orderRecordOf(P, 'buy', attempt)
  return { ...row, context: { ...row.context, postOnly: true } }
}
const idOf = (attempt = 1): string => record(attempt).order!.clientOrderId

const begin = (over: Partial<ExecutorOptions> = {}) => {
  const clock = new ManualClock()
  const venue = new FakeVenue(() => clock.now())
  const log = recordingLog()
  const posted: Message[] = []
  const executor = new OrderExecutor({
    venue,
    clock,
    log,
    failpoints: noFailpoints,
    sendWithinMs: 2_000,
    maxAtOnce: 2,
    maxWaiting: 5,
    post: (message) => void posted.push(message),
    judge: (request) => ({ approved: request as Approved<OrderRequest> }),
    mayWrite: () => true,
    ...over,
  })
  const decidedAt = clock.monotonic()
  const turn = (attempt = 1): CommittedTurn => ({ ...turnOf({ actors: [record(attempt)] }), effects: [], surprises: [], decidedAt })
  const send = (attempt = 1): void => executor.perform({ type: 'sendOrder', clientOrderId: idOf(attempt) }, turn(attempt))
  const events = () => posted.map((message) => message.event)
  return { clock, venue, log, posted, executor, send, turn, events }
}

describe('a create', () => {
  test('is written once, signed with its claim, and its answer is a message to the order (V1)', async () => {
    const { venue, posted, send } = begin()
    send()
    await settle()
    expect(venue.creates).toEqual([{ request: { clientOrderId: idOf(), instrument: 'BTC-USD', side: 'buy', quantity: '0.001', price: '60000', postOnly: true }, claimedAt: 1 }])
    expect(posted).toEqual([{ to: `order/${idOf()}`, event: { type: 'accepted', venueOrderId: 'v-1' } }])
  })

  test.each<[string, SendOutcome, object]>([
    ['a refusal', { kind: 'refused', reason: 'insufficientFunds', detail: 'no money' }, { type: 'rejected', reason: 'insufficientFunds', detail: 'no money' }],
    ['a timeout', { kind: 'unknown', failure: timeout }, { type: 'outcomeUnknown', detail: 'timeout: no answer in 5000 ms' }],
    ['"this id exists"', { kind: 'exists' }, { type: 'outcomeUnknown', detail: 'the venue has this id already' }],
  ])('answered with %s is told as that, and never tried again', async (_name, outcome, event) => {
    const { clock, venue, send, events } = begin()
    venue.sends = outcome
    send()
    await clock.advance(600_000)
    expect([venue.creates.length, events()]).toEqual([1, [event]])
  })

  test('whose claim is too old when its turn comes is withdrawn before the first byte', async () => {
    const { clock, venue, send, events } = begin()
    await clock.advance(2_000)
    send()
    await settle()
    expect(venue.creates).toHaveLength(1)
    await clock.advance(1)
    send(2)
    await settle()
    expect(venue.creates).toHaveLength(1)
    expect(events().at(-1)).toEqual({ type: 'withdrawn', reason: 'the claim was 2001 ms old, the limit is 2000 ms' })
  })

  test('that waited too long behind others is withdrawn too', async () => {
    const { clock, venue, send, events } = begin({ maxAtOnce: 1 })
    let finish: () => void = () => undefined
    venue.gate = new Promise((resolve) => { finish = resolve })
    send(1)
    send(2)
    await clock.advance(2_001)
    finish()
    await settle()
    expect(venue.calls).toEqual(['create b1'])
    expect(events().map((event) => event.type)).toEqual(['accepted', 'withdrawn'])
  })

  test('is withdrawn when the gate says no at the moment of sending', async () => {
    const { venue, send, events } = begin({ judge: () => ({ rule: 'priceCollar', detail: 'the market moved' }) })
    send()
    await settle()
    expect([venue.calls, events()]).toEqual([[], [{ type: 'withdrawn', reason: 'priceCollar: the market moved' }]])
  })

  test('is withdrawn while the store does not answer: this process may have lost the desk', async () => {
    const { venue, send, events } = begin({ mayWrite: () => false })
    send()
    await settle()
    expect([venue.calls, events()]).toEqual([[], [{ type: 'withdrawn', reason: 'the store does not answer' }]])
  })

  test('an old process clock does not matter: age counts on the monotonic clock', async () => {
    const { clock, venue, send } = begin()
    clock.jump(3_600_000)
    send()
    await settle()
    expect(venue.creates).toHaveLength(1)
  })
})

describe('cancels, look-ups and fills', () => {
  const cancel = { type: 'sendCancel', clientOrderId: idOf(), venueOrderId: 'v-1' } as const
  const lookUp = { type: 'lookUp', clientOrderId: idOf(), venueOrderId: null, since: 77 } as const
  const fetchFills = { type: 'fetchFills', clientOrderId: idOf(), venueOrderId: 'v-1' } as const
  const report: OrderReport = { venueOrderId: 'v-1', clientOrderId: idOf(), instrument: 'BTC-USD', side: 'buy', status: 'open', executed: quantity('0') }

  test.each<[CancelOutcome, string]>([
    [{ kind: 'requested' }, 'requested'],
    [{ kind: 'refused', detail: 'unknown order' }, 'unknown order'],
    [{ kind: 'unknown', failure: timeout }, 'no answer in 5000 ms'],
  ])('a cancel answered with %j is answered, no more', async (outcome, detail) => {
    const { executor, venue, turn, events } = begin()
    venue.cancels = outcome
    executor.perform(cancel, turn())
    await settle()
    expect([venue.calls, events()]).toEqual([['cancel v-1'], [{ type: 'cancelAnswered', detail }]])
  })

  test('a look-up asks by the venue id where it is known, else by ours since the claim', async () => {
    const { executor, venue, turn, events } = begin()
    venue.finds = ok(report)
    executor.perform(lookUp, turn())
    executor.perform({ ...lookUp, venueOrderId: 'v-1' }, turn())
    await settle()
    expect(venue.calls).toEqual(['find b1 since 77', 'order v-1'])
    expect(events()).toEqual([{ type: 'reported', report }, { type: 'reported', report }])
  })

  test('nothing found is told with the moment at which the question was asked, not answered', async () => {
    const { clock, executor, venue, turn, events } = begin()
    let finish: () => void = () => undefined
    venue.gate = new Promise((resolve) => { finish = resolve })
    const askedAt = clock.now()
    executor.perform(lookUp, turn())
    await clock.advance(9_000)
    finish()
    await settle()
    expect(events()).toEqual([{ type: 'notFound', askedAt, askingMs: 0 }])
  })

  test('a question that failed is no answer: the order hears nothing (V2, FS-24)', async () => {
    const { executor, venue, turn, events, log } = begin()
    venue.finds = failed(timeout)
    venue.lists = failed(timeout)
    executor.perform(lookUp, turn())
    executor.perform(fetchFills, turn())
    await settle()
    expect(events()).toEqual([])
    expect(log.lines.map((line) => line.event).sort()).toEqual(['order.fillsFailed', 'order.lookUpFailed'])
  })

  test('fills are handed over as they are listed', async () => {
    const { executor, venue, turn, events } = begin()
    venue.lists = ok([fillOf('t1', 'buy', '0.1'), fillOf('t2', 'buy', '0.2')])
    executor.perform(fetchFills, turn())
    await settle()
    expect(events()).toEqual([{ type: 'fillsListed', fills: [fillOf('t1', 'buy', '0.1'), fillOf('t2', 'buy', '0.2')] }])
  })

  test('at most so many calls are under way; creates and cancels go first; what is beyond the bound is dropped and said (V3)', async () => {
    const { executor, venue, turn, log, send } = begin()
    let finish: () => void = () => undefined
    venue.gate = new Promise((resolve) => { finish = resolve })
    for (let n = 0; n < 9; n++) executor.perform({ ...lookUp, venueOrderId: `v-${n}` }, turn())
    executor.perform(cancel, turn())
    send()
    expect(executor.depth).toBe(9)
    expect(log.lines.filter((line) => line.event === 'executor.full')).toHaveLength(2)
    finish()
    await settle()
    expect(venue.mostUnderWay).toBe(2)
    expect(venue.calls).toEqual(['order v-0', 'order v-1', 'cancel v-1', 'create b1', ...[2, 3, 4, 5, 6].map((n) => `order v-${n}`)])
    expect(executor.depth).toBe(0)
  })

  test('claims in doubt at one time are answered by one listing, however many they are (I11)', async () => {
    const { executor, venue, turn, events, send } = begin()
    let finish: () => void = () => undefined
    venue.gate = new Promise((resolve) => { finish = resolve })
    send()
    executor.perform({ ...lookUp, since: 90 }, turn())
    for (let n = 2; n < 60; n++) executor.perform({ ...lookUp, clientOrderId: `b${n}`, since: 90 - n }, turn())
    venue.listed = ok([{ ...report, clientOrderId: 'b7' }])
    finish()
    await settle()
    expect(venue.calls.filter((call) => call.startsWith('since'))).toEqual(['since 31'])
    expect(events().filter(({ type }) => type === 'reported')).toHaveLength(1)
    expect(events().filter(({ type }) => type === 'notFound')).toHaveLength(58)
  })

  test('a listing with a row that might be one of those asked for proves nothing about any of them', async () => {
    const { executor, venue, turn, events } = begin()
    let finish: () => void = () => undefined
    venue.gate = new Promise((resolve) => { finish = resolve })
    for (let n = 1; n < 4; n++) executor.perform({ ...lookUp, clientOrderId: `b${n}`, since: 90 }, turn())
    venue.unread = [{ venueOrderId: 'v-9', clientOrderId: 'b2' }]
    finish()
    await settle()
    expect(events().filter(({ type }) => type === 'notFound').length).toBeLessThan(2)
  })

  test('a look-up that found no room is forgotten, and the next one is made', async () => {
    const { executor, venue, turn, events } = begin()
    let finish: () => void = () => undefined
    venue.gate = new Promise((resolve) => { finish = resolve })
    for (let n = 0; n < 7; n++) executor.perform({ ...lookUp, venueOrderId: `v-${n}` }, turn())
    executor.perform(lookUp, turn())
    finish()
    await settle()
    venue.calls.length = 0
    executor.perform(lookUp, turn())
    await settle()
    expect(venue.calls).toHaveLength(1)
    expect(events().at(-1)).toMatchObject({ type: 'notFound' })
  })
})
