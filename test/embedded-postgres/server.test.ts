import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openEmbeddedPostgres } from '../../src/adapters/embedded-postgres/embedded-postgres.ts'
import { CHILD, dataDirectory, isRunning, open, optionsFor, rows, scratch } from './support.ts'


async function startDesk(dataDir: string): Promise<{ desk: ChildProcess; said: { pid: number; how: string } }> {
  const desk = spawn(process.execPath, [CHILD, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => { desk.kill('SIGKILL') })
  const [text] = (await once(desk.stdout, 'data')) as [Buffer]
  return { desk, said: JSON.parse(text.toString()) as { pid: number; how: string } }
}

async function killHard(process_: ChildProcess): Promise<void> {
  process_.kill('SIGKILL')
  await once(process_, 'exit')
}

describe('first use', () => {
  test('makes a durable server with its own password, closed to others (DB-18, DB-19)', async () => {
    const dataDir = join(await scratch(0o700), 'with spaces, "quotes" and é')
    const server = await open(dataDir)
    expect(server.how).toBe('initialised')
    expect(server.runsAs).toMatch(process.getuid?.() === 0 ? /^a user namespace \(uid \d+\)$/ : /^this user$/)
    expect(server.connection.host).toBe(join(dataDir, 'postgres', 'socket'))
    const settings = await rows(server.connection, `
      SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages,
        current_setting('synchronous_commit') AS commit, current_setting('listen_addresses') AS tcp,
        current_setting('max_connections') AS connections, current_setting('server_encoding') AS encoding,
        current_setting('lc_messages') AS locale, current_setting('timezone') AS zone, current_database() AS database`)
    expect(settings).toEqual([{ fsync: 'on', pages: 'on', commit: 'on', tcp: '', connections: '30', encoding: 'UTF8', locale: 'C', zone: 'UTC', database: 'nightdesk' }])
    const mode = async (path: string) => ((await stat(join(dataDir, path))).mode & 0o777).toString(8)
    expect(await Promise.all(['.', 'postgres', 'postgres/cluster', 'postgres/socket', 'postgres/password', 'postgres.log'].map(mode))).toEqual(['700', '700', '700', '700', '600', '600'])
    await expect(rows({ ...server.connection, password: 'wrong' }, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
    expect(await readdir(dataDir)).toEqual(['postgres', 'postgres.log'])
  })

  test('a desk killed during initdb leaves nothing in the way of the next', async () => {
    const dataDir = await dataDirectory()
    const desk = spawn(process.execPath, [CHILD, dataDir], { stdio: 'ignore' })
    while (!(await readdir(dataDir).catch(() => [])).some((name) => name.startsWith('postgres.new-'))) await optionsFor('').sleep(10)
    await optionsFor('').sleep(150)
    await killHard(desk)
    const server = await open(dataDir)
    expect(server.how).toBe('initialised')
    expect(await rows(server.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('a folder with other content is never overwritten', async () => {
    const dataDir = await dataDirectory()
    await mkdir(join(dataDir, 'postgres'), { recursive: true })
    await writeFile(join(dataDir, 'postgres', 'diary.txt'), 'mine')
    await expect(openEmbeddedPostgres(optionsFor(dataDir))).rejects.toMatchObject({ kind: 'badDirectory' })
    expect(await readFile(join(dataDir, 'postgres', 'diary.txt'), 'utf8')).toBe('mine')
  })

  test('a long relative path gets a short private socket folder, gone at the end; loopback on demand', async () => {
    const dataDir = join(await scratch(), 'x'.repeat(60), 'y'.repeat(60), 'data')
    const server = await open(relative(process.cwd(), dataDir))
    expect(server.connection.host).toMatch(/\/nightdesk-pg-[^/]{6}$/)
    expect((await stat(server.connection.host)).mode & 0o777).toBe(0o700)
    await server.stop()
    await expect(stat(server.connection.host)).rejects.toMatchObject({ code: 'ENOENT' })
    const loopback = await open(dataDir, { transport: 'tcp' })
    expect(loopback).toMatchObject({ how: 'started', connection: { host: '127.0.0.1' } })
    expect(await rows(loopback.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    await expect(rows({ ...loopback.connection, password: 'wrong' }, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
  })
})

describe('again', () => {
  test('the server outlives a desk killed with -9, the next attaches, a stop is complete, and data stays', async () => {
    const dataDir = await dataDirectory()
    const { desk, said } = await startDesk(dataDir)
    expect(said.how).toBe('initialised')
    await killHard(desk)
    const attached = await open(dataDir)
    expect(attached).toMatchObject({ how: 'attached', pid: said.pid })
    await rows(attached.connection, 'CREATE TABLE kept AS SELECT 42 AS answer')
    await attached.stop()
    await attached.stop()
    await expect.poll(() => isRunning(said.pid)).toBe(false)
    const restarted = await open(dataDir)
    expect(restarted.how).toBe('started')
    expect(restarted.runsAs).toBe(attached.runsAs)
    expect(await rows(restarted.connection, 'SELECT * FROM kept')).toEqual([{ answer: 42 }])
  })

  test('four desks at once share one server, whatever an interrupted initdb left (DB-14)', async () => {
    const dataDir = await dataDirectory()
    await mkdir(join(dataDir, 'postgres.new-0123456789ab', 'cluster', 'base'), { recursive: true })
    await writeFile(join(dataDir, 'postgres.new-0123456789ab', 'cluster', 'PG_VERSION'), '18\n')
    const all = await Promise.all([1, 2, 3, 4].map(() => open(dataDir)))
    expect(all.map(({ how }) => how).sort()).toEqual(['attached', 'attached', 'attached', 'initialised'])
    expect(new Set(all.map(({ pid }) => pid)).size).toBe(1)
    expect(await readdir(dataDir)).toEqual(['postgres', 'postgres.log'])
  })

  test('after a power loss: a killed server, its number taken by another program, committed data there; and a start that fails says why', async () => {
    const dataDir = await dataDirectory()
    const before = await open(dataDir)
    await rows(before.connection, 'CREATE TABLE kept AS SELECT 42 AS answer')
    process.kill(before.pid, 'SIGKILL')
    await expect.poll(() => isRunning(before.pid)).toBe(false)
    const pidFile = join(dataDir, 'postgres', 'cluster', 'postmaster.pid')
    const left = await readFile(pidFile, 'utf8')
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' })
    onTestFinished(() => { stranger.kill('SIGKILL') })
    await writeFile(pidFile, left.replace(/^\d+/, String(stranger.pid)))
    await writeFile(join(dataDir, 'postgres', 'socket', '.s.PGSQL.5432.lock'), `${stranger.pid}\n`)
    const after = await open(dataDir)
    expect(after.how).toBe('started')
    expect(await rows(after.connection, 'SELECT * FROM kept')).toEqual([{ answer: 42 }])
    expect(await isRunning(stranger.pid ?? 0)).toBe(true)
    await after.stop()
    await rm(join(dataDir, 'postgres', 'cluster', 'global', 'pg_control'))
    const failure = openEmbeddedPostgres(optionsFor(dataDir))
    await expect(failure).rejects.toMatchObject({ kind: 'cannotStart', message: expect.stringContaining('pg_control') as unknown })
  })
})
