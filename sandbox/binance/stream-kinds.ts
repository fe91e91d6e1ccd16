import { dec } from './decimals.ts'
import { averagePrice } from './filters.ts'
import { intervals, klinesOf } from './intervals.ts'
import { bookNumber } from './book-number.ts'
import type { BookTracker, LevelKey } from './book-tracker.ts'
import { closeTimeOf, dayFigures, quoteVolume, showAggregate, showLevels, showPrice, showTop, showTrade, type Listed } from './market-shapes.ts'
import { symbolOf } from './symbols.ts'
import type { Venue } from './venue.ts'

/** One stream of one connection: says what is new, in as many messages. */
export interface Stream {
  readonly everyMs: number
  update(): readonly object[]
  /** Lets go of what it listened to. */
  end?(): void
}

/** What a stream is made from. */
export interface StreamParts extends Listed {
  readonly venue: Venue
  readonly tracker: BookTracker
}

const REAL_TIME_MS = 10
const SECOND_MS = 1000

/** The kinds of binance-spot.md 6.2 by the part of the name after `<symbol>@`. */
const KINDS: readonly { readonly pattern: RegExp; readonly open: (parts: StreamParts, match: RegExpExecArray) => Stream | undefined }[] = [
  { pattern: /^trade$/, open: (parts) => tape(parts, (trade) => ({ e: 'trade', ...spellTrade(parts, trade) })) },
  { pattern: /^aggTrade$/, open: (parts) => tape(parts, (trade) => ({ e: 'aggTrade', E: now(parts), s: symbolOf(parts.product), ...showAggregate(parts, trade) })) },
  { pattern: /^bookTicker$/, open: bookTicker },
  { pattern: /^miniTicker$/, open: (parts) => everySecond(() => miniTicker(parts)) },
  { pattern: /^ticker$/, open: (parts) => everySecond(() => dayTicker(parts)) },
  { pattern: /^avgPrice$/, open: (parts) => everySecond(() => average(parts)) },
  { pattern: /^kline_(\w+)$/, open: (parts, match) => kline(parts, match[1] ?? '') },
  { pattern: /^depth(?:@(100|1000)ms)?$/, open: (parts, match) => depthDiffs(parts, Number(match[1] ?? 1000)) },
  { pattern: /^depth(5|10|20)(?:@(100|1000)ms)?$/, open: (parts, match) => partialDepth(parts, Number(match[1]), Number(match[2] ?? 1000)) },
]

/** Whether `kind` is well formed, whatever the symbol before it. */
export function isStreamKind(kind: string): boolean {
  const match = KINDS.map(({ pattern }) => pattern.exec(kind)).find((found) => found !== null)
  return match !== undefined && (!kind.startsWith('kline_') || intervals.has(match?.[1] ?? ''))
}

/** The stream of that kind; undefined: there is none. */
export function openStream(kind: string, parts: StreamParts): Stream | undefined {
  for (const { pattern, open } of KINDS) {
    const match = pattern.exec(kind)
    if (match) return open(parts, match)
  }
  return undefined
}

function now({ venue }: StreamParts): number {
  return Math.floor(venue.now())
}

type Trade = Parameters<typeof showTrade>[1]

function tape({ market }: StreamParts, show: (trade: Trade) => object): Stream {
  let lastId = market.lastTrade?.tradeId ?? 0
  return {
    everyMs: REAL_TIME_MS,
    update: () => {
      if ((market.lastTrade?.tradeId ?? 0) <= lastId) return []
      const fresh = market.tape(lastId)
      lastId = fresh.at(-1)?.tradeId ?? lastId
      return fresh.map((trade) => show(trade))
    },
  }
}

function spellTrade(parts: StreamParts, trade: Trade): Record<string, unknown> {
  const { id, price, qty, time, isBuyerMaker } = showTrade(parts, trade)
  return { E: now(parts), s: symbolOf(parts.product), t: id, p: price, q: qty, T: time, m: isBuyerMaker, M: true }
}

/** Neither `e` nor `E` (binance-spot.md 6.2). */
function bookTicker(parts: StreamParts): Stream {
  const { venue, market, product } = parts
  let sent = -1
  return {
    everyMs: REAL_TIME_MS,
    update: () => {
      if (market.version === sent || !market.quote) return []
      sent = market.version
      const { bidPrice, bidQty, askPrice, askQty } = showTop(parts)
      const bad = venue.faults.take('badTickers', 'all')
      return [{ u: bookNumber(venue, market), s: symbolOf(product), b: bidPrice, B: bidQty, a: askPrice, A: askQty, ...(bad && badTop(bad.variant, parts)) }]
    },
  }
}

