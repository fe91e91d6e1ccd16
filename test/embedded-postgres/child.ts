import { openEmbeddedPostgres } from '../../src/adapters/embedded-postgres/embedded-postgres.ts'
import { setTimeout as delay } from 'node:timers/promises'

const server = await openEmbeddedPostgres({
  dataDir: process.argv[2] ?? '',
  host: { platform: process.platform, arch: process.arch, uid: process.getuid?.(), pid: process.pid, env: process.env },
  now: () => performance.now(),
  sleep: (ms) => delay(ms),
})
console.log(JSON.stringify({ pid: server.pid, how: server.how, runsAs: server.runsAs }))
if (process.argv[3] === 'stop') await server.stop()
else setInterval(() => undefined, 1000)
