/** The heart (src/actors/turn-loop.ts, L1 to L5; src/actors/turn.ts, N1 to N3; src/actors/journal-writer.ts, W1 to W3). */
import { describe, expect, test, vi } from 'vitest'
import { guardObservers } from '../../src/actors/observers.ts'
import { maxEvents, type Message } from '../../src/actors/turn.ts'
import { MemoryStore } from '../../src/adapters/memory/memory-journal.ts'
import { settle } from '../support/clock.ts'
import { propose, startLoop } from '../support/loop.ts'
import { fillOf } from '../support/records.ts'

const A = '01JD5MZX8K4T7WQ2AA'
const B = '01JD5MZX8K4T7WQ2BB'
const buyOf = (pairId: string): string => `ndab12-${pairId}-b1`
const tell = (clientOrderId: string, event: object): Message => ({ to: `order/${clientOrderId}`, event: event as Message['event'] })
const accepted = (pairId: string): Message => tell(buyOf(pairId), { type: 'accepted', venueOrderId: `v-${pairId}` })
const filled = (pairId: string, tradeId: string): Message =>
  tell(buyOf(pairId), { type: 'fillsListed', fills: [{ ...fillOf(tradeId, 'buy', '0.001'), venueOrderId: `v-${pairId}` }] })

describe('a turn', () => {
  test('commits the claim with the decision, and sends only afterwards (I2, N2)', async () => {
    const { loop, effects, journal } = await startLoop()
    const done = loop.ask(propose(A))
    expect(effects).toEqual([])
    expect(await done).toBe('committed')
    expect(await journal.actor(`order/${buyOf(A)}`)).toMatchObject({ state: 'submitting', order: { live: true, leg: 'buy' } })
    expect(effects).toEqual([{ type: 'sendOrder', clientOrderId: buyOf(A) }])
  })

  test('books the fill, tells the pair and claims the covering sell in one commit (K10)', async () => {
    const { loop, turns, journal } = await startLoop()
    await loop.ask(propose(A))
    await loop.ask(accepted(A))
    await loop.ask(filled(A, 't1'))
    const last = turns.at(-1)
    expect(last?.fills).toHaveLength(1)
    expect(last?.lots).toEqual([expect.objectContaining({ pairId: A, net: '0.001' })])
    expect(last?.events.map((event) => `${event.address.split('/')[0]} ${event.type} ${event.to}`)).toEqual([
      'order fillsListed filled',
      'trade-pair fillBooked buying.partial',
      'trade-pair legEnded sellPlaced.pending',
      'order created submitting',
    ])
    expect(await journal.actor(`order/ndab12-${A}-s1`)).toMatchObject({ state: 'submitting', order: { quantity: '0.001', price: '60018' } })
  })

  test('leaves no order behind when the gate denies the buy: the pair is abandoned', async () => {
    const { loop, journal, effects } = await startLoop(undefined, { rules: { judge: () => ({ rule: 'exposure', detail: 'too much' }) } })
    await loop.ask(propose(A))
    expect(await journal.actor(`trade-pair/${A}`)).toMatchObject({ state: 'abandoned', finished: true })
    expect(await journal.actor(`order/${buyOf(A)}`)).toBeUndefined()
    expect(effects).toEqual([])
  })

  test('numbers every event of an actor and of the journal without a gap', async () => {
    const { loop, journal } = await startLoop()
    await Promise.all([loop.ask(propose(A)), loop.ask(propose(B)), loop.ask(accepted(A)), loop.ask(accepted(B))])
    const events = await journal.since(0, 100)
    expect(events.map((event) => event.position)).toEqual(events.map((_, index) => index + 1))
    const own = await journal.history(`order/${buyOf(B)}`, 0, 100)
    expect(own.map((event) => event.seq)).toEqual([1, 2])
  })

  test('and so it does when the last message of a batch was for nobody and has no event', async () => {
    const { loop, journal } = await startLoop()
    expect(await Promise.all([loop.ask(propose(A)), loop.ask(propose(B)), loop.ask(accepted('01JD5MZX8K4T7WQ2CC'))])).toEqual(['committed', 'committed', 'committed'])
    expect(await loop.ask(accepted(A))).toBe('committed')
    const events = await journal.since(0, 100)
    expect(events.map((event) => event.position)).toEqual(events.map((_, index) => index + 1))
  })

  test('a message for nobody is a surprise, not a failure', async () => {
    const { loop, turns } = await startLoop()
    expect(await loop.ask(accepted(A))).toBe('committed')
    expect(turns[0]?.surprises).toEqual([`accepted for order/${buyOf(A)}, which does not exist`])
  })
})

