/** The door of a real desk: who can reach it, with what, and that no debugger comes in. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { ownFolder, runToEnd, startDesk, startExchange, until, type Exchange, type RunningDesk } from '../support/program.ts'

let folder: ReturnType<typeof ownFolder>
let home: string
let exchange: Exchange
let desk: RunningDesk

beforeAll(async () => {
  folder = ownFolder()
  home = path.join(folder.path, 'home')
  exchange = await startExchange(folder.path, '--seed', 'door')
  const config = parse(readFileSync(exchange.config, 'utf8')) as { http: object }
  writeFileSync(exchange.config, stringify({ ...config, http: { ...config.http, host: '0.0.0.0', names: ['desk.example'] } }))
  desk = await startDesk(exchange.config, home)
}, 60_000)
afterAll(async () => {
  desk.child.kill('SIGTERM')
  await desk.ended
  await exchange.stop()
  folder.remove()
})

const token = (name: string): string => readFileSync(path.join(home, name), 'utf8').trim()
const read = async (where: string, authorization?: string): Promise<number> => (await fetch(`${desk.url}${where}`, { ...(authorization !== undefined && { headers: { authorization } }) })).status

describe('a desk that others can reach', { timeout: 60_000 }, () => {
  test('gives its page to everybody and its reads to either token, each in a file for its owner alone, and says that TLS belongs in front', async () => {
    expect(desk.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(desk.complaints()).toMatch(/others may reach it as desk\.example: put TLS in front of it; reading needs the token in .+\/token-read, and the page asks for it/)
    expect([await read('/health/live'), await read('/'), await read('/api/desk'), await read('/debug/stream')]).toEqual([200, 200, 401, 401])
    expect([await read('/api/desk', `Bearer ${token('token-read')}`), await read('/metrics', `Bearer ${token('token')}`)]).toEqual([200, 200])
    for (const name of ['token', 'token-read']) expect([name, statSync(path.join(home, name)).mode & 0o777, token(name).length]).toEqual([name, 0o600, 43])
  })

  test('answers its own command line', async () => {
    expect(await runToEnd(['positions', '--json'], { NIGHTDESK_HOME: home })).toMatchObject({ code: 0, err: '' })
    expect((await runToEnd(['why', '--json'], { NIGHTDESK_HOME: home })).code).toBe(0)
  })

  test('opens no inspector to whoever signals it', async () => {
    process.kill(desk.pid, 'SIGUSR1')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await until(() => read('/health/live'), (status) => status === 200)).toBe(200)
    expect(desk.complaints()).not.toMatch(/[Dd]ebugger/)
  })
})

describe('a configuration', { timeout: 30_000 }, () => {
  const write = (name: string, over: object): string => {
    const file = path.join(folder.path, name)
    writeFileSync(file, stringify({ ...(parse(readFileSync(exchange.config, 'utf8')) as object), ...over }))
    return file
  }

  test('that lets others in without saying under which names is refused', async () => {
    const { code, err } = await runToEnd(['config', 'check', '--config', write('open.yaml', { http: { host: '0.0.0.0' } })])
    expect([code, err.trim()]).toEqual([78, `nightdesk: ${path.join(folder.path, 'open.yaml')}: http.host 0.0.0.0 can be reached by others, and http.names does not say under which names: list them, or listen on 127.0.0.1`])
    for (const name of ['https://desk.example', 'desk.example/x', '*', '']) expect((await runToEnd(['config', 'check', '--config', write('name.yaml', { http: { host: '0.0.0.0', names: [name] } })])).code).toBe(78)
  })

  test('that trades real money is refused with a debugger in the process (SE-16)', async () => {
    const file = write('live.yaml', { environment: 'production', venue: { name: 'coinbase' }, store: { allowEmbedded: true } })
    const { code, err } = await runToEnd(['run', '--config', file], { NODE_OPTIONS: '--inspect=127.0.0.1:0', NIGHTDESK_HOME: path.join(folder.path, 'live') })
    expect(code).toBe(78)
    expect(err).toMatch(/nightdesk: a debugger is open in this process \(--inspect\), and it trades real money/)
  })
})
