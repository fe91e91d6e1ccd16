/**
 * Broadcast: one quote to 10, 1,000 and 10,000 RxJS subscribers of the board, one in ten of them slow, against a bare Subject
 * with as many.
 *
 * Fair: the same subscribers on either side; a slow one is still busy with one quote while many pass, and then takes the newest.
 * Both sides are told in one turn of the thread. Ours checks and counts each quote first, which is in its figure. The newest
 * value must be with every fast reader after one turn, and nothing may wait for the slow.
 */
import { Subject } from 'rxjs'
import { PriceBoard } from '../src/actors/price-board.ts'
import { systemClock } from '../src/adapters/system/system-clock.ts'
import { price } from '../src/domain/decimal.ts'
import type { Quote } from '../src/domain/quote.ts'
import { insist, median, type Figure, type Measure, type Scale } from './figure.ts'

const instrument = 'BTC-USD'
const sizes: Readonly<Record<Scale, readonly number[]>> = { tiny: [10], quick: [10, 1_000, 10_000], full: [10, 1_000, 10_000] }
const ticks: Readonly<Record<Scale, number>> = { tiny: 5, quick: 200, full: 1_000 }
/** Quotes that come before the thread is free again. */
const burst = 10
/** One reader in so many is slow, and sleeps for so many quotes. */
const slowShare = 10
const slowFor = 50

const quoteAt = (tick: number): Quote => ({ instrument, bid: price(String(60_000 + (tick % 100))), ask: price(String(60_001 + (tick % 100))), at: tick, receivedAt: tick, source: 'stream' })

class Readers {
  /** The newest quote that each fast reader has. */
  readonly last: Quote[] = []
  told = 0

  take(reader: number, quote: Quote): void {
    if (reader % slowShare === 0 && quote.at % slowFor !== 0) return
    this.told++
    this.last[reader] = quote
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Microseconds of one turn in which a burst of quotes comes and the newest reaches everybody. */
const onBoard = async (subscribers: number, count: number): Promise<number> => {
  const board = new PriceBoard({ clock: systemClock, staleAfterMs: 60_000, instruments: [{ id: instrument, tick: price('0.01') }] })
  const readers = new Readers()
  const all = Array.from({ length: subscribers }, (_, reader) => board.watch(instrument).subscribe((quote) => readers.take(reader, quote)))
  const times: number[] = []
  for (let tick = 1; tick <= count; tick++) {
    const began = performance.now()
    for (let part = 0; part < burst; part++) board.offer(quoteAt(tick * burst + part))
    const newest = quoteAt(tick * burst + burst - 1)
    await turn()
    times.push((performance.now() - began) * 1_000)
    for (let reader = 1; reader < subscribers; reader += slowShare) insist(readers.last[reader]?.at === newest.at, 'a reader did not have the newest quote after one turn')
  }
  for (const one of all) one.unsubscribe()
  return median(times)
}

const onSubject = async (subscribers: number, count: number): Promise<number> => {
  const subject = new Subject<Quote>()
  const readers = new Readers()
  const all = Array.from({ length: subscribers }, (_, reader) => subject.subscribe((quote) => readers.take(reader, quote)))
  const times: number[] = []
  for (let tick = 1; tick <= count; tick++) {
    const began = performance.now()
    for (let part = 0; part < burst; part++) subject.next(quoteAt(tick * burst + part))
    await turn()
    times.push((performance.now() - began) * 1_000)
  }
  for (const one of all) one.unsubscribe()
  insist(readers.told > 0, 'the bare Subject told nobody')
  return median(times)
}

const broadcast = async (scale: Scale): Promise<readonly Figure[]> => {
  const figures: Figure[] = []
  for (const subscribers of sizes[scale]) {
    const value = await onSubject(subscribers, ticks[scale])
    figures.push({ measure: `a burst of ${burst} quotes to ${subscribers.toLocaleString('en')} subscribers`, value: await onBoard(subscribers, ticks[scale]), unit: 'us', against: { what: 'us, bare Subject', value } })
  }
  return figures
}

export const broadcastMeasure: Measure = { name: 'broadcast', about: 'quotes to many readers, slow ones among them, against a bare Subject', aloneAt: [], run: broadcast }
