/** The real program as a user runs it: processes, exit codes, standard output. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { portsOf, type SandboxAddresses } from '../../src/app/commands/sandbox.ts'

const entry = fileURLToPath(new URL('../../bin/nightdesk.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly out: string
  readonly err: string
}

export interface Running {
  readonly child: ChildProcess
  readonly pid: number
  /** The first line on standard output. */
  readonly firstLine: Promise<string>
  /** What it has said on standard error so far. */
  readonly complaints: () => string
  readonly ended: Promise<Ended>
}

/** Starts `nightdesk <args>`; standard input stays open until it ends. */
export const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Running => {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, DATABASE_URL: undefined, ...env } })
  let out = ''
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString() })
  const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, out, err })))
  const firstLine = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      const [line] = out.split('\n')
      if (out.includes('\n') && line !== undefined) resolve(line)
    })
    void ended.then(({ code }) => reject(new Error(`nightdesk ${args.join(' ')} ended with ${code} before it said anything: ${err.slice(-2_000)}`)))
  })
  firstLine.catch(() => undefined)
  return { child, pid: child.pid ?? 0, firstLine, complaints: () => err, ended }
}

/** Runs `nightdesk <args>` to its end. */
export const runToEnd = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> => start(args, env).ended

/** A folder of the test's own, taken away at the end. */
export const ownFolder = (): { readonly path: string; remove(): void } => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-test-'))
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }) }
}

export interface Exchange {
  readonly control: string
  readonly config: string
  fault(body: object): Promise<void>
  /** How often an armed fault is still to happen; 0 when it is not armed. */
  armed(name: string): Promise<number>
  /** Nothing that is armed happens any more. */
  calm(): Promise<void>
  /** Leads the market of BTC-USD to a price so many basis points away. */
  push(bps: number): Promise<void>
  /** Kills it, and starts it again on the same ports and the same ledger. */
  restart(): Promise<void>
  stop(): Promise<void>
}


/** A sandbox with a demo configuration for it. */
export const startExchange = async (folder: string, ...args: readonly string[]): Promise<Exchange> => {
  const begin = (...more: readonly string[]): Running => start(['sandbox', '--home', path.join(folder, 'sandbox'), ...args, ...more])
  let running = begin()
  const addresses = JSON.parse(await running.firstLine) as SandboxAddresses
  const { control } = addresses
  const ports = portsOf(addresses)
  const config = path.join(folder, 'desk.yaml')
  const made = await runToEnd(['config', 'demo', '--sandbox', control, '--out', config])
  if (made.code !== 0) throw new Error(made.err)
  const ask = async (where: string, init: RequestInit = {}): Promise<unknown> => {
    const answer = await fetch(`${control}${where}`, init)
    if (!answer.ok) throw new Error(await answer.text())
    return answer.json()
  }
  return {
    control,
    config,
    fault: async (body) => void (await ask('/faults', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })),
    armed: async (name) => {
      const { armed } = (await ask('/faults')) as { armed: readonly { name: string; left: number }[] }
      return armed.find((fault) => fault.name === name)?.left ?? 0
    },
    calm: async () => void (await ask('/faults', { method: 'DELETE' })),
    push: async (bps) => {
      const prices = JSON.parse(readFileSync(path.join(folder, 'sandbox', 'last-prices.json'), 'utf8')) as Record<string, number>
      const price = ((prices['BTC-USD'] ?? 0) / 100) * (1 + bps / 10_000)
      await ask('/market', { method: 'POST', body: JSON.stringify({ product: 'BTC-USD', price: price.toFixed(2), overMs: 300 }) })
    },
    restart: async () => {
      const { pid } = (await ask('/health')) as { pid: number }
      process.kill(pid, 'SIGKILL')
      await running.ended
      running = begin('--port', ports)
      await running.firstLine
    },
    stop: async () => {
      running.child.kill('SIGTERM')
      await running.ended
    },
  }
}

export interface RunningDesk extends Running {
  readonly url: string
  get(path: string): Promise<unknown>
}

/** A desk on a configuration, when it serves. */
export const startDesk = async (config: string, home: string, env: Readonly<Record<string, string>> = {}): Promise<RunningDesk> => {
  const running = start(['run', '--config', config, '--port', '0', '--json'], { NIGHTDESK_HOME: home, ...env })
  const { url } = JSON.parse(await running.firstLine) as { url: string }
  return {
    ...running,
    url,
    get: async (where) => (await fetch(`${url}${where}`)).json(),
  }
}

/** Asks again and again until the answer is right; fails with the last one. */
export const until = async <T>(ask: () => Promise<T>, right: (value: T) => boolean, withinMs = 45_000): Promise<T> => {
  const end = Date.now() + withinMs
  for (;;) {
    const value = await ask()
    if (right(value)) return value
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value).slice(0, 1_000)}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
