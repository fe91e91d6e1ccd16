import { priceOf, shifted, type MarketEvent, type MarketSource } from '../../src/simulated-market/market-event.ts'

/** Events read ahead of the market; reading waits while so many are unused. */
const READ_AHEAD = 20_000
/** Pause between the end of a recording and its next run, in market milliseconds. */
const JOIN_MS = 10
/** A silence in the recording longer than this is played as this long. */
const LONGEST_GAP_MS = 60_000

/** A recording played again and again, each run shifted so that its first price joins the last one's end. */
export interface ReplaySource extends MarketSource {
  /** The first price of the recording in ticks. */
  readonly firstTicks: number
  close(): void
}

/**
 * Starts reading: resolves once the first events are there, rejects when there are none or they cannot be read. A fault further on goes to `onFault`,
 * and the source then ends. `run` opens one pass through the recording.
 */
export async function openReplay(run: () => AsyncGenerator<MarketEvent>, onFault: (cause: unknown) => void): Promise<ReplaySource> {
  const buffer: MarketEvent[] = []
  const reader = endless(run)
  let taken = 0
  let wake: (() => void) | undefined
  const closing = new AbortController()
  /** False: the recording has come to its end. */
  const fill = async (least: number): Promise<boolean> => {
    while (!closing.signal.aborted && buffer.length - taken < least) {
      const { value, done } = await reader.next()
      if (done) return false
      buffer.push(value)
    }
    return true
  }
  const keepFilling = async (): Promise<void> => {
    while (!closing.signal.aborted && (await fill(READ_AHEAD))) {
      if (buffer.length - taken >= READ_AHEAD) await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  await fill(2000)
  const [first] = buffer
  if (!first) throw new Error('the recording has no events')
  keepFilling().catch(onFault)
  return {
    firstTicks: priceOf(first),
    close: () => {
      closing.abort()
      wake?.()
    },
    next: () => {
      const event = buffer[taken]
      if (!event) return undefined
      taken += 1
      if (taken === READ_AHEAD / 2) {
        buffer.splice(0, taken)
        taken = 0
        wake?.()
      }
      return event
    },
  }
}

/** Run after run, joined in time and price. A run whose shift would take prices to nothing begins unshifted again. */
async function* endless(run: () => AsyncGenerator<MarketEvent>): AsyncGenerator<MarketEvent, undefined> {
  let startMs = 0
  let shift = 0
  for (;;) {
    let seen: { first: number; low: number; last: number } | undefined
    let atMs = startMs
    let previous = 0
    for await (const event of run()) {
      const price = priceOf(event)
      seen = { first: seen?.first ?? price, low: Math.min(seen?.low ?? price, price), last: price }
      atMs += Math.min(event.atMs - previous, LONGEST_GAP_MS)
      previous = event.atMs
      yield shifted({ ...event, atMs }, shift)
    }
    if (!seen) return undefined
    shift += seen.last - seen.first
    if (seen.low + shift < 1) shift = 0
    startMs = atMs + JOIN_MS
  }
}
