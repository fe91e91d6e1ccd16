/** `migrate`: brings the store's schema up to date without starting a desk. */
import { connect } from '../../adapters/postgres/connection.ts'
import { migrate, MigrationFailed } from '../../adapters/postgres/migrate.ts'
import { noFailpoints } from '../../ports/failpoints.ts'
import { loadConfig } from '../config/load-config.ts'
import { printJson, printLine } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { homeFolder, openStore } from '../store.ts'

export const migrateCommand = async (options: { readonly config?: string; readonly json?: boolean }): Promise<ExitCode> => {
  const home = homeFolder()
  const store = await openStore(options.config === undefined ? 'embedded' : loadConfig(options.config).store.url, home)
  try {
    const connection = await connect(store.address, 'nightdesk migrate')
    const done = await migrate(connection.db, noFailpoints).finally(() => void connection.close())
    if (options.json === true) printJson({ ran: done })
    else printLine(done.length === 0 ? 'the schema is up to date' : `ran ${done.join(', ')}`)
    return exitCodes.fine
  } catch (error) {
    if (error instanceof MigrationFailed) throw new Problem(exitCodes.unavailable, error.message)
    throw error
  } finally {
    await store.leave()
  }
}
