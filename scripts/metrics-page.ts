/**
 * Writes the tables of docs/metrics.md: every series that a desk shows, and every alert rule.
 *
 *   node scripts/metrics-page.ts            rewrites them
 *   node scripts/metrics-page.ts --check    says whether they are out of date, and exits 1 then
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { metricCatalogue } from '../src/ports/metrics.ts'
import { fill } from './generated.ts'

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly action: string }
}

const root = path.join(import.meta.dirname, '..')
const page = path.join(root, 'docs', 'metrics.md')
const script = 'scripts/metrics-page.ts'

const series = Object.entries(metricCatalogue).map(([name, { type, help, labels }]) => `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`)
const { groups } = parse(readFileSync(path.join(root, 'deploy', 'prometheus', 'rules.yaml'), 'utf8')) as { groups: readonly { rules: readonly Rule[] }[] }
/** Placeholders of Prometheus mean nothing to a reader of the page. */
const plain = (text: string): string => text.replace(/\{\{ \$labels\.(\w+) \}\}/g, '*$1*').replace(/\{\{[^}]*\}\}/g, '*n*')
const rules = groups.flatMap((group) => group.rules).map(({ alert, labels, annotations, ...rule }) => `| ${alert} | ${labels.severity} | \`${rule.expr.replaceAll('|', String.raw`\|`)}\`${rule.for === undefined ? '' : ` for ${rule.for}`} | ${plain(annotations.summary)} | ${annotations.action} |`)

const text = readFileSync(page, 'utf8')
const withSeries = fill(text, { part: 'series', script, content: ['| series | type | labels | what it says |', '|---|---|---|---|', ...series].join('\n') })
const written = fill(withSeries, { part: 'rules', script, content: ['| alert | severity | when | what it means | what to do |', '|---|---|---|---|---|', ...rules].join('\n') })
if (!process.argv.includes('--check')) writeFileSync(page, written)
else if (written !== text) {
  console.error(`docs/metrics.md shows older tables: run node ${script}`)
  process.exitCode = 1
}
