/** docs/conformance.md lists every call that a stranger makes. */
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.join(import.meta.dirname, '..', '..')

test('docs/conformance.md is up to date', () => {
  expect(execFileSync(process.execPath, ['scripts/conformance.ts', '--check'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('')
})
