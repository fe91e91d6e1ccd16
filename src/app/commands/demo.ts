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
import { minus, money, sum, type Money } from '../../domain/decimal.ts'
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
          this.#failed = new Problem(known, complaint.trim().split('\n').at(-1)?.replace(/^nightdesk: /, '') ?? `the desk ended with code ${code}`)
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
  realisedProfit: sum([money('0'), ...pairs.flatMap(({ tradePair }) => (tradePair === undefined ? [] : [minus(tradePair.proceeds, tradePair.cost)]))]),
  fees: sum([money('0'), ...pairs.flatMap(({ tradePair }) => tradePair?.fees ?? [])]),
})

/** Waits until enough pairs of this run have closed, a signal comes, or the desk is beyond help. */
const watch = async (desk: SupervisedDesk, reads: PostgresReads, options: DemoOptions, before: number): Promise<void> => {
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort())
  let told = before
  while (!stopped.signal.aborted) {
    if (desk.failure !== undefined) throw desk.failure
    const closed = await closedPairs(reads)
    await desk.countReconnects()
    if (closed.length > told) {
      told = closed.length
      const [last] = closed
      if (options.json !== true && last?.tradePair !== undefined) {
        printLine(`closed ${closed.length - before}: ${last.tradePair.pairId} bought ${last.tradePair.bought} for ${last.tradePair.cost}, sold for ${last.tradePair.proceeds}`)
      }
    }
    if (options.untilClosed !== undefined && closed.length - before >= options.untilClosed) return
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

const setStage = async (options: DemoOptions): Promise<Stage> => {
  const home = options.resume === true ? path.join(homeFolder(), 'demo') : mkdtempSync(path.join(tmpdir(), 'nightdesk-demo-'))
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const { seed, replay, speed } = options
  const exchange = await startSandbox({ home: path.join(home, 'sandbox'), ...(seed !== undefined && { seed }), ...(replay !== undefined && { replay }), ...(speed !== undefined && { speed }) })
  const file = path.join(home, 'demo.yaml')
  writeFileSync(file, stringify({ ...demoConfig(exchange.addresses, options.port ?? 7_171), log: { level: 'warn' } }), { mode: 0o600 })
  const desk = new SupervisedDesk(file, path.join(home, 'desk'))
  try {
    await desk.start()
    const store = await openStore('embedded', path.join(home, 'desk'))
    return { home, exchange, desk, store, reads: new PostgresReads(store.address) }
  } catch (error) {
    await desk.stop()
    await exchange.stop()
    throw error
  }
}

const strike = async ({ home, exchange, desk, store, reads }: Stage, keep: boolean): Promise<void> => {
  await desk.stop()
  await reads.close()
  await store.close()
  await exchange.stop()
  if (!keep) rmSync(home, { recursive: true, force: true })
}

/** Runs the demo and prints its summary; 1 when the two books differ. */
export const demo = async (options: DemoOptions): Promise<ExitCode> => {
  const stage = await setStage(options)
  const { desk, reads, exchange } = stage
  try {
    const before = (await closedPairs(reads)).length
    noteLine(`nightdesk: the demo runs; look at ${desk.url}/ (desk in ${stage.home}, sandbox control at ${exchange.addresses.control}; fees: maker 0, taker 5 bps)`)
    await watch(desk, reads, options, before)
    // The desk goes on while the books are compared: what the market does meanwhile is booked too.
    const audited = await settledAudit(exchange.addresses.control, reads, settleMs)
    const closed = (await closedPairs(reads)).slice(0, -before || undefined)
    const { differences, ...counts } = audited
    const summary = { closed: closed.length, ...counts, ...totals(closed), reconnects: desk.totalReconnects, restarts: desk.restarts }
    for (const difference of differences) noteLine(`- ${difference}`)
    if (options.json === true) printJson(summary)
    else printLine(table(['figure', 'value'], Object.entries(summary).map(([name, value]) => [name, String(value)])))
    return audited.clean ? exitCodes.fine : exitCodes.foundProblem
  } finally {
    await strike(stage, options.resume === true)
  }
}
