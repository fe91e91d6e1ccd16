import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import { pushable, type PushableMarket } from '../../src/simulated-market/price-push.ts'
import type { DrivenMarket } from './synthetic-markets.ts'

/** Takes the events of one market; called in market time order. */
export type MarketListener = (marketId: string, event: MarketEvent) => void

interface Lane {
  readonly id: string
  readonly source: PushableMarket
  next: MarketEvent | undefined
  /** Market time left out because the machine or a reader could not keep up. */
  slippedMs: number
}

const PUMP_EVERY_MS = 10
/** Events one market may emit in one pump; what is due beyond it waits, and market time slips instead of piling up. */
const MAX_EVENTS_PER_PUMP = 2000

/** Plays every market against the wall clock, `speed` times as fast as its own time. */
export class MarketDriver {
  readonly #lanes: Lane[]
  readonly #speed: number
  readonly #listener: MarketListener
  #timer: NodeJS.Timeout | undefined
  #marketMs = 0
  #pumpedAt = 0
  #heldUntil = 0

  /** `startTicks`: where a market's prices begin, whatever its source says; for going on after a restart. */
  constructor(markets: readonly DrivenMarket[], settings: { speed: number; startTicks: Readonly<Record<string, number>> }, listener: MarketListener) {
    this.#lanes = markets.map(({ market, source }) => ({ id: market.id, source: pushable(source, settings.startTicks[market.id]), next: undefined, slippedMs: 0 }))
    this.#speed = settings.speed
    this.#listener = listener
  }

  /** Emits the first events at once, so that every market has a quote, then goes on by timer. */
  start(): void {
    this.#pumpedAt = performance.now()
    this.#pump()
    this.#timer = setInterval(() => this.#pump(), PUMP_EVERY_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** Leads one market's price to `ticks` within `overMs` of wall time. False: no such market. */
  push(marketId: string, ticks: number, overMs: number): boolean {
    const lane = this.#lanes.find((candidate) => candidate.id === marketId)
    lane?.source.push(ticks, overMs * this.#speed)
    return lane !== undefined
  }

  /** Market time stands still for so much wall time, once what is due has been played; 0 lets it go on. */
  hold(forMs: number): void {
    this.#pump()
    this.#heldUntil = performance.now() + forMs
  }

  #pump(): void {
    this.#advance()
    for (const lane of this.#lanes) this.#play(lane, this.#marketMs - lane.slippedMs)
  }

  #advance(): void {
    const now = performance.now()
    const from = Math.min(now, Math.max(this.#pumpedAt, this.#heldUntil))
    this.#marketMs += (now - from) * this.#speed
    this.#pumpedAt = now
  }

  #play(lane: Lane, dueMs: number): void {
    for (let count = 0; count < MAX_EVENTS_PER_PUMP; count += 1) {
      lane.next ??= lane.source.next()
      if (!lane.next || lane.next.atMs > dueMs) return
      this.#listener(lane.id, lane.next)
      lane.next = undefined
    }
    lane.next ??= lane.source.next()
    if (lane.next && lane.next.atMs < dueMs) lane.slippedMs += dueMs - lane.next.atMs
  }
}
