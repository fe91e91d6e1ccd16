/** Lends the rows to a command, whether a desk runs on them or not. */
import { PostgresReads } from '../adapters/postgres/reads.ts'
import { loadConfig } from './config/load-config.ts'
import { exitCodes, Problem } from './problem.ts'
import { homeFolder, openStore } from './store.ts'

/** PostgreSQL's word for a table that is not there. */
const undefinedTable = '42P01'

/**
 * Opens the store for reading, and closes it again as it was found: a server that served a running desk goes on.
 * @param configFile where the store's URL is; the embedded store when none is named
 * @throws Problem
 */
export const withRows = async <T>(configFile: string | undefined, use: (reads: PostgresReads) => Promise<T>): Promise<T> => {
  const home = homeFolder()
  const url = configFile === undefined ? 'embedded' : loadConfig(configFile).store.url
  const store = await openStore(url, home)
  const reads = new PostgresReads(() => store.locate())
  try {
    return await use(reads)
  } catch (error) {
    if ((error as { code?: unknown }).code === undefinedTable) {
      throw new Problem(exitCodes.unavailable, `there is no desk in ${home} yet: start one with "nightdesk run", or set NIGHTDESK_HOME to where it is`)
    }
    throw error
  } finally {
    await reads.close()
    await store.leave()
  }
}
