/** `migrate`: brings the store's schema up to date without starting a desk. */
import { connect } from '../../adapters/postgres/connection.ts'
import { migrate, MigrationFailed } from '../../adapters/postgres/migrate.ts'
import { noFailpoints } from '../../ports/failpoints.ts'
import { printJson, printLine } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { visitStore } from '../visit-store.ts'

export const migrateCommand = async (options: { readonly config?: string; readonly json?: boolean }): Promise<ExitCode> => {
  try {
    const done = await visitStore(options.config, 'makes', async ({ address }) => {
      const connection = await connect(address, 'nightdesk migrate')
      try {
        return await migrate(connection.db, noFailpoints)
      } finally {
        await connection.close()
      }
    })
    if (options.json === true) printJson({ ran: done })
    else printLine(done.length === 0 ? 'the schema is up to date' : `ran ${done.join(', ')}`)
    return exitCodes.fine
  } catch (error) {
    if (error instanceof MigrationFailed) throw new Problem(exitCodes.unavailable, error.message)
    throw error
  }
}
