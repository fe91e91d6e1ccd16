import type { MarketEvent, MarketSource, Quote } from './market-event.ts'
import type { Random } from './random.ts'

/** What a synthetic market is like. Volatilities are basis points per square root of a second of market time. */
export interface SyntheticSettings {
  /** First price, in ticks. */
  readonly openTicks: number
  readonly quotesPerSecond: number
  readonly tradesPerSecond: number
  /** Volatility of the fast part, which returns to the anchor. */
  readonly swingBps: number
  /** How long a swing lasts before it has faded to a third, in seconds. */
  readonly swingSeconds: number
  /** Volatility of the slow anchor, which never returns. */
  readonly driftBps: number
  /** Mean size of a trade and of the best quote, in quantity units. */
  readonly meanTrade: bigint
  readonly meanQuote: bigint
  /** Smallest quantity step; every size is a multiple of it. */
  readonly step: bigint
}

/** The rates measured on BTCUSDT (30 trades/s, 112 quote changes/s); swings far wider than real ones, so that 3 bps round trips of a ladder close every few seconds. */
export const busyMarket = { quotesPerSecond: 112, tradesPerSecond: 30, swingBps: 5, swingSeconds: 3, driftBps: 0.3 } as const

const PRICE_MOVES_SHARE = 0.45
const ONE_TICK_SPREAD_SHARE = 0.97

/**
 * An endless market drawn from a seed: a price that swings around a slowly drifting anchor, a spread of almost always one tick,
 * trades at the touch. Pure: the same settings and random stream give the same events.
 */
export function syntheticMarket(settings: SyntheticSettings, random: Random): MarketSource {
  const price = swingingPrice(settings, random)
  const eventsPerSecond = settings.quotesPerSecond + settings.tradesPerSecond
  let atMs = 0
  let quote = quoteAt(settings.openTicks, settings, random)
  let first = true
  const next = (): MarketEvent => {
    if (first) {
      first = false
      return { kind: 'quote', atMs, quote }
    }
    const waitMs = random.exponential(1000 / eventsPerSecond)
    atMs += waitMs
    const level = price(waitMs / 1000)
    if (random.uniform() * eventsPerSecond >= settings.quotesPerSecond) return { kind: 'trade', atMs, trade: tradeAt(quote, settings, random) }
    quote = random.uniform() < PRICE_MOVES_SHARE ? quoteAt(level, settings, random) : resized(quote, settings, random)
    return { kind: 'quote', atMs, quote }
  }
  return { next }
}

/** Returns a function that moves the price on by some seconds and gives it in ticks (not rounded). */
function swingingPrice(settings: SyntheticSettings, random: Random): (seconds: number) => number {
  let anchor = settings.openTicks
  let swing = 0
  return (seconds) => {
    const root = Math.sqrt(seconds) / 10_000
    swing += (-swing * seconds) / settings.swingSeconds + settings.swingBps * root * random.normal()
    anchor *= 1 + settings.driftBps * root * random.normal()
    return anchor * (1 + swing)
  }
}

function quoteAt(level: number, settings: SyntheticSettings, random: Random): Quote {
  const bid = Math.max(1, Math.round(level))
  const spread = random.uniform() < ONE_TICK_SPREAD_SHARE ? 1 : 2 + random.below(5)
  return resized({ bid, ask: bid + spread, bidSize: 0n, askSize: 0n }, settings, random)
}

function resized(quote: Quote, settings: SyntheticSettings, random: Random): Quote {
  return { ...quote, bidSize: sizeAround(settings.meanQuote, settings.step, random), askSize: sizeAround(settings.meanQuote, settings.step, random) }
}

function tradeAt(quote: Quote, settings: SyntheticSettings, random: Random) {
  const sellerInitiated = random.uniform() < 0.5
  return {
    price: sellerInitiated ? quote.bid : quote.ask,
    quantity: sizeAround(settings.meanTrade, settings.step, random),
    makerSide: sellerInitiated ? ('BUY' as const) : ('SELL' as const),
  }
}

function sizeAround(mean: bigint, step: bigint, random: Random): bigint {
  const meanSteps = Number(mean / step)
  return BigInt(Math.max(1, Math.round(random.exponential(meanSteps)))) * step
}
