/**
 * `demo`: the sandbox, the desk and the page as three processes, no keys, no network. It watches over the desk: a
 * desk that is killed is started again, and goes on where it was.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stringify } from 'yaml'
import { PostgresReads } from '../../adapters/postgres/reads.ts'
import { money, sum, type Money } from '../../domain/decimal.ts'
import { realisedProfit } from '../../domain/profit.ts'
import type { ActorRecord } from '../../domain/records.ts'
import { settledAudit } from '../books.ts'
import { noteLine, printJson, printLine, table } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { homeFolder, openStore, type OpenStore } from '../store.ts'
import { demoConfig } from './config.ts'
import { startSandbox, type OwnedSandbox } from './sandbox.ts'

export interface DemoOptions {
  readonly untilClosed?: number
  readonly seed?: string
  readonly replay?: string
  readonly speed?: string
  readonly port?: number
  readonly resume?: boolean
  readonly json?: boolean
}

/** A desk that keeps dying is a fault to look at, not to repeat. */
const maxRestarts = 50
const settleMs = 15_000
const main = (): string => process.argv[1] ?? ''

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The desk's own last sentence; with an internal fault, all that follows it. */
const sentenceOf = (complaint: string): string | undefined => {
  const at = complaint.lastIndexOf('nightdesk: ')
  return at < 0 ? undefined : complaint.slice(at + 'nightdesk: '.length).trim()
}

/** The desk's process, and what became of it. */
class SupervisedDesk {
  restarts = 0
  reconnects = 0
  url = ''
  #child: ChildProcess | undefined
  #stopping = false
  #failed: Problem | undefined
  #lastReconnects = 0
  readonly #config: string
  readonly #home: string

  constructor(config: string, home: string) {
    this.#config = config
    this.#home = home
  }

  get failure(): Problem | undefined {
    return this.#failed
  }

  /** Starts the desk; resolves with its address when it serves. */
  start(): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [main(), 'run', '--config', this.#config, '--json'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NIGHTDESK_HOME: this.#home },
      })
      let complaint = ''
      let told = ''
      this.#child = child
      child.stderr?.on('data', (chunk: Buffer) => { complaint = `${complaint}${chunk.toString()}`.slice(-4_000) })
      child.stdout?.on('data', (chunk: Buffer) => {
        told += chunk.toString()
        const [line] = told.split('\n')
        if (!told.includes('\n') || line === undefined) return
        this.url = (JSON.parse(line) as { url: string }).url
        resolve(this.url)
      })
      child.once('exit', (code, signal) => {
        this.reconnects += this.#lastReconnects
        this.#lastReconnects = 0
        if (this.#stopping) return
        if (signal === null) {
          const known = Object.values(exitCodes).find((one) => one === code) ?? exitCodes.internal
          this.#failed = new Problem(known, sentenceOf(complaint) ?? `the desk ended with code ${code}`)
          reject(this.#failed)
        } else this.#again(signal)
      })
    })
  }

  #again(signal: string): void {
    if (++this.restarts > maxRestarts) {
      this.#failed = new Problem(exitCodes.internal, `the desk was killed ${this.restarts} times; it is not started again`)
      return
    }
    noteLine(`nightdesk: the desk ended by ${signal}; starting it again`)
    this.start().catch(() => undefined)
  }

  /** Counts the streams that came back, while the desk can tell. */
  async countReconnects(): Promise<void> {
    const answer = await fetch(`${this.url}/debug/connections`).catch(() => undefined)
    if (answer?.ok !== true) return
    const connections = (await answer.json()) as readonly { readonly reconnects: number }[]
    this.#lastReconnects = connections.reduce((total, { reconnects }) => total + reconnects, 0)
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await Promise.race([exited, sleep(10_000)])
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await exited
  }

  get totalReconnects(): number {
    return this.reconnects + this.#lastReconnects
  }
}

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

/** Waits until enough pairs of this run have closed, a signal comes, or the desk is beyond help. */
const watch = async (desk: SupervisedDesk, reads: PostgresReads, tally: Tally, enough: number): Promise<void> => {
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort())
  while (!stopped.signal.aborted && tally.closed.size < enough) {
    if (desk.failure !== undefined) throw desk.failure
    tally.take(await closedPairs(reads))
    await desk.countReconnects()
    await sleep(250)
  }
}

interface Stage {
  readonly home: string
  readonly exchange: OwnedSandbox
  readonly desk: SupervisedDesk
  readonly store: OpenStore
  readonly reads: PostgresReads
}

/** A folder of its own, gone with the demo; or, to be resumed, one in the data directory that stays. */
const chooseHome = (options: DemoOptions): string => {
  if (options.resume !== true) return mkdtempSync(path.join(tmpdir(), 'nightdesk-demo-'))
  const home = path.join(homeFolder(), 'demo')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  return home
}

const startExchange = ({ seed, replay, speed }: DemoOptions, home: string): Promise<OwnedSandbox> =>
  startSandbox({ home: path.join(home, 'sandbox'), ...(seed !== undefined && { seed }), ...(replay !== undefined && { replay }), ...(speed !== undefined && { speed }) })

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
    const tally = new Tally(await closedPairs(reads), options.json === true)
    noteLine(`nightdesk: the demo runs; look at ${desk.url}/ (desk in ${stage.home}, sandbox control at ${exchange.addresses.control}; fees: maker 0, taker 5 bps)`)
    await watch(desk, reads, tally, options.untilClosed ?? Number.POSITIVE_INFINITY)
    // The desk goes on while the books are compared: what the market does meanwhile is booked too.
    const { differences, ...counts } = await settledAudit(exchange.addresses.control, reads, settleMs)
    tally.take(await closedPairs(reads))
    const closed = [...tally.closed.values()]
    const summary = { closed: closed.length, ...counts, ...totals(closed), reconnects: desk.totalReconnects, restarts: desk.restarts }
    for (const difference of differences) noteLine(`- ${difference}`)
    if (options.json === true) printJson(summary)
    else printLine(table(['figure', 'value'], Object.entries(summary).map(([name, value]) => [name, String(value)])))
    return counts.clean ? exitCodes.fine : exitCodes.foundProblem
  } finally {
    await strike(stage)
  }
}
