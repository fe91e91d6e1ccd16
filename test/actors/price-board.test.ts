/** The price board (src/actors/price-board.ts, B1 to B3). */
import { describe, expect, test } from 'vitest'
import { PriceBoard } from '../../src/actors/price-board.ts'
import type { PriceInspection } from '../../src/ports/inspection.ts'
import { price } from '../../src/domain/decimal.ts'
import type { Quote } from '../../src/domain/quote.ts'
import { ManualClock, settle } from '../support/clock.ts'

const id = 'BTC-USD'
const begin = () => {
  const clock = new ManualClock()
  const board = new PriceBoard({ clock, staleAfterMs: 10_000, instruments: [{ id, tick: price('0.01') }, { id: 'ETH-USD', tick: price('0.01') }] })
  const quote = (bid: string, over: Partial<Quote> = {}): Quote => ({ instrument: id, bid: bid as Quote['bid'], ask: (Number(bid) + 1).toFixed(2) as Quote['ask'], at: clock.now(), receivedAt: clock.now(), source: 'stream', ...over })
  return { clock, board, quote, view: (): PriceInspection => board.view(id) }
}

test('a line that was armed while the price was in doubt is crossed by the very same price when that is good again', async () => {
  const { board, quote, clock } = begin()
  const woken: string[] = []
  const arm = (name: string) => board.arm(id, { id: name, crossing: 'falls', at: price('100'), wake: () => woken.push(name) })
  board.offer(quote('99'))
  board.suspect()
  arm('after a gap')
  board.offer(quote('99'))
  await clock.advance(60_000)
  arm('after a silence')
  board.offer(quote('99'))
  expect(woken).toEqual(['after a gap', 'after a silence'])
  arm('while all is well')
  board.offer(quote('99'))
  expect(woken).toHaveLength(2)
})

describe('the edge', () => {
  test('an instrument without a quote has none, and cannot be decided on', () => {
    const { board, view } = begin()
    expect(view()).toEqual({ instrument: id, bid: null, ask: null, at: null, ageMs: null, source: null, state: 'none', rejected: 0, lastProblem: null })
    expect(board.usable(id)).toBeUndefined()
  })

  test.each([
    ['unreadable', { bid: '0' }], ['unreadable', { bid: 'NaN' }], ['unreadable', { bid: '' }], ['unreadable', { bid: '-1' }], ['unreadable', { bid: '.' }],
    ['unreadable', { bid: '99.999' }], ['unreadable', { ask: '0' }], ['unreadable', { ask: '1e9' }],
    ['crossed', { bid: '101' }], ['crossed', { bid: '102' }],
    ['implausible', { bid: '79.99' }], ['implausible', { bid: '120.01', ask: '121' }],
  ] as const)('a tick that is %s (%j) stops there and changes nothing (B1)', (problem, over) => {
    const { board, quote, view } = begin()
    board.offer(quote('100'))
    const before = view()
    expect(board.offer(quote('100', over as Partial<Quote>))).toBe(false)
    expect(view()).toEqual({ ...before, rejected: 1, lastProblem: problem })
  })

  test('a quote of an instrument that is not traded is not taken', () => {
    const { board, quote } = begin()
    expect(board.offer(quote('100', { instrument: 'DOGE-USD' }))).toBe(false)
  })

  test('after five strange ticks in a row the sixth is believed: it is the market', () => {
    const { board, quote } = begin()
    board.offer(quote('100'))
    expect(Array.from({ length: 6 }, () => board.offer(quote('50')))).toEqual([false, false, false, false, false, true])
    expect(board.usable(id)).toEqual({ bid: '50', ask: '51.00', ageMs: 0 })
  })

  test('a good tick between strange ones makes them mistakes again', () => {
    const { board, quote } = begin()
    board.offer(quote('100'))
    for (let round = 0; round < 5; round++) {
      for (let tick = 0; tick < 4; tick++) expect(board.offer(quote('50'))).toBe(false)
      expect(board.offer(quote('100'))).toBe(true)
    }
  })

  test('a poll that answers with what was before the stream is outdated; a newer one is not', () => {
    const { board, quote, clock, view } = begin()
    const old = quote('90', { source: 'rest' })
    clock.jump(1)
    board.offer(quote('100'))
    expect([board.offer(old), view().bid, view().lastProblem]).toEqual([false, '100', 'outdated'])
    expect(board.offer(quote('101', { source: 'rest' }))).toBe(true)
    expect(view()).toMatchObject({ bid: '101', source: 'rest' })
  })
})

