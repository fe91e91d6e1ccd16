/** What orders, pairs and prices mean to the breakers (src/actors/breakers, N1, N2). */
import { describe, expect, test } from 'vitest'
import { Breakers } from '../../src/actors/breakers/breakers.ts'
import { CallMeter, mostFailures } from '../../src/actors/breakers/call-meter.ts'
import { Consequences } from '../../src/actors/breakers/consequences.ts'
import { Holdings } from '../../src/actors/breakers/holdings.ts'
import { Denials } from '../../src/actors/denials.ts'
import { DeskView } from '../../src/actors/desk-view.ts'
import { PriceBoard } from '../../src/actors/price-board.ts'
import type { Change, Message } from '../../src/actors/turn.ts'
import type { CommittedTurn } from '../../src/actors/loop-options.ts'
import { money, price, quantity } from '../../src/domain/decimal.ts'
import type { OrderRequest } from '../../src/domain/order.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import { breakerContext } from '../../src/machines/breaker/breaker-context.ts'
import { ManualClock } from '../support/clock.ts'
import { bitcoin } from '../support/loop.ts'
import { pairRecord } from '../support/records.ts'

const all = (name: string): boolean => ['dailyLoss', 'drawdown', 'consecutiveLosses', 'cooldown:BTC-USD', 'hourlyOrders', 'dailyOrders', 'refusals:BTC-USD'].includes(name)
const told = (change: Change, consequences = new Consequences(all, [])): readonly string[] =>
  consequences.of(change).map(({ to, event: { type, ...body } }) => `${to.slice('breaker/'.length)} ${type} ${Object.values(body).join(' ')}`.trim())

const pair = (proceeds: string, cost = '60', sold = '0.001') => ({ instrument: { id: 'BTC-USD' }, proceeds, cost, sold })
const pairEvent = (type: string, from: string, to: string, before: object, after: object): Change => ({ kind: 'trade-pair', event: { type, from, to, body: {} }, before: { ...before }, after: { ...after } })
const order = (over: object = {}) => ({ leg: 'buy', instrument: 'BTC-USD', ...over })
const orderEvent = (type: string, from: string, to: string, over: { body?: Record<string, unknown>; leg?: string; adopted?: object } = {}): Change => {
  const { body = {}, ...rest } = over
  return { kind: 'order', event: { type, from, to, body }, before: order(rest), after: order(rest) }
}

describe('what a pair has earned', () => {
  test('is told when it ends, to each breaker that counts it', () => {
    expect(told(pairEvent('legEnded', 'sellPlaced.partial', 'closed', pair('61'), pair('61')))).toEqual(['dailyLoss profitBooked 1 1', 'drawdown profitBooked 1 1', 'consecutiveLosses profitBooked 1 1', 'cooldown:BTC-USD profitBooked 1 1'])
  })

  test('is taken back when a late fill brings it back, and counted with its last figure when it ends again (N1)', () => {
    const consequences = new Consequences((name) => name === 'drawdown', [])
    const life = [
      pairEvent('legEnded', 'sellPlaced.partial', 'closed', pair('61'), pair('61')),
      pairEvent('fillBooked', 'closed', 'filled', pair('61'), pair('61', '66')),
      pairEvent('legEnded', 'sellPlaced.pending', 'closed', pair('61', '66'), pair('65', '66')),
    ]
    expect(life.flatMap((change) => told(change, consequences))).toEqual(['drawdown profitBooked 1 1', 'drawdown profitBooked -1', 'drawdown profitBooked -1 -1'])
  })

  test('counts what is left as dust for nothing; what was never sold, or closed elsewhere, is not known', () => {
    expect(told(pairEvent('legEnded', 'sellPlaced.partial', 'dust', pair('59'), pair('59')))[0]).toBe('dailyLoss profitBooked -1 -1')
    expect(told(pairEvent('legEnded', 'filled', 'dust', pair('0', '0.5', '0'), pair('0', '0.5', '0')))).toEqual([])
    expect(told(pairEvent('closedByHand', 'held', 'closedExternally', pair('30'), pair('30')))).toEqual([])
    expect(told(pairEvent('fillBooked', 'sellPlaced.pending', 'sellPlaced.partial', pair('0'), pair('30')))).toEqual([])
  })

  test('is told to nobody who is switched off', () => {
    expect(told(pairEvent('legEnded', 'sellPlaced.partial', 'closed', pair('61'), pair('61')), new Consequences(() => false, []))).toEqual([])
  })
})

describe('an entry', () => {
  test('is counted when it begins; exits and adopted buys are not (N2)', () => {
    expect(told(orderEvent('created', '', 'begun'))).toEqual(['hourlyOrders orderBegun', 'dailyOrders orderBegun'])
    expect([...told(orderEvent('created', '', 'begun', { leg: 'sell' })), ...told(orderEvent('created', '', 'begun', { adopted: {} }))]).toEqual([])
  })

  test('that the venue refuses is told with the reason; one that would cross, or was withdrawn, is not', () => {
    expect(told(orderEvent('rejected', 'submitting', 'rejected', { body: { reason: 'insufficientFunds' } }))).toEqual(['refusals:BTC-USD orderRefused insufficientFunds'])
    expect(told(orderEvent('reported', 'resolving', 'rejected'))).toEqual(['refusals:BTC-USD orderRefused reported'])
    expect([...told(orderEvent('rejected', 'submitting', 'rejected', { body: { reason: 'wouldCross' } })), ...told(orderEvent('withdrawn', 'submitting', 'absent')), ...told(orderEvent('rejected', 'submitting', 'rejected', { leg: 'sell' }))]).toEqual([])
  })

  test('that stands is told once after refusals, also those of an earlier life, and not otherwise', () => {
    const accepted = orderEvent('accepted', 'submitting', 'pending')
    const consequences = new Consequences(all, ['BTC-USD'])
    expect([told(accepted, consequences), told(accepted, consequences)]).toEqual([['refusals:BTC-USD orderStood'], []])
    told(orderEvent('rejected', 'submitting', 'rejected', { body: { reason: 'other' } }), consequences)
    expect([told(orderEvent('fillsListed', 'pending', 'partial'), consequences), told(orderEvent('reported', 'resolving', 'filled'), consequences)]).toEqual([[], ['refusals:BTC-USD orderStood']])
  })
})

