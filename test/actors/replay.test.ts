/** Time travel over rows and journals of every age, whole and tampered with (src/actors/replay.ts R1, R2; row-differences.ts D1, D2; I15). */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Replay } from '../../src/actors/replay.ts'
import { replayActor } from '../../src/app/replay.ts'
import type { ActorRecord, EventRecord } from '../../src/domain/records.ts'
import { durableMachines } from '../../src/machines/durable-machines.ts'

interface Golden {
  readonly record: ActorRecord
  readonly events: readonly EventRecord[]
}

const golden = JSON.parse(readFileSync(new URL('../golden/0.1.0.json', import.meta.url), 'utf8')) as readonly Golden[]

const found = golden.find(({ record }) => record.kind === 'order' && record.state === 'partial')
if (found === undefined) throw new Error('the corpus has no partly filled order')
const order = found
/** The same order, as this version of its machine writes it. */
const ended = new Replay(order.record)
const steps = order.events.map((event) => ended.take(event))
const present: ActorRecord = { ...order.record, version: durableMachines.order.version, context: ended.verdict(0).ends!.context }

const verdictOn = (row: ActorRecord, events: readonly EventRecord[]) => {
  const replay = new Replay(row)
  for (const event of events) replay.take(event)
  return replay.verdict(events.filter(({ seq }) => seq > row.seq).length)
}

const readsOf = (rows: readonly ActorRecord[], events: readonly EventRecord[]) => ({
  pages: 0,
  async actor(address: string) {
    return rows.find((row) => row.address === address)
  },
  async history(_address: string, after: number, limit: number) {
    this.pages++
    return events.filter(({ seq }) => seq > after).slice(0, limit)
  },
})

describe('a life of version 0.1.0', () => {
  test.each(golden.map((one) => [`${one.record.kind} ${one.record.state}`, one.record.address, one] as const))('%s %s leads to its row, though machines have grown since', (_state, _address, { record, events }) => {
    expect(verdictOn(record, events)).toMatchObject({ agrees: true, differences: [], from: 1, version: durableMachines[record.kind].version, row: { state: record.state, seq: record.seq, version: 1 } })
  })
})

describe('each step', () => {
  test('tells event, states, memory, what changed in it, and what was wanted of the outside', () => {
    expect(steps.map((step) => step?.seq)).toEqual(order.events.map(({ seq }) => seq))
    expect(steps[0]).toMatchObject({ event: 'created', from: '', to: 'submitting', effects: expect.arrayContaining([{ type: 'sendOrder', clientOrderId: order.record.order?.clientOrderId }]) as unknown })
    const filling = steps.find((step) => step?.event === 'fillsListed')
    expect(filling).toMatchObject({ to: 'partial', context: { filled: order.record.order?.filled } })
    expect(filling?.changed).toContainEqual({ name: 'filled', before: '0', after: order.record.order?.filled })
    expect(filling?.effects).toContainEqual(expect.objectContaining({ type: 'bookFill' }))
  })
})

