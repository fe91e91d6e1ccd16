import { execFile } from 'node:child_process'
import { chmod, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { openEmbeddedPostgres } from '../../src/adapters/embedded-postgres/embedded-postgres.ts'
import { CHILD, open, optionsFor, rows, scratch } from './support.ts'

describe.runIf(process.getuid?.() === 0 && process.platform === 'linux')('root', () => {
  test('without namespaces a dedicated user serves from outside the closed folder', async () => {
    const dataDir = join(await scratch(0o700), 'data')
    const dedicatedRoot = join(await scratch(), 'programs')
    const first = await open(dataDir, { unshare: 'never', dedicatedRoot })
    expect(first).toMatchObject({ how: 'initialised', runsAs: expect.stringMatching(/^(user nightdesk-pg|uid 60606)$/) as unknown })
    expect(dirname(dirname(first.connection.host))).toBe(dedicatedRoot)
    const { uid } = await stat(`/proc/${first.pid}`)
    expect(uid).not.toBe(0)
    expect((await stat(join(first.connection.host, '..', 'cluster'))).uid).toBe(uid)
    await rows(first.connection, 'CREATE TABLE kept AS SELECT 42 AS answer')
    expect((await open(dataDir)).how).toBe('attached')
    await first.stop()
    const again = await open(dataDir, { dedicatedRoot })
    expect(again).toMatchObject({ how: 'started', runsAs: first.runsAs })
    expect(await rows(again.connection, 'SELECT * FROM kept')).toEqual([{ answer: 42 }])
    await expect(openEmbeddedPostgres(optionsFor(dataDir, { host: { ...optionsFor('').host, uid: 1000 } }))).rejects.toMatchObject({ kind: 'notPermitted' })
  })

  test("an ordinary user's desk, and root opening that user's place later", async () => {
    const dir = await scratch()
    await chmod(dir, 0o777)
    const dataDir = join(dir, 'data')
    const run = promisify(execFile)
    const { stdout } = await run('setpriv', ['--reuid=1000', '--regid=1000', '--clear-groups', process.execPath, CHILD, dataDir, 'stop'], { cwd: '/' })
    expect(JSON.parse(stdout)).toMatchObject({ how: 'initialised', runsAs: 'this user' })
    const asRoot = await open(dataDir, { dedicatedRoot: join(dir, 'programs') })
    expect(asRoot.how).toBe('started')
    expect((await stat(`/proc/${asRoot.pid}`)).uid).toBe(1000)
  })
})
