/** Lends the rows to a command, whether a desk runs on them or not. */
import { PostgresReads } from '../adapters/postgres/reads.ts'
import type { OpenStore } from './store.ts'
import { nothingYet, visitStore } from './visit-store.ts'

/** PostgreSQL's word for a table that is not there. */
const undefinedTable = '42P01'

/**
 * Opens the store for reading, and closes it again as it was found: a server that served a running desk goes on.
 * @param configFile where the store's URL is; the embedded store when none is named
 * @throws Problem
 */
export const withRows = <T>(configFile: string | undefined, use: (reads: PostgresReads, store: OpenStore) => Promise<T>): Promise<T> =>
  visitStore(configFile, 'readsOnly', async (store) => {
    const reads = new PostgresReads(() => store.locate())
    try {
      return await use(reads, store)
    } catch (error) {
      if ((error as { code?: unknown }).code === undefinedTable) throw nothingYet(store.place)
      throw error
    } finally {
      await reads.close()
    }
  })
