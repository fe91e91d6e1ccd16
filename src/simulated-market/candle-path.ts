import type { MarketEvent } from './market-event.ts'

/** One candle: prices in ticks, `volume` in quantity units, `startMs` and `lengthMs` in market time. */
export interface Candle {
  readonly startMs: number
  readonly lengthMs: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: bigint
}

const STEPS_PER_LEG = 8

/**
 * A path inside a candle, deterministic: a rising candle goes open, low, high, close, a falling one open, high, low, close, in even steps, each a
 * quote and a trade at the touch. The trades' quantities add up to at most the volume, spread evenly.
 */
export function candlePath(candle: Candle): MarketEvent[] {
  const corners = candle.close >= candle.open ? [candle.open, candle.low, candle.high, candle.close] : [candle.open, candle.high, candle.low, candle.close]
  const steps = (corners.length - 1) * STEPS_PER_LEG
  const share = candle.volume / BigInt(steps + 1)
  const events: MarketEvent[] = []
  for (let step = 0; step <= steps; step += 1) {
    const price = Math.max(1, cornerPrice(corners, step))
    const atMs = candle.startMs + (candle.lengthMs * step) / (steps + 1)
    events.push({ kind: 'quote', atMs, quote: { bid: price, ask: price + 1, bidSize: share, askSize: share } })
    if (share > 0n) events.push({ kind: 'trade', atMs, trade: tradeAt(price, share, step) })
  }
  return events
}

function cornerPrice(corners: readonly number[], step: number): number {
  const leg = Math.min(Math.floor(step / STEPS_PER_LEG), corners.length - 2)
  const from = corners[leg] ?? 0
  const to = corners[leg + 1] ?? from
  return Math.round(from + ((to - from) * (step - leg * STEPS_PER_LEG)) / STEPS_PER_LEG)
}

function tradeAt(price: number, quantity: bigint, step: number) {
  return step % 2 === 0 ? { price, quantity, makerSide: 'BUY' as const } : { price: price + 1, quantity, makerSide: 'SELL' as const }
}
