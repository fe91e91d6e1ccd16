import { priceOf, shifted, type MarketEvent, type MarketSource } from './market-event.ts'

/** A source whose prices can be led somewhere; afterwards it goes on moving from there. */
export interface PushableMarket extends MarketSource {
  /** Leads the price to `target` ticks, evenly over `overMs` of market time. A second call replaces the first. */
  push(target: number, overMs: number): void
}

/** Wraps a source with an offset in ticks that `push` moves; with `startTicks` the first price is led there at once. */
export function pushable(source: MarketSource, startTicks?: number): PushableMarket {
  let offset: number | undefined
  let lastAtMs = 0
  let goal: { target: number; remainingMs: number } | undefined
  const lead = (event: MarketEvent, elapsedMs: number): number => {
    offset ??= startTicks === undefined ? 0 : startTicks - priceOf(event)
    if (!goal) return offset
    const share = goal.remainingMs <= elapsedMs ? 1 : elapsedMs / goal.remainingMs
    offset += Math.round((goal.target - (priceOf(event) + offset)) * share)
    goal = share === 1 ? undefined : { ...goal, remainingMs: goal.remainingMs - elapsedMs }
    return offset
  }
  return {
    push: (target, overMs) => {
      goal = { target, remainingMs: overMs }
    },
    next: () => {
      const event = source.next()
      if (!event) return undefined
      const elapsedMs = event.atMs - lastAtMs
      lastAtMs = event.atMs
      return shifted(event, lead(event, elapsedMs))
    },
  }
}
