/** The watch over stops by itself (src/actors/exit-watch.ts, V1 to V3). */
import { describe, expect, test } from 'vitest'
import { DeskView } from '../../src/actors/desk-view.ts'
import { ExitWatch } from '../../src/actors/exit-watch.ts'
import { PriceBoard } from '../../src/actors/price-board.ts'
import type { Message } from '../../src/actors/turn.ts'
import { money, price, quantity, rate, type Price } from '../../src/domain/decimal.ts'
import type { ExitPlan } from '../../src/domain/exits.ts'
import type { Instrument } from '../../src/domain/instrument.ts'
import { isEndedPair, tradePairRecord } from '../../src/machines/trade-pair/trade-pair-record.ts'
import { tradePairContext, type TradePairContext } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { ManualClock } from '../support/clock.ts'
import { bitcoin, pairInput } from '../support/loop.ts'

const both: ExitPlan = { targets: [], stop: { below: rate('0.01') }, trailing: { activateAbove: rate('0.01'), distance: rate('0.005') } }

const begin = () => {
  const clock = new ManualClock()
  const view = new DeskView()
  const board = new PriceBoard({ clock, staleAfterMs: 10_000, instruments: [bitcoin] })
  const instruments = new Map<string, Instrument>([[bitcoin.id, bitcoin]])
  const told: Message[] = []
  const watch = new ExitWatch({ view, board, instruments, slippage: rate('0.005'), post: (message) => void told.push(message) })
  const quote = (bid: string): boolean => board.offer({ instrument: bitcoin.id, bid: price(bid), ask: price((Number(bid) + 1).toFixed(2)), at: clock.now(), receivedAt: clock.now(), source: 'stream' })
  /** A pair that bought 0.001 at a unit cost of so much, as its row says. */
  const row = (pairId: string, state = 'sellPlaced.pending', unitCost = '60000', over: Partial<TradePairContext> = {}): void => {
    const context: TradePairContext = { ...tradePairContext(pairInput(pairId, { exit: both })), bought: quantity('0.001'), held: quantity('0.001'), cost: money((Number(unitCost) / 1_000).toFixed(5)), sellOrder: 's1', ...over }
    view.take({ address: `trade-pair/${pairId}`, kind: 'trade-pair', version: 3, seq: 1, state, since: 0, context: { ...context }, finished: isEndedPair(state), tradePair: tradePairRecord(context) })
    const pair = view.pair(pairId)
    if (pair === undefined) watch.forget(pairId)
    else watch.learn(pair)
  }
  const words = (): readonly string[] => told.splice(0).map(({ to, event }) => `${to} ${event.type} ${(event as unknown as { bid: Price }).bid}`)
  return { clock, view, board, instruments, watch, quote, row, words }
}

describe('the watch over stops', () => {
  test('arms one line below the bid and one above it, a pair, and tells each once (V1, V3)', () => {
    const { watch, quote, row, words } = begin()
    quote('60000')
    row('a')
    expect(watch.size).toBe(2)
    quote('59400.01')
    expect(words()).toEqual([])
    quote('59400')
    quote('59300')
    expect(words()).toEqual(['trade-pair/a stopReached 59400'])
    quote('60600')
    quote('61000')
    expect(words()).toEqual(['trade-pair/a highRaised 60600'])
  })

  test('arms the next line when the row has changed, and nothing while the pair is held, being closed, or over', () => {
    const { watch, quote, row, words } = begin()
    quote('60700')
    row('a', 'sellPlaced.pending', '60000', { high: price('60700') })
    quote('60396.5')
    expect(words()).toEqual(['trade-pair/a stopReached 60396.5'])
    for (const [state, over] of [['held', {}], ['sellPlaced.pending', { closing: { price: price('60000'), reason: 'ann', prices: 1, planned: false } }], ['closed', { sold: quantity('0.001') }], ['buying.pending', { held: quantity('0'), bought: quantity('0') }]] as const) {
      row('a', state, '60000', over)
      expect([state, watch.size]).toEqual([state, 0])
    }
    quote('50000')
    expect(words()).toEqual([])
  })

  test('tells of a line that is crossed already at once, but only from a price that may be decided on (V2)', async () => {
    const { quote, row, words, board, clock } = begin()
    quote('59000')
    row('a')
    expect(words()).toEqual(['trade-pair/a stopReached 59000'])
    board.suspect()
    row('b')
    expect(words()).toEqual([])
    quote('59000')
    expect(words()).toEqual(['trade-pair/b stopReached 59000'])
    await clock.advance(60_000)
    row('c')
    expect(words()).toEqual([])
    quote('59900')
    expect(words()).toEqual([])
  })

  test('arms everything again when the venue counts its prices in other steps', () => {
    const { quote, row, words, board, instruments, watch } = begin()
    quote('60000')
    row('a', 'sellPlaced.pending', '59999.99')
    instruments.set(bitcoin.id, { ...bitcoin, tick: price('1') })
    board.retick(bitcoin.id, price('1'))
    row('a', 'sellPlaced.pending', '59999.99')
    expect(watch.size).toBe(2)
    quote('60000')
    quote('59400')
    expect(words()).toEqual(['trade-pair/a stopReached 59400'])
  })

  test('of ten thousand pairs tells only those that a tick crosses, and forgets all that end (V1)', () => {
    const { quote, row, words, watch } = begin()
    quote('70000')
    for (let index = 0; index < 10_000; index++) row(`p${index}`, 'sellPlaced.pending', String(60_000 + index / 10), { high: price('70000') })
    expect([watch.size, words()]).toEqual([20_000, []])
    for (let bid = 69_999; bid > 69_700; bid--) quote(String(bid))
    expect(words()).toEqual([])
    quote('69650')
    expect(words()).toHaveLength(10_000)
    for (let index = 0; index < 10_000; index++) row(`p${index}`, 'closed')
    expect(watch.size).toBe(0)
  })
})
