/** Writes the runbook's table in docs/alerts.md from the catalogue; with --check it only says whether it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { alertCodes, ruleOf, severities } from '../src/domain/alert-catalogue.ts'
import { fill } from './generated.ts'

const page = path.join(import.meta.dirname, '..', 'docs', 'alerts.md')

const rows = severities.toReversed().flatMap((severity) =>
  alertCodes.filter((code) => ruleOf(code).severity === severity).map((code) => {
    const { lasts, meaning, remedy } = ruleOf(code)
    return `| \`${code}\` | ${severity} | ${lasts ? 'yes' : '-'} | ${meaning} | ${remedy} |`
  }),
)
const content = ['| alert | severity | has an end | what it means | what to do |', '|---|---|---|---|---|', ...rows].join('\n')

const before = readFileSync(page, 'utf8')
const after = fill(before, { part: 'runbook', script: 'scripts/alerts.ts', content })
if (!process.argv.includes('--check')) writeFileSync(page, after)
else if (after !== before) {
  process.stdout.write('docs/alerts.md is not up to date: run node scripts/alerts.ts\n')
  process.exitCode = 1
}
