/** Who else is at work in a database. */
import { sql } from 'kysely'
import { connect, type PostgresAddress } from './connection.ts'

/**
 * Whether another client has a session there now.
 * @throws when the server cannot be reached
 */
export const isInUse = async (address: PostgresAddress): Promise<boolean> => {
  const connection = await connect(address, 'nightdesk leaving')
  try {
    const { rows } = await sql<{ others: number }>`
      SELECT count(*)::int AS others FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    `.execute(connection.db)
    return (rows[0]?.others ?? 0) > 0
  } finally {
    await connection.close()
  }
}

/**
 * Whether a client of that name has a session there now.
 * @throws when the server cannot be reached
 */
export const hasSession = async (address: PostgresAddress, name: string): Promise<boolean> => {
  const connection = await connect(address, 'nightdesk check')
  try {
    const { rows } = await sql<{ is_there: boolean }>`SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = ${name}) AS is_there`.execute(connection.db)
    return rows[0]?.is_there === true
  } finally {
    await connection.close()
  }
}
