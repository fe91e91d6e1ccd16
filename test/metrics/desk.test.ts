/** A real desk at the sandbox shows every series of the catalogue, and nothing that is not in it. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { metricCatalogue } from '../../src/ports/metrics.ts'
import { ownFolder, runToEnd, startDesk, startExchange, until, type Exchange, type RunningDesk } from '../support/program.ts'
import { readExposition, type Series } from './exposition.ts'

let folder: ReturnType<typeof ownFolder>
let exchange: Exchange
let desk: RunningDesk
let home: string

beforeAll(async () => {
  folder = ownFolder()
  exchange = await startExchange(folder.path, '--seed', 'metrics', '--speed', '5')
  const config = parse(readFileSync(exchange.config, 'utf8')) as { risk: object }
  // A breaker that soon trips, and less money than its rungs want, so that something is denied.
  writeFileSync(exchange.config, stringify({ ...config, risk: { ...config.risk, maxExposureQuote: '7500', breakers: { maxEntriesPerHour: 9 } } }))
  home = path.join(folder.path, 'home')
  desk = await startDesk(exchange.config, home)
}, 60_000)
afterAll(async () => {
  desk.child.kill('SIGTERM')
  await desk.ended
  await exchange.stop()
  folder.remove()
})

const scrape = async (): Promise<ReadonlyMap<string, Series>> => {
  const answer = await fetch(`${desk.url}/metrics`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  return readExposition(await answer.text())
}

const silentIn = (shown: ReadonlyMap<string, Series>): readonly string[] => Object.keys(metricCatalogue).filter((name) => (shown.get(name)?.samples.length ?? 0) === 0)
const valueOf = (shown: ReadonlyMap<string, Series>, name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
  shown.get(name)?.samples.find((sample) => sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value))?.value

test('each series is told within a run, with its type, its help and its labels', { timeout: 90_000 }, async () => {
  const told = new Map<string, Series>()
  // A pair that a person holds raises an alert.
  const [pair] = await until(async () => (await desk.get('/api/trade-pairs?state=buying.pending')) as readonly { pairId: string }[], (pairs) => pairs.length > 0)
  expect((await runToEnd(['hold', pair?.pairId ?? '', '--reason', 'to look at it'], { NIGHTDESK_HOME: home })).code).toBe(0)
  let looks = 0
  await until(
    async () => {
      // Down, so that rungs are bought, and up again, so that they are sold, until the breaker has counted enough.
      looks += 1
      if (looks % 60 === 30) await exchange.push(-30)
      if (looks % 60 === 0) await exchange.push(40)
      for (const [name, series] of await scrape()) if (series.samples.length > 0 || !told.has(name)) told.set(name, series)
      return silentIn(told)
    },
    (silent) => silent.length === 0,
    80_000,
  )
  for (const [name, { type, help, labels }] of Object.entries(metricCatalogue)) {
    const series = told.get(name)
    expect([name, series?.type, series?.help]).toEqual([name, type, help])
    for (const sample of series?.samples ?? []) expect(Object.keys(sample.labels).filter((label) => label !== 'le').toSorted(), name).toEqual([...labels].toSorted())
  }
  const own = [...told.keys()].filter((name) => name.startsWith('nightdesk_'))
  expect(own.toSorted()).toEqual(Object.keys(metricCatalogue).toSorted())
})

test('figures agree with the rows, as far as they count the same', { timeout: 60_000 }, async () => {
  const shown = await scrape()
  const glance = (await desk.get('/api/desk')) as { state: string; starts: number; environment: string }
  expect(valueOf(shown, 'nightdesk_ready')).toBe(1)
  expect(valueOf(shown, 'nightdesk_starts_total')).toBe(glance.starts)
  expect(shown.get('nightdesk_desk_state')?.samples).toEqual([{ name: 'nightdesk_desk_state', labels: { state: glance.state }, value: 1 }])
  expect(valueOf(shown, 'nightdesk_info', { environment: glance.environment })).toBe(1)
  expect(valueOf(shown, 'nightdesk_breaker_tripped', { breaker: 'hourlyOrders' })).toBe(1)
  expect(valueOf(shown, 'nightdesk_orders_begun_total', { leg: 'buy' })).toBeGreaterThanOrEqual(9)
  const pairs = (await desk.get('/api/trade-pairs?state=closed&limit=1000')) as readonly unknown[]
  expect(valueOf(shown, 'nightdesk_pairs_closed_total')).toBeLessThanOrEqual(pairs.length)
  expect(valueOf(shown, 'nightdesk_fills_total', { side: 'buy' })).toBeGreaterThan(0)
})
