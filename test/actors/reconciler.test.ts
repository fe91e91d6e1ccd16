/** The reconciler (src/actors/reconciliation, Q1 to Q4): what it asks the venue, whom it tells, and what it writes down. */
import { describe, expect, test } from 'vitest'
import { DeskView } from '../../src/actors/desk-view.ts'
import { Reconciler } from '../../src/actors/reconciliation/reconciler.ts'
import type { ReconcilerOptions } from '../../src/actors/reconciliation/stage.ts'
import type { Message } from '../../src/actors/turn.ts'
import { money, quantity } from '../../src/domain/decimal.ts'
import { failed, ok, type Result } from '../../src/domain/failure.ts'
import type { Balance, Fill, OrderReport } from '../../src/domain/order.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import type { AccountFills, AccountOrders } from '../../src/ports/venue.ts'
import { ManualClock, recordingLog, settle } from '../support/clock.ts'
import { fillOf, orderRecordOf, pairRecord } from '../support/records.ts'

const P = '01JD5MZX8K4T7WQ2AB'
const timeout = { kind: 'timeout', detail: 'no answer' } as const
const row = (over: object = {}): ActorRecord => ({ ...orderRecordOf(P, 'buy', 1, { venueOrderId: 'v-1', ...over }), state: 'pending' })
const idOf = (attempt: number): string => `nd0000-${P}-b${attempt}`
const report = (attempt: number, over: Partial<OrderReport> = {}): OrderReport => ({ venueOrderId: `v-${attempt}`, clientOrderId: idOf(attempt), instrument: 'BTC-USD', side: 'buy', status: 'open', executed: quantity('0'), ...over })
const notUsed = (): never => {
  throw new Error('not asked for in this test')
}

interface Answers {
  working: Result<readonly OrderReport[]>
  recent: Result<readonly OrderReport[]>
  byId: Result<OrderReport | undefined>
  fills: Result<Omit<AccountFills, 'unread'>>
  unreadOrders: AccountOrders['unread']
  unreadFills: AccountFills['unread']
  balances: Result<readonly Balance[]>
  gate?: Promise<void>
}

const begin = (over: Partial<ReconcilerOptions> = {}, rows: readonly ActorRecord[] = []) => {
  const clock = new ManualClock()
  const view = new DeskView()
  const asked: string[] = []
  const told: Message[] = []
  const alerts: string[] = []
  const booked = new Set<string>()
  const answers: Answers = { working: ok([]), recent: ok([]), byId: ok(undefined), fills: ok({ fills: [], odd: [] }), unreadOrders: [], unreadFills: [], balances: ok([]) }
  const answer = async <T>(question: string, value: () => T): Promise<T> => {
    asked.push(question)
    await answers.gate
    return value()
  }
  const listOf = (orders: Result<readonly OrderReport[]>): Result<AccountOrders> => (orders.ok ? ok({ orders: orders.value, unread: answers.unreadOrders }) : orders)
  const reconciler = new Reconciler(
    {
      venue: {
        now: () => clock.now(),
        workingOrders: () => answer('working', () => listOf(answers.working)),
        ordersSince: (since) => answer(`since ${clock.now() - since}`, () => listOf(answers.recent)),
        order: (id) => answer(`order ${id}`, () => answers.byId),
        fillsSince: () => answer('fills', () => (answers.fills.ok ? ok({ ...answers.fills.value, unread: answers.unreadFills }) : answers.fills)),
        balances: () => answer('balances', () => answers.balances),
        clockOffset: async () => ok(0),
        findByClientOrderId: notUsed,
        fillsOf: notUsed,
      },
      journal: {
        actor: async (address) => rows.find((one) => one.address === address),
        orderAtVenue: async (id) => rows.find(({ order }) => order?.venueOrderId === id),
        bookedSince: async () => booked,
      },
      failpoints: noFailpoints,
      view,
      clock,
      log: recordingLog(),
      install: '0000',
      epoch: 3,
      lookBackMs: 600_000,
      balancesEveryMs: 60_000,
      belief: { rounds: 2, forMs: 1_000 },
      foreignOrders: 'report',
      assets: [{ asset: 'USD', unit: '0.01' }],
      adopt: () => undefined,
      asked: () => 0,
      ask: async (message) => void told.push(message),
      alert: ({ code, detail }) => void alerts.push(`${code}: ${detail}`),
      ...over,
    },
    null,
  )
  const run = async (reason = 'a test') => (await reconciler.run(reason)).record
  /** What orders were told, without the account's comparison. */
  const toOrders = () => told.filter(({ to }) => to !== 'account')
  return { reconciler, run, view, asked, told, toOrders, alerts, answers, booked, clock }
}
const reportedTo = (attempt: number, word: OrderReport): Message => ({ to: `order/${idOf(attempt)}`, event: { type: 'reported', report: word } as Message['event'] })

