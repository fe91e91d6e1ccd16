/** What systemd is told, by a program in place of its own that writes down what it was called with. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { serviceManager } from '../../src/adapters/systemd/service-manager.ts'
import { ManualClock, recordingLog } from '../support/clock.ts'
import { ownFolder, until } from '../support/program.ts'

let folder: ReturnType<typeof ownFolder>
beforeEach(() => { folder = ownFolder() })
afterEach(() => { folder.remove() })

const told = (): readonly string[] => (existsSync(path.join(folder.path, 'told')) ? readFileSync(path.join(folder.path, 'told'), 'utf8').trim().split('\n') : [])

const withProgram = (script: string, over: Readonly<Record<string, string>> = {}) => {
  const program = path.join(folder.path, 'systemd-notify')
  writeFileSync(program, `#!/bin/sh\n${script}\n`)
  chmodSync(program, 0o755)
  return { PATH: `${folder.path}:/usr/bin:/bin`, TOLD: path.join(folder.path, 'told'), NOTIFY_SOCKET: '/run/none', ...over }
}
const writesDown = 'echo "$@" >> "$TOLD"'

test('it hears that the service is ready, and then, three times within its patience, that it is alive', async () => {
  const clock = new ManualClock()
  const manager = serviceManager({ env: withProgram(writesDown, { WATCHDOG_USEC: '60000000' }), clock, log: recordingLog() })
  manager.ready('live, production')
  await until(async () => told(), (lines) => lines.length === 2)
  expect(told().toSorted()).toEqual(['--ready --status=live, production', 'WATCHDOG=1'])
  await clock.advance(20_000)
  await until(async () => told(), (lines) => lines.length === 3)
  manager.close()
  await clock.advance(60_000)
  expect(told().filter((line) => line === 'WATCHDOG=1')).toHaveLength(2)
})

test('without a watchdog it hears of the start alone, and without a socket nothing', async () => {
  const clock = new ManualClock()
  serviceManager({ env: withProgram(writesDown), clock, log: recordingLog() }).ready('x')
  await until(async () => told(), (lines) => lines.length === 1)
  await clock.advance(600_000)
  const { NOTIFY_SOCKET: _none, ...env } = withProgram(writesDown, { WATCHDOG_USEC: '60000000' })
  serviceManager({ env, clock, log: recordingLog() }).ready('x')
  await clock.advance(600_000)
  expect(told()).toEqual(['--ready --status=x'])
})

test('a program that fails, or is not there, is said once in the log and changes nothing', async () => {
  const clock = new ManualClock()
  const log = recordingLog()
  const env = withProgram('exit 3', { WATCHDOG_USEC: '3000000' })
  const manager = serviceManager({ env, clock, log })
  manager.ready('x')
  await until(async () => log.lines.filter(({ event }) => event === 'systemd.notTold').length, (count) => count > 0)
  for (let beat = 0; beat < 5; beat++) await clock.advance(1_000)
  manager.close()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(log.lines.filter(({ event }) => event === 'systemd.notTold').length).toBeLessThanOrEqual(2)
})
