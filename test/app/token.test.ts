/** The token of a data directory: one, whoever makes it. */
import { execFile } from 'node:child_process'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownToken, readToken } from '../../src/app/token.ts'
import { ownFolder } from '../support/program.ts'

const made = path.join(import.meta.dirname, '../../src/app/token.ts')
const run = promisify(execFile)
let folder: ReturnType<typeof ownFolder>
beforeEach(() => { folder = ownFolder() })
afterEach(() => folder.remove())

test('is the same for every process that makes it in the same instant, and nothing else is left behind', async () => {
  const home = path.join(folder.path, 'home')
  const script = `import { ownToken } from ${JSON.stringify(made)}; while (Date.now() < ${Date.now() + 1_500}); console.log(ownToken(${JSON.stringify(home)}))`
  const tokens = await Promise.all(Array.from({ length: 6 }, async () => (await run(process.execPath, ['--input-type=module', '--eval', script])).stdout.trim()))
  expect(new Set(tokens).size).toBe(1)
  expect(tokens[0]).toMatch(/^[\w-]{43}$/)
  expect([readdirSync(home), readToken(home), statSync(path.join(home, 'token')).mode & 0o777]).toEqual([['token'], tokens[0], 0o600])
})

test('is made anew where the file is empty', () => {
  writeFileSync(path.join(folder.path, 'token'), '')
  const token = ownToken(folder.path)
  expect([token.length, readToken(folder.path), readdirSync(folder.path)]).toEqual([43, token, ['token']])
})
