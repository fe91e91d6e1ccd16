/** The reconciler (src/actors/reconciler.ts, Q1, Q2). */
import { describe, expect, test } from 'vitest'
import { DeskView } from '../../src/actors/desk-view.ts'
import { Reconciler, type ReconcilerOptions } from '../../src/actors/reconciler.ts'
import type { Message } from '../../src/actors/turn.ts'
import { quantity } from '../../src/domain/decimal.ts'
import { failed, ok, type Result } from '../../src/domain/failure.ts'
import type { OrderReport } from '../../src/domain/order.ts'
import { ManualClock, recordingLog, settle } from '../support/clock.ts'
import { orderRecordOf } from '../support/records.ts'

const P = '01JD5MZX8K4T7WQ2AB'
const timeout = { kind: 'timeout', detail: 'no answer' } as const
const row = (over: object = {}) => ({ ...orderRecordOf(P, 'buy', 1, { venueOrderId: 'v-1', ...over }), state: 'pending' })
const idOf = (attempt: number): string => `nd0000-${P}-b${attempt}`
const report = (attempt: number, over: Partial<OrderReport> = {}): OrderReport => ({ venueOrderId: `v-${attempt}`, clientOrderId: idOf(attempt), instrument: 'BTC-USD', side: 'buy', status: 'open', executed: quantity('0'), ...over })
const notUsed = (): never => {
  throw new Error('not asked for in this test')
}

const begin = (over: Partial<ReconcilerOptions> = {}) => {
  const clock = new ManualClock()
  const view = new DeskView()
  const asked: string[] = []
  const told: Message[] = []
  const alerts: string[] = []
  const answers: { working: Result<readonly OrderReport[]>; recent: Result<readonly OrderReport[]>; byId: Result<OrderReport | undefined>; gate?: Promise<void> } = { working: ok([]), recent: ok([]), byId: ok(undefined) }
  const answer = async <T>(question: string, value: () => T): Promise<T> => {
    asked.push(question)
    await answers.gate
    return value()
  }
  const reconciler = new Reconciler({
    venue: {
      workingOrders: () => answer('working', () => answers.working),
      ordersSince: (since) => answer(`since ${clock.now() - since}`, () => answers.recent),
      order: (id) => answer(`order ${id}`, () => answers.byId),
      findByClientOrderId: notUsed,
      fillsOf: notUsed,
    },
    view,
    clock,
    log: recordingLog(),
    install: '0000',
    lookBackMs: 60_000,
    row: async () => undefined,
    ask: async (message) => void told.push(message),
    alert: (code, detail) => void alerts.push(`${code}: ${detail}`),
    ...over,
  })
  return { reconciler, view, asked, told, alerts, answers }
}
const reportedTo = (attempt: number, word: OrderReport): Message => ({ to: `order/${idOf(attempt)}`, event: { type: 'reported', report: word } as Message['event'] })