describe('a run', () => {
  test('reads orders, fills and balances, brings the news to their orders, and writes down what it expected, found and did', async () => {
    const { run, view, asked, toOrders, answers } = begin()
    view.take(row())
    const word = report(1, { executed: quantity('0.0005') })
    answers.working = ok([word])
    expect(await run('the link is back')).toEqual({
      id: '3-1',
      began: 1_700_000_000_000,
      ended: 1_700_000_000_000,
      reason: 'the link is back',
      outcome: 'repaired',
      compared: { orders: 1, fills: 0, assets: 1 },
      differences: [{ kind: 'order', about: idOf(1), expected: 'pending, 0 of 0.001 booked', found: 'open at the venue as v-1, 0.0005 executed', done: 'the order was told and reads its fills' }],
      omitted: 0,
      detail: null,
    })
    expect(asked).toEqual(['since 600000', 'working', 'fills', 'balances'])
    expect(toOrders()).toEqual([reportedTo(1, word)])
  })

  test('that finds all as it should be says so', async () => {
    const { run, view, answers, toOrders } = begin()
    view.take(row())
    answers.working = ok([report(1)])
    expect(await run()).toMatchObject({ outcome: 'agreed', differences: [], compared: { orders: 1 } })
    expect(toOrders()).toEqual([])
  })

  test('is over only when its news are durable', async () => {
    let durable: () => void = () => undefined
    const { run, view, answers } = begin({ ask: () => new Promise<void>((resolve) => { durable = resolve }) })
    view.take(row())
    answers.recent = ok([report(1, { status: 'filled' })])
    let over = false
    const running = run().then(() => { over = true })
    await settle()
    expect(over).toBe(false)
    durable()
    await settle()
    durable()
    await running
    expect(over).toBe(true)
  })

  test('asks for an order that is not listed by its id; unknown there too, the order itself is told (Q3, FS-17, FS-14)', async () => {
    const { run, view, asked, toOrders, answers, clock } = begin()
    view.take(row())
    expect(await run()).toMatchObject({ outcome: 'repaired', differences: [{ kind: 'vanished', about: idOf(1), found: 'the venue does not know v-1' }] })
    expect(asked).toContain('order v-1')
    expect(toOrders()).toEqual([{ to: `order/${idOf(1)}`, event: { type: 'notFound', askedAt: clock.now() } }])
    expect(await run()).toMatchObject({ outcome: 'agreed' })
    answers.byId = ok(report(1, { status: 'cancelled' }))
    await run()
    expect(toOrders().at(-1)).toEqual(reportedTo(1, report(1, { status: 'cancelled' })))
  })

  test('tells an order in doubt every word about it, also an old one: that settles the doubt (O8)', async () => {
    const { run, view, toOrders, answers } = begin()
    view.take({ ...row(), context: { doubtSince: 5 } })
    answers.working = ok([report(1)])
    await run()
    expect(toOrders()).toEqual([reportedTo(1, report(1))])
  })

  test('calls an order that began while the lists were read no orphan', async () => {
    const { run, view, alerts, toOrders, answers } = begin()
    answers.working = ok([report(1)])
    let open: () => void = () => undefined
    answers.gate = new Promise((resolve) => { open = resolve })
    const running = run()
    await settle()
    view.take(row())
    open()
    expect(await running).toMatchObject({ outcome: 'agreed' })
    expect([alerts, toOrders()]).toEqual([[], []])
  })

  test('brings nothing that the stream has brought meanwhile', async () => {
    const { run, view, toOrders, answers } = begin()
    view.take(row())
    answers.working = ok([report(1, { executed: quantity('0.0005') })])
    let open: () => void = () => undefined
    answers.gate = new Promise((resolve) => { open = resolve })
    const running = run()
    await settle()
    view.take(row({ filled: quantity('0.0005') }))
    open()
    expect(await running).toMatchObject({ outcome: 'agreed' })
    expect(toOrders()).toEqual([])
  })

  test.each(['working', 'recent', 'byId', 'fills', 'balances'] as const)('that could not read %s has failed and proves nothing (Q2)', async (which) => {
    const { run, view, toOrders, answers } = begin()
    view.take(row())
    if (which !== 'byId') answers.working = ok([report(1)])
    answers[which] = failed(timeout)
    expect(await run()).toMatchObject({ outcome: 'failed', detail: expect.stringMatching(/: timeout: no answer$/) })
    expect(toOrders()).toEqual([])
  })

  test('that could not read the rows has failed, and the next one runs (Q2)', async () => {
    let broken = true
    const journal = { actor: () => (broken ? Promise.reject(new Error('the store is away')) : Promise.resolve(undefined)), orderAtVenue: async () => undefined, bookedSince: async () => new Set<string>() }
    const { run, answers } = begin({ journal })
    answers.working = ok([report(7)])
    const [first, second] = [run(), run()]
    expect(await first).toMatchObject({ outcome: 'failed', detail: 'the store is away' })
    broken = false
    expect(await second).toMatchObject({ outcome: 'repaired' })
  })
})

