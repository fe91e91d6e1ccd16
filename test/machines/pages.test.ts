/** The machines' pages: drawn from the charts, and every invariant held by a test that exists. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { chartOf, machines } from '../../src/machines/chart.ts'
import { holdersOf, paragraphOf } from '../support/pages.ts'

const root = path.join(import.meta.dirname, '..', '..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')

const machineFiles: Readonly<Record<string, string>> = {
  order: 'src/machines/order/order-machine.ts',
  'trade-pair': 'src/machines/trade-pair/trade-pair-machine.ts',
  connection: 'src/machines/connection/connection-machine.ts',
  desk: 'src/machines/desk/desk-machine.ts',
  account: 'src/machines/account/account-machine.ts',
  'kill-switch': 'src/machines/kill-switch/kill-switch-machine.ts',
  breaker: 'src/machines/breaker/breaker-machine.ts',
}

/** `O1` of a line such as ` * O1  A failed request is not a failed order`. */
const invariantsOf = (file: string): readonly string[] => [...read(file).matchAll(/^ \* ([A-Z]\d+) {2}\S/gm)].map(([, id = '']) => id)

test('every machine has a page, and no page is of a machine that is gone', () => {
  expect(Object.keys(machines).sort()).toEqual(Object.keys(machineFiles).sort())
})

test('the drawings are up to date', () => {
  expect(execFileSync(process.execPath, ['scripts/draw-machines.ts', '--check'], { cwd: root, encoding: 'utf8' })).toBe('')
})

describe.each(Object.entries(machineFiles))('docs/machines/%s.md', (name, file) => {
  const page = read(`docs/machines/${name}.md`)

  test.each(invariantsOf(file))('%s is there, with a test that exists', (id) => {
    const holders = holdersOf(paragraphOf(page, id))
    expect(holders, `${id} names no test`).not.toEqual([])
    const missing = holders.filter((held) => !existsSync(path.join(root, held.file)) || !read(held.file).includes(held.name))
    expect(missing).toEqual([])
  })

  test('names every invariant of the machine, and none that the machine does not have', () => {
    const named = [...page.matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(([, id = '']) => id)
    expect(named).toEqual(invariantsOf(file))
    expect(named.length).toBeGreaterThan(3)
  })

  test('tells of every state and every event', () => {
    const chart = chartOf(machines[name]!)
    const leaves = chart.states.filter((state) => state.initial === null).map((state) => state.path)
    const events = new Set(chart.states.flatMap((state) => state.transitions.map((one) => one.event)).filter((event) => event !== 'always' && event !== '*'))
    const untold = [...leaves, ...events].filter((word) => !page.includes(`\`${word}\``))
    expect(untold).toEqual([])
  })

  test('says what it does not cover', () => {
    expect(page).toMatch(/## Gaps\n\n- /)
  })
})
