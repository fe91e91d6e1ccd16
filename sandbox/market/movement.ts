import { join } from 'node:path'
import type { Market } from '../exchange/market.ts'
import type { Product } from '../exchange/products.ts'
import { readLastPrices, writeLastPrices } from './last-prices.ts'
import { MarketDriver, type MarketListener } from './market-driver.ts'
import { openRecorder } from './recorder.ts'
import { openReplays, replaced } from './replayed-markets.ts'
import { syntheticMarkets } from './synthetic-markets.ts'

/** What moves the markets: the seed, the recording, the pace. */
export interface MovementOptions {
  readonly seed: string
  readonly replay: string | undefined
  readonly record: string | undefined
  readonly speed: number
  /** What the venue lists. */
  readonly listing: ReadonlyMap<string, Product>
}

/**
 * All markets and what moves them. `push` leads a price to `ticks` within `overMs` of wall time; false: no such market. `hold` lets all of
 * them stand still for so long.
 */
export interface Movement {
  readonly markets: ReadonlyMap<string, Market>
  start(listener: MarketListener): void
  push(marketId: string, ticks: number, overMs: number): boolean
  hold(forMs: number): void
  close(): Promise<void>
}

const SAVE_EVERY_MS = 500

/** Opens recordings and recorder; prices go on from those an earlier life left in `home`. Rejects with ReplayFileError. */
export async function openMovement(options: MovementOptions, home: string, onFault: (cause: unknown) => void): Promise<Movement> {
  const replays = options.replay === undefined ? new Map() : await openReplays(options.replay, options.listing, onFault)
  const path = join(home, 'last-prices.json')
  const startTicks = readLastPrices(path)
  const firstTicks = { ...Object.fromEntries([...replays].map(([id, source]) => [id, source.firstTicks])), ...startTicks }
  const driven = replaced(syntheticMarkets({ listing: options.listing, seed: options.seed, nowMs: Date.now(), firstTicks }), replays)
  const markets = new Map(driven.map(({ market }) => [market.id, market]))
  const recorder = options.record === undefined ? undefined : openRecorder(options.record, options.listing, onFault)
  let listener: MarketListener = () => undefined
  const driver = new MarketDriver(driven, { speed: options.speed, startTicks }, (id, event) => {
    recorder?.take(id, event)
    listener(id, event)
  })
  const save = (): void => writeLastPrices(path, Object.fromEntries([...markets].flatMap(([id, { quote }]) => (quote ? [[id, quote.bid]] : []))))
  let saving: NodeJS.Timeout | undefined
  return {
    markets,
    start: (to) => {
      listener = to
      driver.start()
      saving = setInterval(save, SAVE_EVERY_MS)
    },
    push: (id, ticks, overMs) => driver.push(id, ticks, overMs),
    hold: (forMs) => driver.hold(forMs),
    close: async () => {
      clearInterval(saving)
      driver.stop()
      for (const source of replays.values()) source.close()
      await recorder?.close()
    },
  }
}
