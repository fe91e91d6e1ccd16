/**
 * Market data in: from the socket's frame to a validated quote on the board, against a bare script on the same frames (`ws`,
 * `JSON.parse`, one number) and against the clients that others use.
 *
 * Fair: every reader is a process of its own, as it would be in use, and gets the same bytes from a host that has encoded them
 * beforehand, so that only the reader is waited for; the readers take turns, round by round, and each figure is a median of
 * rounds after a warm-up. The clock runs from the word to play until the reader has the last quote. Ours does more than any
 * of them: it checks sequence, decimals, crossing and plausibility, and moves a hundred armed lines.
 *
 * Counted in the processor's time of the reader, not in the wall's: each reader is one busy thread, so on an idle machine
 * both are the same, and on a busy one only this says what the reader costs.
 */
import { startBinanceSandbox, startSandbox } from '../test/support/sandbox-process.ts'
import { median, type Figure, type Measure, type Scale } from './figure.ts'
import { startHost, type FrameHost } from './support/host-process.ts'
import { quoteSource } from './support/quotes.ts'
import { startReader, type ReaderProcess } from './support/reader-host.ts'
import { readerNames, type Dialect } from './support/readers.ts'

const frames: Readonly<Record<Scale, number>> = { tiny: 50, quick: 20_000, full: 60_000 }
/** Until the compiler knows each reader's way. */
const warmUp: Readonly<Record<Scale, number>> = { tiny: 0, quick: 7, full: 4 }
const rounds: Readonly<Record<Scale, number>> = { tiny: 1, quick: 3, full: 7 }

const perSecond = async (readers: readonly ReaderProcess[], host: FrameHost, scale: Scale): Promise<readonly number[]> => {
  const times = readers.map((): number[] => [])
  for (let round = 0; round < warmUp[scale] + rounds[scale]; round++) for (const [place, reader] of readers.entries()) times[place]?.push(await reader.time(host))
  return times.map((all) => (frames[scale] * 1_000) / median(all.slice(warmUp[scale])))
}

const figuresOf = (dialect: Dialect, [bare = Number.NaN, ours = Number.NaN, ...others]: readonly number[]): readonly Figure[] => {
  const measure = `market data in, ${dialect} (${quoteSource()})`
  const [bareName = '', , ...otherNames] = readerNames[dialect]
  return [
    { measure, value: ours, unit: 'frames/s', against: { what: bareName, value: bare }, aim: { atLeast: 0.7 } },
    ...others.map((value, index) => ({ measure, value: ours, unit: 'frames/s', against: { what: otherNames[index] ?? '', value }, aim: { atLeast: 1 } })),
  ]
}

/** @param venue a sandbox for what the clients ask before they subscribe */
const onVenue = async (dialect: Dialect, venue: { readonly rest: string; readonly keyFile: string }, scale: Scale): Promise<readonly Figure[]> => {
  const host = await startHost(dialect, frames[scale])
  const readers: ReaderProcess[] = []
  try {
    for (const [index, name] of readerNames[dialect].entries()) readers.push(await startReader(dialect, { index, name }, { ...venue, streams: host.url }))
    return figuresOf(dialect, await perSecond(readers, host, scale))
  } finally {
    for (const reader of readers) await reader.stop()
    await host.stop()
  }
}

const marketData = async (scale: Scale): Promise<readonly Figure[]> => {
  const [binance, coinbase] = [await startBinanceSandbox(['--seed', 'bench']), await startSandbox(['--seed', 'bench'])]
  try {
    return [...(await onVenue('binance', binance.addresses.binance, scale)), ...(await onVenue('coinbase', coinbase.addresses.coinbase, scale))]
  } finally {
    await binance.stop()
    await coinbase.stop()
  }
}

export const marketDataMeasure: Measure = { name: 'market-data', about: 'frames to quotes on the board, against a bare script and the clients that others use', aloneAt: [], run: marketData }
