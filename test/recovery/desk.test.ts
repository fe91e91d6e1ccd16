/** The real desk, the real sandbox, real PostgreSQL: what the world does to them, and what is left afterwards. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ownFolder, runToEnd, startDesk, startExchange, until, type Exchange, type RunningDesk } from '../support/program.ts'

interface Connection {
  readonly name: string
  readonly state: string
  readonly fallback: string
  readonly polls: number
  readonly reconnects: number
}

let folder: ReturnType<typeof ownFolder>
let exchange: Exchange
let home: string
let desk: RunningDesk | undefined

const look = async <T>(where: string): Promise<T> => {
  if (desk === undefined) throw new Error('no desk runs')
  return (await desk.get(where)) as T
}
const connections = (): Promise<readonly Connection[]> => look('/debug/connections')
const status = async () => JSON.parse((await runToEnd(['status', '--json'], { NIGHTDESK_HOME: home })).out) as Record<string, unknown>
const pairs = (state: string) => look<readonly { address: string }[]>(`/api/trade-pairs?state=${state}&limit=1000`)
const audit = async () => {
  const ended = await runToEnd(['audit', '--config', exchange.config, '--settle', '20', '--json'], { NIGHTDESK_HOME: home })
  return { code: ended.code, result: JSON.parse(ended.out) as Record<string, unknown> }
}
const clean = { code: 0, result: { duplicates: 0, orphans: 0, missingFills: 0, phantomFills: 0, uncovered: 0, balanced: true, clean: true, differences: [] } }

beforeEach(async () => {
  folder = ownFolder()
  home = path.join(folder.path, 'home')
  exchange = await startExchange(folder.path, '--seed', '7')
  desk = await startDesk(exchange.config, home)
  await until(() => pairs('closed'), (closed) => closed.length >= 1)
})

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') console.error(desk?.complaints().slice(-6_000))
  desk?.child.kill('SIGTERM')
  await desk?.ended
  await exchange.stop()
  folder.remove()
})

describe('a running desk', { timeout: 240_000 }, () => {
  test('goes on by REST when every socket is dropped, and is live again afterwards; no pair is disturbed', async () => {
    const before = await look<readonly { address: string }[]>('/api/trade-pairs?limit=1000')
    await exchange.fault({ name: 'refuseConnections', durationMs: 2_500, target: 'market' })
    await exchange.fault({ name: 'refuseConnections', durationMs: 2_500, target: 'user' })
    await exchange.fault({ name: 'dropSockets' })
    const lost = await until(connections, (all) => all.length === 2 && all.every(({ state }) => state === 'backingOff' || state === 'connecting'))
    expect(lost.map(({ fallback }) => fallback)).toEqual(['polling', 'polling'])
    await until(() => look<readonly { source: string; state: string }[]>('/debug/prices'), ([price]) => price?.source === 'rest' && price.state === 'live')
    const back = await until(connections, (all) => all.every(({ state }) => state === 'live'))
    expect(back.every(({ reconnects, fallback }) => reconnects >= 1 && fallback === 'off')).toBe(true)
    const after = await look<readonly { address: string; state: string }[]>('/api/trade-pairs?limit=1000')
    const states = new Map(after.map((pair) => [pair.address, pair.state]))
    expect(before.map((pair) => states.get(pair.address)).filter((state) => state === undefined || state === 'held')).toEqual([])
    expect(await audit()).toEqual(clean)
  })

  test('is killed again and again, started again, and continues every pair', async () => {
    for (const afterMs of [0, 40, 150, 400]) {
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      const { pid } = await status()
      process.kill(Number(pid), 'SIGKILL')
      await desk?.ended
      desk = await startDesk(exchange.config, home)
    }
    const closedBefore = (await pairs('closed')).length
    await until(() => pairs('closed'), (closed) => closed.length > closedBefore, 30_000)
    expect(await pairs('held')).toEqual([])
    expect(await audit()).toEqual(clean)
  })

  test('finds out what became of creates whose answers were lost, and sends none again', async () => {
    await exchange.fault({ name: 'loseNextAnswer', target: 'create', count: 3 })
    await exchange.fault({ name: 'loseNextRequest', target: 'create', count: 2 })
    await exchange.fault({ name: 'answer5xx', target: 'create', count: 2, variant: 'created' })
    const closedBefore = (await pairs('closed')).length
    await until(() => pairs('closed'), (closed) => closed.length >= closedBefore + 4, 90_000)
    await until(() => look<readonly unknown[]>('/api/orders?state=resolving'), (orders) => orders.length === 0, 20_000)
    expect(await audit()).toEqual(clean)
  })

  test('starts its database again when that is killed, and goes on as if nothing had been', async () => {
    const postmaster = Number(readFileSync(path.join(home, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(postmaster, 'SIGKILL')
    const closedBefore = await until(() => pairs('closed').catch(() => []), (closed) => closed.length > 0, 30_000)
    await until(() => pairs('closed'), (closed) => closed.length > closedBefore.length, 30_000)
    expect(await status()).toMatchObject({ running: true, pid: desk?.pid })
    expect(await pairs('held')).toEqual([])
    expect(await audit()).toEqual(clean)
  })

  test('lets no second desk onto its store, and works on (DB-14, PR-02)', async () => {
    const second = await runToEnd(['run', '--config', exchange.config, '--port', '0'], { NIGHTDESK_HOME: home })
    expect(second.code).toBe(75)
    expect(second.err).toMatch(/another desk works on this store/)
    expect(await status()).toMatchObject({ running: true, pid: desk?.pid, state: 'trading' })
  })

  test('refuses a port that is taken before anything is traded (69)', async () => {
    const port = new URL(desk?.url ?? '').port
    const second = await runToEnd(['run', '--config', exchange.config, '--port', port], { NIGHTDESK_HOME: path.join(folder.path, 'other') })
    expect(second).toMatchObject({ code: 69, out: '' })
    expect(second.err).toMatch(/port \d+ on 127\.0\.0\.1 is in use/)
  })

  test('tells of any order its state, since when, its history with causes, what may happen next, and its deadlines', async () => {
    const [order] = await look<readonly { address: string }[]>('/api/orders?limit=1')
    const actor = await look<Record<string, unknown> & { history: readonly { event: string; to: string }[] }>(`/debug/actors/${order?.address}`)
    expect(actor).toMatchObject({ address: order?.address, machine: 'order', version: 2, state: expect.any(String), since: expect.any(Number), context: expect.objectContaining({ clientOrderId: expect.any(String) }), deadlines: expect.any(Array), waitsFor: expect.any(Array) })
    expect(actor.history[0]).toMatchObject({ event: 'created', to: 'submitting' })
    expect(actor['next']).toContain('reported')
  })
})
