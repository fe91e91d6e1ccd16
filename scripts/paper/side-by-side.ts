/** Sends the same orders at the same moments to a paper venue and to the sandbox whose market it hears. */
import { readFileSync } from 'node:fs'
import { coinbaseVenue, loadKey, readKeyFile, type CoinbaseOptions } from '../../src/adapters/coinbase/index.ts'
import { MemoryPaperLedger } from '../../src/adapters/memory/memory-paper-ledger.ts'
import { paperVenue } from '../../src/adapters/paper/index.ts'
import { systemClock } from '../../src/adapters/system/system-clock.ts'
import type { Approved } from '../../src/domain/approved.ts'
import { greatest, minus, money, plus, price, quantity, times, type Price } from '../../src/domain/decimal.ts'
import type { Result } from '../../src/domain/failure.ts'
import { floorToTick, type Instrument } from '../../src/domain/instrument.ts'
import type { OrderRequest } from '../../src/domain/order.ts'
import type { Log } from '../../src/ports/log.ts'
import type { FullVenue, MarketStreamListener } from '../../src/ports/venue.ts'
import { startSandbox } from '../../test/support/sandbox-process.ts'
import { Chance } from '../campaign/chance.ts'
import type { Outcome, Pair } from './compare.ts'

export interface Run {
  readonly seed: string
  readonly seconds: number
  /** One order is sent so often; it works for `workMs`, then it is cancelled on both sides. */
  readonly everyMs: number
  readonly workMs: number
  /** The latency of paper, without jitter; the product's own where it is not given. */
  readonly latencyMs?: number
}

const instrumentId = 'ETH-USD'
const quietLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const deaf: MarketStreamListener = { opened: () => undefined, subscribed: () => undefined, received: () => undefined, gap: () => undefined, ended: () => undefined, quote: () => undefined }
const sleep = (ms: number): Promise<void> => new Promise((resolve) => void systemClock.after(ms, resolve))

const got = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

/** Orders of a ladder's kind: at the touch, a little behind it, and now and then one that takes. */
const wishOf = (chance: Chance, count: number, { instrument, bid, ask }: { readonly instrument: Instrument; readonly bid: Price; readonly ask: Price }): OrderRequest => {
  const side = count % 2 === 0 ? 'buy' : 'sell'
  const takes = chance.happens(0.2)
  const away = floorToTick(instrument, price(times(bid, price(String(chance.upTo(4) / 20_000)))))
  const resting = side === 'buy' ? minus(bid, away) : plus(ask, away)
  const taking = side === 'buy' ? plus(ask, away) : greatest(minus(bid, away), instrument.tick)
  return {
    clientOrderId: `measure-${process.pid}-${count}`,
    instrument: instrumentId,
    side,
    price: takes ? taking : resting,
    quantity: quantity(takes ? '2' : '0.05'),
    postOnly: !takes,
  }
}

const live = async (venue: FullVenue, request: OrderRequest, workMs: number): Promise<Outcome> => {
  const sentAt = venue.now()
  const outcome = await venue.create({ request: request as Approved<OrderRequest>, claimedAt: sentAt })
  if (outcome.kind !== 'accepted') return { sentAt, fills: [] }
  await sleep(workMs)
  await venue.cancel(outcome.venueOrderId)
  await sleep(1_500)
  return { sentAt, fills: got(await venue.fillsOf(outcome.venueOrderId)) }
}

/** Both accounts begin alike, and pay the same rates in the same asset. But for the latency, the paper venue is as it is out of the box. */
export const sideBySide = async ({ seed, seconds, everyMs, workMs, latencyMs }: Run): Promise<{ readonly pairs: readonly Pair[]; readonly tick: Price }> => {
  const sandbox = await startSandbox(['--seed', seed, '--maker-bps', '4', '--taker-bps', '6', '--balance', 'USD=100000', '--balance', 'ETH=100', '--private-rps', '0', '--public-rps', '0'])
  const { rest, market, user, keyFile } = sandbox.addresses.coinbase
  const chance = new Chance(seed)
  const random = { fraction: () => chance.fraction(), below: (bound: number) => Math.floor(chance.fraction() * bound) }
  const options: CoinbaseOptions = { restUrl: rest, marketUrl: market, userUrl: user, key: loadKey(readKeyFile(readFileSync(keyFile, 'utf8'))), clock: systemClock, random, log: quietLog, privatePerSecond: 0, publicPerSecond: 0 }
  const venue = coinbaseVenue(options)
  const paper = paperVenue({
    market: coinbaseVenue(options),
    ledger: new MemoryPaperLedger(),
    clock: systemClock,
    random,
    log: quietLog,
    opening: { USD: money('100000'), ETH: money('100') },
    fees: { ...got(await venue.feeRates()), feeIn: 'quote' },
    ...(latencyMs !== undefined && { latency: { baseMs: latencyMs, jitterMs: 0 } }),
  })
  const hearing = paper.marketFeed.open([instrumentId], deaf)
  try {
    for (const one of [venue, paper]) got(await one.clockOffset())
    const instrument = got(await paper.instruments()).find(({ id }) => id === instrumentId)
    if (instrument === undefined) throw new Error(`the sandbox has no ${instrumentId}`)
    const pairs: Promise<Pair>[] = []
    for (const end = systemClock.monotonic() + seconds * 1_000; systemClock.monotonic() < end; await sleep(everyMs)) {
      const [quote] = got(await venue.quotes([instrumentId]))
      if (quote === undefined) continue
      const request = wishOf(chance, pairs.length, { instrument, bid: quote.bid, ask: quote.ask })
      pairs.push(Promise.all([live(paper, request, workMs), live(venue, request, workMs)]).then(([onPaper, atVenue]) => ({ request, paper: onPaper, venue: atVenue })))
    }
    return { pairs: await Promise.all(pairs), tick: instrument.tick }
  } finally {
    hearing.close()
    paper.close()
    venue.close()
    await sandbox.stop()
  }
}
