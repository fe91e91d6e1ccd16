/**
 * A place to kill desks on: one sandbox and one store that outlive any number of desk processes, and a judge that
 * compares their books when the last one is left to itself.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import path from 'node:path'
import { Client } from 'pg'
import { parse, stringify } from 'yaml'
import { openEmbeddedPostgres } from '../../src/adapters/embedded-postgres/embedded-postgres.ts'
import type { PostgresAddress } from '../../src/adapters/postgres/connection.ts'
import { PostgresReads } from '../../src/adapters/postgres/reads.ts'
import type { Audit, Ledger } from '../../src/app/audit.ts'
import { readLedger, settledAudit } from '../../src/app/books.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import type { Failpoint } from '../../src/ports/failpoints.ts'
import { ownFolder, start, startExchange, until, type Ended, type Exchange, type Running } from './program.ts'

export interface StandOptions {
  readonly seed: string
  /** The market runs so many times as fast: more orders are on their way when a blow falls. */
  readonly speed?: number
  /** A server of the test's own; without it each desk has the embedded one of its home. */
  readonly server?: Exclude<PostgresAddress, { readonly connectionString: string }>
}

/** As short as the sandbox allows, which admits a token for 5 s after its end. */
const proofOfAbsence = { windowMs: 2_000, engineMs: 300, lookUpLagMs: 250, skewMs: 5_100 }

/** Ends the session that holds the desk's lock in this database. */
export const endLockHolder = `
  SELECT pg_terminate_backend(pid) FROM pg_locks
  WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
`

/** What an audit says when nothing is wrong. */
export const clean = { duplicates: 0, orphans: 0, missingFills: 0, phantomFills: 0, uncovered: 0, balanced: true, clean: true, differences: [] }

/** The embedded server of a folder, found or started. */
const embedded = (dataDir: string) =>
  openEmbeddedPostgres({
    dataDir,
    host: { platform: process.platform, arch: process.arch, uid: process.getuid?.(), pid: process.pid, env: process.env },
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  })

export class Stand {
  readonly folder: string
  readonly home: string
  readonly exchange: Exchange
  readonly reads: PostgresReads
  readonly #remove: () => void
  readonly #running = new Set<Running>()
  readonly #ownsServer: boolean

  private constructor(folder: ReturnType<typeof ownFolder>, exchange: Exchange, { server }: StandOptions) {
    this.folder = folder.path
    this.home = path.join(folder.path, 'home')
    this.exchange = exchange
    this.#remove = () => folder.remove()
    this.#ownsServer = server === undefined
    this.reads = new PostgresReads(async (): Promise<PostgresAddress> => server ?? (await embedded(this.home)).connection)
  }

  static async open(options: StandOptions): Promise<Stand> {
    const folder = ownFolder()
    const exchange = await startExchange(folder.path, '--seed', options.seed, '--speed', String(options.speed ?? 5))
    const config = parse(readFileSync(exchange.config, 'utf8')) as { venue: object }
    writeFileSync(exchange.config, stringify({ ...config, venue: { ...config.venue, proofOfAbsence }, log: { level: 'warn' } }))
    return new Stand(folder, exchange, options)
  }

