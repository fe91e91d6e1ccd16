/** One candle with a volume in atoms, prices in ticks, `start` in unix seconds. */
export interface StoredCandle {
  readonly start: number
  low: number
  high: number
  open: number
  close: number
  volume: bigint
}

const MINUTE = 60

/** One-minute candles of one market, oldest first. Bound: `limit` minutes, the oldest forgotten. Minutes without trades are absent. */
export class CandleStore {
  readonly #minutes: StoredCandle[] = []
  readonly #limit: number

  constructor(limit = 3 * 24 * 60) {
    this.#limit = limit
  }

  add(nowMs: number, ticks: number, atoms: bigint): void {
    const start = Math.floor(nowMs / 60_000) * MINUTE
    const last = this.#minutes.at(-1)
    if (last?.start === start) {
      merge(last, { start, open: ticks, low: ticks, high: ticks, close: ticks, volume: atoms })
      return
    }
    this.put({ start, open: ticks, low: ticks, high: ticks, close: ticks, volume: atoms })
  }

  /** Appends a whole minute, later than every other. */
  put(candle: StoredCandle): void {
    this.#minutes.push(candle)
    if (this.#minutes.length > this.#limit) this.#minutes.shift()
  }

  /** Candles of `seconds` length whose start lies in [from, to] (unix seconds), oldest first. */
  between(from: number, to: number, seconds: number): StoredCandle[] {
    const merged: StoredCandle[] = []
    for (const minute of this.#minutes) {
      const start = Math.floor(minute.start / seconds) * seconds
      if (start < from || start > to) continue
      const last = merged.at(-1)
      if (last?.start === start) merge(last, minute)
      else merged.push({ ...minute, start })
    }
    return merged
  }
}

function merge(into: StoredCandle, next: StoredCandle): void {
  into.high = Math.max(into.high, next.high)
  into.low = Math.min(into.low, next.low)
  into.close = next.close
  into.volume += next.volume
}
