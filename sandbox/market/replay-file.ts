import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { candlePath, type Candle } from '../../src/simulated-market/candle-path.ts'
import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import type { Product } from '../exchange/products.ts'
import { BINANCE_LINE, readBinanceLine } from './binance-capture.ts'
import { candleColumns, chained, readCandleRow, type CandleColumns } from './candle-file.ts'
import { readHeader, readOwnLine } from './own-recording.ts'
import { RecordingFault } from './recorded-event.ts'

/** A replay file that cannot be used: one sentence that says what, where and how to mend it. Exit code 66. */
export class ReplayFileError extends Error {}

const KNOWN = 'use a recording of --record, a captured Binance combined stream (.jsonl or .jsonl.gz) or candles (.csv or .csv.gz)'
/** Candles are sorted, so they are held in memory; more rows than this are refused. */
const MAX_CANDLES = 1_000_000
/** Lines looked at before a file counts as of no known form. */
const MAX_PREAMBLE = 5

type Format = { readonly kind: 'binance' } | { readonly kind: 'own'; readonly products: readonly string[] } | { readonly kind: 'candles'; readonly columns: CandleColumns }

interface Line {
  readonly number: number
  readonly text: string
}

/** Tells what a file is by its first lines, and which products it moves. Rejects with ReplayFileError. */
export async function inspectReplay(path: string): Promise<{ format: Format; products: readonly string[] }> {
  for await (const line of linesOf(path)) {
    const format = formatOf(line.text)
    if (format) return { format, products: format.kind === 'own' ? format.products : ['BTC-USD'] }
    if (line.number >= MAX_PREAMBLE) break
  }
  throw new ReplayFileError(`${path} holds no market data in a known form; ${KNOWN}`)
}

/** One run through the file: the product's events in rising `atMs`, the first at 0. Rejects with ReplayFileError at the line it cannot read. */
export async function* replayOnce(path: string, format: Format, product: Product): AsyncGenerator<MarketEvent> {
  if (format.kind === 'candles') {
    for (const candle of await candlesOf(path, format.columns, product)) yield* candlePath(candle)
    return
  }
  let first: number | undefined
  let last = 0
  for await (const line of linesOf(path)) {
    const event = readLine(path, line, (text) => (format.kind === 'binance' ? readBinanceLine(text, product) : readHeader(text) ? undefined : readOwnLine(text, product)))
    if (!event) continue
    first ??= event.atMs
    // Streams of one capture are received out of step by some milliseconds; market time only goes on.
    last = Math.max(last, event.atMs - first)
    yield { ...event, atMs: last }
  }
}

async function candlesOf(path: string, columns: CandleColumns, product: Product): Promise<Candle[]> {
  const rows: Candle[] = []
  let seenHeader = false
  for await (const line of linesOf(path)) {
    if (!seenHeader) {
      seenHeader = candleColumns(line.text) !== undefined
      continue
    }
    if (rows.length >= MAX_CANDLES) throw new ReplayFileError(`${path} has more than ${MAX_CANDLES} candles; cut it into parts`)
    rows.push(readLine(path, line, (text) => readCandleRow(text, columns, product)))
  }
  return chained(rows)
}

function formatOf(text: string): Format | undefined {
  if (BINANCE_LINE.test(text)) return { kind: 'binance' }
  const columns = candleColumns(text)
  if (columns) return { kind: 'candles', columns }
  try {
    const header = readHeader(text)
    return header && { kind: 'own', products: header.products }
  } catch {
    return undefined
  }
}

function readLine<Result>(path: string, line: Line, read: (text: string) => Result): Result {
  try {
    return read(line.text)
  } catch (cause) {
    if (!(cause instanceof RecordingFault)) throw cause
    throw new ReplayFileError(`${path}, line ${line.number}: ${cause.message}; remove or mend that line, or ${KNOWN}`, { cause })
  }
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  const file = createReadStream(path)
  const unpacked = path.endsWith('.gz') ? createGunzip() : undefined
  // The file's own errors reach the lines through the stream that is read.
  if (unpacked) file.on('error', (cause: Error) => unpacked.destroy(cause)).pipe(unpacked)
  const lines = createInterface({ input: unpacked ?? file, crlfDelay: Infinity })
  let number = 0
  try {
    for await (const text of lines) {
      number += 1
      if (text.trim() !== '') yield { number, text }
    }
  } catch (cause) {
    const where = number === 0 ? '' : ` after line ${number}`
    throw new ReplayFileError(`${path} cannot be read${where} (${cause instanceof Error ? cause.message : String(cause)}); check the path, or fetch the file again`, { cause })
  } finally {
    file.destroy()
  }
}
