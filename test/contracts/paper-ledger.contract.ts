/** What every paper ledger promises (src/ports/paper-ledger.ts, PL1 to PL4), whatever it is made of. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { price, quantity, rate } from '../../src/domain/decimal.ts'
import type { PaperEvent, PaperLedger } from '../../src/ports/paper-ledger.ts'

export interface PaperLedgerUnderTest {
  /** A new process on the same store. */
  open(): PaperLedger
}

export const placed = (clientOrderId: string): PaperEvent => ({
  type: 'placed',
  at: 1_790_000_000_000.5,
  venueOrderId: `paper-${clientOrderId}`,
  request: { clientOrderId, instrument: 'BTC-USD', side: 'buy', quantity: quantity('0.10000001'), price: price('61700.01'), postOnly: true },
  base: 'BTC',
  quote: 'USD',
  terms: { maker: rate('0.004'), taker: rate('0.006'), feeIn: 'quote' },
  hold: quantity('6207.021620062001'),
})

const resumed = (at: number): PaperEvent => ({ type: 'resumed', at })

export const paperLedgerContract = (name: string, fresh: () => Promise<PaperLedgerUnderTest>): void => {
  describe(`${name} as a paper ledger`, () => {
    let store: PaperLedgerUnderTest
    let ledger: PaperLedger
    const opened: PaperLedger[] = []
    const another = (): PaperLedger => {
      const next = store.open()
      opened.push(next)
      return next
    }

    beforeEach(async () => {
      store = await fresh()
      ledger = another()
    })
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()))
    })

    test('is empty at first, and knows nobody', async () => {
      expect(await ledger.read(0, 10)).toEqual([])
      expect(await ledger.knows('a')).toBe(false)
    })

    test('gives back every event as it was, to the last digit, in order, to whoever opens it next', async () => {
      const events = [resumed(1), placed('a'), resumed(2)]
      expect(await ledger.append(0, events)).toBe('appended')
      expect(await another().read(0, 10)).toEqual(events.map((event, index) => ({ position: index + 1, event })))
    })

    test('reads on from a position, so many at most', async () => {
      await ledger.append(0, [resumed(1), resumed(2), resumed(3), resumed(4)])
      expect((await ledger.read(1, 2)).map(({ position }) => position)).toEqual([2, 3])
      expect(await ledger.read(4, 2)).toEqual([])
    })

    test('writes nothing for whoever has not read everything, and nothing for whoever believes in more than there is (PL1)', async () => {
      await ledger.append(0, [resumed(1), resumed(2)])
      for (const after of [0, 1, 3]) expect(await another().append(after, [placed('late')])).toBe('overtaken')
      expect(await ledger.read(0, 10)).toHaveLength(2)
      expect(await ledger.knows('late')).toBe(false)
    })

    test('lets one of many who write at once have the place (PL1, PL2)', async () => {
      const writers = ['a', 'b', 'c', 'd'].map((id) => ({ id, ledger: another() }))
      const outcomes = await Promise.all(writers.map(({ id, ledger: one }) => one.append(0, [placed(id), resumed(1)])))
      expect(outcomes.filter((outcome) => outcome === 'appended')).toHaveLength(1)
      const winner = writers[outcomes.indexOf('appended')]?.id
      expect((await ledger.read(0, 10)).map(({ event }) => event)).toEqual([placed(winner ?? ''), resumed(1)])
      expect(await Promise.all(writers.map(({ id }) => ledger.knows(id)))).toEqual(writers.map(({ id }) => id === winner))
    })

    test('takes a client order id once, and what came with it not at all (PL2, PL3)', async () => {
      await ledger.append(0, [placed('a')])
      expect(await ledger.append(1, [resumed(1), placed('a')])).toBe('overtaken')
      expect(await ledger.read(1, 10)).toEqual([])
    })

    test('knows a client order id after its events were forgotten, and goes on counting (PL1, PL3)', async () => {
      const snapshot: PaperEvent = { type: 'snapshot', at: 3, accountId: 'paper-a', balances: [{ asset: 'USD', free: quantity('1.5'), held: quantity('0') }], orders: [] }
      await ledger.append(0, [placed('a'), placed('b'), snapshot])
      await ledger.forget(3)
      expect(await another().read(0, 10)).toEqual([{ position: 3, event: snapshot }])
      expect(await ledger.knows('a')).toBe(true)
      expect(await ledger.append(3, [placed('a')])).toBe('overtaken')
      expect(await ledger.append(3, [placed('c')])).toBe('appended')
      expect((await ledger.read(3, 10)).map(({ position }) => position)).toEqual([4])
    })
  })
}
