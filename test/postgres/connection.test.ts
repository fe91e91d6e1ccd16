/** The session that a desk holds (src/adapters/postgres/connection.ts). */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { connect, Readers, type PostgresAddress } from '../../src/adapters/postgres/connection.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'
import { startProxy } from '../support/proxy.ts'

let server: TestServer
let address: PostgresAddress
beforeAll(async () => {
  server = await startPostgres()
  address = await server.database()
}, 60_000)
afterAll(() => server.stop())

test('statements are sent without waiting for each other, and answered in their order', async () => {
  const connection = await connect(address, 'connection test')
  const order: number[] = []
  const answers = [1, 2, 3].map(async (number) => {
    const { rows } = await connection.send({ text: 'SELECT $1::int AS number, pg_sleep($2)', values: [number, number === 1 ? 0.1 : 0] })
    order.push((rows[0] as { number: number }).number)
  })
  await Promise.all(answers)
  expect(order).toEqual([1, 2, 3])
  await connection.close()
  expect(connection.isOpen).toBe(false)
})

test('a statement that fails takes none of its successors with it, and what was prepared behind a failure is prepared again', async () => {
  const connection = await connect(address, 'connection test')
  const named = { name: 'one', text: 'SELECT 1 AS one' }
  const failing = await Promise.allSettled([{ text: 'BEGIN' }, { text: 'SELECT 1 / 0' }, named, { text: 'ROLLBACK' }].map((query) => connection.send(query)))
  expect(failing.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled'])
  expect((await connection.send(named)).rows).toEqual([{ one: 1 }])
  await connection.close()
})

test('leaves at once while an answer is still to come', async () => {
  const connection = await connect(address, 'connection test')
  const waiting = expect(connection.send({ text: 'SELECT pg_sleep(14)' })).rejects.toThrow('Connection terminated')
  await connection.close()
  await waiting
  expect(connection.isOpen).toBe(false)
})

test('leaves a server that has fallen silent, although nothing was asked of it, and so do its readers', async () => {
  const database = await server.database()
  const proxy = await startProxy(database)
  const through: PostgresAddress = { ...database, host: '127.0.0.1', port: proxy.port }
  const connection = await connect(through, 'connection test')
  const readers = new Readers(async () => through)
  await readers.ask((db) => sql`SELECT 1`.execute(db))
  const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
  const open = sockets()
  proxy.goSilent()
  await Promise.all([connection.close(), readers.close()])
  expect(connection.isOpen).toBe(false)
  // The proxy's two ends are still there; what would keep the desk's process alive is not.
  await vi.waitFor(() => expect(sockets()).toBeLessThanOrEqual(open - 2), 5_000)
  await proxy.close()
})
