import { describe, expect, it } from 'vitest'
import type { MarketEvent, MarketSource } from '../../src/simulated-market/market-event.ts'
import { pushable } from '../../src/simulated-market/price-push.ts'
import { seededRandom } from '../../src/simulated-market/random.ts'
import { busyMarket, syntheticMarket } from '../../src/simulated-market/synthetic-market.ts'

const settings = { ...busyMarket, openTicks: 6_170_000, meanTrade: 2_000_000n, meanQuote: 150_000_000n, step: 1n }

function events(source: MarketSource, count: number): MarketEvent[] {
  return Array.from({ length: count }, () => source.next()).filter((event) => event !== undefined)
}

describe('the synthetic market', () => {
  it('is the same for the same seed and another for another', () => {
    const first = events(syntheticMarket(settings, seededRandom('7')), 3000)
    expect(events(syntheticMarket(settings, seededRandom('7')), 3000)).toEqual(first)
    expect(events(syntheticMarket(settings, seededRandom('8')), 3000)).not.toEqual(first)
  })

  it('has the measured pace, rising times, uncrossed quotes and a spread of almost always one tick', () => {
    const all = events(syntheticMarket(settings, seededRandom('1')), 142 * 60)
    const quotes = all.filter((event) => event.kind === 'quote')
    const seconds = (all.at(-1)?.atMs ?? 0) / 1000
    expect(seconds).toBeGreaterThan(55)
    expect(seconds).toBeLessThan(65)
    expect(quotes.length / seconds).toBeGreaterThan(105)
    expect(quotes.length / seconds).toBeLessThan(119)
    expect(all.every((event, index) => index === 0 || event.atMs >= (all[index - 1]?.atMs ?? 0))).toBe(true)
    expect(quotes.every(({ quote }) => quote.ask > quote.bid && quote.bidSize > 0n && quote.askSize > 0n)).toBe(true)
    expect(quotes.filter(({ quote }) => quote.ask - quote.bid === 1).length / quotes.length).toBeGreaterThan(0.9)
  })

  it.each(['1', '2', '42'])('closes round trips of a ladder (ten rungs 2 bps apart, target 3 bps) every few seconds, seed %s', (seed) => {
    const source = syntheticMarket(settings, seededRandom(seed))
    const rungs = Array.from({ length: 10 }, () => ({ sellAt: 0 }))
    let anchor = 0
    let closed = 0
    for (let count = 0; count < 142 * 300; count += 1) {
      const event = source.next()
      if (event?.kind !== 'quote') continue
      const { bid, ask } = event.quote
      if (bid > anchor * 1.0002) anchor = bid
      for (const [index, rung] of rungs.entries()) {
        const buyAt = Math.round(anchor * (1 - 0.0002 * (index + 1)))
        if (rung.sellAt === 0) rung.sellAt = ask <= buyAt ? Math.round(buyAt * 1.0003) : 0
        else if (bid >= rung.sellAt) {
          rung.sellAt = 0
          closed += 1
        }
      }
    }
    expect(closed).toBeGreaterThan(300 / 5)
  })

  it('is led to a pushed price and goes on from there', () => {
    const source = pushable(syntheticMarket(settings, seededRandom('3')))
    events(source, 100)
    source.push(6_000_000, 2000)
    const after = events(source, 1000).filter((event) => event.kind === 'quote')
    const reached = after.find((event) => event.atMs > 2800)
    expect(Math.abs((reached?.quote.bid ?? 0) - 6_000_000)).toBeLessThan(10_000)
  })

  it('begins at the price of an earlier life', () => {
    const [first] = events(pushable(syntheticMarket(settings, seededRandom('3')), 5_000_000), 1)
    expect(first?.kind === 'quote' && first.quote.bid).toBe(5_000_000)
  })
})
