/** One candle with a volume in base atoms, prices in ticks, `start` in unix seconds. */
export interface StoredCandle {
  readonly start: number
  low: number
  high: number
  open: number
  close: number
  volume: bigint
  /** Price x quantity over its trades, in ticks x atoms. */
  turnover: bigint
  trades: number
  /** The part of `volume` and `turnover` whose buyer was the taker. */
  takerBuyVolume: bigint
  takerBuyTurnover: bigint
}

const MINUTE = 60

/** Candles of one market, `unit` seconds long, oldest first. Bound: `limit` candles, the oldest forgotten. Units without trades are absent. */
export class CandleStore {
  readonly #candles: StoredCandle[] = []
  readonly #limit: number
  readonly #unit: number

  constructor(limit = 3 * 24 * 60, unit = MINUTE) {
    this.#limit = limit
    this.#unit = unit
  }

  /** Adds a trade of `atoms` at `ticks`; `bought`: its buyer was the taker. */
  add(nowMs: number, ticks: number, atoms: bigint, bought: boolean): void {
    const start = Math.floor(nowMs / 1000 / this.#unit) * this.#unit
    const turnover = BigInt(ticks) * atoms
    const taker = bought ? { takerBuyVolume: atoms, takerBuyTurnover: turnover } : { takerBuyVolume: 0n, takerBuyTurnover: 0n }
    const trade = { start, open: ticks, low: ticks, high: ticks, close: ticks, volume: atoms, turnover, trades: 1, ...taker }
    const last = this.#candles.at(-1)
    if (last?.start === start) merge(last, trade)
    else this.put(trade)
  }

  /** Appends a whole candle, later than every other. */
  put(candle: StoredCandle): void {
    this.#candles.push(candle)
    if (this.#candles.length > this.#limit) this.#candles.shift()
  }

  /** Candles of `seconds` length whose start lies in [from, to] (unix seconds), oldest first. `startOf` says which one a second belongs to. */
  between(from: number, to: number, seconds: number, startOf = (second: number): number => Math.floor(second / seconds) * seconds): StoredCandle[] {
    const merged: StoredCandle[] = []
    for (const candle of this.#candles) {
      const start = startOf(candle.start)
      if (start < from || start > to) continue
      const last = merged.at(-1)
      if (last?.start === start) merge(last, candle)
      else merged.push({ ...candle, start })
    }
    return merged
  }
}

function merge(into: StoredCandle, next: StoredCandle): void {
  into.high = Math.max(into.high, next.high)
  into.low = Math.min(into.low, next.low)
  into.close = next.close
  into.volume += next.volume
  into.turnover += next.turnover
  into.trades += next.trades
  into.takerBuyVolume += next.takerBuyVolume
  into.takerBuyTurnover += next.takerBuyTurnover
}
