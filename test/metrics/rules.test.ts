/** The alert rules and the Grafana dashboard ask only for what a desk shows, in PromQL that Prometheus' own grammar takes. */
import { parser } from '@prometheus-io/lezer-promql'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Prometheus } from '../../src/adapters/prometheus/prometheus.ts'
import { metricCatalogue } from '../../src/ports/metrics.ts'
import { readExposition } from './exposition.ts'

const root = path.join(import.meta.dirname, '..', '..')
const read = (...parts: readonly string[]): string => readFileSync(path.join(root, ...parts), 'utf8')

const rulesSchema = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Nightdesk[A-Z]\w+$/),
          expr: z.string(),
          for: z.string().regex(/^\d+[smh]$/).optional(),
          labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.strictObject({ summary: z.string().min(10), action: z.string().min(10) }),
        }),
      ),
    }),
  ),
})

const rules = rulesSchema.parse(parse(read('deploy', 'prometheus', 'rules.yaml'))).groups.flatMap((group) => group.rules)

const board = z.object({ panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).optional() })) }).parse(JSON.parse(read('deploy', 'grafana', 'nightdesk.json')))
const targets = board.panels.flatMap(({ title, targets: asked = [] }) => asked.map(({ expr }) => [title, expr] as const))

/** Series and labels that an expression names, by the grammar; throws where it is none. */
const namesIn = (expression: string): { readonly series: readonly string[]; readonly labels: readonly string[] } => {
  const series: string[] = []
  const labels: string[] = []
  parser.parse(expression).iterate({
    enter: (node) => {
      const text = expression.slice(node.from, node.to)
      if (node.type.isError) throw new Error(`"${expression}" is no PromQL at ${node.from}`)
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector') series.push(text)
      if (node.name === 'LabelName') labels.push(text)
    },
  })
  return { series, labels }
}

const shown = readExposition(await new Prometheus(async () => undefined).text())
/** Labels that the collector adds, and those of histograms. */
const alwaysThere = ['job', 'instance', 'le']
const labelsOf = (series: string): readonly string[] => [...alwaysThere, ...((metricCatalogue as Readonly<Record<string, { readonly labels: readonly string[] }>>)[series]?.labels ?? [])]

const expectKnown = (expression: string): void => {
  const { series, labels } = namesIn(expression)
  expect(series.length).toBeGreaterThan(0)
  const bases = series.map((name) => name.replace(/_(bucket|sum|count)$/, ''))
  for (const name of bases) expect([...shown.keys(), 'up'], expression).toContain(name)
  const known = new Set(bases.flatMap(labelsOf))
  for (const label of labels) expect([...known], expression).toContain(label)
}

describe('the grammar', () => {
  test.each(['rate(x[5m]', 'sum by (le x)', 'a ==', 'increase(x)[5m]]'])('takes no %s', (wrong) => {
    expect(() => namesIn(wrong)).toThrow('is no PromQL')
  })
})

describe('alert rules', () => {
  test.each(rules.map(({ alert, expr }) => [alert, expr] as const))('%s asks for what there is', (_alert, expr) => {
    expectKnown(expr)
  })

  test('have names of their own', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })

  test('name in their texts only labels that their series have', () => {
    for (const { expr, annotations } of rules) {
      const known = namesIn(expr).series.flatMap((name) => labelsOf(name.replace(/_bucket$/, '')))
      for (const [, label] of JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)) expect(known).toContain(label)
    }
  })
})

test.each(targets)('the dashboard’s panel "%s" asks for what there is: %s', (_title, expr) => {
  expectKnown(expr.replaceAll('$instance', 'any'))
})

test('docs/metrics.md is up to date', () => {
  expect(execFileSync(process.execPath, ['scripts/metrics-page.ts', '--check'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('')
})
