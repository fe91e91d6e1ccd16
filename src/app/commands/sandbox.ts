/** `sandbox`: the exchange alone, a program of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'

export interface SandboxOptions {
  readonly port?: string
  readonly seed?: string
  readonly replay?: string
  readonly speed?: string
  readonly home?: string
}

const addresses = z.object({
  coinbase: z.object({ rest: z.string(), market: z.string(), user: z.string(), keyFile: z.string() }),
  control: z.string(),
})

/** Where a running sandbox listens, and where its keys are. */
export type SandboxAddresses = z.infer<typeof addresses>

const program = (): string => {
  const source = fileURLToPath(new URL('../../../sandbox/main.ts', import.meta.url))
  return existsSync(source) ? source : source.replace(/\.ts$/, '.js')
}

const argumentsOf = (options: SandboxOptions): readonly string[] =>
  (['port', 'seed', 'replay', 'speed', 'home'] as const).flatMap((name) => {
    const value = options[name]
    return value === undefined ? [] : [`--${name}`, value]
  })

const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? (signal === null ? exitCodes.internal : exitCodes.fine))))

/** Runs the sandbox in the foreground and ends as it ends. */
export const sandbox = async (options: SandboxOptions): Promise<ExitCode> => {
  // Its standard input is ours to hold: when this process is gone, however it went, the sandbox ends too.
  const child = spawn(process.execPath, [program(), ...argumentsOf(options), '--exit-with-parent'], { stdio: ['pipe', 'inherit', 'inherit'] })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return (await exitOf(child)) as ExitCode
}

/** A sandbox of our own, ended with us. */
export interface OwnedSandbox {
  readonly addresses: SandboxAddresses
  readonly pid: number
  stop(): Promise<void>
}

const readAddresses = (child: ChildProcess): Promise<SandboxAddresses> =>
  new Promise((resolve, reject) => {
    let text = ''
    let complaint = ''
    child.stderr?.on('data', (chunk: Buffer) => { complaint = `${complaint}${chunk.toString()}`.slice(-2_000) })
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('\n')) resolve(addresses.parse(JSON.parse(text)))
    })
    child.once('exit', (code) => {
      const known = Object.values(exitCodes).find((one) => one === code) ?? exitCodes.internal
      reject(new Problem(known, complaint.trim().replace(/^sandbox: /, '') || `the sandbox ended at once with code ${code}`))
    })
  })

/**
 * Starts a sandbox that lives as long as this process.
 * @throws Problem with the sandbox's own sentence
 */
export const startSandbox = async (options: SandboxOptions): Promise<OwnedSandbox> => {
  const child = spawn(process.execPath, [program(), ...argumentsOf(options), '--exit-with-parent'], { stdio: ['pipe', 'pipe', 'pipe'] })
  const found = await readAddresses(child)
  const exited = exitOf(child)
  return {
    addresses: found,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}