describe('what is held', () => {
  const record = (id: string, state: string, held: string, sold: string, cost: string, proceeds: string) => ({ ...pairRecord(id, { held: quantity(held), sold: quantity(sold), cost: money(cost), proceeds: money(proceeds) }), state })
  const at = (bid: string | undefined) => () => (bid === undefined ? undefined : price(bid))

  test('is worth its bid less what was paid: 0.003 at 59000 is 177, paid 180 - 61 = 119 and 60: a loss of 2', () => {
    const holdings = new Holdings()
    holdings.take(record('a', 'sellPlaced.partial', '0.003', '0.001', '180', '61'))
    holdings.take(record('b', 'held', '0.001', '0', '60', '0'))
    expect(holdings.unrealised(at('59000'))).toBe('-2')
    expect(holdings.unrealised(at(undefined))).toBeUndefined()
  })

  test('is nothing once its pairs have ended, and what a late fill brings back counts again', () => {
    const holdings = new Holdings()
    for (const [state, proceeds] of [['sellPlaced.pending', '0'], ['closed', '61'], ['filled', '61']] as const) holdings.take(record('a', state, '0.002', proceeds === '0' ? '0' : '0.001', '120', proceeds))
    expect(holdings.unrealised(at('59000'))).toBe('0')
    holdings.take(record('a', 'closed', '0.002', '0.002', '120', '121'))
    expect(holdings.unrealised(at(undefined))).toBe('0')
  })
})

describe('what is held on an instrument that is traded no more', () => {
  test('cannot be valued, and disturbs nothing', async () => {
    const clock = new ManualClock()
    const view = new DeskView()
    const asked: unknown[] = []
    const board = new PriceBoard({ clock, staleAfterMs: 10_000, instruments: [bitcoin] })
    const ask = async (message: Message): Promise<void> => void asked.push(message)
    const breakers = new Breakers({ policies: [{ kind: 'dailyLoss', maxLoss: money('1') }], instruments: [bitcoin.id], view, board, clock, calls: new CallMeter(clock), commitMs: () => 0, ask })
    const row: ActorRecord = { address: 'breaker/dailyLoss', kind: 'breaker', version: 1, seq: 2, state: 'clear', since: 1, finished: false, context: { ...breakerContext({ name: 'dailyLoss', kind: 'dailyLoss', instrument: null }), policy: { kind: 'dailyLoss', maxLoss: '1' } } }
    const pairRow = pairRecord('a', { instrument: 'DOGE-USD', held: quantity('1'), cost: money('5') })
    view.take(row)
    expect(breakers.awakening([row, pairRow])).toEqual([])
    breakers.start()
    await clock.advance(5_000)
    expect(asked).toEqual([])
    breakers.learn({ actors: [{ ...pairRow, state: 'closedExternally' }] } as unknown as CommittedTurn)
    await clock.advance(1_000)
    expect(asked).toEqual([{ to: 'breaker/dailyLoss', event: { type: 'marked', day: 19_675, realised: '0', unrealised: '0' } }])
    breakers.stop()
    expect(clock.waiting).toBe(0)
  })
})

describe('calls that fail', () => {
  test('are forgotten with their window, and never more are remembered than a limit may ask for', () => {
    const clock = new ManualClock()
    const meter = new CallMeter(clock)
    for (let call = 0; call < mostFailures + 10; call++) meter.failed()
    expect(meter.failedWithin(1_000)).toBe(mostFailures)
    clock.stall(1_000)
    meter.failed()
    expect(meter.failedWithin(1_000)).toBe(1)
  })
})

test('denials are kept by rule, side and instrument, the newest first, and no more than are worth showing', () => {
  const denials = new Denials(new ManualClock(7))
  const request = (instrument: string): OrderRequest => ({ clientOrderId: 'x', instrument, side: 'buy', quantity: quantity('1'), price: price('1'), postOnly: true })
  for (const [instrument, detail] of [['BTC-USD', '310 of 300'], ['ETH-USD', '301 of 300'], ['BTC-USD', '320 of 300']] as const) denials.note(request(instrument), { rule: 'exposure', detail })
  expect(denials.latest).toEqual([{ rule: 'exposure', detail: '320 of 300', instrument: 'BTC-USD', side: 'buy', at: 7, times: 2 }, { rule: 'exposure', detail: '301 of 300', instrument: 'ETH-USD', side: 'buy', at: 7, times: 1 }])
  for (let other = 0; other < 300; other++) denials.note(request(`X${other}-USD`), { rule: 'size', detail: 'too small' })
  expect([denials.latest.length, denials.latest[0]?.instrument]).toEqual([200, 'X299-USD'])
})
