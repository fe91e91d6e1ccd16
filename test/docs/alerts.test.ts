/** docs/alerts.md is the catalogue's runbook, and every alert of the catalogue is raised somewhere. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { alertCodes, ruleOf } from '../../src/domain/alert-catalogue.ts'

const root = path.join(import.meta.dirname, '..', '..')
const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('alert-catalogue.ts'))
  .map((name) => readFileSync(path.join(root, 'src', name), 'utf8'))
  .join('\n')

test('docs/alerts.md is up to date', () => {
  expect(execFileSync(process.execPath, ['scripts/alerts.ts', '--check'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('')
})

test.each(alertCodes)('%s is raised by the program, and its row of the runbook is whole', (code) => {
  expect(sources).toContain(`'${code}'`)
  const { meaning, remedy } = ruleOf(code)
  for (const text of [meaning, remedy]) expect(text).toMatch(/^[^|\n]{7,}\.$/)
})
