/**
 * Market data in: from the socket's frame to a validated quote on the board, against a bare script on the same frames (`ws`,
 * `JSON.parse`, one number) and against the clients that others use.
 *
 * Fair: every reader gets the same bytes from a host of its own process that has encoded them beforehand, so that only the
 * reader is waited for; the readers take turns, round by round, and each figure is a median of rounds. The clock runs
 * from the word to play until the reader has the last quote. Ours does more than any of them: it checks sequence, decimals,
 * crossing and plausibility, and moves a hundred armed lines.
 *
 * Counted in the processor's time of this process, not in the wall's: each reader is one busy thread, so on an idle machine
 * both are the same, and on a busy one only this says what the reader costs.
 */
import { keyOf, sleep } from '../test/strangers/support.ts'
import { startBinanceSandbox, startSandbox } from '../test/support/sandbox-process.ts'
import { insist, median, type Figure, type Measure, type Scale } from './figure.ts'
import { startHost, type FrameHost } from './support/host-process.ts'
import { quoteSource } from './support/quotes.ts'
import { binanceReaders, coinbaseReaders, type Places, type Reader } from './support/readers.ts'

const frames: Readonly<Record<Scale, number>> = { tiny: 50, quick: 20_000, full: 60_000 }
/** The first round is a warm-up. */
const rounds: Readonly<Record<Scale, number>> = { tiny: 1, quick: 3, full: 6 }
const longestMs = 60_000
/** Until a client that has subscribed has also made up its own mind about it. */
const settleMs = 100

/** Milliseconds of processor time from the word to play until the reader has heard everything. */
const time = async (reader: Reader, host: FrameHost): Promise<number> => {
  const { promise: heard, resolve: done } = Promise.withResolvers<void>()
  const subscribed = host.subscribed()
  const end = await reader.listen(done)
  await subscribed
  await sleep(settleMs)
  const began = process.cpuUsage()
  host.play()
  const outcome = await Promise.race([heard.then(() => process.cpuUsage(began)), sleep(longestMs)])
  await end()
  insist(outcome !== undefined, `${reader.name} did not hear the last quote`)
  return outcome === undefined ? Number.NaN : (outcome.user + outcome.system) / 1_000
}

const perSecond = async (readers: readonly Reader[], host: FrameHost, scale: Scale): Promise<readonly number[]> => {
  const times = readers.map((): number[] => [])
  for (let round = 0; round < rounds[scale]; round++) for (const [place, reader] of readers.entries()) times[place]?.push(await time(reader, host))
  return times.map((all) => (frames[scale] * 1_000) / median(all.length > 1 ? all.slice(1) : all))
}

const onVenue = async (venue: 'binance' | 'coinbase', scale: Scale, readersAt: (streams: string) => readonly Reader[]): Promise<readonly Figure[]> => {
  const host = await startHost(venue, frames[scale])
  try {
    const readers = readersAt(host.url)
    const [bare = Number.NaN, ours = Number.NaN, ...others] = await perSecond(readers, host, scale)
    const measure = `market data in, ${venue} (${quoteSource()})`
    return [
      { measure, value: ours, unit: 'frames/s', against: { what: readers[0]?.name ?? '', value: bare }, aim: { atLeast: 0.7 } },
      ...others.map((value, index) => ({ measure, value: ours, unit: 'frames/s', against: { what: readers[index + 2]?.name ?? '', value }, aim: { atLeast: 1 } })),
    ]
  } finally {
    await host.stop()
  }
}

const marketData = async (scale: Scale): Promise<readonly Figure[]> => {
  const [binance, coinbase] = [await startBinanceSandbox(['--seed', 'bench']), await startSandbox(['--seed', 'bench'])]
  const places = (rest: string) => (streams: string): Places => ({ streams, rest })
  try {
    const { rest, keyFile } = coinbase.addresses.coinbase
    return [
      ...(await onVenue('binance', scale, (streams) => binanceReaders(places(binance.addresses.binance.rest)(streams)))),
      ...(await onVenue('coinbase', scale, (streams) => coinbaseReaders(places(rest)(streams), keyOf(keyFile)))),
    ]
  } finally {
    await binance.stop()
    await coinbase.stop()
  }
}

export const marketDataMeasure: Measure = { name: 'market-data', about: 'frames to quotes on the board, against a bare script and the clients that others use', aloneAt: [], run: marketData }
