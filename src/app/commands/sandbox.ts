/** `sandbox`: the exchange alone, a program of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import type { VenueName } from '../venues/names.ts'

export interface SandboxOptions {
  /** One process plays one. */
  readonly venue?: VenueName
  readonly makerBps?: string
  readonly takerBps?: string
  readonly port?: string
  readonly seed?: string
  readonly replay?: string
  readonly speed?: string
  readonly home?: string
}

/** What it prints, and tells at GET /health. */
export const sandboxAddresses = z.union([
  z.object({ coinbase: z.object({ rest: z.string(), market: z.string(), user: z.string(), keyFile: z.string() }), control: z.string() }),
  z.object({ binance: z.object({ rest: z.string(), wsApi: z.string(), stream: z.string(), keyFile: z.string() }), control: z.string() }),
])

/** Where a running sandbox listens, and where its keys are. */
export type SandboxAddresses = z.infer<typeof sandboxAddresses>

/** Its four ports, in the order in which it takes them: what `--port` starts it again with. */
export const portsOf = (addresses: SandboxAddresses): string => {
  const [first, second, third] = 'coinbase' in addresses ? [addresses.coinbase.rest, addresses.coinbase.market, addresses.coinbase.user] : [addresses.binance.rest, addresses.binance.wsApi, addresses.binance.stream]
  return [first, second, third, addresses.control].map((url) => new URL(url).port).join(',')
}

const program = (): string => {
  const source = fileURLToPath(new URL('../../../sandbox/main.ts', import.meta.url))
  return existsSync(source) ? source : source.replace(/\.ts$/, '.js')
}

const argumentsOf = (options: SandboxOptions): readonly string[] =>
  Object.entries({ venue: options.venue, 'maker-bps': options.makerBps, 'taker-bps': options.takerBps, port: options.port, seed: options.seed, replay: options.replay, speed: options.speed, home: options.home }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`--${name}`, value]),
  )

const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? (signal === null ? exitCodes.internal : exitCodes.fine))))

/** Runs the sandbox in the foreground and ends as it ends. */
export const sandbox = async (options: SandboxOptions): Promise<ExitCode> => {
  // Its standard input is ours to hold: when this process is gone, however it went, the sandbox ends too.
  const child = spawn(process.execPath, [program(), ...argumentsOf(options), '--exit-with-parent'], { stdio: ['pipe', 'inherit', 'inherit'] })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return (await exitOf(child)) as ExitCode
}

/** How a sandbox ended: by a signal, or with a sentence of its own. */
export type SandboxEnd = { readonly signal: NodeJS.Signals } | { readonly problem: Problem }

/** A sandbox of our own, ended with us. */
export interface OwnedSandbox {
  readonly addresses: SandboxAddresses
  readonly ended: Promise<SandboxEnd>
  stop(): Promise<void>
}

const endOf = (child: ChildProcess): Promise<SandboxEnd> =>
  new Promise((resolve) => {
    let complaint = ''
    child.stderr?.on('data', (chunk: Buffer) => { complaint = `${complaint}${chunk.toString()}`.slice(-2_000) })
    child.once('close', (code, signal) => {
      if (signal !== null) return resolve({ signal })
      const known = Object.values(exitCodes).find((one) => one === code) ?? exitCodes.internal
      resolve({ problem: new Problem(known, complaint.trim().replace(/^sandbox: /, '') || `the sandbox ended with code ${code}`) })
    })
  })

const readAddresses = (child: ChildProcess): Promise<SandboxAddresses> =>
  new Promise((resolve) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(sandboxAddresses.parse(JSON.parse(text)))
    })
  })

/**
 * Starts a sandbox that lives as long as this process.
 * @throws Problem with the sandbox's own sentence
 */
export const startSandbox = async (options: SandboxOptions): Promise<OwnedSandbox> => {
  const child = spawn(process.execPath, [program(), ...argumentsOf(options), '--exit-with-parent'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = endOf(child)
  const first = await Promise.race([readAddresses(child), ended])
  if ('problem' in first) throw first.problem
  if ('signal' in first) throw new Problem(exitCodes.unavailable, `the sandbox was ended by ${first.signal} while it started: start it again`)
  return {
    addresses: first,
    ended,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
