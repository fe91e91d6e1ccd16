/** Who is believed to be the desk of a folder (src/app/desk-file.ts F1, F2). */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { birthOf } from '../../src/adapters/system/process-birth.ts'
import { readDeskFile, removeDeskFile, wasLeftBehind, writeDeskFile } from '../../src/app/desk-file.ts'
import { ownFolder } from '../support/program.ts'

let folder: ReturnType<typeof ownFolder>
let other: ChildProcess
beforeEach(() => {
  folder = ownFolder()
  other = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' })
})
afterEach(() => {
  other.kill('SIGKILL')
  folder.remove()
})

const file = (): string => path.join(folder.path, 'desk.json')
const pid = (): number => other.pid ?? 0
const says = (content: object): void => writeFileSync(file(), JSON.stringify({ url: 'http://127.0.0.1:7171', startedAt: '2026-11-21T00:00:00Z', ...content }))
const glance = () => ({ runs: readDeskFile(folder.path)?.pid, leftBehind: wasLeftBehind(folder.path) })

describe('a desk of another process', () => {
  test.skipIf(process.platform !== 'linux')('is believed while the process lives that was born with it', () => {
    says({ pid: pid(), born: birthOf(pid()) })
    expect(glance()).toEqual({ runs: pid(), leftBehind: false })
  })

  test.skipIf(process.platform !== 'linux').each([
    ['in another container, or later in this boot', (born: string) => `${born.split('/')[0]}/1`],
    ['in another boot, at the same tick', (born: string) => `00000000-0000-0000-0000-000000000000/${born.split('/')[1]}`],
  ])('whose id belongs to a process that was born %s, was left behind', (_when, otherwise) => {
    says({ pid: pid(), born: otherwise(birthOf(pid()) ?? '') })
    expect(glance()).toEqual({ runs: undefined, leftBehind: true })
  })

  test('is believed by its id alone where the platform did not say, or an older version wrote', () => {
    for (const content of [{ pid: pid() }, { pid: pid(), born: null }]) {
      says(content)
      expect(glance()).toEqual({ runs: pid(), leftBehind: false })
    }
  })

  test('whose process is gone was left behind', async () => {
    says({ pid: pid(), born: birthOf(pid()) })
    const gone = new Promise((resolve) => other.once('exit', resolve))
    other.kill('SIGKILL')
    await gone
    expect(glance()).toEqual({ runs: undefined, leftBehind: true })
  })
})

test("one's own id is never another desk, as every process of a container has the same (F2)", () => {
  says({ pid: process.pid })
  expect(glance()).toEqual({ runs: undefined, leftBehind: true })
})

test('a desk says who it is and on what it works, and takes away its own file alone', () => {
  writeDeskFile(folder.path, { url: null, store: 'PostgreSQL at db/desk', session: 'nightdesk 1 a', startedAt: '2026-11-21T00:00:00Z' })
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({ pid: process.pid, born: birthOf(process.pid) ?? null, url: null, store: 'PostgreSQL at db/desk', session: 'nightdesk 1 a', startedAt: '2026-11-21T00:00:00Z' })
  removeDeskFile(folder.path)
  expect(existsSync(file())).toBe(false)
  says({ pid: pid(), born: birthOf(pid()) ?? null })
  removeDeskFile(folder.path)
  expect(existsSync(file())).toBe(true)
})
