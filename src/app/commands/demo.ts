/**
 * `demo`: the sandbox, the desk and the page, no keys, no network. It watches over its processes: a desk or a sandbox
 * that is killed is started again, and goes on where it was; the desk does the same for its database.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stringify } from 'yaml'
import { PostgresReads } from '../../adapters/postgres/reads.ts'
import { money, sum, type Money } from '../../domain/decimal.ts'
import { realisedProfit } from '../../domain/profit.ts'
import type { ActorRecord } from '../../domain/records.ts'
import { settledAudit } from '../books.ts'
import { confide, noteLine, printJson, printLine, table } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import type { VenueName } from '../venues/names.ts'
import { homeFolder, openStore, type OpenStore } from '../store.ts'
import { readToken } from '../token.ts'
import { demoConfig } from './config.ts'
import { SupervisedDesk } from './supervised-desk.ts'
import { SupervisedSandbox } from './supervised-sandbox.ts'

export interface DemoOptions {
  readonly venue?: VenueName
  readonly untilClosed?: number
  readonly seed?: string
  readonly replay?: string
  readonly speed?: string
  readonly port?: number
  readonly resume?: boolean
  readonly json?: boolean
}

const settleMs = 30_000

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const closedPairs = (reads: PostgresReads): Promise<readonly ActorRecord[]> =>
  reads.actors({ kind: 'trade-pair', states: ['closed'], limit: 100_000 }).catch(() => [])

const totals = (pairs: readonly ActorRecord[]): { readonly realisedProfit: Money; readonly fees: Money } => ({
  realisedProfit: sum([money('0'), ...pairs.flatMap(({ tradePair }) => (tradePair && realisedProfit(tradePair)) ?? [])]),
  fees: sum([money('0'), ...pairs.flatMap(({ tradePair }) => tradePair?.fees ?? [])]),
})

/** The pairs that this run has closed, and a line for each as it comes. */
class Tally {
  readonly closed = new Map<string, ActorRecord>()
  readonly #before: ReadonlySet<string>
  readonly #quiet: boolean

  constructor(before: readonly ActorRecord[], quiet: boolean) {
    this.#before = new Set(before.map((record) => record.address))
    this.#quiet = quiet
  }

  take(records: readonly ActorRecord[]): void {
    for (const record of records) {
      if (this.#before.has(record.address) || this.closed.has(record.address)) continue
      this.closed.set(record.address, record)
      const { tradePair } = record
      if (this.#quiet || tradePair === undefined) continue
      printLine(`closed ${this.closed.size}: ${tradePair.pairId} bought ${tradePair.bought} ${tradePair.instrument} for ${tradePair.cost}, sold for ${tradePair.proceeds}`)
    }
  }
}

/** Waits until enough pairs of this run have closed, a signal comes, or a process is beyond help. */
const watch = async ({ desk, exchange, reads }: Stage, tally: Tally, enough: number): Promise<void> => {
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort())
  while (!stopped.signal.aborted && tally.closed.size < enough) {
    const failure = desk.failure ?? exchange.failure
    if (failure !== undefined) throw failure
    tally.take(await closedPairs(reads))
    await desk.countReconnects()
    await sleep(250)
  }
}

interface Stage {
  readonly home: string
  readonly exchange: SupervisedSandbox
  readonly desk: SupervisedDesk
  readonly store: OpenStore
  readonly reads: PostgresReads
}

/** A folder of its own, gone with the demo; or, to be resumed, one in the data directory that stays. */
const chooseHome = (options: DemoOptions): string => {
  const home = path.join(homeFolder(), 'demo')
  try {
    if (options.resume !== true) return mkdtempSync(path.join(tmpdir(), 'nightdesk-demo-'))
    mkdirSync(home, { recursive: true, mode: 0o700 })
    return home
  } catch (error) {
    const [where, variable] = options.resume === true ? [home, 'NIGHTDESK_HOME'] : [tmpdir(), 'TMPDIR']
    throw new Problem(exitCodes.cannotCreate, `the demo cannot make its folder in ${where} (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): set ${variable} to a folder of yours`)
  }
}

/** What the demo's fee tier charges: a ladder this narrow earns nothing at the venues' usual rates. */
const demoFees: Readonly<Record<VenueName, { readonly makerBps: string; readonly takerBps: string }>> = {
  coinbase: { makerBps: '0', takerBps: '5' },
  binance: { makerBps: '0.5', takerBps: '2' },
}

const startExchange = ({ venue = 'coinbase', seed, replay, speed }: DemoOptions, home: string): Promise<SupervisedSandbox> =>
  SupervisedSandbox.start({ venue, ...demoFees[venue], home: path.join(home, 'sandbox'), ...(seed !== undefined && { seed }), ...(replay !== undefined && { replay }), ...(speed !== undefined && { speed }) })

/** Starts everything; what was started is ended again when something cannot be. */
const setStage = async (options: DemoOptions, home: string): Promise<Stage> => {
  const exchange = await startExchange(options, home)
  const file = path.join(home, 'demo.yaml')
  const desk = new SupervisedDesk(file, path.join(home, 'desk'))
  try {
    writeFileSync(file, stringify({ ...demoConfig(exchange.addresses, options.port ?? 7_171), log: { level: 'warn' } }), { mode: 0o600 })
    await desk.start()
    const store = await openStore('embedded', path.join(home, 'desk'))
    return { home, exchange, desk, store, reads: new PostgresReads(() => store.locate()) }
  } catch (error) {
    await desk.stop()
    await exchange.stop()
    throw error
  }
}

const strike = async ({ exchange, desk, store, reads }: Stage): Promise<void> => {
  await desk.stop()
  await reads.close()
  await store.close()
  await exchange.stop()
}

/** Runs the demo and prints its summary; 1 when the two books differ. */
export const demo = async (options: DemoOptions): Promise<ExitCode> => {
  const home = chooseHome(options)
  try {
    return await play(options, home)
  } finally {
    if (options.resume !== true) rmSync(home, { recursive: true, force: true })
  }
}

const play = async (options: DemoOptions, home: string): Promise<ExitCode> => {
  const stage = await setStage(options, home)
  const { desk, reads, exchange } = stage
  try {
    const { makerBps, takerBps } = demoFees[options.venue ?? 'coinbase']
    const tally = new Tally(await closedPairs(reads), options.json === true)
    noteLine(`nightdesk: the demo runs; look at ${desk.url}/ (desk in ${stage.home}, sandbox control at ${exchange.addresses.control}; fees: maker ${makerBps}, taker ${takerBps} bps)`)
    confide(`nightdesk: to steer it from the page: ${desk.url}/#token=${readToken(path.join(stage.home, 'desk')) ?? ''}`)
    await watch(stage, tally, options.untilClosed ?? Number.POSITIVE_INFINITY)
    // The desk goes on while the books are compared: what the market does meanwhile is booked too.
    const { differences, ...counts } = await settledAudit(exchange.addresses.control, reads, settleMs)
    tally.take(await closedPairs(reads))
    const closed = [...tally.closed.values()]
    const summary = { closed: closed.length, ...counts, ...totals(closed), reconnects: desk.totalReconnects, restarts: desk.restarts, sandboxRestarts: exchange.restarts }
    for (const difference of differences) noteLine(`- ${difference}`)
    if (options.json === true) printJson(summary)
    else printLine(table(['figure', 'value'], Object.entries(summary).map(([name, value]) => [name, String(value)])))
    return counts.clean ? exitCodes.fine : exitCodes.foundProblem
  } finally {
    await strike(stage)
  }
}
