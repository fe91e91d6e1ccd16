/** The directory of durable actors (src/actors/actor-directory.ts, A1, A2) and one actor by itself. */
import { describe, expect, test } from 'vitest'
import { ActorDirectory } from '../../src/actors/actor-directory.ts'
import { ActorFailed, DurableActor } from '../../src/actors/durable-actor.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import { orderInput } from '../machines/order-scenario.ts'

const address = (n: number): string => `order/nd${n}`
const orderOf = (n: number): ActorRecord => DurableActor.create(address(n), 'order', { ...orderInput, clientOrderId: `nd${n}` }, 1).actor.record()

const begin = (maxAwake: number, rows: readonly ActorRecord[] = []) => {
  const store = new Map(rows.map((row) => [row.address, row]))
  const read: string[] = []
  const directory = new ActorDirectory(
    {
      actor: async (one) => {
        read.push(one)
        return store.get(one)
      },
      deadlineNames: () => ['answer'],
    },
    maxAwake,
  )
  const wake = async (n: number): Promise<DurableActor> => (await directory.find(address(n)))!
  return { directory, read, wake }
}

describe('an actor', () => {
  test('is read from its row once, and is then at hand at once', async () => {
    const { directory, read } = begin(10, [orderOf(1)])
    const found = await directory.find(address(1))
    expect(found?.record()).toEqual(orderOf(1))
    expect(directory.find(address(1))).toBe(found)
    expect([read, directory.awake]).toEqual([[address(1)], 1])
  })

  test('that was never begun is not there, and takes no place', async () => {
    const { directory } = begin(10)
    expect([await directory.find(address(1)), directory.awake]).toEqual([undefined, 0])
  })

  test('that is dropped is read again: nothing unconfirmed stays', async () => {
    const { directory, wake, read } = begin(10, [orderOf(1)])
    ;(await wake(1)).take({ type: 'accepted', venueOrderId: 'v-1' } as { type: string }, 2)
    directory.drop([address(1)])
    expect((await wake(1)).state).toBe('submitting')
    expect(read).toHaveLength(2)
  })
})

describe('sleep', () => {
  test('never takes an actor with an uncommitted change, however many there are (A1)', async () => {
    const { directory, wake } = begin(0, [orderOf(1), orderOf(2), orderOf(3)])
    for (const n of [1, 2, 3]) (await wake(n)).touchedBy = n
    directory.settle([], 0)
    expect(directory.awake).toBe(3)
    directory.settle([], 2)
    expect(directory.awake).toBe(1)
    expect(directory.find(address(3))).toBeInstanceOf(DurableActor)
  })

  test('takes the longest quiet first, down to the bound (A2)', async () => {
    const { directory, wake } = begin(2, [orderOf(1), orderOf(2), orderOf(3), orderOf(4)])
    for (const n of [1, 2, 3, 4, 1]) await wake(n)
    directory.settle([], 0)
    expect([1, 2, 3, 4].map((n) => directory.find(address(n)) instanceof DurableActor)).toEqual([true, false, false, true])
  })

  test('takes what has finished, once that is committed and no deadline is left', async () => {
    const { directory, wake } = begin(10, [orderOf(1), orderOf(2)])
    for (const n of [1, 2]) {
      const actor = await wake(n)
      actor.take({ type: 'withdrawn', reason: 'x' } as { type: string }, 2)
      actor.touchedBy = 5
      if (n === 1) actor.clearDeadline('answer')
    }
    directory.settle([address(1), address(2)], 4)
    expect(directory.awake).toBe(2)
    directory.settle([address(1), address(2)], 5)
    expect([directory.awake, directory.find(address(2)) instanceof DurableActor]).toEqual([1, true])
  })
})

describe('one durable actor', () => {
  test('goes to its row and back in every state it may be in, and goes on the same', () => {
    const events = [{ type: 'outcomeUnknown', detail: 'x' }, { type: 'accepted', venueOrderId: 'v-1' }, { type: 'cancelRequested', reason: 'x' }]
    const { actor } = DurableActor.create(address(1), 'order', { ...orderInput }, 1)
    for (const [index, event] of events.entries()) {
      const copy = DurableActor.restore(JSON.parse(JSON.stringify(actor.record())) as ActorRecord, [])
      expect(copy.take(event, index + 2)).toEqual(actor.take(event, index + 2))
      expect(copy.record()).toEqual(actor.record())
    }
    expect(actor.record()).toMatchObject({ seq: 4, state: 'cancelling', since: 4 })
  })

  test('restoring emits nothing: effects belong to the event that caused them', () => {
    const restored = DurableActor.restore({ ...orderOf(1), state: 'resolving' }, [])
    expect(restored.take({ type: 'outcomeUnknown', detail: 'again' } as { type: string }, 5).effects).toEqual([])
  })

  test('a failure of its own code is thrown with the address and the event', () => {
    const { actor } = DurableActor.create(address(1), 'order', { ...orderInput }, 1)
    expect(() => actor.take({ type: 'reported', report: null } as { type: string }, 2)).toThrow(ActorFailed)
    expect(actor.address).toBe(address(1))
  })
})
