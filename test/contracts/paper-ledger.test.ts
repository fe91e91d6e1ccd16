import { afterAll, beforeAll, expect, test } from 'vitest'
import { MemoryPaperLedger, PaperStore } from '../../src/adapters/memory/memory-paper-ledger.ts'
import { PostgresPaperLedger } from '../../src/adapters/postgres/paper-ledger.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { paperLedgerContract, placed } from './paper-ledger.contract.ts'

let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

paperLedgerContract('the in-memory ledger', async () => {
  const store = new PaperStore()
  return { open: () => new MemoryPaperLedger(store) }
})

paperLedgerContract('the PostgreSQL ledger', async () => {
  const address = await server.database()
  return { open: () => new PostgresPaperLedger(async () => address, 'coinbase') }
})

test('one PostgreSQL holds the ledgers of many accounts, strangers to each other', async () => {
  const address = await server.database()
  const [one, other] = ['coinbase', 'binance'].map((name) => new PostgresPaperLedger(async () => address, name))
  await one?.append(0, [placed('a')])
  expect(await other?.read(0, 10)).toEqual([])
  expect(await other?.knows('a')).toBe(false)
  expect(await other?.append(0, [placed('a')])).toBe('appended')
  await other?.forget(2)
  expect(await one?.read(0, 10)).toHaveLength(1)
  await Promise.all([one?.close(), other?.close()])
})
