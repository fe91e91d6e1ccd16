/** What every machine whose events are journalled must be made of (O7, T7). */
import { describe, expect, test } from 'vitest'
import type { AnyStateNode } from 'xstate'
import { durableMachines, statePath, stateValue } from '../../src/machines/durable-machines.ts'

const nodesOf = (node: AnyStateNode): readonly AnyStateNode[] => [node, ...Object.values(node.states).flatMap(nodesOf)]

describe.each(Object.entries(durableMachines))('the durable machine %s', (_name, { machine }) => {
  const nodes = nodesOf(machine.root)

  test('has no timer, no promise and no final state (PR-13, PR-14)', () => {
    expect(nodes.length).toBeGreaterThan(3)
    expect(nodes.flatMap((node) => [...node.after.map(() => `${node.id} has a timer`), ...node.invoke.map(() => `${node.id} invokes`), ...(node.type === 'final' ? [`${node.id} is final`] : [])])).toEqual([])
  })

  test('reports what it has no answer for', () => {
    expect(machine.root.transitions.has('*')).toBe(true)
  })

  test('writes every state as a path that leads back to it', () => {
    const leaves = nodes.filter((node) => node.type === 'atomic').map((node) => node.path.join('.'))
    expect(leaves.map((leaf) => statePath(stateValue(leaf)))).toEqual(leaves)
  })
})
