/** Assigning as XState does, only faster (src/machines/assign.ts). */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assign as assignAsXState, createActor, createMachine } from 'xstate'
import { assign } from '../../src/machines/assign.ts'

interface Context {
  readonly count: number
  readonly last: string
  readonly list: readonly number[]
}

const lives = { ours: assign, theirs: assignAsXState }

const machineWith = (own: typeof assign) =>
  createMachine({
    types: {} as { context: Context; events: { type: 'add'; by: number } | { type: 'name'; as: string } | { type: 'nothing' } },
    context: { count: 0, last: '', list: [] },
    on: {
      add: { actions: [own(({ context, event }) => ({ count: context.count + event.by })), own(({ context }) => ({ list: [...context.list, context.count] }))] },
      name: { actions: own({ last: ({ event }) => event.as, count: 7 }) },
      nothing: { actions: own(() => ({})) },
    },
  })

const events = fc.array(fc.oneof(fc.record({ type: fc.constant('add' as const), by: fc.integer() }), fc.record({ type: fc.constant('name' as const), as: fc.string() }), fc.record({ type: fc.constant('nothing' as const) })), { maxLength: 12 })

describe('a context', () => {
  test('is after any events what XState makes of it, field by field and in their order', () => {
    fc.assert(
      fc.property(events, (given) => {
        const told = Object.values(lives).map((own) => {
          const actor = createActor(machineWith(own)).start()
          return given.map((event) => {
            actor.send(event)
            return JSON.stringify(actor.getSnapshot().context)
          })
        })
        expect(told[0]).toEqual(told[1])
      }),
    )
  })

  test('that was read before an event stays what it was', () => {
    const actor = createActor(machineWith(assign)).start()
    const before = actor.getSnapshot().context
    actor.send({ type: 'add', by: 2 })
    expect([before.count, actor.getSnapshot().context.count]).toEqual([0, 2])
  })
})
