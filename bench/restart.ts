/** From `kill -9` to a desk that has reconciled and trades, with a hundred orders open at the sandbox: the start of the process included. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { ownFolder, start, startExchange, until, type Running } from '../test/support/program.ts'
import type { Figure } from './figure.ts'

const orders = 100
/** What a person would not notice. */
const limitMs = 2_000

interface Written {
  readonly instruments: Readonly<Record<string, object>>
  readonly risk: object
}

/** The sandbox's own configuration, with a ladder of a hundred rungs. */
const widen = (file: string): void => {
  const config = parse(readFileSync(file, 'utf8')) as Written
  const ladder = { strategy: 'ladder', rungs: orders, spacingBps: 10, targetBps: 3, budgetQuote: '10000' }
  const instruments = Object.fromEntries(Object.keys(config.instruments).map((id) => [id, ladder]))
  writeFileSync(file, stringify({ ...config, instruments, risk: { ...config.risk, priceCollarBps: 2_000, maxOpenOrders: 500, maxOrdersPerMinute: 5_000 }, log: { level: 'warn' } }))
}

const statusOf = async (desk: Running): Promise<{ readonly state: string; readonly liveOrders: number }> => {
  const { url } = JSON.parse(await desk.firstLine) as { url: string }
  return (await (await fetch(`${url.replace(/\/$/, '')}/api/desk`)).json()) as { state: string; liveOrders: number }
}

const measure = async (venue: string, rounds: number): Promise<readonly number[]> => {
  const folder = ownFolder()
  const exchange = await startExchange(folder.path, '--venue', venue, '--seed', 'restart')
  widen(exchange.config)
  const begin = (): Running => start(['run', '--config', exchange.config, '--port', '0', '--json'], { NIGHTDESK_HOME: path.join(folder.path, 'home') })
  let desk = begin()
  const times: number[] = []
  try {
    await until(() => statusOf(desk), ({ liveOrders }) => liveOrders >= orders, 60_000)
    while (times.length < rounds) {
      desk.child.kill('SIGKILL')
      await desk.ended
      const from = performance.now()
      desk = begin()
      while ((await statusOf(desk)).state !== 'trading') await sleep(5)
      times.push(Math.round(performance.now() - from))
      await sleep(500)
    }
    return times
  } finally {
    desk.child.kill('SIGTERM')
    await desk.ended
    await exchange.stop()
    folder.remove()
  }
}

/** The median of some restarts on either venue. */
export const restart = async (quick: boolean): Promise<readonly Figure[]> => {
  const figures: Figure[] = []
  for (const venue of ['coinbase', 'binance']) {
    const times = (await measure(venue, quick ? 1 : 5)).toSorted((a, b) => a - b)
    const median = times[Math.floor(times.length / 2)] ?? Number.NaN
    figures.push({ measure: `kill -9 to reconciled, ${orders} open orders, ${venue}`, figure: `${times.join(' ')} ms`, against: `${limitMs} ms`, ratio: median / limitMs })
  }
  return figures
}