describe('group commit', () => {
  test('what comes while a commit is under way goes together into the next (L1)', async () => {
    const { loop, journal } = await startLoop()
    const commit = vi.spyOn(journal, 'commit')
    await Promise.all([A, B, '01JD5MZX8K4T7WQ2CC', '01JD5MZX8K4T7WQ2DD'].map((pairId) => loop.ask(propose(pairId))))
    expect(commit.mock.calls.length).toBeLessThan(4)
    expect(commit.mock.calls.flatMap(([batch]) => batch.turns.length).reduce((a, b) => a + b)).toBe(4)
  })

  test('of a durable batch the effects go first, then the next batch leaves, then people are told (L2, L6)', async () => {
    const { loop, journal, effects } = await startLoop()
    const heard: string[] = []
    const commit = journal.commit.bind(journal)
    vi.spyOn(journal, 'commit').mockImplementation(async (batch) => {
      heard.push(`to the store: ${batch.turns.map(({ id }) => id).join()}, ${effects.length} sent`)
      // What comes meanwhile is ready when this one is durable.
      await new Promise((resolve) => setImmediate(resolve))
      return commit(batch)
    })
    loop.committed.subscribe(({ id }) => heard.push(`told: ${id}, ${effects.length} sent`))
    await Promise.all([propose(A), propose(B)].map((message) => loop.ask(message)))
    expect(heard).toEqual(['to the store: 1-1,1-2, 0 sent', 'told: 1-1, 2 sent', 'told: 1-2, 2 sent'])
    heard.length = 0
    const first = loop.ask(accepted(A)).then(() => heard.push('answered: the first'))
    await Promise.resolve()
    const second = new Promise((resolve) => setImmediate(resolve)).then(() => loop.ask(propose('01JD5MZX8K4T7WQ2CC')))
    await Promise.all([first, second])
    expect(heard).toEqual(['to the store: 1-3, 2 sent', 'to the store: 1-4, 2 sent', 'told: 1-3, 2 sent', 'answered: the first', 'told: 1-4, 3 sent'])
  })

  test('a loop that is closed ends when everybody has been told', async () => {
    const { loop, clock, turns } = await startLoop()
    const told: string[] = []
    loop.committed.subscribe(({ id }) => told.push(id))
    for (const message of [propose(A), propose(B), accepted(A)]) loop.post(message)
    const toldWhenClosed = loop.close().then(() => told.length)
    for (let round = 0; round < 20; round++) {
      await clock.advance(1)
      await settle()
    }
    expect([await toldWhenClosed, turns.length]).toEqual([3, 3])
  })
})

