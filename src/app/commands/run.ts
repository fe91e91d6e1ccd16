/** `run`: the desk itself, until it is told to stop. */
import { url as debuggerUrl } from 'node:inspector'
import { Desk, type DeskEnd } from '../../actors/desk.ts'
import { DeskCannotStart } from '../../actors/desk-options.ts'
import { serveHttp } from '../../adapters/http/index.ts'
import { MigrationFailed } from '../../adapters/postgres/migrate.ts'
import { PostgresJournal, UnsafeStore } from '../../adapters/postgres/postgres-journal.ts'
import { PostgresReads } from '../../adapters/postgres/reads.ts'
import { PostgresPaperLedger } from '../../adapters/postgres/paper-ledger.ts'
import { VenueBans } from '../../adapters/postgres/venue-bans.ts'
import { WaitingKills } from '../../adapters/postgres/waiting-kills.ts'
import type { Command } from '../../domain/command.ts'
import type { Failpoints } from '../../ports/failpoints.ts'
import type { Meter } from '../../ports/metrics.ts'
import type { PaperLedger } from '../../ports/paper-ledger.ts'
import type { FullVenue } from '../../ports/venue.ts'
import { systemClock } from '../../adapters/system/system-clock.ts'
import { systemDisk } from '../../adapters/system/system-disk.ts'
import { serviceManager } from '../../adapters/systemd/service-manager.ts'
import { Messenger } from '../alerts/messenger.ts'
import { composeDesk, composeVenue } from '../compose.ts'
import { loadConfig } from '../config/load-config.ts'
import type { Config } from '../config/schema.ts'
import { insistOnArming } from '../arming.ts'
import { removeDeskFile, wasLeftBehind, writeDeskFile } from '../desk-file.ts'
import { composeFailpoints } from '../failpoints.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { holdHeap } from '../heap.ts'
import { DeskWindow } from '../inspection.ts'
import { keepHouse } from '../housekeeping.ts'
import { KillFile, watchKills } from '../kill-file.ts'
import { recordTransitions } from '../logging.ts'
import { Metrics } from '../metrics/metrics.ts'
import { confide, noteLine, printJson } from '../output.ts'
import { pageFolder } from '../page.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { composeStrategies, type Strategies } from '../strategies/compose-strategies.ts'
import { homeFolder, openStore, type OpenStore } from '../store.ts'
import { hearStrayErrors } from '../stray-errors.ts'
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
  broken: exitCodes.internal,
}

const sentences: Readonly<Record<DeskEnd, string>> = {
  stopped: 'the desk has stopped',
  epochLost: 'another process has taken this desk; this one has ended and sends nothing more',
  journalLost: 'the store did not come back in time; the next start recovers from it',
  inboxFull: 'more came in than could be written; the next start recovers what was not',
  broken: 'a fault of the program left nothing to rely on: see turn.broken in the log; the next start recovers from the store',
}

