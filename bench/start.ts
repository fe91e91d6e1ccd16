/**
 * Start: from the start of the process to a desk that has reconciled and trades: on an empty database, and after a kill -9 with
 * an order resting on every rung of the longest ladder; against what a person would not notice.
 *
 * Fair: the real program as a user runs it, over the network of this machine, code loaded and migrations run; the median of
 * some starts, each on a server that runs already.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { startPostgres, type TestServer } from '../test/support/postgres.ts'
import { ownFolder, start, startExchange, until, type Running } from '../test/support/program.ts'
import { median, type Figure, type Measure, type Scale } from './figure.ts'

const rounds: Readonly<Record<Scale, number>> = { tiny: 1, quick: 1, full: 5 }
/** Above the venue's least order, below the desk's largest. */
const quoteARung = 50
/** As many rungs as a ladder may have. */
const rungs: Readonly<Record<Scale, number>> = { tiny: 3, quick: 50, full: 200 }
const lookMs = 5
const betweenMs = 500
const placedWithinMs = 120_000

interface Written {
  readonly instruments: Readonly<Record<string, object>>
  readonly risk: object
}

/** The sandbox's own configuration, with a ladder of so many rungs. */
const widen = (file: string, count: number): void => {
  const config = parse(readFileSync(file, 'utf8')) as Written
  const ladder = { strategy: 'ladder', rungs: count, spacingBps: 10, targetBps: 3, budgetQuote: String(count * quoteARung) }
  const [id = ''] = Object.keys(config.instruments)
  writeFileSync(file, stringify({ ...config, instruments: { [id]: ladder }, risk: { ...config.risk, priceCollarBps: 3_000, maxOpenOrders: 500, maxOrdersPerMinute: 5_000 }, log: { level: 'warn' } }))
}

const urlOf = async (server: TestServer): Promise<string> => {
  const { host, port, user, password, database } = await server.database()
  return `postgresql://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
}

const statusOf = async (desk: Running): Promise<{ readonly state: string; readonly liveOrders: number }> => {
  const { url } = JSON.parse(await desk.firstLine) as { url: string }
  return (await (await fetch(`${url.replace(/\/$/, '')}/api/desk`)).json()) as { state: string; liveOrders: number }
}

const ready = async (desk: Running): Promise<void> => {
  while ((await statusOf(desk)).state !== 'trading') await sleep(lookMs)
}

const kill = async (desk: Running): Promise<void> => {
  desk.child.kill('SIGKILL')
  await desk.ended
}

/** Milliseconds until the desk is ready; it goes on. */
const timed = async (begin: () => Running): Promise<{ readonly desk: Running; readonly tookMs: number }> => {
  const from = performance.now()
  const desk = begin()
  await ready(desk)
  return { desk, tookMs: performance.now() - from }
}

const startTimes = async (server: TestServer, scale: Scale): Promise<{ readonly empty: number; readonly resting: number }> => {
  const folder = ownFolder()
  const exchange = await startExchange(folder.path, '--seed', 'start')
  widen(exchange.config, rungs[scale])
  let round = 0
  const beginOn = (url: string) => (): Running => start(['run', '--config', exchange.config, '--port', '0', '--json'], { NIGHTDESK_HOME: path.join(folder.path, `home-${++round}`), DATABASE_URL: url })
  const [empty, resting]: [number[], number[]] = [[], []]
  let url = ''
  try {
    while (empty.length < rounds[scale]) {
      url = await urlOf(server)
      const { desk, tookMs } = await timed(beginOn(url))
      empty.push(tookMs)
      if (empty.length === rounds[scale]) await until(() => statusOf(desk), ({ liveOrders }) => liveOrders >= rungs[scale], placedWithinMs)
      await kill(desk)
      await sleep(betweenMs)
    }
    while (resting.length < rounds[scale]) {
      const { desk, tookMs } = await timed(beginOn(url))
      resting.push(tookMs)
      await kill(desk)
      await sleep(betweenMs)
    }
    return { empty: median(empty), resting: median(resting) }
  } finally {
    await exchange.stop()
    folder.remove()
  }
}

const starting = async (scale: Scale): Promise<readonly Figure[]> => {
  const server = await startPostgres()
  try {
    const { empty, resting } = await startTimes(server, scale)
    return [
      { measure: 'start on an empty database', value: empty, unit: 'ms', aim: { atMost: 1_500 } },
      { measure: `start after kill -9, ${rungs[scale]} open orders`, value: resting, unit: 'ms', aim: { atMost: 2_500 } },
    ]
  } finally {
    await server.stop()
  }
}

export const startMeasure: Measure = { name: 'start', about: 'the process from its start to trading, on nothing and after kill -9', aloneAt: [], run: starting }