describe('when the store refuses', () => {
  test('the poisoned message alone is set aside, its pair held; the others go on (L3, L4, PR-16, PR-25)', async () => {
    const { loop, journal, turns, log } = await startLoop()
    await loop.ask(propose(A))
    await loop.ask(propose(B))
    await loop.ask(accepted(A))
    await loop.ask(accepted(B))
    await loop.ask(filled(A, 't1'))
    // The same execution for another order of the same venue order: the store refuses it (I3).
    const doubled = tell(buyOf(B), { type: 'fillsListed', fills: [{ ...fillOf('t1', 'buy', '0.001'), venueOrderId: `v-${A}` }] })
    const outcomes = await Promise.all([loop.ask(propose('01JD5MZX8K4T7WQ2CC')), loop.ask(doubled), loop.ask(propose('01JD5MZX8K4T7WQ2DD'))])
    expect(outcomes).toEqual(['committed', 'quarantined', 'committed'])
    await settle()
    expect(await journal.actor(`trade-pair/${B}`)).toMatchObject({ state: 'held' })
    expect(await journal.actor(`order/${buyOf(B)}`)).toMatchObject({ state: 'pending', order: { filled: '0' } })
    expect(turns.flatMap((turn) => turn.quarantined ?? [])).toHaveLength(1)
    expect(log.lines.some((line) => line.event === 'turn.quarantined')).toBe(true)
  })

  test('a machine that throws is read again from its row and the message set aside (PR-08)', async () => {
    const { loop, journal } = await startLoop()
    await loop.ask(propose(A))
    const poison = tell(buyOf(A), { type: 'reported', report: null })
    expect(await loop.ask(poison)).toBe('quarantined')
    expect(await loop.ask(accepted(A))).toBe('committed')
    expect(await journal.actor(`order/${buyOf(A)}`)).toMatchObject({ state: 'pending' })
    expect(await journal.actor(`trade-pair/${A}`)).toMatchObject({ state: 'held' })
  })

  test('positions stay without a gap after a refusal', async () => {
    const { loop, journal } = await startLoop()
    await loop.ask(propose(A))
    await loop.ask(tell(buyOf(A), { type: 'reported', report: null }))
    await loop.ask(accepted(A))
    await settle()
    const events = await journal.since(0, 100)
    expect(events.map((event) => event.position)).toEqual(events.map((_, index) => index + 1))
  })
})

describe('when the loop itself fails', () => {
  test('the desk ends rather than standing still and looking alive (L7)', async () => {
    const { loop, ends, log, journal } = await startLoop(undefined, { fold: () => { throw new Error('a view that cannot count') } })
    loop.post(propose(A))
    await settle()
    expect(ends).toEqual(['broken'])
    expect(log.lines.find(({ event }) => event === 'turn.broken')?.fields).toMatchObject({ detail: expect.stringContaining('a view that cannot count') as string })
    // What is durable stays so, for the next start to recover.
    expect(await journal.actor(`order/${buyOf(A)}`)).toMatchObject({ state: 'submitting' })
    await loop.close()
  })
})

describe('when a row cannot be read while a batch is refused', () => {
  test('messages are taken again in the order in which they came (L1)', async () => {
    const C = '01JD5MZX8K4T7WQ2CC'
    const { loop, journal, turns, clock } = await startLoop()
    await loop.ask(propose(A))
    await loop.ask(accepted(A))
    const before = turns.length
    const read = journal.actor.bind(journal)
    let isAway = false
    vi.spyOn(journal, 'actor').mockImplementation((address) => {
      if (!isAway || address !== `order/${buyOf(C)}`) return read(address)
      isAway = false
      return Promise.reject(new Error('the store is away'))
    })
    const { promise: judged, resolve: judge } = Promise.withResolvers<void>()
    vi.spyOn(journal, 'commit').mockImplementationOnce(async () => {
      await judged
      return { kind: 'refused', rule: 'other', detail: 'for the test' }
    })
    const first = [loop.ask(propose(B)), loop.ask(accepted(B))]
    await settle()
    isAway = true
    const last = loop.ask(tell(buyOf(C), { type: 'accepted', venueOrderId: 'v' }))
    await settle()
    judge()
    for (let round = 0; round < 30; round++) {
      await clock.advance(100)
      await settle()
    }
    expect(await Promise.all([...first, last])).toEqual(['committed', 'committed', 'committed'])
    expect(turns.slice(before).map(({ events, surprises }) => (events[0] === undefined ? surprises[0] : events[0].type))).toEqual(['created', 'accepted', `accepted for order/${buyOf(C)}, which does not exist`])
  })
})