describe('age', () => {
  test('counts from the moment of receipt, and a wall clock that is set back makes nothing younger (B3)', async () => {
    const { board, quote, clock, view } = begin()
    board.offer(quote('100', { at: 5 }))
    clock.jump(-7_200_000)
    await clock.advance(10_000)
    expect(view()).toMatchObject({ state: 'live', ageMs: 10_000 })
    await clock.advance(1)
    expect(view()).toMatchObject({ state: 'stale', ageMs: 10_001 })
    expect(board.usable(id)).toBeUndefined()
  })

  test('counts the time that the machine slept, which the monotonic clock does not (B3, CK-03)', () => {
    const { board, quote, clock, view } = begin()
    board.offer(quote('100', { at: 5 }))
    clock.jump(1_500)
    expect(view()).toMatchObject({ state: 'live', ageMs: 1_500 })
    clock.jump(3_600_000)
    expect(board.usable(id)).toBeUndefined()
  })

  test('the same price said again is fresh again', async () => {
    const { board, quote, clock, view } = begin()
    board.offer(quote('100'))
    await clock.advance(9_000)
    board.offer(quote('100'))
    await clock.advance(9_000)
    expect(view()).toMatchObject({ state: 'live', ageMs: 9_000 })
  })

  test('after a stale time the market may have moved far', async () => {
    const { board, quote, clock } = begin()
    board.offer(quote('100'))
    await clock.advance(10_001)
    expect(board.offer(quote('50'))).toBe(true)
  })
})

test('after a gap nothing said before it may be decided on; the next quote may be far away, but not bad', () => {
  const { board, quote, view } = begin()
  board.offer(quote('100'))
  board.suspect()
  expect([view().state, board.usable(id)]).toEqual(['suspect', undefined])
  expect(board.offer(quote('60', { ask: price('60') }))).toBe(false)
  expect(view().state).toBe('suspect')
  expect(board.offer(quote('60'))).toBe(true)
  expect(board.usable(id)).toEqual({ bid: '60', ask: '61.00', ageMs: 0 })
  expect(board.view('ETH-USD').state).toBe('none')
})

describe('who watches', () => {
  test('sees the newest only, however many came: no queue grows (B2)', async () => {
    const { board, quote } = begin()
    const seen: string[] = []
    board.watch(id).subscribe((one) => seen.push(one.bid))
    for (let tick = 0; tick < 10_000; tick++) board.offer(quote((100 + (tick % 7)).toFixed(2)))
    expect(seen).toEqual([])
    await settle()
    expect(seen).toEqual([(100 + (9_999 % 7)).toFixed(2)])
    board.offer(quote('101'))
    await settle()
    expect(seen).toHaveLength(2)
  })

  test('all share one announcement, and one who leaves hears no more', async () => {
    const { board, quote } = begin()
    const seen: string[] = []
    const leaving = board.watch(id).subscribe(() => seen.push('a'))
    board.watch(id).subscribe(() => seen.push('b'))
    board.offer(quote('100'))
    await settle()
    leaving.unsubscribe()
    board.offer(quote('101'))
    await settle()
    expect(seen).toEqual(['a', 'b', 'b'])
  })

  test('never sees a bad tick', async () => {
    const { board, quote } = begin()
    const seen: string[] = []
    board.watch(id).subscribe((one) => seen.push(one.bid))
    board.offer(quote('100'))
    board.offer(quote('0'))
    await settle()
    expect(seen).toEqual(['100'])
  })
})

describe('triggers', () => {
  test('are woken by good ticks only, once', () => {
    const { board, quote } = begin()
    const heard: string[] = []
    board.offer(quote('100'))
    board.arm(id, { id: 'a', crossing: 'falls', at: price('95'), wake: () => heard.push('a') })
    board.arm(id, { id: 'b', crossing: 'rises', at: price('105'), wake: () => heard.push('b') })
    board.offer(quote('10'))
    expect(heard).toEqual([])
    board.offer(quote('94'))
    board.offer(quote('93'))
    expect(heard).toEqual(['a'])
    board.disarm(id, 'b')
    board.offer(quote('106'))
    expect(heard).toEqual(['a'])
  })

  test('off the tick, or of an unknown instrument, are a mistake of the caller', () => {
    const { board } = begin()
    const trigger = { id: 'a', crossing: 'falls', at: price('95.001'), wake: () => undefined } as const
    expect(() => board.arm(id, trigger)).toThrow('95.001 is not a whole number of ticks of BTC-USD')
    expect(() => board.arm('DOGE-USD', trigger)).toThrow('the board has no DOGE-USD')
  })
})
