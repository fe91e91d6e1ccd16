/** A chart in the terminal (src/app/state-tree.ts). */
import { describe, expect, test } from 'vitest'
import { drawRoad, drawTree, terminalOf } from '../../src/app/state-tree.ts'
import { chartOf, machines } from '../../src/machines/chart.ts'

const plain = { width: 100, colour: false }
const to = (...states: readonly string[]) => states.map((state) => ({ to: state }))

test('a trade pair is drawn with its states inside each other, the active one and those around it marked', () => {
  expect(drawTree(chartOf(machines['trade-pair']!), 'sellPlaced.pending', plain)).toEqual([
    '  buying', '    pending', '    partial', '  filled', ': sellPlaced', '>   pending', '    partial', '  held', '  closed', '  abandoned', '  dust', '  closedExternally',
  ])
})

test.each(Object.keys(machines))('%s: each of its states can be the active one, and then it alone is marked so', (id) => {
  const chart = chartOf(machines[id]!)
  for (const { path } of chart.states) expect(drawTree(chart, path, plain).filter((line) => line.startsWith('>'))).toHaveLength(1)
})

describe('the road', () => {
  test('names every state as often as it was entered, and none for staying', () => {
    expect(drawRoad(to('buying.pending', 'buying.pending', 'buying.partial', 'filled', 'sellPlaced.pending', 'filled', 'sellPlaced.pending'), plain)).toEqual(['buying.pending -> buying.partial -> filled -> sellPlaced.pending -> filled -> sellPlaced', ].map((line) => `${line}.pending`))
    expect(drawRoad([], plain)).toEqual([])
  })

  test.each([40, 60, 97])('keeps to %i columns, however long it is, and loses nothing', (width) => {
    const states = Array.from({ length: 200 }, (_, index) => ['buying.pending', 'filled', 'sellPlaced.partial'][index % 3] ?? '')
    const lines = drawRoad(to(...states), { width, colour: false })
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
    expect(lines.join(' ').split(' -> ')).toEqual(states)
  })
})

test('colour is for a terminal whose user has not said no to it; a pipe gets none and is taken to be 100 wide', () => {
  expect(terminalOf({ isTTY: true, columns: 80 }, undefined)).toEqual({ width: 80, colour: true })
  expect(terminalOf({ isTTY: true, columns: 80 }, '1')).toEqual({ width: 80, colour: false })
  expect(terminalOf({ isTTY: true, columns: 5 }, '')).toEqual({ width: 40, colour: true })
  expect(terminalOf({}, undefined)).toEqual({ width: 100, colour: false })
  const chart = chartOf(machines['order']!)
  expect(drawTree(chart, 'filled', { width: 80, colour: true }).join('\n')).toContain('\u001B[1;36m> filled\u001B[0m')
  expect(drawTree(chart, 'filled', plain).join('\n')).not.toContain('\u001B')
})
