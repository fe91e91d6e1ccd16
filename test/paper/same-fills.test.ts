/**
 * The same desk over the same stream, once at the sandbox and once on paper: where both fill the same orders, both have traded alike
 * to the last digit. On paper a fill comes later than at the sandbox, so the desks' hours differ; what they trade must not.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readBinanceLine } from '../../sandbox/market/binance-capture.ts'
import { productNamed } from '../../sandbox/exchange/products.ts'
import { price, rate, type Price } from '../../src/domain/decimal.ts'
import { seededRandom } from '../../src/simulated-market/random.ts'
import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import { syntheticMarket } from '../../src/simulated-market/synthetic-market.ts'
import { tradeOver } from './stream-world.ts'

const minutes = 10
const generous = rate('1')

/** Sixteen lines, 2 bps apart, from just under the first price. */
const linesUnder = (events: readonly MarketEvent[]): readonly Price[] => {
  const first = events.find((event) => event.kind === 'quote')?.quote.bid ?? 0
  return Array.from({ length: 16 }, (_, line) => price((Math.round(first * (1 - 0.0002 * (line + 0.5))) / 100).toFixed(2)))
}

const compare = async (events: readonly MarketEvent[]): Promise<void> => {
  const stream = { events, lines: linesUnder(events), minutes }
  const atSandbox = await tradeOver(stream, { kind: 'sandbox' })
  const onPaper = await tradeOver(stream, { kind: 'paper', participation: generous })
  expect(atSandbox.fills).toBeGreaterThan(10)
  expect(atSandbox.trips).toBeGreaterThan(4)
  expect(onPaper.orders, 'the same orders filled').toEqual(atSandbox.orders)
  expect(onPaper.hash).toBe(atSandbox.hash)
  const again = await tradeOver(stream, { kind: 'paper', participation: generous })
  expect(again).toEqual(onPaper)
  const less = await tradeOver(stream, { kind: 'paper', participation: rate('0.0001') })
  expect(less.orders, 'other orders fill where paper has a smaller share of the market').not.toEqual(onPaper.orders)
  expect(less.hash).not.toBe(onPaper.hash)
}

describe('paper and the sandbox have the same trade hash', () => {
  test('over a synthetic stream', { timeout: 120_000 }, async () => {
    const unit = 10n ** 18n
    const settings = { openTicks: 6_170_000, quotesPerSecond: 5, tradesPerSecond: 2, swingBps: 12, swingSeconds: 20, driftBps: 0.2, meanTrade: unit / 50n, meanQuote: unit, step: unit / 10n ** 8n }
    const source = syntheticMarket(settings, seededRandom('same fills'))
    const events: MarketEvent[] = []
    for (let event = source.next(); event !== undefined && event.atMs < minutes * 60_000; event = source.next()) events.push(event)
    await compare(events)
  })

  const recording = join(process.env['NIGHTDESK_DATA'] ?? join(import.meta.dirname, '../../../shared/data'), 'ws/binance-spot-btcusdt_20240808.jsonl.gz')
  const present = existsSync(recording)
  if (!present) process.stderr.write(`recorded data test skipped: no file ${recording} (set NIGHTDESK_DATA)\n`)

  test.skipIf(!present)('over ten minutes of Binance as they were', { timeout: 120_000 }, async () => {
    const product = productNamed('BTC-USD')
    const lines = gunzipSync(readFileSync(recording)).toString().split('\n')
    const read = lines.flatMap((line) => (line === '' || product === undefined ? [] : (readBinanceLine(line, product) ?? [])))
    const startedAt = read[0]?.atMs ?? 0
    await compare(read.map((event) => ({ ...event, atMs: event.atMs - startedAt })).filter(({ atMs }) => atMs < minutes * 60_000))
  })
})
