/** `simulate`: the whole desk in a simulated world, seed after seed, a worker for each core. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { noteLine, printJson, printLine, table } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'

export interface SimulateOptions {
  readonly seeds: number
  readonly from: number
  readonly workers?: number
  /** One seed alone. */
  readonly seed?: number
  readonly only?: string
  readonly seconds?: number
  readonly twice?: boolean
  readonly trace?: boolean
  readonly json?: boolean
}

const message = z.union([
  z.object({ kinds: z.array(z.string()) }),
  z.object({ line: z.string() }),
  z.object({
    result: z.object({
      seed: z.string(),
      lives: z.number(),
      operations: z.number(),
      processes: z.number(),
      simulatedMs: z.number(),
      faults: z.record(z.string(), z.number()),
      violations: z.array(z.object({ invariant: z.string(), detail: z.string(), at: z.number(), turn: z.number() })),
    }),
    replay: z.string().optional(),
  }),
])
type Verdict = Extract<z.infer<typeof message>, { result: unknown }>

interface FaultCount {
  injected: number
  recovered: number
}

/** What all workers have told so far. */
class Totals {
  readonly faults: Record<string, FaultCount> = {}
  readonly failures: { readonly seed: string; readonly violations: Verdict['result']['violations']; readonly replay: string }[] = []
  seeds = 0
  lives = 0
  operations = 0
  processes = 0
  simulatedMs = 0
  violations = 0

  know(kinds: readonly string[]): void {
    for (const kind of kinds) this.faults[kind] ??= { injected: 0, recovered: 0 }
  }

  add({ result, replay }: Verdict): void {
    const { seed, violations, faults } = result
    this.seeds++
    this.lives += result.lives
    this.operations += result.operations
    this.processes += result.processes
    this.simulatedMs += result.simulatedMs
    this.violations += violations.length
    if (violations.length > 0) this.failures.push({ seed, violations, replay: replay ?? `--seed ${seed}` })
    for (const [kind, count] of Object.entries(faults)) {
      const known = (this.faults[kind] ??= { injected: 0, recovered: 0 })
      known.injected += count
      if (violations.length === 0) known.recovered += count
    }
  }

  /** Kinds of fault that never met anything, or that no run recovered from. */
  get unproven(): readonly string[] {
    return Object.entries(this.faults).flatMap(([kind, { recovered }]) => (recovered === 0 ? [kind] : []))
  }
}

/** From so many seeds on, a kind of fault that was never met is a fault of the simulation. */
const enoughSeeds = 500
const progressEveryMs = 5_000

const program = (): string => {
  const source = fileURLToPath(new URL('../../../simulation/main.ts', import.meta.url))
  return existsSync(source) ? source : source.replace(/\.ts$/, '.js')
}

const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: fileURLToPath(new URL('.', import.meta.url)), stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim()
  } catch {
    return 'unknown'
  }
}

const argumentsOf = (options: SimulateOptions, worker: number, workers: number): readonly string[] => {
  const alone = options.seed !== undefined
  const count = alone ? 1 : Math.ceil((options.seeds - worker) / workers)
  const named = { from: alone ? options.seed : options.from + worker, count, stride: workers, only: options.only, seconds: options.seconds }
  return [
    ...Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)])),
    ...(['twice', 'trace'] as const).flatMap((name) => (options[name] === true ? [`--${name}`] : [])),
  ]
}

/** Resolves when the worker has ended well. */
const listen = async (child: ChildProcess, take: (told: z.infer<typeof message>) => void): Promise<void> => {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (child.stdout !== null) for await (const line of createInterface({ input: child.stdout })) take(message.parse(JSON.parse(line)))
  const code = await ended
  if (code !== 0) throw new Problem(exitCodes.internal, `a worker of the simulation ended with code ${code}`)
}

const count = (value: number): string => value.toLocaleString('en')

const report = (totals: Totals, options: SimulateOptions, seconds: number): void => {
  const { seeds, lives, operations, processes, simulatedMs, faults, violations, failures, unproven } = totals
  const head = commit()
  for (const failure of failures) {
    noteLine(`SEED=${failure.seed} COMMIT=${head}`)
    for (const { invariant, detail, at } of failure.violations) noteLine(`  ${invariant} after ${(at / 1_000).toFixed(3)} s: ${detail}`)
    noteLine(`  npm run --silent nightdesk -- simulate --seed ${failure.seed} --trace`)
    noteLine(`  smallest: npm run --silent nightdesk -- simulate ${failure.replay} --trace`)
  }
  if (options.json === true) return printJson({ seeds, lives, operations, faults, violations, processes, simulatedHours: Math.round(simulatedMs / 36_000) / 100, seconds, commit: head, unproven, failures })
  printLine(table(['fault', 'injected', 'recovered'], Object.entries(faults).map(([kind, one]) => [kind, count(one.injected), count(one.recovered)])))
  printLine(`\n${count(seeds)} seeds, ${count(lives)} order lives, ${count(operations)} venue operations, ${count(processes)} processes, ${(simulatedMs / 3_600_000).toFixed(1)} simulated hours in ${seconds} s: ${count(violations)} violations`)
}

/**
 * Runs the seeds.
 * @returns 1 when an invariant was broken, or when over enough seeds a kind of fault was never met and recovered from
 * @throws Problem when a worker fails
 */
export const simulate = async (options: SimulateOptions): Promise<ExitCode> => {
  const wanted = options.seed === undefined ? options.seeds : 1
  const workers = Math.min(options.workers ?? availableParallelism(), wanted)
  const totals = new Totals()
  const began = performance.now()
  const take = (told: z.infer<typeof message>): void => {
    if ('kinds' in told) totals.know(told.kinds)
    else if ('line' in told) printLine(told.line)
    else totals.add(told)
  }
  const progress = setInterval(() => noteLine(`nightdesk: ${count(totals.seeds)} of ${count(wanted)} seeds, ${count(totals.operations)} venue operations, ${totals.violations} violations`), progressEveryMs)
  try {
    const children = Array.from({ length: workers }, (_, worker) => spawn(process.execPath, [program(), ...argumentsOf(options, worker, workers)], { stdio: ['pipe', 'pipe', 'inherit'] }))
    await Promise.all(children.map((child) => listen(child, take)))
  } finally {
    clearInterval(progress)
  }
  report(totals, options, Math.round((performance.now() - began) / 100) / 10)
  const isIncomplete = wanted >= enoughSeeds && totals.unproven.length > 0
  if (isIncomplete) noteLine(`nightdesk: never met and recovered from: ${totals.unproven.join(', ')}`)
  return totals.violations > 0 || isIncomplete ? exitCodes.foundProblem : exitCodes.fine
}