/** A top of the book that is none. */
function badTop(variant: string, { product, market }: StreamParts): Record<string, string> {
  const last = market.lastTicks
  if (variant === 'crossed') return { b: showPrice(product, last + 1), a: showPrice(product, last) }
  if (variant === 'far') return { b: showPrice(product, last * 3), a: showPrice(product, last * 3 + 1) }
  const none = variant === 'zero' ? dec(0n) : ''
  return { b: none, a: none }
}

function everySecond(show: () => object): Stream {
  return { everyMs: SECOND_MS, update: () => [show()] }
}

export function miniTicker(parts: StreamParts): object {
  const day = dayFigures(parts, parts.venue.now())
  return { e: '24hrMiniTicker', E: now(parts), s: day.symbol, c: day.lastPrice, o: day.openPrice, h: day.highPrice, l: day.lowPrice, v: day.volume, q: day.quoteVolume }
}

function dayTicker(parts: StreamParts): object {
  const day = dayFigures(parts, parts.venue.now())
  const top = { b: day.bidPrice, B: day.bidQty, a: day.askPrice, A: day.askQty }
  const prices = { p: day.priceChange, P: day.priceChangePercent, w: day.weightedAvgPrice, x: day.prevClosePrice, c: day.lastPrice, Q: day.lastQty }
  const range = { o: day.openPrice, h: day.highPrice, l: day.lowPrice, v: day.volume, q: day.quoteVolume }
  return { e: '24hrTicker', E: now(parts), s: day.symbol, ...prices, ...top, ...range, O: day.openTime, C: day.closeTime, F: day.firstId, L: day.lastId, n: day.count }
}

function average(parts: StreamParts): object {
  const { product, market } = parts
  return { e: 'avgPrice', E: now(parts), s: symbolOf(product), i: '5m', w: dec(averagePrice(product, market, parts.venue.now())), T: market.lastTrade?.at ?? now(parts) }
}

/** The present kline, and once more the one that has just closed (`x`). */
function kline(parts: StreamParts, name: string): Stream | undefined {
  const interval = intervals.get(name)
  if (!interval) return undefined
  const { venue, market, product } = parts
  let shown = interval.startOf(Math.floor(venue.now() / 1000))
  const show = (candle: ReturnType<typeof klinesOf>[number], isClosed: boolean): object => {
    const lastId = market.lastTrade?.tradeId ?? -1
    const ids = { f: lastId < 0 ? -1 : lastId - candle.trades + 1, L: lastId }
    const times = { t: candle.start * 1000, T: closeTimeOf(interval, candle.start), s: symbolOf(product), i: name, ...ids }
    const prices = { o: showPrice(product, candle.open), c: showPrice(product, candle.close), h: showPrice(product, candle.high), l: showPrice(product, candle.low) }
    const taken = { V: dec(candle.takerBuyVolume), Q: dec(quoteVolume(product, candle.takerBuyTurnover)), B: '0' }
    const volumes = { v: dec(candle.volume), n: candle.trades, x: isClosed, q: dec(quoteVolume(product, candle.turnover)) }
    return { e: 'kline', E: now(parts), s: symbolOf(product), k: { ...times, ...prices, ...volumes, ...taken } }
  }
  return {
    everyMs: interval.seconds === 1 ? SECOND_MS : 2 * SECOND_MS,
    update: () => {
      const second = Math.floor(venue.now() / 1000)
      const current = interval.startOf(second)
      const rows = klinesOf(market, interval, shown, second)
      shown = current
      return rows.map((candle) => show(candle, candle.start !== current))
    },
  }
}

/** Diffs whose `U` follows the last `u`, with every level touched in between (binance-spot.md 6.2). Bound: the prices the book shows in one interval. */
function depthDiffs(parts: StreamParts, everyMs: number): Stream {
  const { venue, market, product, tracker } = parts
  const touched = new Map<string, LevelKey>()
  let upTo = market.version
  const end = tracker.listen((levels) => levels.forEach((level) => touched.set(`${level.side}${level.price}`, level)))
  const show = (level: LevelKey): [string, string] => [showPrice(product, level.price), dec(tracker.sizeAt(level))]
  const rows = (side: LevelKey['side']): [string, string][] => [...touched.values()].filter((level) => level.side === side).map((level) => show(level))
  return {
    everyMs,
    end,
    update: () => {
      if (touched.size === 0) return []
      const diff = { e: 'depthUpdate', E: now(parts), s: symbolOf(product), U: venue.numberBase + upTo + 1, u: bookNumber(venue, market), b: rows('BUY'), a: rows('SELL') }
      upTo = market.version
      touched.clear()
      return [diff]
    },
  }
}

function partialDepth(parts: StreamParts, levels: number, everyMs: number): Stream {
  const { venue, market } = parts
  return { everyMs, update: () => [{ lastUpdateId: bookNumber(venue, market), bids: showLevels(parts, 'BUY', levels), asks: showLevels(parts, 'SELL', levels) }] }
}
