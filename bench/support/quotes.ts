/** The market that the bench plays: recorded quotes where they are at hand, else a market drawn from a seed. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { seededRandom } from '../../src/simulated-market/random.ts'
import { busyMarket, syntheticMarket } from '../../src/simulated-market/synthetic-market.ts'

/** The best prices at a moment, as decimal text. */
export interface Top {
  readonly bid: string
  readonly bidSize: string
  readonly ask: string
  readonly askSize: string
}

const recording = path.join(process.env['NIGHTDESK_DATA'] ?? '../shared/data', 'ws', 'binance-spot-btcusdt_20240808.jsonl.gz')

/** Where the quotes come from, for people. */
export const quoteSource = (): string => (existsSync(recording) ? 'recorded' : 'synthetic')

const recorded = (): readonly Top[] =>
  gunzipSync(readFileSync(recording))
    .toString('utf8')
    .split('\n')
    .filter((line) => line.includes('@bookTicker'))
    .map((line) => {
      const { data } = JSON.parse(line.slice(line.indexOf(' ') + 1)) as { data: { b: string; B: string; a: string; A: string } }
      return { bid: data.b, bidSize: data.B, ask: data.a, askSize: data.A }
    })

const synthetic = (count: number): readonly Top[] => {
  const market = syntheticMarket({ ...busyMarket, openTicks: 6_170_000, meanTrade: 400_000n, meanQuote: 2_000_000n, step: 1n }, seededRandom('bench'))
  const tops: Top[] = []
  while (tops.length < count) {
    const event = market.next()
    if (event?.kind !== 'quote') continue
    const { bid, ask, bidSize, askSize } = event.quote
    tops.push({ bid: (bid / 100).toFixed(2), ask: (ask / 100).toFixed(2), bidSize: (Number(bidSize) / 1e8).toFixed(8), askSize: (Number(askSize) / 1e8).toFixed(8) })
  }
  return tops
}

/** So many quotes, the recording over and over. */
export const quotes = (count: number): readonly Top[] => {
  const all = existsSync(recording) ? recorded() : synthetic(Math.min(count, 28_000))
  return Array.from({ length: count }, (_, index) => all[index % all.length] as Top)
}

/** A bid that no quote of the market has: whoever has heard it has heard everything before it. */
export const lastBid = '60000.01'
export const lastTop: Top = { bid: lastBid, bidSize: '1.00000000', ask: '60000.02', askSize: '1.00000000' }
