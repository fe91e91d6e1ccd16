/**
 * Start: from the start of the process to a desk that has reconciled and trades: on an empty database, and after a kill -9 with
 * a thousand pairs whose buys rest at the venue; against what a person would not notice.
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
const instruments = ['BTC-USD', 'ETH-USD', 'SOL-USD']
/** Pairs of each instrument: the venue takes 500 open orders of one. */
const pairsEach: Readonly<Record<Scale, number>> = { tiny: 1, quick: 20, full: 334 }
const lookMs = 5
const betweenMs = 500
const placedWithinMs = 180_000

interface Written {
  readonly risk: object
}

/** Buys of 12 far below the market, one under the other; none is ever called off. */
const resting = `
import { floorToStep, floorToTick, dividedBy, money, price, quantity, times } from 'nightdesk/strategy'
export const strategy = ({ pairs: most }, { target }) => ({
  decide: ({ instrument, bid, pairs }) => ({
    proposals: Array.from({ length: Math.min(most - pairs.length, 100) }, (_, index) => {
      const at = floorToTick(instrument, price(times(bid, price((0.9 - (pairs.length + index) * 0.0005).toFixed(4)))))
      return { price: at, quantity: floorToStep(instrument, quantity(dividedBy(money('12'), at))), target }
    }),
  }),
})
`

/** The sandbox's own configuration, with a strategy that lets so many pairs of each instrument rest. */
const widen = (file: string, count: number): void => {
  const config = parse(readFileSync(file, 'utf8')) as Written
  writeFileSync(path.join(path.dirname(file), 'resting.mjs'), resting)
  const settings = { strategy: './resting.mjs', settings: { pairs: count }, targetBps: 100, budgetQuote: '10000' }
  const risk = { ...config.risk, maxExposureQuote: '30000', priceCollarBps: 4_000, maxOpenOrders: 2_000, maxOrdersPerMinute: 10_000 }
  writeFileSync(file, stringify({ ...config, instruments: Object.fromEntries(instruments.map((id) => [id, settings])), risk, log: { level: 'warn' } }))
}

const urlOf = async (server: TestServer): Promise<string> => {
  const { host, port, user, password, database } = await server.database()
  return `postgresql://${user}:${password}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
}

interface Status {
  readonly state: string
  readonly liveOrders: number
  readonly backlog: { readonly turns: number; readonly calls: number }
}

const statusOf = async (desk: Running): Promise<Status> => {
  const { url } = JSON.parse(await desk.firstLine) as { url: string }
  return (await (await fetch(`${url.replace(/\/$/, '')}/api/desk`)).json()) as Status
}

/** Every buy is placed, and answered: none is in doubt when the desk is killed. */
const restsAll = (scale: Scale) => ({ liveOrders, backlog }: Status): boolean => liveOrders >= pairsEach[scale] * instruments.length && backlog.turns + backlog.calls === 0

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
  widen(exchange.config, pairsEach[scale])
  let round = 0
  const beginOn = (url: string) => (): Running => start(['run', '--config', exchange.config, '--port', '0', '--json'], { NIGHTDESK_HOME: path.join(folder.path, `home-${++round}`), DATABASE_URL: url })
  const [empty, resting]: [number[], number[]] = [[], []]
  let url = ''
  try {
    while (empty.length < rounds[scale]) {
      url = await urlOf(server)
      const { desk, tookMs } = await timed(beginOn(url))
      empty.push(tookMs)
      if (empty.length === rounds[scale]) await until(() => statusOf(desk), restsAll(scale), placedWithinMs)
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
      { measure: `start after kill -9, ${pairsEach[scale] * instruments.length} open pairs`, value: resting, unit: 'ms', aim: { atMost: 2_500 } },
    ]
  } finally {
    await server.stop()
  }
}

export const startMeasure: Measure = { name: 'start', about: 'the process from its start to trading, on nothing and after kill -9', aloneAt: [], run: starting }
