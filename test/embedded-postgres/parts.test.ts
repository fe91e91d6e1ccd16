import { mkdir, readFile, readdir, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fits } from '../../src/adapters/embedded-postgres/address.ts'
import { copyBinaries, locateBinaries, readyBinaries } from '../../src/adapters/embedded-postgres/binaries.ts'
import { linkLibraries } from '../../src/adapters/embedded-postgres/library-links.ts'
import { disownPidFile, dropEmptyPidFile, findPostmaster } from '../../src/adapters/embedded-postgres/postmaster.ts'
import { boundLog, logSince, tellingLine } from '../../src/adapters/embedded-postgres/server-log.ts'
import { withStartLock } from '../../src/adapters/embedded-postgres/start-lock.ts'
import { optionsFor, scratch } from './support.ts'

const options = optionsFor('unused')

async function packageTree(): Promise<string> {
  const native = join(await scratch(), 'native')
  await mkdir(join(native, 'lib'), { recursive: true })
  await mkdir(join(native, 'bin'))
  for (const name of ['initdb', 'postgres', 'pg_ctl']) await writeFile(join(native, 'bin', name), '', { mode: 0o644 })
  await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'library')
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({ source: 'native/lib/libpq.so.5.18', target: `native/lib/${name}` }))
  const outside = { source: 'native/lib/libpq.so.5.18', target: '../outside' }
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify([...links, outside]))
  return native
}

describe('library links', () => {
  test('missing links are made, relative, and making them again changes nothing', async () => {
    const native = await packageTree()
    await linkLibraries(native)
    await linkLibraries(native)
    expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18')
    expect(await readFile(join(native, 'lib', 'libpq.so'), 'utf8')).toBe('library')
    expect(await readdir(join(native, '..'))).toEqual(['native'])
  })

  test('a dangling link is replaced', async () => {
    const native = await packageTree()
    await symlink('libpq.so.5.17', join(native, 'lib', 'libpq.so.5'))
    await linkLibraries(native)
    expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18')
  })

  test('programs get their executable bits, and a copy is complete and readable by all', async () => {
    const native = await packageTree()
    const ready = await readyBinaries({ native, version: '18.4' }, options.host, '/nowhere')
    expect(ready.native).toBe(native)
    expect((await stat(join(native, 'bin', 'postgres'))).mode & 0o777).toBe(0o755)
    const copy = await copyBinaries(ready, options.host, join(await scratch(), 'programs'))
    expect((await stat(join(copy.native, 'bin', 'initdb'))).mode & 0o777).toBe(0o755)
    expect(await readlink(join(copy.native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18')
  })

  test('a platform without a package is told how to go on', async () => {
    const failure = locateBinaries({ ...options.host, arch: 'vax' })
    await expect(failure).rejects.toMatchObject({ kind: 'missingBinaries', message: expect.stringContaining('store.url') as unknown })
  })
})

describe('the start lock', () => {
  test('one worker at a time, and no trace afterwards', async () => {
    const dir = await scratch()
    let inside = 0
    const work = async () => {
      inside += 1
      expect(inside).toBe(1)
      await options.sleep(10)
      inside -= 1
    }
    await Promise.all(Array.from({ length: 8 }, () => withStartLock(join(dir, 'lock'), options, 5000, work)))
    expect(await readdir(dir)).toEqual([])
  })

  test.each([
    ['a dead process', '2147483646 somewhen token'],
    ['this process number in another life', `${process.pid} another-boot/1 token`],
    ['nothing readable', ''],
  ])('a lock left by %s is set aside', async (_name, left) => {
    const path = join(await scratch(), 'lock')
    await writeFile(path, left)
    expect(await withStartLock(path, options, 1000, () => Promise.resolve('worked'))).toBe('worked')
  })

  test('a living holder is waited for, then reported', async () => {
    const path = join(await scratch(), 'lock')
    await withStartLock(path, options, 1000, async () => {
      await expect(withStartLock(path, options, 80, () => Promise.resolve())).rejects.toMatchObject({ kind: 'busy' })
    })
  })
})

test('an empty postmaster.pid, of a server killed before it wrote, is taken away; one that is filled meanwhile stays', async () => {
  const cluster = await scratch()
  const file = join(cluster, 'postmaster.pid')
  const nothing = async (): Promise<void> => undefined
  await dropEmptyPidFile(cluster, nothing)
  await writeFile(file, '')
  await dropEmptyPidFile(cluster, () => writeFile(file, '42\n'))
  expect(await readFile(file, 'utf8')).toBe('42\n')
  await writeFile(file, '')
  await dropEmptyPidFile(cluster, nothing)
  expect(await readdir(cluster)).not.toContain('postmaster.pid')
})

test('another program with the number in postmaster.pid is no server, and the file keeps its other lines', async () => {
  const cluster = await scratch()
  await writeFile(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1\n5432\n/tmp\n\n 1 2\nready   \n`)
  expect(await findPostmaster(cluster, options.host)).toBeUndefined()
  await disownPidFile(cluster)
  expect(await readFile(join(cluster, 'postmaster.pid'), 'utf8')).toBe(`2147483646\n${cluster}\n1\n5432\n/tmp\n\n 1 2\nready   \n`)
})

test('a socket path must fit the operating system', () => {
  expect(fits('/var/lib/desk/postgres/socket')).toBe(true)
  expect(fits(`/${'x'.repeat(88)}`)).toBe(true)
  expect(fits(`/${'x'.repeat(89)}`)).toBe(false)
  expect(fits(`/${'é'.repeat(50)}`)).toBe(false)
})

test('a large log is cut and kept once; the fatal line is the telling one', async () => {
  const log = join(await scratch(), 'postgres.log')
  await writeFile(log, Buffer.alloc(9 * 1024 * 1024, 'x'))
  await boundLog(log)
  expect((await stat(log)).size).toBe(0)
  expect((await stat(`${log}.1`)).size).toBe(9 * 1024 * 1024)
  await writeFile(log, 'old\n2026 FATAL:  no room\nHINT:  make room\n')
  expect(tellingLine(await logSince(log, 4))).toBe('2026 FATAL:  no room')
})