describe('a run', () => {
  test('reads working and recent orders and brings the news to their orders', async () => {
    const { reconciler, view, asked, told, answers } = begin()
    view.take(row())
    const word = report(1, { executed: quantity('0.0005') })
    answers.working = ok([word])
    expect(await reconciler.run()).toEqual({ ok: true, began: 1_700_000_000_000, findings: [{ kind: 'news', clientOrderId: idOf(1), report: word }] })
    expect(asked).toEqual(['since 60000', 'working'])
    expect(told).toEqual([reportedTo(1, word)])
  })

  test('is over only when its news are durable', async () => {
    let durable: () => void = () => undefined
    const { reconciler, view, answers } = begin({ ask: () => new Promise<void>((resolve) => { durable = resolve }) })
    view.take(row())
    answers.recent = ok([report(1, { status: 'filled' })])
    let over = false
    const run = reconciler.run().then(() => { over = true })
    await settle()
    expect(over).toBe(false)
    durable()
    await run
    expect(over).toBe(true)
  })

  test('asks for an order that is not listed by its id; not found there says nothing either', async () => {
    const { reconciler, view, asked, told, answers } = begin()
    view.take(row())
    expect((await reconciler.run()).ok).toBe(true)
    expect([asked.at(-1), told]).toEqual(['order v-1', []])
    answers.byId = ok(report(1, { status: 'cancelled' }))
    await reconciler.run()
    expect(told).toEqual([reportedTo(1, report(1, { status: 'cancelled' }))])
  })

  test('tells a person, once, of a live order that the venue does not know any more (FS-17)', async () => {
    const { reconciler, view, alerts } = begin()
    view.take(row())
    await reconciler.run()
    await reconciler.run()
    expect(alerts).toEqual([`order.vanished: the venue does not know ${idOf(1)} (v-1) any more; it stays live here until a person looks`])
  })

  test.each(['working', 'recent', 'byId'] as const)('that could not read %s has failed and proves nothing (Q2)', async (which) => {
    const { reconciler, view, told, answers } = begin()
    view.take(row())
    answers[which] = failed(timeout)
    expect(await reconciler.run()).toEqual({ ok: false, detail: 'timeout: no answer' })
    expect(told).toEqual([])
  })

  test('that could not read the rows has failed, and the next one runs (Q2)', async () => {
    let broken = true
    const { reconciler, answers } = begin({ row: () => (broken ? Promise.reject(new Error('the store is away')) : Promise.resolve(undefined)) })
    answers.working = ok([report(7)])
    const [first, second] = [reconciler.run(), reconciler.run()]
    expect(await first).toEqual({ ok: false, detail: 'Error: the store is away' })
    broken = false
    expect((await second).ok).toBe(true)
    expect((await reconciler.run()).ok).toBe(true)
  })
})

test('one run at a time: those asked for meanwhile share the next one, which begins afterwards (Q1)', async () => {
  const { reconciler, asked, answers } = begin()
  let finish: () => void = () => undefined
  answers.gate = new Promise((resolve) => { finish = resolve })
  const first = reconciler.run()
  const [second, third] = [reconciler.run(), reconciler.run()]
  expect(second).toBe(third)
  await settle()
  expect(asked).toEqual(['since 60000'])
  finish()
  const [one, two] = await Promise.all([first, second])
  expect(one).not.toBe(two)
  expect(asked).toEqual(['since 60000', 'working', 'since 60000', 'working'])
})

describe('an order that the rows in memory do not know', () => {
  test('is told to a person once, however often it is seen', async () => {
    const { reconciler, alerts, told, answers } = begin()
    answers.working = ok([report(7)])
    answers.recent = ok([report(7)])
    await reconciler.run()
    await reconciler.run()
    expect(alerts).toEqual([`order.orphan: the venue tells of ${idOf(7)} (v-7, open, 0 executed), which no row explains`])
    expect(told).toEqual([])
  })

  test('and that has executed more than its ended row knows brings it the news; what the row knows is none', async () => {
    const filled = report(7, { status: 'filled', executed: quantity('0.001') })
    const short = begin({ row: async () => ({ filled: quantity('0.0004') }) })
    short.answers.recent = ok([filled])
    await short.reconciler.run()
    expect([short.alerts, short.told]).toEqual([[], [reportedTo(7, filled)]])
    const complete = begin({ row: async () => ({ filled: quantity('0.001') }) })
    complete.answers.recent = ok([filled])
    await complete.reconciler.run()
    expect([complete.alerts, complete.told]).toEqual([[], []])
  })

  test('but that has a row, ended as it may be, is that row’s affair', async () => {
    const { reconciler, alerts, told, answers } = begin({ row: async () => ({ filled: quantity('0') }) })
    answers.working = ok([report(7)])
    await reconciler.run()
    expect([alerts, told]).toEqual([[], [reportedTo(7, report(7))]])
  })
})
