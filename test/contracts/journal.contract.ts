/** What every journal promises (src/ports/journal.ts, J1 to J3), whatever it is made of. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { money, quantity, sum } from '../../src/domain/decimal.ts'
import { verifyChain } from '../../src/app/audit-chain.ts'
import type { ActorRecord, AuditRecord, KeptAudit, ReconciliationRecord } from '../../src/domain/records.ts'
import { reconciliationsKept, type ActorQuery, type Journal, type JournalReads, type Turn } from '../../src/ports/journal.ts'
import { batchOf, eventRecord, fillOf, fillRecord, lotRecord, orderRecordOf, pairRecord } from '../support/records.ts'

export interface JournalUnderTest {
  /** A new process on the same store. */
  open(): Promise<{ journal: Journal; reads: JournalReads }>
  /** Makes the next commit lose its answer before or after it took hold; the connection is gone either way. */
  loseNext(journal: Journal, when: 'loseBefore' | 'loseAfter'): Promise<void>
}

const stamp = { environment: 'sandbox', venue: 'coinbase', account: 'a1' }
const P = '01JD5MZX8K4T7WQ2AB'

export const journalContract = (name: string, fresh: () => Promise<JournalUnderTest>): void => {
  describe(`${name} as a journal`, () => {
    let store: JournalUnderTest
    let journal: Journal
    let reads: JournalReads
    const open: Journal[] = []

    const another = async () => {
      const opened = await store.open()
      open.push(opened.journal)
      return opened
    }

    beforeEach(async () => {
      store = await fresh()
      ;({ journal, reads } = await another())
      expect((await journal.takeLease(stamp, 'ab12')).kind).toBe('taken')
    })
    afterEach(async () => {
      await Promise.all(open.splice(0).map((one) => one.close()))
    })

    test('gives the first holder epoch 1, the next epoch 2 and the same install mark', async () => {
      await journal.close()
      const next = await (await another()).journal.takeLease(stamp, 'zz99')
      expect(next).toEqual({ kind: 'taken', lease: { epoch: 2, starts: 2, install: 'ab12', lastPosition: 0 } })
    })

    test('is held by one process at a time (CK-07)', async () => {
      expect((await (await another()).journal.takeLease(stamp, 'ab12')).kind).toBe('held')
    })

    test('refuses a store that belongs to another account', async () => {
      await journal.close()
      const outcome = await (await another()).journal.takeLease({ ...stamp, account: 'a2' }, 'ab12')
      expect(outcome).toEqual({ kind: 'otherOwner', stamp })
    })

    test('keeps what was committed: actors, events, fills, lots, deadlines', async () => {
      const buy = orderRecordOf(P, 'buy', 1, { live: false, filled: quantity('0.001') })
      const fill = fillOf('t1', 'buy', '0.001')
      const outcome = await journal.commit(
        batchOf('1-1', {
          actors: [pairRecord(P, { bought: quantity('0.001'), held: quantity('0.001') }), buy],
          events: [eventRecord(`trade-pair/${P}`, 1, 1), eventRecord(buy.address, 1, 2)],
          fills: [fillRecord(P, buy, fill)],
          lots: [lotRecord(P, fill)],
          deadlines: [{ address: `trade-pair/${P}`, name: 'cover', dueAt: 99 }],
        }),
      )
      expect(outcome).toEqual({ kind: 'committed' })
      expect(await reads.actor(buy.address)).toEqual(buy)
      expect(await reads.history(buy.address, 0, 10)).toEqual([eventRecord(buy.address, 1, 2)])
      expect(await reads.since(1, 10)).toEqual([eventRecord(buy.address, 1, 2)])
      expect(await reads.fillsOf(buy.order?.clientOrderId ?? '')).toEqual([fillRecord(P, buy, fill)])
      expect(await reads.deadlinesOf(`trade-pair/${P}`)).toEqual([{ address: `trade-pair/${P}`, name: 'cover', dueAt: 99 }])
      const rows = await journal.liveRows()
      expect(rows.actors.map((record) => record.address)).toEqual([`trade-pair/${P}`])
      expect(rows.deadlines).toHaveLength(1)
    })

    test('takes the last word of a batch on an actor and on a deadline', async () => {
      const address = `trade-pair/${P}`
      await journal.commit(
        batchOf(
          '1-1',
          { actors: [pairRecord(P)], deadlines: [{ address, name: 'a', dueAt: 1 }, { address, name: 'b', dueAt: 1 }] },
          { actors: [{ ...pairRecord(P), state: 'held', seq: 2 }], cleared: [{ address, name: 'a' }], deadlines: [{ address, name: 'b', dueAt: 7 }] },
        ),
      )
      expect(await reads.actor(address)).toMatchObject({ state: 'held', seq: 2 })
      expect(await reads.deadlinesOf(address)).toEqual([{ address, name: 'b', dueAt: 7 }])
    })

    test('refuses two live orders for one leg, also in one batch, and writes nothing of it (I1, OC-21)', async () => {
      const batch = batchOf('1-1', { actors: [pairRecord(P), orderRecordOf(P, 'buy', 1)], events: [eventRecord(`trade-pair/${P}`, 1, 1)] }, { actors: [orderRecordOf(P, 'buy', 2)] })
      expect(await journal.commit(batch)).toMatchObject({ kind: 'refused', rule: 'liveOrder' })
      expect(await reads.actor(`trade-pair/${P}`)).toBeUndefined()
      expect(await reads.since(0, 10)).toEqual([])
      expect(await journal.wasCommitted('1-1')).toBe(false)
    })

    test('takes a new order for a leg whose last one ends in the same batch', async () => {
      expect(await journal.commit(batchOf('1-1', { actors: [pairRecord(P), orderRecordOf(P, 'buy', 1)] }))).toEqual({ kind: 'committed' })
      const next = batchOf('1-2', { actors: [orderRecordOf(P, 'buy', 2), orderRecordOf(P, 'buy', 1, { live: false })] })
      expect(await journal.commit(next)).toEqual({ kind: 'committed' })
    })

    test('refuses the same fill twice (I3, FS-25)', async () => {
      const buy = orderRecordOf(P, 'buy', 1)
      const fill = fillOf('t1', 'buy', '0.0005')
      const held = { bought: quantity('0.0005'), held: quantity('0.0005') }
      expect(await journal.commit(batchOf('1-1', { actors: [pairRecord(P, held), buy], fills: [fillRecord(P, buy, fill)], lots: [lotRecord(P, fill)] }))).toEqual({ kind: 'committed' })
      expect(await journal.commit(batchOf('1-2', { fills: [fillRecord(P, buy, fill)] }))).toMatchObject({ kind: 'refused', rule: 'duplicateFill' })
    })

    test('books one trade id for both orders of a self-trade (FS-26)', async () => {
      const buy = orderRecordOf(P, 'buy', 1, { live: false })
      const sell = orderRecordOf(P, 'sell', 1, { live: false })
      const bought = fillOf('t1', 'buy', '0.001')
      const sold = fillOf('t1', 'sell', '0.001')
      const pair = pairRecord(P, { bought: quantity('0.001'), held: quantity('0.001'), sold: quantity('0.001') })
      const batch = batchOf('1-1', { actors: [pair, buy, sell], fills: [fillRecord(P, buy, bought), fillRecord(P, sell, sold)], lots: [lotRecord(P, bought)] })
      expect(await journal.commit(batch)).toEqual({ kind: 'committed' })
    })

    test('refuses an offer larger than what was bought (I4)', async () => {
      const buy = orderRecordOf(P, 'buy', 1, { live: false })
      const fill = fillOf('t1', 'buy', '0.0005')
      const batch = batchOf('1-1', {
        actors: [pairRecord(P, { bought: quantity('0.0005'), held: quantity('0.0005') }), buy, orderRecordOf(P, 'sell', 1)],
        fills: [fillRecord(P, buy, fill)],
        lots: [lotRecord(P, fill)],
      })
      expect(await journal.commit(batch)).toMatchObject({ kind: 'refused', rule: 'cover' })
    })

    test('books a late fill of an ended sell while its replacement is on offer; takes no new offer beside it (FS-23)', async () => {
      const buy = orderRecordOf(P, 'buy', 1, { live: false })
      const first = orderRecordOf(P, 'sell', 1, { live: false, venueOrderId: 'v-sell' })
      const second = { ...orderRecordOf(P, 'sell', 2, { venueOrderId: 'v-2' }), state: 'pending' }
      const bought = fillOf('t1', 'buy', '0.001')
      const late = fillOf('t2', 'sell', '0.0004')
      const held = { bought: quantity('0.001'), held: quantity('0.001') }
      expect(await journal.commit(batchOf('1-1', { actors: [pairRecord(P, held), buy, first, second], fills: [fillRecord(P, buy, bought)], lots: [lotRecord(P, bought)] }))).toEqual({ kind: 'committed' })
      expect(await journal.commit(batchOf('1-2', { actors: [pairRecord(P, { ...held, sold: quantity('0.0004') })], fills: [fillRecord(P, first, late)] }))).toEqual({ kind: 'committed' })
      const third = batchOf('1-3', { actors: [{ ...second, order: { ...second.order, live: false } as never }, orderRecordOf(P, 'sell', 3)] })
      expect(await journal.commit(third)).toMatchObject({ kind: 'refused', rule: 'cover' })
    })

    test('refuses more sold than was bought, whatever is on offer (I4)', async () => {
      const buy = orderRecordOf(P, 'buy', 1, { live: false })
      const sell = orderRecordOf(P, 'sell', 1, { live: false })
      const bought = fillOf('t1', 'buy', '0.0005')
      const sold = fillOf('t2', 'sell', '0.0006')
      const batch = batchOf('1-1', { actors: [pairRecord(P, { bought: quantity('0.0005'), held: quantity('0.0005'), sold: quantity('0.0006') }), buy, sell], fills: [fillRecord(P, buy, bought), fillRecord(P, sell, sold)], lots: [lotRecord(P, bought)] })
      expect(await journal.commit(batch)).toMatchObject({ kind: 'refused', rule: 'cover' })
    })

    test('refuses totals that differ from their rows (I4)', async () => {
      expect(await journal.commit(batchOf('1-1', { actors: [pairRecord(P, { bought: quantity('1'), held: quantity('1') })] }))).toMatchObject({ kind: 'refused', rule: 'cover' })
    })

    test('refuses an event number that is taken', async () => {
      await journal.commit(batchOf('1-1', { events: [eventRecord('desk', 1, 1)] }))
      expect(await journal.commit(batchOf('1-2', { events: [eventRecord('desk', 1, 2)] }))).toMatchObject({ kind: 'refused', rule: 'duplicateEvent' })
    })

    test('refuses an order without its pair and a fill without its order', async () => {
      expect(await journal.commit(batchOf('1-1', { actors: [orderRecordOf(P, 'buy', 1)] }))).toMatchObject({ kind: 'refused', rule: 'reference' })
      const fill = fillOf('t1', 'sell', '1')
      expect(await journal.commit(batchOf('1-2', { actors: [pairRecord(P)], fills: [fillRecord(P, orderRecordOf(P, 'sell', 1), fill)] }))).toMatchObject({ kind: 'refused', rule: 'reference' })
    })

    test('lets a process that lost the lease commit nothing (I8)', async () => {
      await journal.close()
      const successor = await another()
      await successor.journal.takeLease(stamp, 'ab12')
      const outcome = await journal.commit(batchOf('1-1', { events: [eventRecord('desk', 1, 1)] })).catch((error: unknown) => ({ kind: 'inDoubt', error }))
      expect(['epochLost', 'inDoubt']).toContain(outcome.kind)
      expect(await successor.reads.since(0, 10)).toEqual([])
    })

    test.each([
      ['loseBefore', false],
      ['loseAfter', true],
    ] as const)('says by its id what became of a commit whose answer was lost (%s)', async (when, committed) => {
      await store.loseNext(journal, when)
      expect((await journal.commit(batchOf('1-7', { events: [eventRecord('desk', 1, 1)] }))).kind).toBe('inDoubt')
      expect(await journal.reconnect()).toBe(true)
      expect(await journal.wasCommitted('1-7')).toBe(committed)
      expect(await journal.commit(batchOf('1-8', { events: [eventRecord('desk', 2, 2)] }))).toEqual({ kind: 'committed' })
    })

    test('finds an order by the id that the venue gave it, and the fills that are booked, by when they happened', async () => {
      const buy = orderRecordOf(P, 'buy', 1, { live: false, venueOrderId: 'v-9' })
      const early = { ...fillOf('t1', 'buy', '0.001'), at: 1_000 }
      const late = { ...fillOf('t2', 'buy', '0.002'), at: 2_000, fee: money('0.5') }
      const bought = { bought: quantity('0.003'), held: quantity('0.003') }
      await journal.commit(batchOf('1-1', { actors: [pairRecord(P, bought), buy], fills: [fillRecord(P, buy, early), fillRecord(P, buy, late)], lots: [lotRecord(P, early), lotRecord(P, late)] }))
      expect((await journal.orderAtVenue('v-9'))?.address).toBe(buy.address)
      expect(await journal.orderAtVenue('v-10')).toBeUndefined()
      expect((await journal.lastPairOn('BTC-USD'))?.address).toBe(`trade-pair/${P}`)
      expect(await journal.lastPairOn('ETH-USD')).toBeUndefined()
      expect(await journal.bookedSince(1_000)).toEqual(new Set(['t1 v-buy', 't2 v-buy']))
      expect(await journal.bookedSince(1_001)).toEqual(new Set(['t2 v-buy']))
      const { booked } = await journal.liveRows()
      expect(booked.map(({ instrument, side, feeAsset }) => ({ instrument, side, feeAsset }))).toContainEqual({ instrument: 'BTC-USD', side: 'buy', feeAsset: 'USD' })
      expect(sum(booked.map((total) => total.quantity))).toBe('0.003')
      expect(sum(booked.map((total) => total.value))).toBe('180')
      expect(sum(booked.map((total) => total.fee))).toBe('0.5')
    })

    test('tells the whole life of an actor, page by page', async () => {
      await journal.commit(batchOf('1-1', { events: [eventRecord('desk', 1, 1), eventRecord('account', 1, 2), eventRecord('desk', 2, 3), eventRecord('desk', 3, 4)] }))
      const first = await journal.history('desk', 0, 2)
      expect(first.map(({ seq }) => seq)).toEqual([1, 2])
      expect((await journal.history('desk', 2, 2)).map(({ seq }) => seq)).toEqual([3])
    })

    test('tells the newest of a life before an event, oldest first', async () => {
      await journal.commit(batchOf('1-1', { events: [1, 2, 3, 4].map((seq) => eventRecord('desk', seq, seq)) }))
      const seqs = async (before: number, limit: number): Promise<readonly number[]> => (await reads.historyBefore('desk', before, limit)).map(({ seq }) => seq)
      expect(await seqs(99, 2)).toEqual([3, 4])
      expect(await seqs(3, 10)).toEqual([1, 2])
      expect(await seqs(1, 10)).toEqual([])
    })

    test('lists actors in one order, by age too, and goes on after any of them', async () => {
      const ids = ['A', 'B', 'C'].map((letter) => `01JD5MZX8K4T7WQ2A${letter}`)
      const desk: ActorRecord = { address: 'desk', kind: 'desk', version: 1, seq: 1, state: 'trading', since: 5, context: {}, finished: false }
      const actors = [...ids.map((id, at) => ({ ...pairRecord(id), since: 10 * (at + 1) })), ...ids.map((id) => orderRecordOf(id, 'buy', 1, { live: false })), desk, { ...desk, address: 'account', kind: 'account' as const }]
      expect(await journal.commit(batchOf('1-1', { actors }))).toEqual({ kind: 'committed' })
      const listed = async (query: Partial<ActorQuery> = {}): Promise<readonly string[]> => (await reads.actors({ limit: 100, ...query })).map(({ address }) => address)
      const all = await listed()
      expect(all).toEqual(['account', 'desk', ...ids.toReversed().map((id) => `trade-pair/${id}`), ...ids.toReversed().map((id) => `order/nd0000-${id}-b1`)])
      for (const [at, after] of all.entries()) expect([after, await listed({ after, limit: 2 })]).toEqual([after, all.slice(at + 1, at + 3)])
      expect(await listed({ kind: 'trade-pair', after: `trade-pair/${ids[2]}` })).toEqual([`trade-pair/${ids[1]}`, `trade-pair/${ids[0]}`])
      expect(await listed({ sinceBefore: 20, kind: 'trade-pair' })).toEqual([`trade-pair/${ids[0]}`])
    })

    test('keeps the account’s row as an actor of its own kind', async () => {
      const account: ActorRecord = { address: 'account', kind: 'account', version: 1, seq: 1, state: 'agreed', since: 5, context: { opening: {} }, finished: false }
      await journal.commit(batchOf('1-1', { actors: [account, { ...account, address: 'desk', kind: 'desk' }] }))
      expect(await journal.actor('account')).toEqual(account)
      expect((await journal.liveRows()).actors.map(({ kind }) => kind).sort()).toEqual(['account', 'desk'])
      expect((await reads.actors({ kind: 'account', limit: 10 })).map(({ address }) => address)).toEqual(['account'])
    })

    test('sums what closed round trips have earned, by UTC day and instrument, newest day first', async () => {
      const midnight = Date.UTC(2026, 10, 21)
      /** A pair that bought and sold one unit, with the fills that explain it. */
      const trip = (n: number, closedAt: number, proceeds: string, instrument = 'BTC-USD'): Partial<Turn> => {
        const id = `01JD5MZX8K4T7WQ2A${'CDEFGH'.charAt(n)}`
        const amounts = { bought: quantity('1'), held: quantity('1'), sold: quantity('1') }
        const pair = { ...pairRecord(id, { ...amounts, instrument, cost: money('100'), proceeds: money(proceeds), fees: money('0.25'), closedAt }), state: 'closed', finished: true }
        const orders = (['buy', 'sell'] as const).map((leg) => orderRecordOf(id, leg, 1, { live: false, filled: quantity('1'), quantity: quantity('1') }))
        const fills = orders.map((order) => fillRecord(id, order, { ...fillOf(`${order.order?.leg}-${n}`, order.order?.side ?? 'buy', '1'), venueOrderId: `v-${order.order?.leg}-${n}` }))
        return { id: `t-${n}`, actors: [pair, ...orders], fills, lots: fills.slice(0, 1).map(({ fill }) => lotRecord(id, fill)) }
      }
      const abandoned = { ...pairRecord(P, { closedAt: midnight }), state: 'abandoned', finished: true }
      expect(await journal.commit(batchOf('1-1', trip(0, midnight - 1, '101'), trip(1, midnight, '99.5'), trip(2, midnight + 86_399_999, '102.125'), trip(3, midnight + 6, '100', 'ETH-USD'), { id: 't-9', actors: [abandoned] }))).toEqual({ kind: 'committed' })
      expect(await reads.realised(0, Number.MAX_SAFE_INTEGER)).toEqual([
        { day: '2026-11-21', instrument: 'BTC-USD', pairs: 2, wins: 1, profit: '1.625', fees: '0.5' },
        { day: '2026-11-21', instrument: 'ETH-USD', pairs: 1, wins: 0, profit: '0', fees: '0.25' },
        { day: '2026-11-20', instrument: 'BTC-USD', pairs: 1, wins: 1, profit: '1', fees: '0.25' },
      ])
      expect(await reads.realised(midnight, midnight + 7)).toMatchObject([{ instrument: 'BTC-USD', pairs: 1, profit: '-0.5' }, { instrument: 'ETH-USD' }])
      expect((await reads.endedTrips(0, Number.MAX_SAFE_INTEGER, 10)).map(({ closedAt, proceeds }) => [closedAt, proceeds])).toEqual([[midnight - 1, '101'], [midnight, '99.5'], [midnight + 6, '100'], [midnight + 86_399_999, '102.125']])
      expect((await reads.endedTrips(midnight, midnight + 6, 10)).map(({ instrument }) => instrument)).toEqual(['BTC-USD'])
      expect((await reads.endedTrips(0, Number.MAX_SAFE_INTEGER, 1)).map(({ closedAt }) => closedAt)).toEqual([midnight - 1])
    })

    test('finds every other actor by its kind and address, with all that it remembers, also at a start', async () => {
      const rows: readonly ActorRecord[] = [
        { address: 'kill-switch', kind: 'kill-switch', version: 1, seq: 1, state: 'orders', since: 5, context: { who: 'ann' }, finished: false },
        { address: 'breaker/cooldown:BTC-USD', kind: 'breaker', version: 1, seq: 2, state: 'tripped.timed', since: 6, context: { name: 'cooldown:BTC-USD', tally: { realised: '-0.000000000000000001', period: 20413 } }, finished: false },
      ]
      expect(await journal.commit(batchOf('1-1', { actors: rows }))).toEqual({ kind: 'committed' })
      for (const row of rows) {
        expect(await reads.actors({ kind: row.kind, limit: 10 })).toEqual([row])
        expect(await journal.actor(row.address)).toEqual(row)
      }
      expect((await journal.liveRows()).actors).toEqual(expect.arrayContaining([...rows]))
    })

    const audited = (commandId: string, after = 'orders'): AuditRecord => ({ commandId, at: 5, kind: 'kill', who: 'ann', reason: 'smoke', target: 'kill-switch', before: '', after, pairId: null, orderId: null, rule: null })

    test('keeps every command once, in order, with the turn that it made; the second of an id is refused whole (M1)', async () => {
      expect(await journal.command('c1')).toBeUndefined()
      expect(await journal.commit(batchOf('1-1', { audit: [audited('c1')] }, { id: '1-1b', audit: [audited('c2', 'flatten')] }))).toEqual({ kind: 'committed' })
      expect(await journal.command('c1')).toMatchObject(audited('c1'))
      expect(await reads.audit({ limit: 10 })).toMatchObject([{ ...audited('c2', 'flatten'), number: 2 }, { ...audited('c1'), number: 1 }])
      expect(await reads.audit({ limit: 1 })).toMatchObject([audited('c2', 'flatten')])
      expect(await journal.commit(batchOf('1-2', { audit: [audited('c3')] }, { id: '1-2b', audit: [audited('c1', 'off')] }))).toMatchObject({ kind: 'refused', rule: 'duplicateCommand' })
      expect(await journal.commit(batchOf('1-3', { audit: [audited('c4')] }))).toEqual({ kind: 'committed' })
      expect((await reads.audit({ limit: 10 })).map(({ number, commandId }) => [number, commandId])).toEqual([[3, 'c4'], [2, 'c2'], [1, 'c1']])
      expect(await verifyChain(reads)).toMatchObject({ rows: 3, broken: null })
      expect([await journal.command('c3'), (await journal.command('c1'))?.after]).toEqual([undefined, 'orders'])
    })

    test('finds decisions by pair, order, rule, kind and time, and keeps them in one chain that shows what was changed', async () => {
      const decision = (at: number, over: Partial<AuditRecord>): AuditRecord => ({ at, kind: 'denial', who: 'gate', reason: `it is ${at}`, target: 'x', before: 'a', after: 'b', pairId: null, orderId: null, rule: null, commandId: null, ...over })
      const all = [decision(1, { pairId: 'p1', rule: 'spread' }), decision(2, { pairId: 'p1', orderId: 'o1', kind: 'proposal' }), decision(3, { pairId: 'p2', rule: 'spread' }), decision(4, { rule: 'size' })]
      await journal.commit(batchOf('1-1', { audit: all.slice(0, 2) }))
      await journal.commit(batchOf('1-2', { audit: all.slice(2) }))
      const times = async (query: object): Promise<readonly number[]> => (await reads.audit({ limit: 10, ...query })).map(({ at }) => at)
      expect([await times({ pairId: 'p1' }), await times({ orderId: 'o1' }), await times({ rule: 'spread' }), await times({ kind: 'proposal' }), await times({ from: 2, to: 4 }), await times({ rule: 'spread', from: 2 }), await times({ pairId: 'nobody' })]).toEqual([[2, 1], [2], [3, 1], [2], [3, 2], [3], []])
      const whole = await verifyChain(reads)
      expect(whole).toEqual({ rows: 4, last: (await reads.audit({ limit: 1 }))[0]?.hash, broken: null })
      const altered = (change: (rows: readonly KeptAudit[]) => readonly KeptAudit[]) => verifyChain({ auditAfter: async (after, limit) => change(await reads.auditAfter(0, 100)).filter((row) => row.number > after).slice(0, limit) })
      expect(await altered((rows) => rows.map((row) => (row.number === 2 ? { ...row, reason: 'it was never so' } : row)))).toMatchObject({ rows: 1, broken: expect.stringMatching(/^number 2 \(proposal, .*\) was changed/) as string })
      expect(await altered((rows) => rows.filter(({ number }) => number !== 3))).toMatchObject({ rows: 2, broken: 'number 3 is missing: 4 follows 2' })
      expect(await altered((rows) => rows.map((row) => (row.number === 4 ? { ...row, hash: 'f'.repeat(64) } : row)))).toMatchObject({ rows: 3 })
    })

    const comparison = (n: number, outcome: ReconciliationRecord['outcome']): ReconciliationRecord => ({
      id: `1-${n}`,
      began: n,
      ended: n + 1,
      reason: 'it is time',
      outcome,
      compared: { orders: 1, fills: 2, assets: 2 },
      differences: outcome === 'repaired' ? [{ kind: 'order', about: 'x', expected: 'a', found: 'b', done: 'c' }] : [],
      omitted: 0,
      detail: outcome === 'failed' ? 'timeout' : null,
    })

    test('keeps comparisons with the venue, newest first, and by how they ended', async () => {
      for (const [n, outcome] of (['agreed', 'repaired', 'failed'] as const).entries()) await journal.commit(batchOf(`1-${n}`, { reconciliation: comparison(n, outcome) }))
      expect(await reads.reconciliations(10)).toEqual([comparison(2, 'failed'), comparison(1, 'repaired'), comparison(0, 'agreed')])
      expect(await reads.reconciliations(10, 'repaired')).toEqual([comparison(1, 'repaired')])
      expect(await reads.reconciliations(1)).toEqual([comparison(2, 'failed')])
    })

    test('keeps a bounded number of comparisons, and those with a difference for longer (I11)', async () => {
      await journal.commit(batchOf('1-0', ...Array.from({ length: reconciliationsKept.agreed + 20 }, (_, n) => ({ id: `1-${n}`, reconciliation: comparison(n, n === 3 ? 'repaired' : 'agreed') }))))
      await journal.commit(batchOf('1-1', { reconciliation: comparison(9_999, 'agreed') }))
      const kept = await reads.reconciliations(10_000)
      expect(kept).toHaveLength(reconciliationsKept.agreed + 1)
      expect(kept.at(-1)).toEqual(comparison(3, 'repaired'))
    })
  })
}
