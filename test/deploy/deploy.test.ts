/** What a server is given: units that systemd takes, commands that there are, files that there are, exit codes that mean what is said. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { exitCodes } from '../../src/app/problem.ts'

const root = path.join(import.meta.dirname, '..', '..')
const read = (...parts: readonly string[]): string => readFileSync(path.join(root, 'deploy', ...parts), 'utf8')
const units = ['nightdesk.service', 'nightdesk-backup.service', 'nightdesk-backup.timer'] as const

/** Each command of a line such as `node .../nightdesk.js run --config F`, with its options. */
const commandsIn = (text: string): readonly (readonly [command: string, options: readonly string[]])[] =>
  [...text.matchAll(/nightdesk\.js (\w+)((?: +--?[\w-]+(?: +[^\s-][^\s]*)?)*)/g)].map(([, command = '', rest = '']) => [command, [...rest.matchAll(/--[\w-]+/g)].map(([option]) => option)])

describe('the units of systemd', () => {
  test.each(units.slice(0, 2))('%s asks for commands and options that there are', (name) => {
    const commands = commandsIn(read('systemd', name))
    expect(commands.length).toBeGreaterThan(0)
    for (const [command, options] of commands) {
      const help = execFileSync(process.execPath, [path.join(root, 'bin', 'nightdesk.js'), command, '--help'], { encoding: 'utf8' })
      for (const option of options) expect(help).toContain(option)
    }
  })

  test('are not started again after what only a person can mend', () => {
    const codes = /^RestartPreventExitStatus=(.+)$/m.exec(read('systemd', 'nightdesk.service'))?.[1]?.split(' ').map(Number)
    expect(codes).toEqual([exitCodes.usage, exitCodes.inputFile, exitCodes.credentials, exitCodes.configuration])
  })

  test('name only what the repository has', () => {
    for (const name of units) for (const [, file = ''] of read('systemd', name).matchAll(/\/opt\/nightdesk\/(bin\/\S+|docs\/\S+)/g)) expect([file, existsSync(path.join(root, file))]).toEqual([file, true])
  })

  const analyze = spawnSync('systemd-analyze', ['--version']).status === 0
  if (!analyze) console.info('skipped: the units are verified only where systemd-analyze is')
  test.skipIf(!analyze)('are taken by systemd itself', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-test-'))
    try {
      const files = units.map((name) => path.join(folder, name))
      // The program and its user are on the server, not here.
      for (const [at, name] of units.entries()) writeFileSync(files[at] ?? '', read('systemd', name).replaceAll('/opt/nightdesk', root).replace(/^(User|Group)=.*$/gm, '$1=root'))
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', ...files], { encoding: 'utf8' })
      const complaints = stderr.split('\n').filter((line) => line.includes(folder) && !/Unknown key '?(?:name )?'?(RestartSteps|RestartMaxDelaySec)/.test(line))
      expect([complaints, status]).toEqual([[], 0])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('the container', () => {
  const compose = z
    .object({ services: z.record(z.string(), z.object({ ports: z.array(z.string()).optional(), restart: z.string(), mem_limit: z.string() }).loose()), volumes: z.record(z.string(), z.unknown()), networks: z.record(z.string(), z.unknown()) })
    .loose()
    .parse(parse(read('docker', 'compose.yaml')))

  test('is reached from its own machine alone, begins again by itself and has a bound of memory', () => {
    expect(compose.services['desk']?.ports).toEqual(['127.0.0.1:7171:7171'])
    for (const service of Object.values(compose.services)) expect([service.restart, service.mem_limit]).toEqual(['unless-stopped', '1g'])
  })

  test('uses volumes and networks that it declares', () => {
    for (const service of Object.values(compose.services)) {
      for (const network of (service['networks'] as readonly string[] | undefined) ?? []) expect(Object.keys(compose.networks)).toContain(network)
      for (const volume of (service['volumes'] as readonly string[] | undefined) ?? []) if (!volume.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0])
    }
  })

  test('is built of what is there or is built before', () => {
    const copied = [...read('docker', 'Dockerfile').matchAll(/^COPY --from=build (.+) \S+$/gm)].flatMap(([, files = '']) => files.split(' '))
    expect(copied.length).toBeGreaterThan(4)
    for (const file of copied) {
      const name = file.replace('/nightdesk/', '')
      expect([name, name === 'dist' || existsSync(path.join(root, name))]).toEqual([name, true])
    }
  })
})
