/** Time travel over whole simulated worlds: every actor of every desk that traded, died and was lied to (I15). */
import { describe, expect, test } from 'vitest'
import { MemoryJournal } from '../../src/adapters/memory/memory-journal.ts'
import { replayActor } from '../../src/app/replay.ts'
import type { ActorRecord, EventRecord } from '../../src/domain/records.ts'
import { seededRandom } from '../../src/simulated-market/random.ts'
import { World } from '../../simulation/world.ts'

const count = Number(process.env['NIGHTDESK_REPLAY_WORLDS'] ?? 10)
const seeds = Array.from({ length: count }, (_, at) => String(7_000 + at))
const everything = { after: 0, limit: 100_000, mostEvents: 100_000 }
const livedMs = 20_000

/** A world that has lived for a while, faults and all; nobody waits for peace in it. */
const lived = async (seed: string): Promise<World> => {
  const world = new World({ seed })
  world.begin()
  await world.clock.run(livedMs)
  return world
}

const kinds = new Set<string>()
let replayed = 0

describe('every actor of a simulated world', () => {
  test.each(seeds)('seed %s: its journal leads to its row, and a tampered event or row is told', async (seed) => {
    const { store: { tables } } = await lived(seed)
    const reads = new MemoryJournal({ epoch: 0, starts: 0, install: '', stamp: undefined, holder: undefined, tables })
    const random = seededRandom(`${seed}/tampering`)
    for (const row of tables.actors.values()) {
      const answer = await replayActor(reads, row.address, everything)
      if (answer === undefined || 'tooLong' in answer) throw new Error(`${row.address} cannot be replayed`)
      expect([row.address, answer.differences]).toEqual([row.address, []])
      expect(answer).toMatchObject({ agrees: true, from: 1, ends: { state: row.state } })
      expect(answer.steps.map(({ seq }) => seq)).toEqual(tables.historyOf(row.address).map(({ seq }) => seq))
      kinds.add(row.kind)
      replayed++
      expect([row.address, await tampered(row, tables.historyOf(row.address), random.below(1_000_000))]).toEqual([row.address, expect.objectContaining({ agrees: false })])
    }
  }, 60_000)

  test('was every durable machine but the breakers', () => {
    expect([...kinds].sort()).toEqual(expect.arrayContaining(['account', 'desk', 'order', 'trade-pair']))
    expect(replayed).toBeGreaterThan(count * 10)
  })
})

/** One thing is changed, whichever the number says, and the rest is as it was. */
const tampered = (row: ActorRecord, events: readonly EventRecord[], number: number) => {
  const at = number % events.length
  const replaced = (over: Partial<EventRecord>): readonly EventRecord[] => events.map((event, index) => (index === at ? { ...event, ...over } : event))
  const forgeries: readonly (() => readonly [ActorRecord, readonly EventRecord[]])[] = [
    () => [row, replaced({ to: 'elsewhere' })],
    () => [row, replaced({ from: 'elsewhere' })],
    () => [row, events.filter((_, index) => index !== at)],
    () => [{ ...row, since: row.since + 1 }, events],
    () => [{ ...row, finished: !row.finished }, events],
    () => [{ ...row, seq: row.seq - 1 }, events],
    () => [{ ...row, context: { ...row.context, [Object.keys(row.context)[number % Object.keys(row.context).length] ?? '']: 'forged' } }, events],
  ]
  const [forged, journal] = forgeries[Math.floor(number / 7) % forgeries.length]!()
  return replayActor({ actor: async () => forged, history: async (_address, after, limit) => journal.filter(({ seq }) => seq > after).slice(0, limit) }, row.address, everything)
}
