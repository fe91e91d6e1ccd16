/**
 * Writes the tables of docs/guarantees.md: the faults, from docs/faults.yaml, the titles of the tests and the kinds of the
 * simulation; the failpoints; the planted bugs.
 *
 *   node scripts/guarantees.ts            rewrites the table
 *   node scripts/guarantees.ts --check    says whether it is out of date, and which faults nothing meets, and exits 1 then
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { fill } from './generated.ts'
import { failpoints } from '../src/ports/failpoints.ts'
import { mutants } from '../test/mutants/mutants.ts'
import { faultKinds } from '../simulation/faults/kinds.ts'

interface Fault {
  readonly fault: string
  readonly inv: string
  /** Why nothing meets it yet. */
  readonly open?: string
}

const root = path.join(import.meta.dirname, '..')
const page = path.join(root, 'docs', 'guarantees.md')

const faults = parse(readFileSync(path.join(root, 'docs', 'faults.yaml'), 'utf8')) as Readonly<Record<string, Fault>>
const testFiles = readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts') || file.endsWith('.contract.ts'))
  .map((file) => path.join('test', file))
  .sort()

/** Titles of tests, and rows of tables of tests, that name a fault in brackets: `is looked up, never sent again (OC-02)`. */
const titles = testFiles.flatMap((file) =>
  [...readFileSync(path.join(root, file), 'utf8').matchAll(/(['"`])((?:(?!\1).)*\([^()]*\b[A-Z]{2}-\d{2}\b[^()]*\)(?:(?!\1).)*)\1/g)].map(([, , title = '']) => ({ file, title })),
)

const scenariosOf = (id: string): readonly string[] => [
  ...titles.filter(({ title }) => new RegExp(`\\b${id}\\b`).test(title)).map(({ file, title }) => `${title.replace(/ ?\([^()]*\)$/, '').replaceAll('|', '\\|')} (\`${file}\`)`),
  ...faultKinds.filter(({ rows }) => rows.includes(id)).map((kind) => `simulation: \`${kind.id}\``),
]

const rows = Object.entries(faults).map(([id, { fault, inv, open }]) => ({ id, fault, inv, open, scenarios: scenariosOf(id) }))
const table = [
  '| id | what happens | invariants | met by |',
  '|---|---|---|---|',
  ...rows.map(({ id, fault, inv, open, scenarios }) => `| ${id} | ${fault} | ${inv} | ${[...scenarios, ...(open === undefined ? [] : [`**open**: ${open}`])].join('; ')} |`),
].join('\n')

const moments = ['| moment | what it is |', '|---|---|', ...Object.entries(failpoints).map(([point, what]) => `| \`${point}\` | ${what} |`)].join('\n')
const bugs = ['| invariant | bug | caught by |', '|---|---|---|', ...mutants.map(({ invariant, bug, caughtBy }) => `| ${invariant} | ${bug} | ${caughtBy === 'simulation' ? 'the simulation' : caughtBy.map((file) => `\`${file}\``).join(', ')} |`)].join('\n')

const text = readFileSync(page, 'utf8')
const written = Object.entries({ faults: table, failpoints: moments, mutants: bugs }).reduce((document, [part, content]) => fill(document, { part, script: 'scripts/guarantees.ts', content }), text)

const silent = rows.filter(({ scenarios, open }) => scenarios.length === 0 && open === undefined).map(({ id }) => id)
const known = new Set(Object.keys(faults))
const unknown = [...new Set([...titles.flatMap(({ title }) => title.match(/\b(?:OC|FS|CN|MD|PX|CK|DB|PR|SE)-\d{2}\b/g) ?? []), ...faultKinds.flatMap((kind) => kind.rows)])].filter((id) => !known.has(id))
for (const id of silent) console.error(`${id} is met by no test and no kind of the simulation: write one, or say in docs/faults.yaml why it is open`)
for (const id of unknown) console.error(`${id} is met and is not in docs/faults.yaml`)
if (process.argv.includes('--check')) {
  if (written !== text) console.error('docs/guarantees.md shows older tables: run node scripts/guarantees.ts')
  if (written !== text || silent.length + unknown.length > 0) process.exitCode = 1
} else writeFileSync(page, written)
