/** The venue's words on their way to the orders (src/actors/order-news.ts; FS-03, FS-15, I6). */
import { describe, expect, test } from 'vitest'
import { OrderNews } from '../../src/actors/order-news.ts'
import type { Message } from '../../src/actors/turn.ts'
import { quantity } from '../../src/domain/decimal.ts'
import type { OrderReport } from '../../src/domain/order.ts'
import { tradingDesk } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const own = 'ndab12-01JD5MZX8K4T7WQ2AB-b1'
const report = (over: Partial<OrderReport> = {}): OrderReport => ({ venueOrderId: 'v1', clientOrderId: own, instrument: 'BTC-USD', side: 'buy', status: 'open', executed: quantity('0'), ...over })
const begin = () => {
  const posted: Message[] = []
  return { posted, news: new OrderNews((id) => id.startsWith('ndab12-'), (message) => void posted.push(message)) }
}

describe('a report', () => {
  test('is brought to its order once, however often it is told (FS-03)', () => {
    const { news, posted } = begin()
    expect([news.tell(report()), news.tell(report()), news.tell(report({ reason: 'again' }))]).toEqual([true, false, false])
    expect(posted).toEqual([{ to: `order/${own}`, event: { type: 'reported', report: report() } }])
  })

  test('is news when its status or its quantity is', () => {
    const { news, posted } = begin()
    const words = [report(), report({ executed: quantity('0.0001') }), report({ executed: quantity('0.0002') }), report({ executed: quantity('0.0002'), status: 'cancelled' })]
    expect(words.map((word) => news.tell(word))).toEqual([true, true, true, true])
    expect(posted.map(({ event }) => event)).toEqual(words.map((word) => ({ type: 'reported', report: word })))
  })

  test.each([
    ['another install', 'ndzz99-01JD5MZX8K4T7WQ2AB-b1'],
    ['a person', 'by-hand-7'],
    ['nobody: the venue shows no id', ''],
  ])('about an order of %s is not brought to anybody (FS-15)', (_whose, clientOrderId) => {
    const { news, posted } = begin()
    expect(news.tell(report({ clientOrderId }))).toBe(false)
    expect(posted).toEqual([])
  })

  test('is remembered for each order alone', () => {
    const { news } = begin()
    const other = 'ndab12-01JD5MZX8K4T7WQ2AB-s1'
    expect([news.tell(report()), news.tell(report({ clientOrderId: other }))]).toEqual([true, true])
    expect([news.tell(report()), news.tell(report({ clientOrderId: other }))]).toEqual([false, false])
  })

  test('the memory is bounded: the longest unheard goes first, and costs one repeat (I11)', () => {
    const { news } = begin()
    const id = (index: number): string => `ndab12-${String(index).padStart(18, '0')}-b1`
    for (let index = 0; index < 10_001; index++) news.tell(report({ clientOrderId: id(index) }))
    expect([news.tell(report({ clientOrderId: id(0) })), news.tell(report({ clientOrderId: id(10_000) })), news.tell(report({ clientOrderId: id(500) }))]).toEqual([true, false, false])
  })
})

describe('in a running desk', () => {
  test('a stream that says everything three times costs no turn more', async () => {
    const counts: number[] = []
    for (const repeats of [false, true]) {
      const world = await tradingDesk()
      world.venue.repeatsItself(repeats)
      const before = world.store.tables.events.length
      world.venue.moveTo('59900')
      await world.clock.advance(5_000)
      counts.push(world.store.tables.events.length - before)
      expect(differences(world)).toEqual([])
    }
    expect(counts[1]).toBe(counts[0])
  })

  test('an ended order whose last word is said again costs no turn at all', async () => {
    const world = await tradingDesk({ ladder: { rungs: 1 } })
    const [buy] = world.venue.working()
    world.venue.moveTo('59900')
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    await world.clock.advance(5_000)
    const before = world.store.tables.events.length
    for (let time = 0; time < 20; time++) {
      world.venue.saysAgain(buy?.clientOrderId ?? '')
      await world.clock.advance(50)
    }
    expect(world.store.tables.events.length - before).toBe(0)
  })

  test('a report that was lost with the process is told again by the next start', async () => {
    const world = await tradingDesk({ ladder: { rungs: 1 } })
    world.diesAt('beforeCommit', 'order reported')
    world.venue.moveTo('59900')
    await world.until(() => !world.isAlive)
    expect(world.orderRows().map(({ state, filled }) => ({ state, filled }))).toEqual([{ state: 'pending', filled: '0' }])
    await world.start()
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    await world.clock.advance(1_000)
    expect(differences(world)).toEqual([])
  })

  test('a report whose commit was in doubt is neither lost nor taken twice (W1)', async () => {
    const world = await tradingDesk({ ladder: { rungs: 1 } })
    world.journal.loseNext('loseBefore')
    world.venue.moveTo('59900')
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    await world.clock.advance(1_000)
    expect({ booked: world.store.tables.fills.size, differences: differences(world) }).toEqual({ booked: 1, differences: [] })
  })
})
