/**
 * Soak: the real program for an hour in a market that runs 50 times as fast, and whether its memory, queues and handles
 * grow. What is told is the slope after a warm-up of a third of the time, as growth an hour.
 *
 * Fair: nothing is collected by hand; the heap is what its own metrics tell of it, and the line through all samples is drawn by
 * least squares, so that a single collection decides nothing. That it traded all the while is checked.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { ownFolder, startDesk, startExchange, type RunningDesk } from '../test/support/program.ts'
import { insist, type Figure, type Measure, type Scale } from './figure.ts'
import { slopeOf } from './support/slope.ts'

const minutes: Readonly<Record<Scale, number>> = { tiny: 0.1, quick: 2, full: 60 }
const speed = 50
const samplesInAll = 180
const hourMs = 3_600_000

interface Sample {
  readonly at: number
  readonly residentMb: number
  readonly heapMb: number
  readonly handles: number
  readonly waiting: number
}

const seriesIn = (text: string, name: string): number => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)

const sample = async (desk: RunningDesk, at: number): Promise<Sample> => {
  const text = await (await fetch(new URL('/metrics', desk.url))).text()
  const { backlog } = (await desk.get('/api/desk')) as { backlog: { turns: number; calls: number; deadlines: number } }
  return {
    at,
    residentMb: seriesIn(text, 'process_resident_memory_bytes') / 1e6,
    heapMb: seriesIn(text, 'nodejs_heap_size_used_bytes') / 1e6,
    handles: seriesIn(text, 'nodejs_active_resources_total'),
    waiting: backlog.turns + backlog.calls + backlog.deadlines,
  }
}

const closedIn = async (desk: RunningDesk): Promise<number> => {
  const text = await (await fetch(new URL('/metrics', desk.url))).text()
  return [...text.matchAll(/^nightdesk_pairs_closed_total\{[^}]*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0)
}

const watched = async (desk: RunningDesk, scale: Scale): Promise<{ readonly samples: readonly Sample[]; readonly closed: number }> => {
  const lengthMs = minutes[scale] * 60_000
  const began = performance.now()
  const samples: Sample[] = []
  while (performance.now() - began < lengthMs) {
    samples.push(await sample(desk, performance.now() - began))
    await sleep(lengthMs / samplesInAll)
  }
  return { samples: samples.slice(Math.floor(samples.length / 3)), closed: await closedIn(desk) }
}

const soak = async (scale: Scale): Promise<readonly Figure[]> => {
  const folder = ownFolder()
  const exchange = await startExchange(folder.path, '--seed', 'soak', '--speed', String(speed))
  const desk = await startDesk(exchange.config, `${folder.path}/home`)
  try {
    const { samples, closed } = await watched(desk, scale)
    insist(samples.every(({ heapMb, residentMb, handles }) => heapMb > 0 && residentMb > 0 && handles > 0), 'the metrics were not told')
    const growth = (what: string, unit: string, of: (one: Sample) => number): Figure => ({ measure: `soak: growth of ${what}`, value: slopeOf(samples.map((one) => ({ time: one.at / hourMs, value: of(one) }))), unit })
    return [
      { measure: `soak: round trips in ${minutes[scale]} minutes at ${speed} times the speed`, value: closed, unit: 'pairs' },
      growth('resident memory', 'MB an hour', ({ residentMb }) => residentMb),
      growth('the heap', 'MB an hour', ({ heapMb }) => heapMb),
      growth('handles and timers', 'an hour', ({ handles }) => handles),
      growth('what waits', 'an hour', ({ waiting }) => waiting),
    ]
  } finally {
    desk.child.kill('SIGTERM')
    await desk.ended
    await exchange.stop()
    folder.remove()
  }
}

export const soakMeasure: Measure = { name: 'soak', about: 'the real program for an hour at 50 times the speed: what grows', aloneAt: ['quick', 'full', 'tiny'], run: soak }
