import { describe, expect, test } from 'vitest'
import { faultIds } from '../../simulation/run-checked.ts'
import { runToEnd } from '../support/program.ts'

interface Answer {
  readonly seeds: number
  readonly lives: number
  readonly operations: number
  readonly violations: number
  readonly faults: Readonly<Record<string, { readonly injected: number; readonly recovered: number }>>
}

describe('nightdesk simulate', () => {
  test('adds up what its workers did, as one JSON object', async () => {
    const { code, out } = await runToEnd(['simulate', '--seeds', '6', '--from', '40', '--workers', '2', '--json'])
    const answer = JSON.parse(out) as Answer
    expect({ code, seeds: answer.seeds, violations: answer.violations }).toEqual({ code: 0, seeds: 6, violations: 0 })
    expect(Object.keys(answer.faults).toSorted()).toEqual(faultIds.toSorted())
    expect(Math.min(answer.lives, answer.operations)).toBeGreaterThan(0)
    expect(Object.values(answer.faults).every(({ injected, recovered }) => injected === recovered)).toBe(true)
  })

  test('is the same whatever the number of its workers', async () => {
    const [one, three] = await Promise.all(['1', '3'].map((workers) => runToEnd(['simulate', '--seeds', '3', '--workers', workers, '--json'])))
    const figures = (out: string | undefined): object => {
      const { seeds, lives, operations, faults } = JSON.parse(out ?? '{}') as Answer
      return { seeds, lives, operations, faults }
    }
    expect(figures(one?.out)).toEqual(figures(three?.out))
  })

  test('tells one seed line by line, with the faults it is asked for only', async () => {
    const { code, out } = await runToEnd(['simulate', '--seed', '2', '--only', 'socket.dropped,process.killed', '--seconds', '20', '--trace'])
    const kinds = new Set([...out.matchAll(/ fault {5}(\S+)/g)].map(([, kind]) => kind))
    expect(code).toBe(0)
    expect([...kinds].filter((kind) => kind !== 'socket.dropped' && kind !== 'process.killed')).toEqual([])
    expect(out).toContain('process 1 starts')
  })

  test('refuses what is no number of seeds', async () => {
    expect((await runToEnd(['simulate', '--seeds', 'many'])).code).toBe(2)
  })
})
