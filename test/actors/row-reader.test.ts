/** Rows of every age (src/actors/row-reader.ts W1 to W3, refold.ts; PR-11, I15). */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ActorFailed, DurableActor } from '../../src/actors/durable-actor.ts'
import { refold } from '../../src/actors/refold.ts'
import { NewerRow, RowReader } from '../../src/actors/row-reader.ts'
import type { ActorRecord, DeadlineRecord, EventRecord } from '../../src/domain/records.ts'
import { durableMachines } from '../../src/machines/durable-machines.ts'
import { recordingLog } from '../support/clock.ts'

interface Golden {
  readonly record: ActorRecord
  readonly events: readonly EventRecord[]
  readonly deadlines: readonly DeadlineRecord[]
}

/** Rows and journals as version 0.1.0 wrote them, one or two of every state. */
const golden = JSON.parse(readFileSync(new URL('../golden/0.1.0.json', import.meta.url), 'utf8')) as readonly Golden[]

const readerOf = (events: readonly EventRecord[], rows: readonly ActorRecord[] = [], known: readonly ActorRecord[] = []) => {
  const log = recordingLog()
  const journal = {
    actor: async (address: string) => rows.find((row) => row.address === address),
    history: async (address: string, after: number, limit: number) => events.filter((event) => event.address === address && event.seq > after).slice(0, limit),
  }
  return { log, reader: new RowReader(journal, log, known) }
}

const [order] = golden.filter(({ record }) => record.kind === 'order' && record.state === 'partial')
if (order === undefined) throw new Error('the corpus has no partly filled order')

describe('rows of version 0.1.0', () => {
  test('are there of every kind and nearly every state', () => {
    expect(new Set(golden.map(({ record }) => `${record.kind} ${record.state}`)).size).toBeGreaterThanOrEqual(15)
    expect(new Set(golden.map(({ record }) => record.version))).toEqual(new Set([1]))
  })

  test.each(golden.map((one) => [`${one.record.kind} ${one.record.state}`, one.record.address, one] as const))('%s %s is continued as it was', async (_state, _address, { record, deadlines }) => {
    const { reader, log } = readerOf([])
    const now = await reader.upToDate(record)
    expect(log.lines).toEqual([])
    expect({ state: now.state, version: now.version, columns: now.order ?? now.tradePair }).toEqual({ state: record.state, version: durableMachines[record.kind].version, columns: record.order ?? record.tradePair })
    const awake = DurableActor.restore(now, deadlines.map(({ name }) => name)).record()
    expect({ state: awake.state, seq: awake.seq, order: awake.order, tradePair: awake.tradePair, finished: awake.finished }).toEqual({ state: record.state, seq: record.seq, order: record.order, tradePair: record.tradePair, finished: record.finished })
  })

  test.each(golden.map((one) => [`${one.record.kind} ${one.record.state}`, one.record.address, one] as const))('%s %s is folded again from its old events to the same row', (_state, _address, { record, events }) => {
    const folded = refold(record.address, events)
    expect({ state: folded.state, seq: folded.seq, order: folded.order, tradePair: folded.tradePair, finished: folded.finished }).toEqual({ state: record.state, seq: record.seq, order: record.order, tradePair: record.tradePair, finished: record.finished })
  })
})

describe('a row that cannot be continued', () => {
  test.each([
    ['a state that no machine has', { ...order.record, state: 'teleported' }],
    ['a memory with a hole', { ...order.record, context: { ...order.record.context, tradeIds: undefined } }],
  ] as const)('because of %s is folded again from its events (W2)', async (_what, record) => {
    const { reader, log } = readerOf(order.events)
    const now = await reader.upToDate(record)
    expect({ state: now.state, order: now.order }).toEqual({ state: 'partial', order: order.record.order })
    expect(log.lines.map(({ event }) => event)).toEqual(['row.folded'])
  })

  test('and whose journal is not whole is given up, in a sentence', async () => {
    const { reader } = readerOf(order.events.filter(({ seq }) => seq !== 2))
    await expect(async () => reader.upToDate({ ...order.record, state: 'teleported' })).rejects.toThrow(ActorFailed)
    expect(() => refold(order.record.address, order.events.slice(1))).toThrow(/does not hold the whole life/)
  })

  test('because a newer machine wrote it is refused (W3)', async () => {
    const newer = { ...order.record, version: durableMachines.order.version + 1 }
    const { reader } = readerOf(order.events, [newer])
    await expect(reader.read(newer.address)).rejects.toThrow(NewerRow)
  })
})

test('a row that the start has read is handed out once; whoever asks again gets what the store has by then', async () => {
  const { reader } = readerOf([], [{ ...order.record, seq: 9 }], [order.record])
  expect(await reader.read(order.record.address)).toBe(order.record)
  expect(await reader.read(order.record.address)).toMatchObject({ seq: 9 })
})