test('one run at a time: those asked for meanwhile share the next one, which begins afterwards (Q1)', async () => {
  const { reconciler, asked, answers } = begin()
  let finish: () => void = () => undefined
  answers.gate = new Promise((resolve) => { finish = resolve })
  const first = reconciler.run('first')
  const [second, third] = [reconciler.run('second'), reconciler.run('third')]
  expect(second).toBe(third)
  await settle()
  expect(asked).toEqual(['since 600000'])
  finish()
  expect((await first).record.id).not.toBe((await second).record.id)
  expect(asked.filter((question) => question === 'working')).toHaveLength(2)
})

describe('an order that the rows in memory do not know', () => {
  const known = (filled: string): ActorRecord => orderRecordOf(P, 'buy', 7, { venueOrderId: 'v-7', live: false, filled: quantity(filled) })

  test('is told to a person once, however often it is seen', async () => {
    const { run, alerts, toOrders, answers } = begin()
    answers.working = ok([report(7)])
    answers.recent = ok([report(7)])
    expect(await run()).toMatchObject({ differences: [{ kind: 'lostOrder', about: idOf(7) }] })
    await run()
    expect(alerts).toEqual([`order.orphan: the venue tells of ${idOf(7)} (open at the venue as v-7, 0 executed), which no row explains`])
    expect(toOrders()).toEqual([])
  })

  test('holds its pair, when that is open here: rows that are behind the venue must not place it again (I1)', async () => {
    const told: Message[] = []
    const { run, view, alerts, answers } = begin({ ask: async (message) => (told.push(message), 'committed') })
    const open = { ...pairRecord(P, { held: quantity('0.001'), bought: quantity('0.001') }), state: 'filled' }
    view.take({ ...open, context: { pairId: P, instrument: { id: 'BTC-USD' }, held: quantity('0.001'), sold: quantity('0'), buy: { price: '60000' } } })
    answers.recent = ok([report(7, { status: 'filled', executed: quantity('0.001') })])
    expect(await run()).toMatchObject({ differences: [{ kind: 'lostOrder', about: idOf(7), done: 'its pair is held, and a person was told: no row explains it' }] })
    expect(told.filter(({ to }) => to === `trade-pair/${P}`)).toEqual([{ to: `trade-pair/${P}`, event: { type: 'hold', reason: `the venue tells of ${idOf(7)}, which no row explains` } }])
    expect(alerts).toHaveLength(1)
  })

  test('and that has executed more than its ended row knows brings it the news; what the row knows is none', async () => {
    const filled = report(7, { status: 'filled', executed: quantity('0.001') })
    const short = begin({}, [known('0.0004')])
    short.answers.recent = ok([filled])
    await short.run()
    expect([short.alerts, short.toOrders()]).toEqual([[], [reportedTo(7, filled)]])
    const complete = begin({}, [known('0.001')])
    complete.answers.recent = ok([filled])
    await complete.run()
    expect([complete.alerts, complete.toOrders()]).toEqual([[], []])
  })

  test('but that has a row, ended as it may be, is that row’s affair', async () => {
    const { run, alerts, toOrders, answers } = begin({}, [known('0')])
    answers.working = ok([report(7)])
    await run()
    expect([alerts, toOrders()]).toEqual([[], [reportedTo(7, report(7))]])
  })
})

