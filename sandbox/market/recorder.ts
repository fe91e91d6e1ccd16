import { createWriteStream } from 'node:fs'
import { createGzip } from 'node:zlib'
import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import type { Product } from '../exchange/products.ts'
import { writeOwnLine, type RecordingHeader } from './own-recording.ts'

/** Writes the market as it happens. */
export interface Recorder {
  take(marketId: string, event: MarketEvent): void
  close(): Promise<void>
}

/** Bytes that may wait for a slow disk; events beyond it are left out of the recording. */
const MAX_WAITING = 64_000_000

/** Opens (and empties) the file; a name that ends in `.gz` is packed. */
export function openRecorder(path: string, listing: ReadonlyMap<string, Product>, onFault: (cause: unknown) => void): Recorder {
  const file = createWriteStream(path)
  const packer = path.endsWith('.gz') ? createGzip() : undefined
  packer?.pipe(file)
  const out = packer ?? file
  file.on('error', onFault)
  const header: RecordingHeader = { format: 'nightdesk-market', version: 1, products: [...listing.values()].filter(({ id, market }) => id === market).map(({ id }) => id) }
  out.write(`${JSON.stringify(header)}\n`)
  return {
    take: (marketId, event) => {
      const product = listing.get(marketId)
      if (product && out.writableLength < MAX_WAITING) out.write(`${writeOwnLine(event, product, Date.now())}\n`)
    },
    close: () =>
      new Promise((resolve) => {
        file.on('close', () => resolve())
        out.end()
      }),
  }
}
