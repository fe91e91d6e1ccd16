/** The same market, clock, chance and orders give the same fills, to the last digit. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { productNamed } from '../../sandbox/exchange/products.ts'
import { readBinanceLine } from '../../sandbox/market/binance-capture.ts'
import { MemoryPaperLedger, PaperStore } from '../../src/adapters/memory/memory-paper-ledger.ts'
import { quantityOf } from '../../src/adapters/paper/grid.ts'
import { paperVenue } from '../../src/adapters/paper/index.ts'
import type { Approved } from '../../src/domain/approved.ts'
import { compare, money, quantity, rate, sum, times, type Quantity } from '../../src/domain/decimal.ts'
import type { Fill } from '../../src/domain/order.ts'
import { priceOfTicks, tickScale } from '../../src/domain/ticks.ts'
import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import { seededRandom } from '../../src/simulated-market/random.ts'
import { syntheticMarket } from '../../src/simulated-market/synthetic-market.ts'
import { ManualClock, recordingLog } from '../support/clock.ts'
import { btc, got, HandMarket, request, silent } from './support.ts'

const instrument = { ...btc, step: quantity('0.00001'), minQuantity: quantity('0.00001') }
const scale = tickScale(instrument.tick)
const participation = rate('0.25')

interface Played {
  readonly hash: string
  readonly fills: readonly Fill[]
  /** Everything the tape traded. */
  readonly traded: Quantity
}

/** Plays a market to a paper venue; every two seconds an order at the touch of either side rests for ten seconds, every ten one takes. */
const play = async (events: Iterable<MarketEvent>, seed: string): Promise<Played> => {
  const chance = seededRandom(seed)
  const clock = new ManualClock(0)
  const market = new HandMarket(clock)
  market.instrument = instrument
  const venue = paperVenue({
    market,
    ledger: new MemoryPaperLedger(new PaperStore()),
    clock,
    random: { fraction: () => chance.uniform(), below: (bound) => chance.below(bound) },
    log: recordingLog(),
    opening: { USD: money('1000000'), BTC: money('20') },
    fees: { maker: rate('0.001'), taker: rate('0.002'), feeIn: 'received' },
    participation,
  })
  venue.marketFeed.open([btc.id], silent)
  const traded: Quantity[] = []
  let [count, startedAt, wishedAt] = [0, 0, 0]
  let touch: readonly [string, string] | undefined
  const wish = (over: Parameters<typeof request>[0]): void => {
    const order = request({ clientOrderId: `o${++count}`, quantity: '0.01', ...over })
    const ending = venue.create({ request: order as Approved<typeof order>, claimedAt: venue.now() })
    void ending.then((outcome) => outcome.kind === 'accepted' && clock.after(10_000, () => void venue.cancel(outcome.venueOrderId)))
  }
  for (const event of events) {
    startedAt ||= event.atMs - 1
    const at = Math.round(event.atMs - startedAt)
    if (at > clock.now()) await clock.advance(at - clock.now())
    if (event.kind === 'quote') {
      const { bid, ask, bidSize, askSize } = event.quote
      touch = [priceOfTicks(scale, bid), priceOfTicks(scale, ask)]
      market.show([[touch[0], quantityOf(bidSize)]], [[touch[1], quantityOf(askSize)]])
      market.quote(...touch)
    } else {
      traded.push(quantityOf(event.trade.quantity))
      market.trade(event.trade.makerSide === 'BUY' ? 'sell' : 'buy', priceOfTicks(scale, event.trade.price), quantityOf(event.trade.quantity))
    }
    if (touch === undefined || at - wishedAt < 2_000) continue
    wishedAt = at
    wish({ side: 'buy', price: touch[0] })
    wish({ side: 'sell', price: touch[1] })
    if (count % 10 === 0) wish({ side: count % 20 === 0 ? 'buy' : 'sell', price: count % 20 === 0 ? touch[1] : touch[0], postOnly: false })
  }
  const { fills } = got(await venue.fillsSince(0))
  // The account's name is drawn from chance too; the fills must not differ by it alone.
  const hash = createHash('sha256').update(JSON.stringify(fills.map(({ tradeId: _trade, venueOrderId: _order, ...fill }) => fill))).digest('hex')
  return { hash, fills, traded: sum(traded) }
}

const proveOf = async (market: () => Iterable<MarketEvent>, leastFills: number): Promise<void> => {
  const first = await play(market(), 'a')
  const again = await play(market(), 'a')
  expect(again.hash).toBe(first.hash)
  expect((await play(market(), 'b')).hash).not.toBe(first.hash)
  expect(first.fills.length).toBeGreaterThan(leastFills)
  const made = sum(first.fills.filter(({ liquidity }) => liquidity === 'maker').map((fill) => fill.quantity))
  expect(compare(made, quantity(times(first.traded, participation)))).toBeLessThan(0)
}

describe('the same orders on the same market fill alike, twice, and otherwise with other latencies', () => {
  test('on a synthetic market', async () => {
    const events = function* (): Generator<MarketEvent> {
      const unit = 10n ** 18n
      const settings = { openTicks: 6_170_000, quotesPerSecond: 20, tradesPerSecond: 10, swingBps: 5, swingSeconds: 3, driftBps: 0.3, meanTrade: unit / 50n, meanQuote: unit / 2n, step: unit / 100_000n }
      const source = syntheticMarket(settings, seededRandom('paper'))
      for (let event = source.next(); event !== undefined && event.atMs < 120_000; event = source.next()) yield event
    }
    await proveOf(events, 40)
  })

  const recording = join(process.env['NIGHTDESK_DATA'] ?? join(import.meta.dirname, '../../../shared/data'), 'ws/binance-spot-btcusdt_20240808.jsonl.gz')
  const present = existsSync(recording)
  if (!present) process.stderr.write(`recorded data test skipped: no file ${recording} (set NIGHTDESK_DATA)\n`)

  test.skipIf(!present)('on two minutes of Binance as they were', async () => {
    const product = productNamed('BTC-USDT')!
    const events = function* (): Generator<MarketEvent> {
      let startedAt = 0
      for (const line of gunzipSync(readFileSync(recording)).toString().split('\n')) {
        const event = line === '' ? undefined : readBinanceLine(line, product)
        if (event === undefined) continue
        startedAt ||= event.atMs
        if (event.atMs - startedAt > 120_000) return
        yield event
      }
    }
    await proveOf(events, 20)
  })
})
