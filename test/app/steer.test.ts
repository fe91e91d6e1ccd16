/** Commands of the command line to a real desk, and the kill switch by every way that there is. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownFolder, runToEnd, startDesk, startExchange, until, type Exchange, type RunningDesk } from '../support/program.ts'

let folder: ReturnType<typeof ownFolder>
let home: string
let exchange: Exchange
let desk: RunningDesk
beforeAll(async () => {
  folder = ownFolder()
  home = path.join(folder.path, 'home')
  exchange = await startExchange(folder.path, '--seed', 'steer', '--speed', '5')
  desk = await startDesk(exchange.config, home)
}, 60_000)
afterAll(async () => {
  desk.child.kill('SIGTERM')
  await desk.ended
  await exchange.stop()
  folder.remove()
})

const nightdesk = async (...args: readonly string[]) => {
  const { code, out, err } = await runToEnd(args, { NIGHTDESK_HOME: home })
  return { code, out: out.trim(), err: err.trim() }
}
interface Glance { readonly state: string; readonly kill: string; readonly trading: { readonly state: string; readonly because: string | null }; readonly liveOrders: number }
const glance = () => desk.get('/api/desk') as Promise<Glance>
const working = async (): Promise<number> => {
  const { orders } = (await (await fetch(`${exchange.control}/ledger`)).json()) as { orders: readonly { state: string }[] }
  return orders.filter(({ state }) => state === 'OPEN' || state === 'open' || state === 'PENDING' || state === 'pending').length
}
const restart = async (): Promise<void> => {
  desk = await startDesk(exchange.config, home)
}

describe('a desk that runs', { timeout: 90_000 }, () => {
  test('is paused and resumed by a person, and says what changed', async () => {
    await until(glance, ({ state }) => state === 'trading')
    expect(await nightdesk('pause', '--reason', 'lunch')).toEqual({ code: 0, out: 'pause: desk was trading, is paused', err: '' })
    const { code, out } = await nightdesk('resume', '--reason', 'back', '--json', '--id', 'back-1')
    expect([code, JSON.parse(out)]).toEqual([0, { id: 'back-1', again: false, record: expect.objectContaining({ kind: 'resume', before: 'paused', after: 'trading', reason: 'back' }) as object }])
    expect((await nightdesk('resume', '--reason', 'back', '--id', 'back-1')).out).toBe('resume: desk was paused, is trading (carried out before)')
    const audit = (await desk.get('/api/audit?limit=1000')) as readonly { kind: string; reason: string; commandId: string | null }[]
    expect(audit.filter(({ commandId }) => commandId !== null).map(({ kind, reason }) => [kind, reason])).toEqual([['resume', 'back'], ['pause', 'lunch']])
    expect((await nightdesk('audit-log', '--kind', 'pause', '--json')).out).toContain('"reason":"lunch"')
    expect((await nightdesk('audit-log', '--verify')).out).toMatch(/^\d+ decisions, the chain is whole; the last is [0-9a-f]{64}$/)
  })

  test('refuses what cannot be done, with its reason and exit code 1', async () => {
    expect(await nightdesk('hold', 'nobody', '--reason', 'odd')).toEqual({ code: 1, out: '', err: 'nightdesk: there is no open trade pair nobody' })
    expect(await nightdesk('unkill', '--reason', 'odd')).toEqual({ code: 1, out: '', err: 'nightdesk: the kill switch is not thrown' })
    expect((await nightdesk('hold', '../x', '--reason', 'odd')).code).toBe(2)
    expect((await nightdesk('pause')).err).toContain("required option '--reason <words>' not specified")
  })

  test('sums up its round trips as its totals by day do, and takes no capital that is none', async () => {
    const totals = await until(async () => (await nightdesk('pnl', '--json')).out, (out) => out !== '')
    const { code, out } = await nightdesk('performance', '--json', '--capital', '700')
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ trades: expect.objectContaining({ losses: 0, winRate: 1 }) as object, curve: expect.objectContaining({ maxDrawdown: 0 }) as object, tradeHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string }) as object])
    const { profit, trades } = JSON.parse(out) as { profit: string; trades: { trades: number } }
    const before = totals.split('\n').map((line) => JSON.parse(line) as { pairs: number; profit: string })
    expect(trades.trades).toBeGreaterThanOrEqual(before.reduce((sum, { pairs }) => sum + pairs, 0))
    expect(Number(profit)).toBeGreaterThanOrEqual(before.reduce((sum, day) => sum + Number(day.profit), 0) - 1e-9)
    expect((await nightdesk('performance')).out).toMatch(/^closed +\d+ round trips, 20\d\d-\d\d-\d\d to [^]*\ntrade hash +[0-9a-f]{64}$/)
    expect(await nightdesk('performance', '--capital', '0')).toMatchObject({ code: 2, err: expect.stringContaining('an amount above 0, such as 700') as string })
  })

  test('previews an order, begins a round trip, and tells what became of it', async () => {
    await until(glance, ({ state }) => state === 'trading')
    const prices = async () => (await desk.get('/debug/prices')) as readonly { bid: string | null; state: string }[]
    const [{ bid } = { bid: null }] = await until(prices, ([first]) => first?.state === 'live')
    const price = (Math.floor(Number(bid) * 99) / 100).toFixed(2)
    const { code, out } = await nightdesk('preview', 'BTC-USD', 'buy', '0.001', price, '--json')
    expect([code, JSON.parse(out)]).toEqual([0, { gate: null, venue: { kind: 'possible', fee: expect.any(String) as string, total: expect.any(String) as string }, venueFailed: null }])
    expect(JSON.parse((await nightdesk('preview', 'BTC-USD', 'buy', '100', price, '--json')).out)).toMatchObject({ gate: { rule: 'orderNotional' } })
    expect((await nightdesk('preview', 'BTC-USD', 'buy', 'much', price)).code).toBe(2)
    expect((await nightdesk('buy', 'BTC-USD', '0.001', price, '--target-bps', '3', '--reason', 'a try')).out).toMatch(/^buy: trade-pair\/\S+ was new, is buying\.pending$/)
    const orders = async () => (await desk.get('/api/orders?limit=1000')) as readonly { clientOrderId: string; price: string }[]
    const own = await until(async () => (await orders()).find((order) => Number(order.price) === Number(price)), (found) => found !== undefined)
    const answer = await nightdesk('execution', own?.clientOrderId ?? '', '--json')
    expect([answer.code, answer.err]).toEqual([0, ''])
    expect(JSON.parse(answer.out)).toMatchObject({ clientOrderId: own?.clientOrderId, side: 'buy', wanted: '0.001', arrival: { bid: expect.any(String) as string, ask: expect.any(String) as string } })
    expect(await nightdesk('execution', 'nobody')).toEqual({ code: 1, out: '', err: 'nightdesk: there is no order nobody' })
  })

  test('keeps its token where only its owner reads it', () => {
    expect(statSync(path.join(home, 'token')).mode & 0o777).toBe(0o600)
    expect(readFileSync(path.join(home, 'token'), 'utf8')).toMatch(/^[\w-]{43}\n$/)
  })
})

describe('why', { timeout: 60_000 }, () => {
  test('says for people and for programs what keeps entries back, and what does not', async () => {
    await until(glance, ({ state }) => state === 'trading')
    expect((await nightdesk('why')).out).toMatch(/^trading {6}active\ndesk {9}trading\nkill switch {2}off\nBTC-USD {6}takes entries \(online at the venue; price live, \d+ ms old\)/)
    await nightdesk('pause', '--reason', 'lunch')
    const { code, out } = await nightdesk('why', 'BTC-USD', '--json')
    expect([code, JSON.parse(out)]).toMatchObject([0, { entries: false, trading: { state: 'reducing' }, desk: { state: 'paused', pausedBecause: 'lunch' }, breakers: [], instruments: [{ instrument: 'BTC-USD', because: ['the desk is paused'] }] }])
    expect((await nightdesk('why')).out).toContain('paused       lunch')
    await nightdesk('resume', '--reason', 'back')
    expect(await nightdesk('why', 'DOGE-USD')).toEqual({ code: 1, out: '', err: 'nightdesk: this desk does not trade DOGE-USD' })
  })

  test('the breakers have their rows, and one that is clear is not reset', async () => {
    const rows = (await desk.get('/debug/actors?kind=breaker')) as readonly { address: string; state: string }[]
    expect(rows.map(({ address, state }) => `${address} ${state}`).toSorted((one, other) => (one < other ? -1 : 1))).toEqual([
      'breaker/dailyLoss clear',
      'breaker/drawdown clear',
      'breaker/journalLag clear',
      'breaker/refusals:BTC-USD clear',
      'breaker/staleData:BTC-USD clear',
    ])
    expect(await nightdesk('reset-breaker', 'dailyLoss', '--reason', 'odd')).toEqual({ code: 1, out: '', err: 'nightdesk: dailyLoss is not tripped' })
  })
})

describe('kill where no desk would ever hear of it', { timeout: 60_000 }, () => {
  const killIn = (where: string) => runToEnd(['kill', '--level', 'orders', '--reason', 'smoke'], { NIGHTDESK_HOME: where })

  test.each([['a folder that is not there', false], ['a folder of something else', true]])('says that nothing is killed, and leaves no letter: %s', async (what, isThere) => {
    const where = path.join(folder.path, what.replaceAll(' ', '-'))
    if (isThere) mkdirSync(where)
    expect(await killIn(where)).toMatchObject({ code: 69, out: '', err: `nightdesk: no desk has ever run in ${where}: nothing is killed; set NIGHTDESK_HOME to the desk's folder\n` })
    expect(existsSync(path.join(where, 'kill.json'))).toBe(false)
  })

  test.skipIf(process.getuid?.() !== 0)('says so to a user who may not write there', () => {
    const nobody = { uid: 65_534, gid: 65_534 }
    const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL('../../bin/nightdesk.js', import.meta.url)), 'kill', '--level', 'orders', '--reason', 'smoke'], { ...nobody, env: { ...process.env, NIGHTDESK_HOME: folder.path }, encoding: 'utf8' })
    expect({ status, stdout, stderr }).toEqual({ status: 69, stdout: '', stderr: `nightdesk: ${folder.path} cannot be written to (EACCES): nothing is killed; do it as the desk's own user, or set NIGHTDESK_HOME to the desk's folder\n` })
  })

  test('says that nothing is killed where the letter cannot be written', async () => {
    const where = path.join(folder.path, 'unwritable')
    mkdirSync(path.join(where, 'kill.json.new'), { recursive: true })
    writeFileSync(path.join(where, 'token'), 'a token')
    expect(await killIn(where)).toMatchObject({ code: 69, out: '', err: `nightdesk: ${where} cannot be written to (EISDIR): nothing is killed; do it as the desk's own user, or set NIGHTDESK_HOME to the desk's folder\n` })
  })
})

describe('the kill switch', { timeout: 120_000 }, () => {
  const lifted = async (): Promise<void> => {
    expect((await nightdesk('unkill', '--reason', 'a drill')).code).toBe(0)
    await until(glance, ({ trading }) => trading.state === 'active')
    await until(working, (count) => count > 0, 30_000)
  }

  test('by command line: recorded, effective, still on after a kill of the process and a restart', async () => {
    expect(await nightdesk('kill', '--level', 'orders', '--reason', 'smoke in the room')).toMatchObject({ code: 0, out: expect.stringMatching(/^kill: kill-switch was new, is orders$/) as string })
    await until(working, (count) => count === 0, 30_000)
    expect((await glance()).trading).toMatchObject({ state: 'halted', because: expect.stringContaining('smoke in the room') as string })
    desk.child.kill('SIGKILL')
    await desk.ended
    expect(JSON.parse((await nightdesk('status', '--json')).out)).toMatchObject({ running: false, kill: 'orders' })
    await restart()
    await until(glance, ({ state, kill }) => state === 'trading' && kill === 'orders')
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(await working()).toBe(0)
    await lifted()
  })

  test('by signal: SIGUSR2 stops every order', async () => {
    process.kill(desk.pid, 'SIGUSR2')
    await until(working, (count) => count === 0, 30_000)
    await until(glance, ({ kill }) => kill === 'orders')
    await lifted()
  })

  test('by file, while it runs; one that says nothing stops every order', async () => {
    writeFileSync(path.join(home, 'kill.json'), '')
    await until(glance, ({ kill }) => kill === 'orders')
    await until(async () => existsSync(path.join(home, 'kill.json')), (there) => !there)
    await lifted()
  })

  test('by command line while no desk runs: a letter waits, and the next desk takes it before it trades', async () => {
    desk.child.kill('SIGTERM')
    await desk.ended
    const { orders: before } = (await (await fetch(`${exchange.control}/ledger`)).json()) as { orders: readonly unknown[] }
    const told = await nightdesk('kill', '--level', 'entries', '--reason', 'not tonight')
    expect([told.code, told.out]).toEqual([0, `${path.join(home, 'kill.json')} is written: a desk that runs takes it within half a second, the next one before it trades`])
    expect(told.err).toMatch(/^nightdesk: no desk runs in /)
    expect(JSON.parse((await nightdesk('status', '--json')).out)).toMatchObject({ running: false, killWaiting: true })
    expect(await nightdesk('pause', '--reason', 'x')).toMatchObject({ code: 69 })
    expect(await nightdesk('why')).toMatchObject({ code: 69, err: expect.stringMatching(/^nightdesk: no desk runs in .*: start it with /) as string })
    await restart()
    await until(glance, ({ state, kill }) => state === 'trading' && kill === 'entries')
    await until(async () => existsSync(path.join(home, 'kill.json')), (there) => !there)
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    const { orders: after } = (await (await fetch(`${exchange.control}/ledger`)).json()) as { orders: readonly { side: string }[] }
    expect(after.slice(before.length).filter(({ side }) => side?.toLowerCase() === 'buy')).toEqual([])
    const audit = (await desk.get('/api/audit?kind=kill')) as readonly { kind: string; who: string; reason: string; id: string }[]
    expect(audit[0]).toMatchObject({ kind: 'kill', reason: 'not tonight' })
    expect(new Set(audit.map((record) => JSON.stringify(record))).size).toBe(audit.length)
    await lifted()
  })

  test('flatten sells what there is at the venue, and nothing is left working there', async () => {
    await until(async () => ((await desk.get('/api/trade-pairs?state=sellPlaced.pending,sellPlaced.partial')) as readonly unknown[]).length, (count) => count > 0, 60_000)
    expect((await nightdesk('kill', '--level', 'flatten', '--reason', 'out')).code).toBe(0)
    await until(working, (count) => count === 0, 30_000)
    await until(async () => ((await desk.get('/api/trade-pairs?finished=false')) as readonly unknown[]).length, (count) => count === 0, 60_000)
    const audit = await nightdesk('audit', '--config', exchange.config, '--settle', '20', '--json')
    expect(JSON.parse(audit.out)).toMatchObject({ clean: true, uncovered: 0, balanced: true })
  })
})