describe('an order of somebody else', () => {
  const theirs = report(1, { venueOrderId: 'x-1', clientOrderId: 'by-hand-1' })
  const adopted: Message = { to: 'trade-pair/X', event: { type: 'adopted' } }

  test('is reported once and left alone', async () => {
    const { run, alerts, toOrders, answers } = begin()
    answers.working = ok([theirs])
    expect(await run()).toMatchObject({ differences: [{ kind: 'foreignOrder', about: 'by-hand-1', done: 'left alone; a person was told' }] })
    expect(await run()).toMatchObject({ outcome: 'agreed' })
    expect([alerts.length, toOrders()]).toEqual([1, []])
  })

  test('is not even mentioned where the policy says so', async () => {
    const { run, alerts, answers } = begin({ foreignOrders: 'ignore' })
    answers.working = ok([theirs])
    expect(await run()).toMatchObject({ outcome: 'agreed' })
    expect(alerts).toEqual([])
  })

  test('begins a pair where the policy says so, and is reported where it cannot', async () => {
    const able = begin({ foreignOrders: 'adopt', adopt: () => adopted, ask: async () => 'committed' })
    able.answers.working = ok([theirs])
    expect(await able.run()).toMatchObject({ differences: [{ kind: 'foreignOrder', done: 'adopted as the buy of trade-pair/X' }] })
    const unable = begin({ foreignOrders: 'adopt' })
    unable.answers.working = ok([theirs])
    expect(await unable.run()).toMatchObject({ differences: [{ done: 'left alone; a person was told' }] })
  })
})

describe('rows that cannot be read', () => {
  test('are left out where they are somebody else’s: a person is told once, everything else is compared', async () => {
    const { run, alerts, answers } = begin()
    answers.unreadOrders = [{ venueOrderId: 'x-1', clientOrderId: 'by hand' }]
    answers.unreadFills = [{ tradeId: 't-x', venueOrderId: 'x-1' }]
    expect(await run()).toMatchObject({ outcome: 'repaired', differences: [{ kind: 'foreignOrder', about: 'x-1' }, { kind: 'oddFill', about: 't-x' }] })
    expect(await run()).toMatchObject({ outcome: 'agreed' })
    expect(alerts).toHaveLength(2)
  })

  test.each([{ clientOrderId: idOf(1) }, { clientOrderId: undefined }])('and might be ours fail the run: it proves nothing (%j, Q2)', async (names) => {
    const { run, answers } = begin()
    answers.unreadOrders = [{ venueOrderId: 'v-1', ...names }]
    expect(await run()).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('cannot be read') })
  })

  test.each([{ venueOrderId: 'v-7' }, { venueOrderId: undefined }])('the same for fills (%j)', async (names) => {
    const { run, answers } = begin({}, [orderRecordOf(P, 'buy', 7, { venueOrderId: 'v-7', live: false })])
    answers.unreadFills = [{ tradeId: 't1', ...names }]
    expect(await run()).toMatchObject({ outcome: 'failed', detail: 'fills: the row of fill t1 cannot be read' })
  })
})

