/**
 * `npm run mutants -- [--only ID,ID]`: plants one bug after the other in copies of the program, two at a time, and runs what is
 * meant to catch it. Exit 1 when one survives, or when a copy fails without a bug.
 */
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Edit, Mutant } from '../test/mutants/mutant.ts'
import { mutants } from '../test/mutants/mutants.ts'

const root = path.join(import.meta.dirname, '..')
const { values } = parseArgs({ options: { only: { type: 'string' }, seeds: { type: 'string', default: '80' } } })
const chosen = values.only === undefined ? mutants : mutants.filter(({ id }) => values.only?.split(',').includes(id))
const mostSeeds = Number(values.seeds)
const timeoutMs = 240_000
/** Seeds that must pass without a bug. */
const cleanSeeds = 15
const copies = 2

interface Verdict {
  readonly failed: boolean
  /** The seed and what it broke, or the tests that failed. */
  readonly by: string
}

interface Ran {
  readonly failed: boolean
  readonly out: string
  readonly err: string
}

const seedLoop = `
  const { runSeed } = await import('./simulation/run-seed.ts')
  for (let seed = 1; seed <= Number(process.env.SEEDS); seed++) {
    const { violations } = await runSeed({ seed: String(seed) })
    if (violations.length === 0) continue
    console.log('seed ' + seed + ': ' + violations[0].invariant + ' ' + violations[0].detail.slice(0, 140))
    process.exit(1)
  }
  process.exit(0)`

const parts = ['src', 'sandbox', 'simulation', 'migrations', 'test', 'bin', 'docs', 'dashboard', 'scripts', 'package.json', 'tsconfig.json', 'vitest.config.ts']

/** A copy of the program, in which bugs are planted. */
class Copy {
  readonly #folder = path.join(mkdtempSync(path.join(tmpdir(), 'nightdesk-mutants-')), 'copy')

  constructor() {
    for (const part of parts) cpSync(path.join(root, part), path.join(this.#folder, part), { recursive: true })
    symlinkSync(path.join(root, 'node_modules'), path.join(this.#folder, 'node_modules'))
  }

  async judge({ edits, caughtBy }: Pick<Mutant, 'edits' | 'caughtBy'>): Promise<Verdict> {
    for (const edit of edits) this.#plant(edit)
    try {
      return await (caughtBy === 'simulation' ? this.simulate(mostSeeds) : this.runTests(caughtBy))
    } finally {
      for (const { file } of edits) cpSync(path.join(root, file), path.join(this.#folder, file))
    }
  }

  async simulate(seeds: number): Promise<Verdict> {
    const { failed, out, err } = await this.#run(['--input-type=module', '-e', seedLoop], { SEEDS: String(seeds) })
    return { failed, by: out.trim() || err.trim().split('\n').slice(-3).join(' ').slice(0, 200) || 'no end' }
  }

  async runTests(files: readonly string[]): Promise<Verdict> {
    const output = path.join(this.#folder, 'report.json')
    rmSync(output, { force: true })
    const { failed } = await this.#run(['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile.json=${output}`, ...files])
    if (!existsSync(output)) return { failed, by: 'a run that never ended' }
    const report = JSON.parse(readFileSync(output, 'utf8')) as { readonly testResults: readonly { readonly assertionResults: readonly { readonly status: string; readonly title: string }[] }[] }
    const titles = report.testResults.flatMap(({ assertionResults }) => assertionResults.filter((one) => one.status === 'failed').map(({ title }) => title))
    return { failed, by: titles.length === 0 ? 'a file that does not load' : `"${titles[0]}"${titles.length > 1 ? ` and ${titles.length - 1} more` : ''}` }
  }

  #run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, args, { cwd: this.#folder, timeout: timeoutMs, env: { ...process.env, ...env } })
      let [out, err] = ['', '']
      child.stdout.on('data', (text: Buffer) => { out += text.toString() })
      child.stderr.on('data', (text: Buffer) => { err += text.toString() })
      child.on('close', (code) => resolve({ failed: code !== 0, out, err }))
    })
  }

  #plant({ file, from, to }: Edit): void {
    const text = readFileSync(path.join(this.#folder, file), 'utf8')
    if (text.split(from).length !== 2) throw new Error(`the bug does not fit ${file} any more: ${JSON.stringify(from)} is there ${text.split(from).length - 1} times`)
    writeFileSync(path.join(this.#folder, file), text.replace(from, () => to))
  }

  remove(): void {
    rmSync(path.dirname(this.#folder), { recursive: true, force: true })
  }
}

const survivors: string[] = []

/** Without a bug everything must pass: a checker that always fails catches nothing. */
const insistOnClean = async (copy: Copy): Promise<void> => {
  const files = [...new Set(chosen.flatMap(({ caughtBy }) => (caughtBy === 'simulation' ? [] : caughtBy)))]
  const canaries = [...(chosen.some(({ caughtBy }) => caughtBy === 'simulation') ? [await copy.simulate(cleanSeeds)] : []), ...(files.length > 0 ? [await copy.runTests(files)] : [])]
  for (const { by } of canaries.filter(({ failed }) => failed)) {
    survivors.push(`without a bug: ${by}`)
    console.log(survivors.at(-1))
  }
}

/** Takes one bug after the other from those that are left. */
const judgeIn = async (copy: Copy, left: Mutant[]): Promise<void> => {
  for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
    const { failed, by } = await copy.judge(mutant)
    const said = `${failed ? 'caught  ' : 'SURVIVED'} ${mutant.invariant.padEnd(3)} ${mutant.id}: ${mutant.bug}${failed ? ` - by ${by}` : ''}`
    if (!failed) survivors.push(said)
    console.log(said)
  }
}

const all = Array.from({ length: Math.min(copies, chosen.length) }, () => new Copy())
try {
  const [first] = all
  if (first !== undefined) await insistOnClean(first)
  const left = [...chosen]
  await Promise.all(all.map((copy) => judgeIn(copy, left)))
} finally {
  for (const copy of all) copy.remove()
}
// Said again at the end, where whoever reads only the end finds them.
for (const said of survivors) console.log(said)
console.log(`${chosen.length - survivors.length} caught, ${survivors.length} survived`)
process.exitCode = survivors.length === 0 ? 0 : 1