describe('when the answer to a commit is lost', () => {
  test.each(['loseBefore', 'loseAfter'] as const)('it is found out and the turn is taken exactly once (%s, W1)', async (when) => {
    const { loop, journal, effects } = await startLoop()
    journal.loseNext(when)
    expect(await loop.ask(propose(A))).toBe('committed')
    expect(effects).toEqual([{ type: 'sendOrder', clientOrderId: buyOf(A) }])
    expect(await journal.history(`order/${buyOf(A)}`, 0, 10)).toHaveLength(1)
  })

  test('nothing leaves while the store is away, and past the bound the desk ends (W2)', async () => {
    const { loop, journal, effects, ends, clock } = await startLoop()
    vi.spyOn(journal, 'commit').mockResolvedValue({ kind: 'inDoubt', detail: 'gone' })
    vi.spyOn(journal, 'reconnect').mockRejectedValue(new Error('no server'))
    void loop.ask(propose(A))
    await clock.advance(3_000)
    expect(effects).toEqual([])
    expect(ends).toEqual([])
    await clock.advance(4_000)
    expect(ends).toEqual(['journalLost'])
    expect(effects).toEqual([])
  })

  test('a process whose lease was taken commits and sends nothing more (W3, I8)', async () => {
    const store = new MemoryStore()
    const old = await startLoop(store)
    await old.loop.ask(propose(A))
    await old.journal.close()
    await startLoop(store)
    void old.loop.ask(accepted(A))
    void old.loop.ask(propose(B))
    await settle()
    expect(old.ends).toEqual(['epochLost'])
    expect(old.effects).toHaveLength(1)
  })
})

describe('bounds', () => {
  test('a full inbox ends the desk instead of forgetting a message (L5)', async () => {
    const { loop, journal, ends } = await startLoop(undefined, { maxInbox: 5 })
    vi.spyOn(journal, 'commit').mockReturnValue(new Promise(() => undefined))
    for (let index = 0; index < 100; index++) loop.post(accepted(A))
    await settle()
    for (let index = 0; index < 100; index++) loop.post(accepted(A))
    expect(ends).toEqual(['inboxFull'])
  })

  test('2,500 executions of one order are one turn (FS-19)', async () => {
    const { loop, turns } = await startLoop()
    await loop.ask(propose(A))
    await loop.ask(accepted(A))
    const fills = Array.from({ length: 2_500 }, (_, index) => fillOf(`t${index}`, 'buy', '0.00000001'))
    expect(await loop.ask(tell(buyOf(A), { type: 'fillsListed', fills }))).toBe('committed')
    expect(turns.at(-1)?.lots).toHaveLength(2_500)
  })

  test('a turn that does not end is set aside (N1)', async () => {
    const { loop } = await startLoop()
    await loop.ask(propose(A))
    const fills = Array.from({ length: maxEvents + 1 }, (_, index) => fillOf(`t${index}`, 'buy', '0.00000001'))
    expect(await loop.ask(tell(buyOf(A), { type: 'fillsListed', fills }))).toBe('quarantined')
  })
})

describe('a restart', () => {
  test('reads actors from their rows and goes on with the same numbers', async () => {
    const store = new MemoryStore()
    const before = await startLoop(store)
    await before.loop.ask(propose(A))
    await before.loop.ask(accepted(A))
    await before.journal.close()
    const after = await startLoop(store)
    await after.loop.ask(filled(A, 't1'))
    expect(await after.journal.actor(`trade-pair/${A}`)).toMatchObject({ state: 'sellPlaced.pending' })
    const events = await after.journal.since(0, 100)
    expect(events.map((event) => event.position)).toEqual(events.map((_, index) => index + 1))
  })

  test('a claim without an answer is resolved, never sent again (K3)', async () => {
    const store = new MemoryStore()
    const before = await startLoop(store)
    await before.loop.ask(propose(A))
    await before.journal.close()
    const after = await startLoop(store)
    await after.loop.ask(tell(buyOf(A), { type: 'restarted' }))
    expect(await after.journal.actor(`order/${buyOf(A)}`)).toMatchObject({ state: 'resolving' })
    expect(after.effects.map((effect) => effect.type)).toEqual(['lookUp'])
  })
})

test('a watcher that throws is told in the log, and disturbs nobody (MD-10)', async () => {
  const { loop, log, turns } = await startLoop()
  guardObservers(log)
  const seen: string[] = []
  loop.committed.subscribe(() => {
    throw new Error('a page that cannot draw NaN')
  })
  loop.committed.subscribe(({ id }) => void seen.push(id))
  await loop.ask(propose(A))
  await loop.ask(accepted(A))
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(seen).toEqual(turns.map(({ id }) => id))
  expect(log.lines.filter(({ event }) => event === 'observer.failed').map(({ fields }) => (fields as { detail: string }).detail.split('\n')[0])).toEqual(['Error: a page that cannot draw NaN', 'Error: a page that cannot draw NaN'])
})