  /** Starts a desk; it may die before it serves, which is why nothing is waited for. */
  begin(env: Readonly<Record<string, string>> = {}): Running {
    const running = start(['run', '--config', this.exchange.config, '--port', '0', '--json'], { NIGHTDESK_HOME: this.home, ...env })
    this.#running.add(running)
    void running.ended.then(() => this.#running.delete(running))
    return running
  }

  /** Starts a desk and waits until it serves. */
  async desk(env: Readonly<Record<string, string>> = {}): Promise<Running> {
    const running = this.begin(env)
    await running.firstLine
    return running
  }

  pairs(state: string): Promise<readonly ActorRecord[]> {
    return this.reads.actors({ kind: 'trade-pair', states: [state], limit: 1_000_000 })
  }

  /** Resolves when so many more pairs have closed. */
  async trades(more = 1, withinMs = 45_000): Promise<void> {
    const before = (await this.pairs('closed')).length
    await until(() => this.pairs('closed'), (closed) => closed.length >= before + more, withinMs)
  }

  /** Leads the market to a price so many basis points away. */
  push(bps: number): Promise<void> {
    return this.exchange.push(bps)
  }

  /** How the embedded server is reached; one that is dead is started again. */
  async serverAddress(): Promise<{ readonly host: string; readonly port: number; readonly user: string; readonly password: string; readonly database: string }> {
    return (await embedded(this.home)).connection
  }

  /** Ends the session that holds the desk's lock, as a network does that loses a connection. */
  async cutSession(): Promise<void> {
    const client = new Client(await this.serverAddress())
    client.on('error', () => undefined)
    await client.connect()
    try {
      await client.query(endLockHolder)
    } finally {
      await client.end()
    }
  }

  /** Ends the embedded server by a signal, and waits until nobody listens any more. */
  async endDatabase(signal: 'SIGKILL' | 'SIGINT'): Promise<void> {
    const [pid, , , port, socketDir = ''] = readFileSync(path.join(this.home, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')
    const address = socketDir === '' ? { port: Number(port), host: '127.0.0.1' } : { path: path.join(socketDir, `.s.PGSQL.${port}`) }
    process.kill(Number(pid), signal)
    await until(() => listens(address), (yes) => !yes)
  }

  /** Compares both books once everything that was under way has come to rest. */
  audit(withinMs = 60_000): Promise<Audit> {
    return settledAudit(this.exchange.control, this.reads, withinMs)
  }

  /** What the venue has seen of the claims that the rows hold for absent. */
  async #absentThere(): Promise<Ledger['orders']> {
    const absent = new Set((await this.reads.actors({ kind: 'order', states: ['absent'], limit: 1_000_000 })).map(({ order }) => order?.clientOrderId))
    return (await readLedger(this.exchange.control)).orders.filter((order) => absent.has(order.clientOrderId))
  }

  /** Claims that were proven absent and are at the venue all the same: the proof was wrong. */
  async falseAbsences(): Promise<readonly string[]> {
    return (await this.#absentThere()).filter((order) => order.venueOrderId).map((order) => order.clientOrderId)
  }

  /** Absent claims that did reach the venue, and were turned away at its door: one that its rules refused is none of them. */
  async turnedAway(): Promise<readonly string[]> {
    return (await this.#absentThere()).filter((order) => order.state === 'never-admitted' && order.writes > 0).map((order) => order.clientOrderId)
  }

  /** Ends every process of this place, and takes it away unless it is to be looked at. */
  async close({ keep = false } = {}): Promise<void> {
    for (const { child } of this.#running) child.kill('SIGCONT')
    await Promise.all([...this.#running].map((running) => finish(running)))
    await this.reads.close()
    if (this.#ownsServer) await embedded(this.home).then((server) => server.stop())
    await this.exchange.stop()
    if (!keep) this.#remove()
  }
}

const listens = (address: NetConnectOpts): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(address)
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/** Kills a process and waits until it is gone. */
export const finish = async ({ child, ended }: Running): Promise<Ended> => {
  child.kill('SIGKILL')
  return ended
}

/** True when the process is stopped by a signal, or is gone. A word about it is written before it: a SIGCONT that follows the word alone may come first, and is lost. */
const isAtRest = ({ child }: Running): boolean => {
  if (child.exitCode !== null || child.signalCode !== null) return true
  const told = process.platform === 'linux' ? readStat(child.pid) : spawnSync('ps', ['-o', 'state=', '-p', String(child.pid)], { encoding: 'utf8' }).stdout
  return ['', 'T', 'Z'].includes(told.trim().slice(0, 1))
}

/** The state letter of a Linux process, behind its name in brackets; empty when it is gone. */
const readStat = (pid: number | undefined): string => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').slice(0, 1)
  } catch {
    return ''
  }
}

/** Resolves when the process stands at the failpoint, dead or frozen. */
export const standsAt = (running: Running, point: Failpoint, withinMs = 30_000): Promise<boolean> =>
  until(async () => running.complaints().includes(`failpoint ${point} reached`) && isAtRest(running), (stands) => stands, withinMs)
