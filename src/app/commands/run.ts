/** `run`: the desk itself, until it is told to stop. */
import { Desk, type DeskEnd } from '../../actors/desk.ts'
import { DeskCannotStart } from '../../actors/desk-options.ts'
import { serveHttp } from '../../adapters/http/index.ts'
import { pinoLog } from '../../adapters/pino/pino-log.ts'
import { MigrationFailed } from '../../adapters/postgres/migrate.ts'
import { PostgresJournal, UnsafeStore } from '../../adapters/postgres/postgres-journal.ts'
import { PostgresReads } from '../../adapters/postgres/reads.ts'
import { PostgresPaperLedger } from '../../adapters/postgres/paper-ledger.ts'
import { VenueBans } from '../../adapters/postgres/venue-bans.ts'
import type { Command } from '../../domain/command.ts'
import type { Failpoints } from '../../ports/failpoints.ts'
import type { Log } from '../../ports/log.ts'
import type { PaperLedger } from '../../ports/paper-ledger.ts'
import type { FullVenue } from '../../ports/venue.ts'
import { systemClock } from '../../adapters/system/system-clock.ts'
import { systemDisk } from '../../adapters/system/system-disk.ts'
import { composeDesk, composeVenue } from '../compose.ts'
import { loadConfig } from '../config/load-config.ts'
import type { Config } from '../config/schema.ts'
import { insistOnArming } from './arm.ts'
import { removeDeskFile, writeDeskFile } from '../desk-file.ts'
import { composeFailpoints } from '../failpoints.ts'
import { DeskWindow } from '../inspection.ts'
import { KillFile, watchKills } from '../kill-file.ts'
import { confide, noteLine, printJson } from '../output.ts'
import { pageFolder } from '../page.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { homeFolder, openStore, type OpenStore } from '../store.ts'
import { ownToken } from '../token.ts'

export interface RunOptions {
  readonly config: string
  readonly port?: number
  readonly json?: boolean
}

const stopWithinMs = 5_000
/** One store is one desk's, and has one simulated account. */
const paperAccount = 'desk'

const codes: Readonly<Record<DeskEnd, ExitCode>> = {
  stopped: exitCodes.fine,
  epochLost: exitCodes.held,
  journalLost: exitCodes.journalLost,
  inboxFull: exitCodes.journalLost,
}

const sentences: Readonly<Record<DeskEnd, string>> = {
  stopped: 'the desk has stopped',
  epochLost: 'another process has taken this desk; this one has ended and sends nothing more',
  journalLost: 'the store did not come back in time; the next start recovers from it',
  inboxFull: 'more came in than could be written; the next start recovers what was not',
}

const startCodes: Readonly<Record<DeskCannotStart['kind'], ExitCode>> = {
  held: exitCodes.held,
  otherOwner: exitCodes.configuration,
  configuration: exitCodes.configuration,
  venueUnreachable: exitCodes.unavailable,
  credentials: exitCodes.credentials,
}

/** What the database's driver throws when the server goes away. */
const isStoreGone = (error: unknown): boolean => error instanceof Error && ('code' in error || error.message.includes('Connection terminated'))

const problemOf = (error: unknown): unknown => {
  if (error instanceof DeskCannotStart) return new Problem(startCodes[error.kind], error.message)
  if (error instanceof UnsafeStore || error instanceof MigrationFailed) return new Problem(exitCodes.unavailable, error.message)
  if (isStoreGone(error)) return new Problem(exitCodes.unavailable, `the store went away while the desk was starting (${(error as Error).message}): start the desk again`)
  return error
}

