/** `backup` and `restore`: every row of a desk in one compressed file, and back into an empty store. */
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import path from 'node:path'
import { pipeline } from 'node:stream'
import { finished } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { BadBackup, readBackup, writeBackup, type RowCounts } from '../../adapters/postgres/backup.ts'
import { connect, type Connection } from '../../adapters/postgres/connection.ts'
import { migrate, MigrationFailed, migrateAs } from '../../adapters/postgres/migrate.ts'
import { noFailpoints } from '../../ports/failpoints.ts'
import { readDeskFile } from '../desk-file.ts'
import { printJson, printLine, table } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { homeFolder, type OpenStore } from '../store.ts'
import { visitStore } from '../visit-store.ts'

export interface BackupOptions {
  readonly config?: string
  readonly out: string
  readonly json?: boolean
}

export interface RestoreOptions {
  readonly config?: string
  readonly from: string
  readonly json?: boolean
}

/** PostgreSQL's word for a table that is not there. */
const undefinedTable = '42P01'

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? (error instanceof Error ? error.message : error))

/** Rows that went one way or the other, and the store that they are of. */
interface Moved {
  readonly counts: RowCounts
  readonly store: string
}

const withStore = (store: OpenStore, name: string, use: (connection: Connection) => Promise<RowCounts>): Promise<Moved> =>
  connect(store.address, name).then(async (connection) => {
    try {
      return { counts: await use(connection), store: store.place }
    } finally {
      await connection.close()
    }
  })

const tell = (how: (store: string) => string, { counts, store }: Moved, file: string, json: boolean | undefined): void => {
  const bytes = statSync(file).size
  if (json === true) printJson({ file, bytes, store, rows: counts })
  else printLine(`${table(['table', 'rows'], Object.entries(counts).map(([name, count]) => [name, String(count)]))}\n${how(store)} (${bytes} bytes)`)
}

/** Writes beside the file and takes its place at the end: a backup under its own name is whole. */
const writeFile = async (file: string, write: (put: (text: string) => Promise<void>) => Promise<RowCounts>): Promise<RowCounts> => {
  const unfinished = `${file}.unfinished`
  const gzip = createGzip()
  const out = createWriteStream(unfinished, { mode: 0o600 })
  const written = finished(gzip.pipe(out))
  try {
    const done = write(async (text) => {
      if (!gzip.write(text)) await Promise.race([once(gzip, 'drain'), written])
    })
    const counts = await Promise.race([done, written.then(() => done)])
    gzip.end()
    await written
    renameSync(unfinished, file)
    return counts
  } catch (error) {
    rmSync(unfinished, { force: true })
    throw error
  }
}

/** @throws Problem */
export const backup = async ({ config, out, json }: BackupOptions): Promise<ExitCode> => {
  const file = path.resolve(out)
  if (existsSync(file)) throw new Problem(exitCodes.cannotCreate, `${file} is there already, and a backup replaces nothing: choose another name with --out`)
  try {
    const moved = await visitStore(config, 'readsOnly', (store) => withStore(store, 'nightdesk backup', ({ db }) => writeFile(file, (put) => writeBackup(db, put))))
    tell((store) => `${store} is backed up to ${file}`, moved, file, json)
    return exitCodes.fine
  } catch (error) {
    if (codeOf(error) === undefinedTable) throw new Problem(exitCodes.unavailable, 'there is no desk in this store yet: nothing was written')
    if (/^E[A-Z]+$/.test(codeOf(error))) throw new Problem(exitCodes.cannotCreate, `${file} cannot be written (${codeOf(error)}): check the folder, its rights and its room`)
    throw error
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  // Whatever fails on the way ends the loop below.
  const text = pipeline(createReadStream(file), createGunzip(), () => undefined).setEncoding('utf8')
  let rest = ''
  for await (const chunk of text as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

const refusal = (error: unknown, file: string): unknown => {
  if (error instanceof BadBackup || error instanceof MigrationFailed) return new Problem(exitCodes.foundProblem, `${file} was not restored: ${error.message}`)
  const code = codeOf(error)
  if (code.startsWith('Z_')) return new Problem(exitCodes.foundProblem, `${file} was not restored: it is no whole gzip file (${code})`)
  return error
}

/** @throws Problem */
export const restore = async ({ config, from, json }: RestoreOptions): Promise<ExitCode> => {
  const file = path.resolve(from)
  if (!existsSync(file)) throw new Problem(exitCodes.inputFile, `there is no file ${file}`)
  const running = readDeskFile(homeFolder())
  if (running !== undefined) throw new Problem(exitCodes.held, `a desk runs here (pid ${running.pid}): stop it, and restore into an empty store`)
  try {
    // What happened at the venue since then is in no row: nothing is sent before a person has looked.
    const kill = { id: `restore-${randomUUID()}`, level: 'orders', who: 'restore', reason: `restored from ${path.basename(file)}: what happened since must be looked at first` } as const
    const moved = await visitStore(config, 'makes', (store) =>
      withStore(store, 'nightdesk restore', ({ db }) => readBackup(db, linesOf(file), { prepare: (migrations) => migrateAs(db, migrations), finish: (tx) => migrate(tx, noFailpoints), kill })),
    )
    tell((store) => `${store} is restored from ${file}`, moved, file, json)
    if (json !== true) printLine('the next start on it begins with the kill switch at level orders: look at what the reconciliation finds, then lift it with "nightdesk unkill"')
    return exitCodes.fine
  } catch (error) {
    throw refusal(error, file)
  }
}
