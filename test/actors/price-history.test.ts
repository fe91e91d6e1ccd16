/** The last hour of a market (src/actors/price-history.ts H1, H2). */
import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { PriceHistory } from '../../src/actors/price-history.ts'
import { price } from '../../src/domain/decimal.ts'
import type { Quote } from '../../src/domain/quote.ts'
import { systemClock } from '../../src/adapters/system/system-clock.ts'

const scene = () => {
  const quotes = new Subject<Quote>()
  let now = 10_000
  const history = new PriceHistory({ board: { watch: () => quotes }, clock: { ...systemClock, now: () => now }, instruments: ['BTC-USD'] })
  const offer = (at: number, bid: number): void => {
    now = at
    quotes.next({ bid: price(String(bid)), ask: price(String(bid + 1)) } as Quote)
  }
  return { history, offer, quotes }
}

describe('the price history', () => {
  test('keeps one point a second, the newest of it', () => {
    const { history, offer } = scene()
    history.start()
    offer(10_000, 1)
    offer(10_400, 2)
    offer(10_999, 3)
    offer(11_000, 4)
    expect(history.of('BTC-USD')).toEqual([{ at: 10_999, bid: '3', ask: '4' }, { at: 11_000, bid: '4', ask: '5' }])
  })

  test('keeps an hour, whatever comes: the oldest go first (H1, I11)', () => {
    const { history, offer } = scene()
    history.start()
    for (let second = 1; second <= 3_700; second++) offer(second * 1_000, second)
    const points = history.of('BTC-USD') ?? []
    expect(points).toHaveLength(3_600)
    expect([points[0]?.at, points.at(-1)?.at]).toEqual([101_000, 3_700_000])
    expect(points.every(({ at }, index) => index === 0 || at > (points[index - 1]?.at ?? 0))).toBe(true)
  })

  test('knows nothing of other instruments, and hears nothing once it is stopped', () => {
    const { history, offer, quotes } = scene()
    history.start()
    history.stop()
    expect(quotes.observed).toBe(false)
    offer(10_000, 1)
    expect(history.of('BTC-USD')).toEqual([])
    expect(history.of('ETH-USD')).toBeUndefined()
  })
})
