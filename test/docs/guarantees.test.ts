/** docs/guarantees.md is true: every invariant is held by tests that exist, every fault is met or says why not. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { holdersOf, paragraphOf } from '../support/pages.ts'

const root = path.join(import.meta.dirname, '..', '..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const page = read('docs/guarantees.md')
const invariants = Array.from({ length: 16 }, (_, index) => `I${index + 1}`)

describe('docs/guarantees.md', () => {
  test('names every invariant once, in order', () => {
    expect([...page.matchAll(/^- \*\*(I\d+)\*\* /gm)].map(([, id]) => id)).toEqual(invariants)
  })

  test.each(invariants)('%s has a mechanism, and tests that exist', (id) => {
    const paragraph = paragraphOf(page, id)
    expect(paragraph).toContain('*Mechanism:*')
    const holders = holdersOf(paragraph)
    expect(holders).not.toEqual([])
    expect(holders.filter(({ file, name }) => !existsSync(path.join(root, file)) || !read(file).includes(name))).toEqual([])
  })

  test('has up-to-date tables, in which every fault is met by a test or says why it is open', () => {
    expect(execFileSync(process.execPath, ['scripts/guarantees.ts', '--check'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('')
  })

  test('says what it does not cover', () => {
    expect(page).toMatch(/## Gaps\n\n- /)
  })
})
