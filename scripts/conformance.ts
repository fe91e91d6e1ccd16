/**
 * Writes the tables of docs/conformance.md from the titles of test/strangers: which calls of which client the sandbox
 * answers as its venue would.
 *
 *   node scripts/conformance.ts            rewrites them
 *   node scripts/conformance.ts --check    says whether they are out of date, and exits 1 then
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fill } from './generated.ts'

const root = path.join(import.meta.dirname, '..')
const page = path.join(root, 'docs', 'conformance.md')
const folder = path.join(root, 'test', 'strangers')

const titlesIn = (source: string): readonly string[] => [...source.matchAll(/^ *test\('((?:[^'\\]|\\.)+)'/gm)].map(([, title = '']) => title)

const rows = readdirSync(folder)
  .filter((file) => file.endsWith('.test.ts'))
  .sort()
  .flatMap((file) => titlesIn(readFileSync(path.join(folder, file), 'utf8')).map((title) => `| \`${file}\` | ${title.replaceAll('|', '\\|')} |`))

const text = readFileSync(page, 'utf8')
const written = fill(text, { part: 'calls', script: 'scripts/conformance.ts', content: ['| test file | calls |', '|---|---|', ...rows].join('\n') })
if (!process.argv.includes('--check')) writeFileSync(page, written)
else if (written !== text) {
  console.error('docs/conformance.md shows an older table: run node scripts/conformance.ts')
  process.exitCode = 1
}
