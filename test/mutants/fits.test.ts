/** A planted bug that fits nowhere catches nothing, and would be noticed only when it is planted. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { mutants } from './mutants.ts'

const root = path.join(import.meta.dirname, '../..')

test.each(mutants.map(({ id, edits }) => ({ id, edits })))('the planted bug $id fits one place of the program, and names one bug', ({ id, edits }) => {
  for (const { file, from, to } of edits) {
    expect(readFileSync(path.join(root, file), 'utf8').split(from).length - 1, `${file}: ${from}`).toBe(1)
    expect(to).not.toBe(from)
  }
  expect(mutants.filter((one) => one.id === id)).toHaveLength(1)
})
