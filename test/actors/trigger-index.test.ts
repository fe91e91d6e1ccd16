/** Triggers indexed by price (src/actors/trigger-index.ts, X1, X2). */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TriggerIndex, type Crossing } from '../../src/actors/trigger-index.ts'
import { settle } from '../support/clock.ts'

interface Line {
  readonly crossing: Crossing
  readonly ticks: number
}

type Command =
  | { readonly kind: 'arm'; readonly id: string; readonly line: Line }
  | { readonly kind: 'disarm'; readonly id: string }
  | { readonly kind: 'move'; readonly bid: number }

const ids = fc.integer({ min: 0, max: 15 }).map((n) => `t${n}`)
const levels = fc.integer({ min: 90, max: 110 })
const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('arm' as const), id: ids, line: fc.record({ crossing: fc.constantFrom<Crossing>('falls', 'rises'), ticks: levels }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('disarm' as const), id: ids }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('move' as const), bid: levels }) },
)

const isCrossed = ({ crossing, ticks }: Line, bid: number): boolean => (crossing === 'falls' ? bid <= ticks : bid >= ticks)

test('wakes exactly those that a naive list would, each once, whatever is armed, replaced and disarmed', () => {
  let woken = 0
  fc.assert(
    fc.property(fc.array(commands, { maxLength: 120, size: 'max' }), (list) => {
      const index = new TriggerIndex()
      const naive = new Map<string, Line>()
      let heard: string[] = []
      for (const command of list) {
        if (command.kind === 'arm') {
          const { id, line } = command
          naive.set(id, line)
          index.arm({ id, ...line, wake: () => heard.push(`${id} ${line.crossing} ${line.ticks}`) })
        } else if (command.kind === 'disarm') {
          naive.delete(command.id)
          index.disarm(command.id)
        } else {
          const expected = [...naive].filter(([, line]) => isCrossed(line, command.bid))
          for (const [id] of expected) naive.delete(id)
          index.move(command.bid)
          expect(heard.toSorted()).toEqual(expected.map(([id, line]) => `${id} ${line.crossing} ${line.ticks}`).toSorted())
          woken += heard.length
          heard = []
        }
        expect(index.size).toBe(naive.size)
        expect(heard).toEqual([])
      }
    }),
    { numRuns: 400 },
  )
  expect(woken).toBeGreaterThan(1_000)
})

describe('a trigger', () => {
  const armed = (crossing: Crossing, ticks: number) => {
    const index = new TriggerIndex()
    const heard: string[] = []
    index.arm({ id: 'a', crossing, ticks, wake: () => heard.push('a') })
    return { index, heard }
  }

  test('falls at or below its line, rises at or above it', () => {
    const falling = armed('falls', 100)
    for (const [bid, woken] of [[101, 0], [100, 1], [99, 1]] as const) {
      falling.index.move(bid)
      expect(falling.heard).toHaveLength(woken)
    }
    const rising = armed('rises', 100)
    for (const [bid, woken] of [[99, 0], [100, 1], [101, 1]] as const) {
      rising.index.move(bid)
      expect(rising.heard).toHaveLength(woken)
    }
  })

  test('fires once; armed again it is a new one (X1)', () => {
    const { index, heard } = armed('falls', 100)
    index.move(50)
    index.move(40)
    expect(heard).toEqual(['a'])
    index.arm({ id: 'a', crossing: 'falls', ticks: 45, wake: () => heard.push('again') })
    index.move(46)
    index.move(45)
    expect(heard).toEqual(['a', 'again'])
  })

  test('may arm and disarm others while it fires', () => {
    const index = new TriggerIndex()
    const heard: string[] = []
    index.arm({ id: 'first', crossing: 'falls', ticks: 100, wake: () => {
      heard.push('first')
      index.disarm('second')
      index.arm({ id: 'third', crossing: 'rises', ticks: 105, wake: () => heard.push('third') })
    } })
    index.arm({ id: 'second', crossing: 'falls', ticks: 99, wake: () => heard.push('second') })
    index.move(99)
    index.move(105)
    expect(heard).toEqual(['first', 'third'])
    expect(index.size).toBe(0)
  })

  test('disarmed never fires, and its place is given back (X2)', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const index = new TriggerIndex()
    const wakes: WeakRef<() => void>[] = []
    let woken = 0
    for (let round = 0; round < 100; round++) {
      for (let n = 0; n < 100; n++) {
        const wake = (): void => void woken++
        wakes.push(new WeakRef(wake))
        index.arm({ id: `t${n}`, crossing: 'falls', ticks: 1_000 + round + n, wake })
      }
    }
    // A weak reference lets go of what it was made for only when its own turn of the event loop is over.
    await settle()
    collect()
    expect(index.size).toBe(100)
    // 9,900 were replaced; a heap keeps at most as many disarmed entries as armed ones.
    expect(wakes.filter((ref) => ref.deref() !== undefined).length).toBeLessThanOrEqual(200)
    for (let n = 0; n < 100; n++) index.disarm(`t${n}`)
    index.move(1)
    expect([index.size, woken]).toEqual([0, 0])
  })
})
