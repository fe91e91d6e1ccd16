/** The demo's desk, which is started again when it is killed, and goes on where it was. */
import { spawn, type ChildProcess } from 'node:child_process'
import { noteLine } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'

/** A desk that keeps dying is a fault to look at, not to repeat. */
const maxRestarts = 50
/** A desk that ended because something was away finds it again sooner or later. */
const passing: ReadonlySet<number | null> = new Set<ExitCode>([exitCodes.unavailable, exitCodes.journalLost])
const passingPauseMs = 1_000
const main = (): string => process.argv[1] ?? ''

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** The desk's own last sentence; with an internal fault, all that follows it. */
const sentenceOf = (complaint: string): string | undefined => {
  const at = complaint.lastIndexOf('nightdesk: ')
  return at < 0 ? undefined : complaint.slice(at + 'nightdesk: '.length).trim()
}

/** The desk's process, and what became of it. */
export class SupervisedDesk {
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

  /** Why it is beyond help, once it is. */
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
        const served = this.url !== ''
        if (signal !== null) this.#again(signal)
        else if (served && passing.has(code)) void sleep(passingPauseMs).then(() => this.#again(`code ${code} (${sentenceOf(complaint)})`))
        else {
          const known = Object.values(exitCodes).find((one) => one === code) ?? exitCodes.internal
          this.#failed = new Problem(known, sentenceOf(complaint) ?? `the desk ended with code ${code}`)
          reject(this.#failed)
        }
      })
    })
  }

  #again(how: string): void {
    if (this.#stopping) return
    if (++this.restarts > maxRestarts) {
      this.#failed = new Problem(exitCodes.internal, `the desk ended ${this.restarts} times, at last by ${how}; it is not started again`)
      return
    }
    noteLine(`nightdesk: the desk ended by ${how}; starting it again`)
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

