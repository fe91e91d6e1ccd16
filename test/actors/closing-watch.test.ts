/** What sees a closing through, by itself (src/actors/closing-watch.ts, E1 to E3). */
import { describe, expect, test } from 'vitest'
import { ClosingWatch } from '../../src/actors/closing-watch.ts'
import { DeskView } from '../../src/actors/desk-view.ts'
import { PriceBoard } from '../../src/actors/price-board.ts'
import type { Message } from '../../src/actors/turn.ts'
import { money, price, quantity, rate } from '../../src/domain/decimal.ts'
import { isEndedPair, tradePairRecord } from '../../src/machines/trade-pair/trade-pair-record.ts'
import { tradePairContext, type Closing, type TradePairContext } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { ManualClock, settle } from '../support/clock.ts'
import { bitcoin, pairInput } from '../support/loop.ts'

const closing: Closing = { price: price('59700'), reason: 'ann', prices: 1, planned: false }

const begin = () => {
  const clock = new ManualClock()
  const view = new DeskView()
  const board = new PriceBoard({ clock, staleAfterMs: 10_000, instruments: [bitcoin] })
  const told: Message[] = []
  const waiting: (() => void)[] = []
  const ask = (message: Message): Promise<void> => {
    told.push(message)
    return new Promise((done) => void waiting.push(done))
  }
  const watch = new ClosingWatch({ view, board, instruments: new Map([[bitcoin.id, bitcoin]]), clock, ask, everyMs: 1_000, slippage: [rate('0.005'), rate('0.01'), rate('0.02')], mostPrices: 4 })
  const quote = (bid: string): boolean => board.offer({ instrument: bitcoin.id, bid: price(bid), ask: price((Number(bid) + 1).toFixed(2)), at: clock.now(), receivedAt: clock.now(), source: 'stream' })
  const rowOf = (pairId: string, state: string, over: Partial<TradePairContext>): void => {
    const context: TradePairContext = { ...tradePairContext(pairInput(pairId)), bought: quantity('0.001'), held: quantity('0.001'), cost: money('60'), sellOrder: `${pairId}-s1`, closing, ...over }
    view.take({ address: `trade-pair/${pairId}`, kind: 'trade-pair', version: 3, seq: 1, state, since: 0, context: { ...context }, finished: isEndedPair(state), tradePair: tradePairRecord(context) })
    const pair = view.pair(pairId)
    if (pair !== undefined) watch.learn(pair)
  }
  const order = (pairId: string, state: string, leg: 'buy' | 'sell' = 'sell'): void =>
    view.take({ address: `order/${pairId}-${leg[0]}1`, kind: 'order', version: 2, seq: 1, state, since: 0, context: {}, finished: false, order: { clientOrderId: `${pairId}-${leg[0]}1`, pairId, leg, attempt: 1, instrument: bitcoin.id, side: leg, quantity: quantity('0.001'), price: price('59700'), filled: quantity('0'), venueOrderId: 'v1', claimedAt: 0, live: true, reason: null } })
  const words = (): readonly string[] => told.splice(0).map(({ event }) => `${event.type} ${String((event as unknown as Record<string, unknown>)['price'] ?? (event as unknown as Record<string, unknown>)['reason'])}`)
  const durable = async (): Promise<void> => {
    for (const done of waiting.splice(0)) done()
    await settle()
  }
  return { clock, view, watch, quote, row: rowOf, order, words, durable }
}

describe('the watch over closings', () => {
  test('gives a new price when the bid has fallen below the last, at most one a round, each further below the bid, until a person must look (E1, E3)', async () => {
    const { clock, quote, row, order, words, durable } = begin()
    order('a', 'pending')
    quote('59700')
    row('a', 'sellPlaced.pending', {})
    await clock.advance(5_000)
    expect(words()).toEqual([])
    const said: string[] = []
    for (let prices = 1; prices <= 4; prices++) {
      row('a', 'sellPlaced.pending', { closing: { ...closing, prices } })
      quote('59000')
      quote('58000')
      await clock.advance(1_000)
      said.push(...words())
      await durable()
    }
    expect(said).toEqual(['closingPriced 57420', 'closingPriced 56840', 'closingPriced 56840', 'hold it could not be closed (ann): 4 prices were tried, the last 59700, and the bid is 58000'])
  })

  test('waits for what it has asked for, for a cancel that is under way, and for an order whose fate is open (E2)', async () => {
    const { clock, quote, row, order, words, durable } = begin()
    order('a', 'pending')
    quote('58000')
    row('a', 'sellPlaced.pending', {})
    await clock.advance(4_000)
    expect(words()).toEqual(['closingPriced 57420'])
    await durable()
    for (const state of ['cancelling', 'resolving', 'submitting']) {
      order('a', state)
      quote('58000')
      await clock.advance(3_000)
      expect([state, words()]).toEqual([state, []])
    }
    order('a', 'partial')
    await clock.advance(1_000)
    expect(words()).toEqual(['closingPriced 57420'])
  })

  test('gives no price from one that may not be decided on (E2)', async () => {
    const { clock, quote, row, order, words } = begin()
    order('a', 'pending')
    row('a', 'sellPlaced.pending', { closing: { ...closing, price: null, prices: 0 } })
    await clock.advance(3_000)
    expect(words()).toEqual([])
    quote('58000')
    await clock.advance(1_000)
    expect(words()).toEqual(['closingPriced 57710'])
  })

  test('gives the first price at once, calls the rest of a slow buy off, and has no rounds when nothing is closed', async () => {
    const { clock, quote, row, order, words, durable, watch } = begin()
    quote('60000')
    row('a', 'sellPlaced.pending', { closing: { ...closing, price: null, prices: 0 } })
    expect(words()).toEqual(['closingPriced 59700'])
    await durable()
    row('a', 'closed', { sold: quantity('0.001') })
    order('b', 'partial', 'buy')
    row('b', 'buying.partial', { buyOrder: 'b-b1', sellOrder: null })
    await clock.advance(1_000)
    expect(words()).toEqual(['buyUnwanted ann'])
    await durable()
    row('b', 'held', {})
    await clock.advance(5_000)
    watch.stop()
    row('c', 'sellPlaced.pending', { closing: { ...closing, price: null, prices: 0 } })
    expect(words()).toEqual([])
  })
})
