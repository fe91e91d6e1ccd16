/** docs/ccxt.md lists what is weaker through ccxt as the program would tell it. */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '..', '..')

test('docs/ccxt.md is up to date', () => {
  expect(execFileSync(process.execPath, ['scripts/ccxt-weaknesses.ts', '--check'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('')
})