const portInUse = (error: unknown, config: Config, options: RunOptions): unknown =>
  (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
    ? new Problem(exitCodes.unavailable, `port ${options.port ?? config.http.port} on ${config.http.host} is in use: choose another with --port, or set http.port in the configuration`)
    : error

/** The page is there before the desk: a port that is taken stops the start before anything is traded. */
const openWindow = async (config: Config, store: OpenStore, options: RunOptions, { log, token }: { readonly log: Log; readonly token: string }) => {
  const reads = new PostgresReads(() => store.locate())
  const window = new DeskWindow({ reads, config, store: store.description })
  try {
    const http = await serveHttp({ inspection: window, steering: window, token, page: await pageFolder(noteLine), host: config.http.host, port: options.port ?? config.http.port, log, clock: systemClock })
    const close = async (): Promise<void> => {
      await http.close()
      await reads.close()
    }
    return { window, url: http.url, close }
  } catch (error) {
    await reads.close()
    throw portInUse(error, config, options)
  }
}

/** The venue, told of a ban that an earlier process met, and telling the store of every new one (CN-09). */
const openVenue = async (config: Config, store: OpenStore, bans: VenueBans, { log, failpoints }: { log: Log; failpoints: Failpoints }): Promise<FullVenue> => {
  const { name } = config.venue
  const bannedUntil = await bans.until(name)
  const banned = (until: number): void => {
    bans.keep(name, until).catch((error: unknown) => log.error('venue.banNotKept', { venue: name, until, detail: String(error) }))
  }
  const openLedger = (): PaperLedger => new PostgresPaperLedger(() => store.locate(), paperAccount)
  return composeVenue(config, { log, failpoints, banned, openLedger, ...(bannedUntil !== undefined && { bannedUntil }) })
}

const startDesk = async (config: Config, store: OpenStore, venue: FullVenue, { log, failpoints, commandsAtStart }: { log: Log; failpoints: Failpoints; commandsAtStart: readonly Command[] }): Promise<Desk> => {
  const journal = await PostgresJournal.open(() => store.locate(), `nightdesk ${process.pid} ${Date.now().toString(36)}`, failpoints)
  try {
    return await Desk.start({ ...composeDesk(config, { venue, journal, log, failpoints, disk: systemDisk(store.folder) }), commandsAtStart, preview: (request) => venue.preview(request) })
  } catch (error) {
    await journal.close()
    throw problemOf(error)
  }
}

const untilTheEnd = async (desk: Desk): Promise<DeskEnd> => {
  const stop = (signal: string) => void desk.stop(signal, stopWithinMs)
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return desk.ended
}

/**
 * Runs until a signal or an end of its own.
 * @throws Problem when it cannot start; everything that it opened is closed again
 */
export const run = async (options: RunOptions): Promise<ExitCode> => {
  const config = loadConfig(options.config)
  const failpoints = composeFailpoints(config.environment, process.env['NIGHTDESK_FAILPOINTS'])
  const log = pinoLog(config.log.level)
  const home = homeFolder()
  const store = await openStore(config.store.url, home)
  const bans = new VenueBans(() => store.locate())
  let end: DeskEnd | undefined
  let venue: FullVenue | undefined
  try {
    await insistOnArming(config, options.config, () => store.locate())
    const { window, url, close } = await openWindow(config, store, options, { log, token: ownToken(home) })
    try {
      venue = await openVenue(config, store, bans, { log, failpoints })
      const killFile = new KillFile(home)
      const desk = await startDesk(config, store, venue, { log, failpoints, commandsAtStart: killFile.read() })
      window.show(desk)
      const unwatch = watchKills(desk, killFile, log)
      writeDeskFile(home, { pid: process.pid, url, startedAt: new Date().toISOString() })
      // Whoever reads that it runs may stop it at once: from here on that is heard.
      const ending = untilTheEnd(desk)
      if (options.json === true) printJson({ pid: process.pid, url, store: store.description })
      noteLine(`nightdesk: the desk runs (pid ${process.pid}), ${store.description}; look at ${url}/`)
      confide(`nightdesk: to steer it from the page: ${url}/#token=${ownToken(home)}`)
      end = await ending.finally(unwatch)
      noteLine(`nightdesk: ${sentences[end]}`)
      removeDeskFile(home)
      return codes[end]
    } finally {
      await close()
    }
  } finally {
    venue?.close()
    await bans.close()
    // A desk that ran owns its server; one that could not start, or was succeeded, may only be a visitor there.
    await (end === undefined || end === 'epochLost' ? store.leave() : store.close())
  }
}
