/** The paper desk as a user runs it: live prices, simulated orders, no key, over sudden deaths (PR-18, L of the requirements). */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import type { VenueName } from '../../src/app/venues/names.ts'
import { ownFolder, runToEnd, start, startExchange, until, type Exchange, type Running } from '../support/program.ts'

let folder: ReturnType<typeof ownFolder>
let exchange: Exchange
let running: Running | undefined
beforeEach(() => {
  folder = ownFolder()
})
afterEach(async () => {
  running?.child.kill('SIGKILL')
  await running?.ended
  running = undefined
  await exchange.stop()
  folder.remove()
})

/** A paper configuration for a running sandbox: no key anywhere. */
const configure = async (venue: VenueName): Promise<string> => {
  exchange = await startExchange(folder.path, '--venue', venue, '--seed', 'paper', '--speed', '20')
  const live = parse(readFileSync(exchange.config, 'utf8')) as { venue: { keyFile?: string } }
  const { keyFile: _none, ...market } = live.venue
  const file = path.join(folder.path, 'paper.yaml')
  writeFileSync(file, stringify({ ...live, mode: 'paper', readOnly: true, venue: market, paper: { balances: { USD: '100000', USDT: '100000' }, makerBps: 0, takerBps: 5, latencyMs: 20, jitterMs: 20, participation: 1 }, log: { level: 'warn' } }))
  return file
}

const home = (): string => path.join(folder.path, 'home')
const begin = async (config: string, env: Readonly<Record<string, string>> = {}): Promise<string> => {
  running = start(['run', '--config', config, '--port', '0', '--json'], { NIGHTDESK_HOME: home(), ...env })
  return (JSON.parse(await running.firstLine) as { url: string }).url
}
const rows = async (url: string, where: string): Promise<readonly Record<string, unknown>[]> => (await (await fetch(`${url}${where}`)).json()) as readonly Record<string, unknown>[]
const closed = async (url: string): Promise<number> => (await rows(url, '/api/trade-pairs?state=closed&limit=1000')).length
const ordersAtTheVenue = async (): Promise<number> => ((await (await fetch(`${exchange.control}/ledger`)).json()) as { orders: readonly unknown[] }).orders.length

describe.each(['coinbase', 'binance'] as const)('on %s', (venue) => {
  test('closes pairs on live prices; the venue never hears of an order; a desk that is killed goes on with every one', { timeout: 120_000 }, async () => {
    const config = await configure(venue)
    const first = await begin(config)
    expect(await (await fetch(`${first}/api/desk`)).json()).toMatchObject({ mode: 'paper', environment: 'sandbox' })
    const before = await until(() => closed(first), (count) => count >= 1, 60_000)
    running?.child.kill('SIGKILL')
    await running?.ended
    const second = await begin(config)
    await until(() => closed(second), (count) => count > before, 60_000)
    expect(await rows(second, '/api/trade-pairs?state=held')).toEqual([])
    const runs = await rows(second, '/api/reconciliations')
    expect(runs.at(-1)).toMatchObject({ outcome: 'agreed' })
    expect(await ordersAtTheVenue()).toBe(0)
    running?.child.kill('SIGTERM')
    expect((await running?.ended)?.code).toBe(0)
    // The rows of paper never meet those of real orders.
    const mixed = await runToEnd(['run', '--config', exchange.config, '--port', '0'], { NIGHTDESK_HOME: home() })
    expect([mixed.code, mixed.err]).toEqual([78, expect.stringContaining(`this store belongs to paper-${venue}, sandbox, account paper-`) as string])
  })
})

test.each(['send.claimed', 'send.written'] as const)('killed at %s, the next desk finds out what became of it, and nobody has to look', { timeout: 90_000 }, async (point) => {
  const config = await configure('coinbase')
  running = start(['run', '--config', config, '--port', '0', '--json'], { NIGHTDESK_HOME: home(), NIGHTDESK_FAILPOINTS: `${point}=kill@2` })
  expect((await running.ended).signal).toBe('SIGKILL')
  const url = await begin(config)
  await until(() => closed(url), (count) => count >= 1, 60_000)
  await until(() => rows(url, '/api/orders?state=resolving'), (doubtful) => doubtful.length === 0)
  expect(await rows(url, '/api/trade-pairs?state=held')).toEqual([])
  expect(await ordersAtTheVenue()).toBe(0)
})
