/** A ban of the address outlives the process that was told of it: the next one does not call before its end (CN-09). */
import path from 'node:path'
import { expect, test } from 'vitest'
import { openEmbeddedPostgres } from '../../src/adapters/embedded-postgres/embedded-postgres.ts'
import { VenueBans } from '../../src/adapters/postgres/venue-bans.ts'
import { ownFolder, runToEnd, start, startDesk, startExchange, until } from '../support/program.ts'

interface SeenRequest {
  readonly at: string
  readonly method: string
  readonly path: string
}

const banMs = 15_000

test('a desk that is killed while it is banned and started again sends nothing until the ban is over, and trades then', { timeout: 120_000 }, async () => {
  const folder = ownFolder()
  const exchange = await startExchange(folder.path, '--venue', 'binance', '--seed', '7')
  const home = path.join(folder.path, 'home')
  const server = () =>
    openEmbeddedPostgres({
      dataDir: home,
      host: { platform: process.platform, arch: process.arch, uid: process.getuid?.(), pid: process.pid, env: process.env },
      now: () => Date.now(),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    })
  const bans = new VenueBans(async () => (await server()).connection)
  try {
    const banned = await startDesk(exchange.config, home)
    await until(() => banned.get('/api/orders?limit=10'), (orders) => (orders as readonly unknown[]).length > 0)
    await exchange.fault({ name: 'banAddress', durationMs: banMs })
    const end = await until(() => bans.until('binance'), (told) => told !== undefined)
    process.kill(banned.pid, 'SIGKILL')
    await banned.ended
    const killedAt = Date.now()
    const successor = start(['run', '--config', exchange.config, '--port', '0', '--json'], { NIGHTDESK_HOME: home })
    await successor.firstLine
    expect(Date.now()).toBeGreaterThanOrEqual(end ?? Infinity)
    const { requests } = (await (await fetch(`${exchange.control}/requests`)).json()) as { requests: readonly SeenRequest[] }
    const early = requests.filter(({ at }) => Date.parse(at) > killedAt && Date.parse(at) < (end ?? 0))
    expect(early).toEqual([])
    expect(successor.complaints()).toContain('start.banned')
    const { code, out } = await runToEnd(['audit', '--config', exchange.config, '--settle', '30', '--json'], { NIGHTDESK_HOME: home })
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('"clean":true') as string })
    successor.child.kill('SIGTERM')
    expect(await successor.ended).toMatchObject({ code: 0 })
  } finally {
    await bans.close()
    await server().then((running) => running.stop())
    await exchange.stop()
    folder.remove()
  }
})
