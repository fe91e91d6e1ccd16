/** Statecharts as SVG documents (src/adapters/statechart-svg G1, G2), and the arrows that a life has taken (src/machines/taken.ts). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawStatechart } from '../../src/adapters/statechart-svg/index.ts'
import { inspectMachines } from '../../src/app/chart-inspection.ts'
import { chartOf, machines } from '../../src/machines/chart.ts'
import { TakenArrows } from '../../src/machines/taken.ts'
import type { MachineInspection } from '../../src/ports/inspection.ts'
import { startBrowser, type OwnBrowser } from './browser.ts'

const all = inspectMachines()
const unescaped = /&(?!(?:amp|lt|gt|quot|apos);)/

describe('the drawing of a machine', () => {
  test.each(all.map((machine) => [machine.id, machine] as const))('%s shows every state once and every event of every arrow, in a picture that a page can hold', (_id, machine) => {
    const svg = drawStatechart(machine, null)
    for (const { path, transitions } of machine.states) {
      expect(svg.split(`id="state-${path}"`)).toHaveLength(2)
      for (const { event, target } of transitions) if (target !== null && target !== path && event !== 'always') expect([path, event, svg.includes(event)]).toEqual([path, event, true])
    }
    const [, width = ''] = /viewBox="0 0 (\d+) \d+"/.exec(svg) ?? []
    expect(Number(width)).toBeLessThan(1_000)
    expect(svg).not.toMatch(unescaped)
    expect(svg).not.toMatch(/NaN|undefined|<script|<style|style=/)
    expect(drawStatechart(machine, null)).toBe(svg)
  })

  test('marks the state of an actor and the frame around it, and nothing else', () => {
    const pair = all.find(({ id }) => id === 'trade-pair')!
    const svg = drawStatechart(pair, { address: 'trade-pair/p', state: 'sellPlaced.partial', taken: [{ from: 'buying.pending', to: 'buying.partial', times: 3 }] })
    expect([...svg.matchAll(/class="state[^"]* active" id="([^"]+)"/g)].map(([, id = '']) => id).toSorted()).toEqual(['state-sellPlaced', 'state-sellPlaced.partial'])
    expect(svg.match(/class="arrow taken"/g)).toHaveLength(1)
    expect(svg).toContain('<tspan class="count">×3</tspan>')
  })

  test('escapes whatever a machine or an address may be called', () => {
    const evil = '<script>alert("1")</script>&\u0000\u0001'
    const machine: MachineInspection = { id: evil, version: 1, initial: 'a', mermaid: '', states: [{ path: 'a', initial: null, entry: [], transitions: [{ event: evil, guard: null, target: 'b', actions: [] }] }, { path: 'b', initial: null, entry: [], transitions: [] }] }
    const svg = drawStatechart(machine, { address: evil, state: 'a', taken: [] })
    expect(svg).not.toContain('<script')
    expect(svg).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;')
    expect(svg).not.toMatch(unescaped)
    // eslint-disable-next-line no-control-regex
    expect(svg).not.toMatch(/[\u0000\u0001]/)
  })
})

describe('in a browser', () => {
  let own: OwnBrowser
  beforeAll(async () => {
    own = await startBrowser()
  }, 120_000)
  afterAll(() => own.close())

  test('every drawing is well-formed XML', async () => {
    const page = await own.browser.newPage()
    for (const machine of all) {
      const root = await page.evaluate((source) => {
        const parsed = new (globalThis as unknown as { DOMParser: new () => { parseFromString(text: string, type: string): { documentElement: { nodeName: string }; querySelector(selector: string): object | null } } }).DOMParser().parseFromString(source, 'image/svg+xml')
        return [parsed.documentElement.nodeName, parsed.querySelector('parsererror') === null]
      }, drawStatechart(machine, { address: `${machine.id}/<&>"'`, state: machine.states[0]?.path ?? '', taken: [] }))
      expect([machine.id, root]).toEqual([machine.id, ['svg', true]])
    }
  })
})

describe('the arrows that a life has taken', () => {
  const arrowsOf = (machine: string, events: readonly (readonly [type: string, from: string, to: string])[]): readonly string[] => {
    const taken = new TakenArrows(chartOf(machines[machine]!))
    for (const [type, from, to] of events) taken.take({ type, from, to })
    return taken.arrows.map(({ from, to, times }) => `${from} > ${to} ${times}`)
  }

  test('are one for each event, and those that follow by themselves', () => {
    expect(arrowsOf('order', [['created', '', 'submitting'], ['accepted', 'submitting', 'pending'], ['fillsListed', 'pending', 'partial'], ['fillsListed', 'partial', 'partial'], ['fillsListed', 'partial', 'filled']])).toEqual(['begun > submitting 1', 'submitting > pending 1', 'pending > partial 1', 'partial > filled 1'])
  })

  test('lead through the states that nobody stays in', () => {
    expect(arrowsOf('order', [['reported', 'resolving', 'cancelled']])).toEqual(['resolving > pending 1', 'pending > cancelled 1'])
  })

  test('begin at the frame whose answer it is, and are counted', () => {
    expect(arrowsOf('trade-pair', [['hold', 'buying.partial', 'held'], ['release', 'held', 'buying.partial'], ['hold', 'buying.partial', 'held']])).toEqual(['buying > held 2', 'held > buying.partial 1'])
  })

  test('are none for what the chart does not know', () => {
    expect(arrowsOf('order', [['teleported', 'pending', 'elsewhere'], ['accepted', 'nowhere', 'pending']])).toEqual([])
  })
})