describe('fills', () => {
  const fill: Fill = { ...fillOf('t1', 'buy', '0.001'), venueOrderId: 'v-7' }
  const ended = orderRecordOf(P, 'buy', 7, { venueOrderId: 'v-7', live: false })

  test('that are not booked are brought to their order, ended as it may be (FS-04, FS-23)', async () => {
    const { run, toOrders, answers } = begin({}, [ended])
    answers.fills = ok({ fills: [fill], odd: [] })
    expect(await run()).toMatchObject({ outcome: 'repaired', compared: { fills: 1 }, differences: [{ kind: 'fill', about: `t1 of ${idOf(7)}`, expected: 'not booked' }] })
    expect(toOrders()).toEqual([{ to: `order/${idOf(7)}`, event: { type: 'fillsListed', fills: [fill] } }])
  })

  test('that are booked, or somebody else’s, are nothing to mend (FS-12)', async () => {
    const { run, toOrders, answers, booked } = begin({}, [ended])
    booked.add('t1 v-7')
    answers.fills = ok({ fills: [fill, { ...fill, venueOrderId: 'x-9' }], odd: [] })
    expect(await run()).toMatchObject({ outcome: 'agreed', compared: { fills: 2 } })
    expect(toOrders()).toEqual([])
  })

  test('of an odd kind hold their pair and call a person, once (FS-27)', async () => {
    const { run, toOrders, alerts, answers } = begin({}, [ended])
    answers.fills = ok({ fills: [], odd: [{ tradeId: 't2', venueOrderId: 'v-7', detail: 'fill t2 is of type REVERSAL' }] })
    expect(await run()).toMatchObject({ differences: [{ kind: 'oddFill', about: 't2', done: `not booked; ${P} is held` }] })
    await run()
    expect(toOrders()).toEqual([{ to: `trade-pair/${P}`, event: { type: 'hold', reason: 'fill t2 is of type REVERSAL' } }])
    expect(alerts).toHaveLength(1)
  })
})

describe('balances', () => {
  const holds = (total: string): Result<readonly Balance[]> => ok([{ asset: 'USD', free: quantity(total), held: quantity('0') }])
  const account = (opening: string): ActorRecord => ({ address: 'account', kind: 'account', version: 1, seq: 1, state: 'agreed', since: 1, context: { opening: { USD: money(opening) }, external: {}, comparedAt: 1, doubt: null }, finished: false })

  test('are read at most once in their time; the first comparison begins the account', async () => {
    const { run, asked, told, clock } = begin()
    await run()
    await run()
    expect(asked.filter((question) => question === 'balances')).toHaveLength(1)
    expect(told.map(({ to, create }) => [to, create])).toEqual([['account', {}]])
    await clock.advance(60_000)
    await run()
    expect(asked.filter((question) => question === 'balances')).toHaveLength(2)
  })

  test('that the books do not explain are shown with what is done about them (I5)', async () => {
    const { run, view, answers } = begin()
    view.take(account('1000'))
    answers.balances = holds('900')
    expect(await run()).toMatchObject({ outcome: 'repaired', differences: [{ kind: 'balance', about: 'USD', expected: '1000 USD', found: '900 USD, which is -100 more than explained' }] })
  })

  test('are not compared when something was booked while they were on their way (Q4)', async () => {
    const { run, view, answers, told } = begin()
    view.take(account('1000'))
    Object.defineProperty(answers, 'balances', {
      get: () => {
        view.book({ base: 'BTC', quote: 'USD' }, { side: 'buy', quantity: quantity('0.001'), value: money('60'), fee: money('0'), feeAsset: 'USD' })
        return holds('900')
      },
    })
    expect(await run()).toMatchObject({ outcome: 'agreed', compared: { assets: 0 } })
    expect(told).toEqual([])
  })
})