const startCodes: Readonly<Record<DeskCannotStart['kind'], ExitCode>> = {
  held: exitCodes.held,
  otherOwner: exitCodes.configuration,
  configuration: exitCodes.configuration,
  venueUnreachable: exitCodes.unavailable,
  credentials: exitCodes.credentials,
  commandNotTaken: exitCodes.unavailable,
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

/** Whoever attaches a debugger holds the keys and can send orders past every rule. */
const keepDebuggersOut = ({ mode, environment }: Config): void => {
  // Node opens its inspector on this signal unless somebody hears it.
  process.on('SIGUSR1', () => undefined)
  if (mode === 'live' && environment === 'production' && debuggerUrl() !== undefined) {
    throw new Problem(exitCodes.configuration, 'a debugger is open in this process (--inspect), and it trades real money: start it without, also in NODE_OPTIONS')
  }
}

/** Reading is open where only this machine can reach the desk. */
const doorOf = ({ http: { host, names } }: Config, home: string) => ({ host, token: ownToken(home), ...(names.length > 0 && { remote: { names, readToken: ownToken(home, 'token-read') } }) })

/** The page is there before the desk: a port that is taken stops the start before anything is traded. */
const openWindow = async (config: Config, store: OpenStore, options: RunOptions, { messenger, home }: { readonly messenger: Messenger; readonly home: string }) => {
  const reads = new PostgresReads(() => store.locate())
  const window = new DeskWindow({ reads, config, store: store.description })
  try {
    const metrics = new Metrics(window)
    const http = await serveHttp({ inspection: window, steering: window, metrics: metrics.text, page: await pageFolder(noteLine), ...doorOf(config, home), port: options.port ?? config.http.port, log: messenger.log, onRefused: () => messenger.raise('door.refused', 'a command came without its token, or a read with a wrong one, and was refused'), clock: systemClock })
    const close = async (): Promise<void> => {
      await http.close()
      await reads.close()
    }
    return { window, metrics, url: http.url, close }
  } catch (error) {
    await reads.close()
    throw portInUse(error, config, options)
  }
}

/** The venue, told of a ban that an earlier process met, and telling the store of every new one (CN-09). */
const openVenue = async (config: Config, store: OpenStore, bans: VenueBans, { messenger, failpoints }: { messenger: Messenger; failpoints: Failpoints }): Promise<FullVenue> => {
  const { name } = config.venue
  const { log } = messenger
  const bannedUntil = await bans.until(name)
  const banned = (until: number): void => {
    messenger.raise('venue.banned', `${name} wants silence until ${new Date(until).toISOString()}; nothing is sent before`)
    bans.keep(name, until).catch((error: unknown) => log.error('venue.banNotKept', { venue: name, until, detail: String(error) }))
  }
  const openLedger = (): PaperLedger => new PostgresPaperLedger(() => store.locate(), paperAccount)
  return composeVenue(config, { log, failpoints, banned, openLedger, ...(bannedUntil !== undefined && { bannedUntil }) })
}

const startDesk = async (config: Config, store: OpenStore, venue: FullVenue, { messenger: { log, sink: alerts }, failpoints, meter, session, commandsAtStart, strategies }: { messenger: Messenger; failpoints: Failpoints; meter: Meter; session: string; commandsAtStart: () => Promise<readonly Command[]>; strategies: Strategies }): Promise<Desk> => {
  const journal = await PostgresJournal.open(() => store.locate(), session, failpoints)
  try {
    return await Desk.start({ ...composeDesk(config, { venue, journal, log, alerts, failpoints, disk: systemDisk(store.folder) }, strategies.all), meter, commandsAtStart, preview: (request) => venue.preview(request) })
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

/** From its start to its end, with everything around it open. */
const live = async (desk: Desk, { home, url, session, config, options, messenger, store }: { home: string; url: string; session: string; config: Config; options: RunOptions; messenger: Messenger; store: OpenStore }): Promise<DeskEnd> => {
  holdHeap()
  const unwatch = watchKills(desk, new KillFile(home), messenger.log)
  const endHousekeeping = keepHouse(config.retention, { store, clock: systemClock, log: messenger.log })
  const manager = serviceManager({ env: process.env, clock: systemClock, log: messenger.log })
  if (messenger.record !== undefined) recordTransitions(desk.committed, messenger.record)
  const how = wasLeftBehind(home) ? 'desk.restarted' : 'desk.started'
  writeDeskFile(home, { url, store: store.place, session, startedAt: new Date().toISOString() })
  // Whoever reads that it runs may stop it at once, or look at its files: from here on that is heard, and they are all there.
  const ending = untilTheEnd(desk)
  messenger.started(how, `the desk runs (pid ${process.pid}), with ${desk.view.pairs().length} open pairs${how === 'desk.started' ? '' : '; the last one had not ended as it was asked to'}`, () => desk.wellness)
  if (config.http.names.length > 0) noteLine(`nightdesk: others may reach it as ${config.http.names.join(', ')}: put TLS in front of it; reading needs the token in ${home}/token-read, and the page asks for it`)
  if (options.json === true) printJson({ pid: process.pid, url, store: store.description })
  noteLine(`nightdesk: the desk runs (pid ${process.pid}), ${store.description}; look at ${url}/`)
  confide(`nightdesk: to steer it from the page: ${url}/#token=${ownToken(home)}`)
  manager.ready(`${config.mode}, ${config.environment}: look at ${url}/`)
  const end = await ending.finally(unwatch)
  manager.close()
  await endHousekeeping()
  noteLine(`nightdesk: ${sentences[end]}`)
  messenger.ended(end, sentences[end])
  removeDeskFile(home)
  return end
}

const runDesk = async (config: Config, options: RunOptions, { messenger, failpoints, strategies }: { messenger: Messenger; failpoints: Failpoints; strategies: Strategies }): Promise<ExitCode> => {
  const home = homeFolder()
  const store = await openStore(config.store.url, home)
  const kills = new WaitingKills(() => store.locate())
  const bans = new VenueBans(() => store.locate())
  let end: DeskEnd | undefined
  let venue: FullVenue | undefined
  try {
    await insistOnArming(config, { file: options.config, fingerprint: fingerprintOf(config, strategies.digests) }, () => store.locate())
    const { window, metrics, url, close } = await openWindow(config, store, options, { messenger, home })
    try {
      const session = `nightdesk ${process.pid} ${Date.now().toString(36)}`
      venue = await openVenue(config, store, bans, { messenger, failpoints })
      const desk = await startDesk(config, store, venue, { messenger, failpoints, meter: metrics.meter, session, commandsAtStart: async () => [...new KillFile(home).read(), ...(await kills.read())], strategies })
      // One that stays is recorded, and is not carried out again.
      kills.forgetTaken().catch((error: unknown) => messenger.log.warn('kill.notForgotten', { detail: String(error) }))
      window.show(desk)
      metrics.show(desk, venue)
      end = await live(desk, { home, url, session, config, options, messenger, store })
      return codes[end]
    } finally {
      await close()
    }
  } finally {
    venue?.close()
    await bans.close()
    await kills.close()
    // A desk that ran owns its server; one that could not start, or was succeeded, may only be a visitor there.
    await (end === undefined || end === 'epochLost' ? store.leave() : store.close())
  }
}

/**
 * Runs until a signal or an end of its own.
 * @throws Problem when it cannot start; everything that it opened is closed again
 */
export const run = async (options: RunOptions): Promise<ExitCode> => {
  const config = loadConfig(options.config)
  keepDebuggersOut(config)
  const failpoints = composeFailpoints(config.environment, process.env['NIGHTDESK_FAILPOINTS'])
  const messenger = new Messenger(config, homeFolder())
  hearStrayErrors(messenger, systemClock)
  try {
    return await runDesk(config, options, { messenger, failpoints, strategies: composeStrategies(config, options.config) })
  } catch (error) {
    messenger.failed(error)
    throw error
  } finally {
    await messenger.close()
  }
}
