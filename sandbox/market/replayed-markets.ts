import type { DrivenMarket } from './synthetic-markets.ts'
import type { Product } from '../exchange/products.ts'
import { inspectReplay, replayOnce, ReplayFileError } from './replay-file.ts'
import { openReplay, type ReplaySource } from './replay-source.ts'

/** The replayed sources by market, of the markets that the recording names or stands for. Rejects with ReplayFileError; a fault found later in the file goes to `onFault`. */
export async function openReplays(path: string, listing: ReadonlyMap<string, Product>, onFault: (cause: unknown) => void): Promise<ReadonlyMap<string, ReplaySource>> {
  const { format, products: moved } = await inspectReplay(path)
  const sources = new Map<string, ReplaySource>()
  for (const id of moved) {
    const product = listing.get(id) ?? [...listing.values()].find(({ recordedAs }) => recordedAs === id)
    if (!product) throw new ReplayFileError(`${path} records ${id}, which the sandbox does not list; known are ${[...listing.keys()].join(', ')}`)
    const source = await openReplay(() => replayOnce(path, format, product), onFault).catch((cause: unknown) => {
      if (cause instanceof ReplayFileError) throw cause
      throw new ReplayFileError(`${path} has no events of ${id}; record again, or leave --replay out`, { cause })
    })
    sources.set(product.id, source)
  }
  return sources
}

/** The same markets, those that are replayed with the recording in place of the synthetic movement. */
export function replaced(markets: readonly DrivenMarket[], replays: ReadonlyMap<string, ReplaySource>): DrivenMarket[] {
  return markets.map((driven) => ({ ...driven, source: replays.get(driven.market.id) ?? driven.source }))
}