describe('what was tampered with is told', () => {
  const last = order.events.length - 1
  const changed = (at: number, over: Partial<EventRecord>): readonly EventRecord[] => order.events.map((event, index) => (index === at ? { ...event, ...over } : event))

  test('nothing was, of the row as it is written now', () => {
    expect(verdictOn(present, order.events)).toMatchObject({ agrees: true, differences: [] })
  })

  test.each<[string, ActorRecord, readonly EventRecord[], RegExp]>([
    ['a state', { ...present, state: 'filled' }, order.events, /^state is filled in the row, and partial by its events$/],
    ['a count', { ...present, seq: present.seq - 1 }, order.events, /^the journal goes on after the \d+ events that the row counts$/],
    ['a typed column', { ...present, order: { ...present.order!, filled: '0.7' as never } }, order.events, /^order\.filled is 0\.7 in the row, and 0\.\d+ by its events$/],
    ['the memory', { ...present, context: { ...present.context, flagged: true } }, order.events, /^flagged of its memory is true in the row, and false by its events$/],
    ['a moment', { ...present, since: present.since + 1 }, order.events, /^since is \d+ in the row, and \d+ by its events$/],
    ['where an event led', present, changed(1, { to: 'rejected' }), /^event 2 \(\w+\) is journalled as leading from submitting to rejected, and leads from submitting to \w+$/],
    ['what an event was', present, changed(last, { type: 'rejected', body: { reason: 'x', detail: 'y' } }), /of its memory|is journalled as leading|in the row/],
    ['an event that is gone', present, order.events.filter((_, index) => index !== 1), /^event 3 \(\w+\) cannot be taken: the journal of \S+ has a gap before event 3$/],
    ['the last event, gone', present, order.events.slice(0, -1), /^the row counts \d+ events and the journal holds \d+$/],
    ['the beginning, gone', present, order.events.slice(1), /^event 2 \(\w+\) cannot be taken: the journal does not hold the whole life/],
    ['a row that no program can continue', { ...present, state: 'teleported' }, order.events, /^the row cannot be continued by this program \(teleported\)/],
    ['a row of a newer program', { ...present, version: durableMachines.order.version + 1 }, order.events, /^the row was written by version 3 of its machine and this program knows version 2/],
  ])('%s', (_what, row, events, sentence) => {
    const { agrees, differences } = verdictOn(row, events)
    expect(agrees).toBe(false)
    expect(differences.find((difference) => sentence.test(difference))).toBeDefined()
  })

  test('a beginning that is missing leaves nothing to be lived again, and says so', () => {
    expect(verdictOn(present, order.events.slice(1))).toMatchObject({ from: null, ends: null })
    expect(verdictOn(present, [])).toMatchObject({ agrees: false, from: null, ends: null })
  })
})

describe('read from a store', () => {
  test('a page of the steps, and the verdict on all of them', async () => {
    const reads = readsOf([present], order.events)
    const page = await replayActor(reads, present.address, { after: 1, limit: 2, mostEvents: 100 })
    expect(page).toMatchObject({ agrees: true, row: { seq: present.seq } })
    if (page === undefined || 'tooLong' in page) throw new Error('there is no such page')
    expect(page.steps.map(({ seq }) => seq)).toEqual([2, 3])
    expect(await replayActor(reads, 'order/nobody', { after: 0, limit: 2, mostEvents: 100 })).toBeUndefined()
  })

  test('events that come after the row was read are not held against it', async () => {
    const later = { ...order.events.at(-1)!, seq: present.seq + 1, position: 999 }
    let asked = 0
    const reads = { ...readsOf([present], [...order.events, later]), actor: async () => (asked++ === 0 ? present : { ...present, seq: present.seq + 1 }) }
    expect(await replayActor(reads, present.address, { after: 0, limit: 10, mostEvents: 100 })).toMatchObject({ agrees: true })
  })

  test('a life of thousands is read page by page; one beyond the bound is not begun', async () => {
    const birth = { address: 'account', seq: 1, turn: 't', at: 1, type: 'created', body: {}, from: '', to: '', position: 1 }
    const many = [birth, ...Array.from({ length: 1_999 }, (_, at) => ({ ...birth, seq: at + 2, type: 'unheard-of' }))]
    const replay = new Replay({ address: 'account', kind: 'account', version: 1, seq: 2_000, state: '', since: 0, context: {}, finished: false })
    for (const event of many) replay.take(event)
    const row = { address: 'account', kind: 'account' as const, version: 1, seq: 2_000, since: 1, finished: false, ...replay.verdict(0).ends! }
    const reads = readsOf([row], many.map((event, at) => ({ ...event, from: at === 0 ? '' : row.state, to: row.state })))
    expect(await replayActor(reads, 'account', { after: 1_990, limit: 100, mostEvents: 2_000 })).toMatchObject({ agrees: true, steps: expect.objectContaining({ length: 10 }) as unknown })
    expect(reads.pages).toBe(9)
    expect(await replayActor(reads, 'account', { after: 0, limit: 1, mostEvents: 1_999 })).toEqual({ tooLong: expect.stringContaining('has lived 2000 events, and no more than 1999 are replayed here') as string })
    expect(reads.pages).toBe(9)
  })
})
