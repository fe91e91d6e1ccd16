/** The end of a ban outlives every process (src/adapters/postgres/venue-bans.ts; CN-09). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VenueBans } from '../../src/adapters/postgres/venue-bans.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'

let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

test('is kept in a store that was empty, is read by whoever comes next, and is never shortened', async () => {
  const address = await server.database()
  const first = new VenueBans(async () => address)
  expect(await first.until('binance')).toBeUndefined()
  await first.keep('binance', 1_790_000_000_000.5)
  await first.close()
  const next = new VenueBans(async () => address)
  expect(await next.until('binance')).toBe(1_790_000_000_001)
  expect(await next.until('coinbase')).toBeUndefined()
  await next.keep('binance', 1_780_000_000_000)
  expect(await next.until('binance')).toBe(1_790_000_000_001)
  await next.keep('binance', 1_800_000_000_000)
  expect(await next.until('binance')).toBe(1_800_000_000_000)
  await next.close()
})
