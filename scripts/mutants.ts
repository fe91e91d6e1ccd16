/**
 * `npm run mutants -- [--only ID,ID]`: plants one bug after the other in a copy of the program and runs what is meant to
 * catch it. Exit 1 when one survives, or when the copy fails without a bug.
 */
import { spawnSync } from 'node:child_process'
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

interface Verdict {
  readonly failed: boolean
  /** The seed and what it broke, or the tests that failed. */
  readonly by: string
}

const copy = path.join(mkdtempSync(path.join(tmpdir(), 'nightdesk-mutants-')), 'copy')
for (const part of ['src', 'sandbox', 'simulation', 'migrations', 'test', 'bin', 'docs', 'dashboard', 'scripts', 'package.json', 'tsconfig.json', 'vitest.config.ts']) cpSync(path.join(root, part), path.join(copy, part), { recursive: true })
symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))

const plant = ({ file, from, to }: Edit): void => {
  const text = readFileSync(path.join(copy, file), 'utf8')
  if (text.split(from).length !== 2) throw new Error(`the bug does not fit ${file} any more: ${JSON.stringify(from)} is there ${text.split(from).length - 1} times`)
  writeFileSync(path.join(copy, file), text.replace(from, () => to))
}

const restore = ({ file }: Edit): void => cpSync(path.join(root, file), path.join(copy, file))

const seedLoop = `
  const { runSeed } = await import('./simulation/run-seed.ts')
  for (let seed = 1; seed <= Number(process.env.SEEDS); seed++) {
    const { violations } = await runSeed({ seed: String(seed) })
    if (violations.length === 0) continue
    console.log('seed ' + seed + ': ' + violations[0].invariant + ' ' + violations[0].detail.slice(0, 140))
    process.exit(1)
  }
  process.exit(0)`

const simulate = (seeds: number): Verdict => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', seedLoop], { cwd: copy, encoding: 'utf8', timeout: timeoutMs, env: { ...process.env, SEEDS: String(seeds) } })
  return { failed: status !== 0, by: stdout.trim() || stderr.trim().split('\n').slice(-3).join(' ').slice(0, 200) || 'no end' }
}

const runTests = (files: readonly string[]): Verdict => {
  const output = path.join(copy, 'report.json')
  rmSync(output, { force: true })
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile.json=${output}`, ...files], { cwd: copy, encoding: 'utf8', timeout: timeoutMs })
  if (!existsSync(output)) return { failed: status !== 0, by: 'a run that never ended' }
  const report = JSON.parse(readFileSync(output, 'utf8')) as { readonly testResults: readonly { readonly assertionResults: readonly { readonly status: string; readonly title: string }[] }[] }
  const failed = report.testResults.flatMap(({ assertionResults }) => assertionResults.filter((one) => one.status === 'failed').map(({ title }) => title))
  return { failed: status !== 0, by: failed.length === 0 ? 'a file that does not load' : `"${failed[0]}"${failed.length > 1 ? ` and ${failed.length - 1} more` : ''}` }
}

const judge = ({ caughtBy }: Pick<Mutant, 'caughtBy'>): Verdict => (caughtBy === 'simulation' ? simulate(mostSeeds) : runTests(caughtBy))

const survivors: string[] = []
try {
  // Without a bug everything must pass: a checker that always fails catches nothing.
  const files = [...new Set(chosen.flatMap(({ caughtBy }) => (caughtBy === 'simulation' ? [] : caughtBy)))]
  const canaries = [...(chosen.some(({ caughtBy }) => caughtBy === 'simulation') ? [simulate(cleanSeeds)] : []), ...(files.length > 0 ? [runTests(files)] : [])]
  for (const canary of canaries.filter(({ failed }) => failed)) {
    const said = `without a bug: ${canary.by}`
    survivors.push(said)
    console.log(said)
  }
  for (const mutant of chosen) {
    mutant.edits.forEach(plant)
    const verdict = judge(mutant)
    mutant.edits.forEach(restore)
    const said = `${verdict.failed ? 'caught  ' : 'SURVIVED'} ${mutant.invariant.padEnd(3)} ${mutant.id}: ${mutant.bug}${verdict.failed ? ` - by ${verdict.by}` : ''}`
    if (!verdict.failed) survivors.push(said)
    console.log(said)
  }
} finally {
  rmSync(path.dirname(copy), { recursive: true, force: true })
}
// Said again at the end, where whoever reads only the end finds them.
for (const said of survivors) console.log(said)
console.log(`${chosen.length - survivors.length} caught, ${survivors.length} survived`)
process.exitCode = survivors.length === 0 ? 0 : 1
