/** Writes the tables of docs/configuration.md from the configuration's schema; with --check it only says whether they are up to date. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { configJsonSchema, kindsOf, type SchemaNode } from '../src/app/config/json-schema.ts'
import { fill } from './generated.ts'

const page = path.join(import.meta.dirname, '..', 'docs', 'configuration.md')

const units: Readonly<Record<string, string>> = { Bps: 'basis points', Ms: 'milliseconds', Quote: 'quote money, as text', Pct: 'percent', Mb: 'megabytes', PerMinute: 'a minute' }
const unitOf = (name: string): string | undefined => Object.entries(units).find(([ending]) => name.endsWith(ending))?.[1]

const rangeOf = ({ minimum, exclusiveMinimum, maximum }: SchemaNode): string => {
  const least = minimum === undefined ? (exclusiveMinimum === undefined ? undefined : `above ${exclusiveMinimum}`) : `${minimum}`
  if (least === undefined) return maximum === undefined ? '' : `at most ${maximum}`
  return maximum === undefined ? least : `${least} to ${maximum}`
}

const kinds: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', number: 'number', boolean: 'true or false', array: 'list', object: 'section' }

const typeOf = (name: string, node: SchemaNode): string => {
  if (node.const !== undefined) return `\`${node.const}\``
  if (node.enum !== undefined) return node.enum.map((one) => `\`${one}\``).join(', ')
  const all = kindsOf(node)
  if (all.length > 1) return all.some(({ properties }) => properties !== undefined) ? 'one of the kinds below' : all.map((one) => typeOf(name, one)).join(', or ')
  return [kinds[node.type ?? ''] ?? node.type ?? '', unitOf(name), rangeOf(node)].filter((part) => part !== undefined && part !== '').join(', ')
}

const defaultOf = (node: SchemaNode, required: boolean): string => {
  if (node.default !== undefined && node.properties === undefined) return `\`${JSON.stringify(node.default)}\``
  return node.const === undefined && required ? '**needed**' : '-'
}

interface Section {
  readonly title: string
  readonly text: string
  readonly rows: readonly string[]
}

const isSection = (node: SchemaNode): boolean => node.properties !== undefined || (node.items !== undefined && isSection(node.items)) || kindsOf(node).length > 1 || (typeof node.additionalProperties === 'object' && isSection(node.additionalProperties))

/** What tells one kind from the others. */
const markOf = (node: SchemaNode): string => {
  const [name, mark] = Object.entries(node.properties ?? {}).find(([, one]) => one.const !== undefined) ?? []
  return mark === undefined ? 'strategy: ./...' : `${name}: ${mark.const}`
}

const sectionsOf = (title: string, node: SchemaNode): readonly Section[] => {
  const all = kindsOf(node)
  if (all.length > 1) return all.flatMap((kind) => (isSection(kind) ? sectionsOf(`${title} (${markOf(kind)})`, { ...kind, description: kind.description ?? node.description ?? '' }) : []))
  if (node.items !== undefined) return sectionsOf(`${title}[]`, node.items)
  if (typeof node.additionalProperties === 'object') return sectionsOf(`${title}.NAME`, { ...node.additionalProperties, description: node.additionalProperties.description ?? node.description ?? '' })
  const names = Object.entries(node.properties ?? {})
  const rows = names.map(([name, one]) => `| \`${name}\` | ${typeOf(name, one)} | ${defaultOf(one, node.required?.includes(name) === true)} | ${one.description ?? ''} |`)
  const place = (name: string): string => (title === '' ? name : `${title}.${name}`)
  return [{ title, text: node.description ?? '', rows }, ...names.filter(([, one]) => isSection(one)).flatMap(([name, one]) => sectionsOf(place(name), one))]
}

/** The same table twice says nothing new. */
const fresh = (sections: readonly Section[]): readonly Section[] => {
  const known = new Set<string>()
  return sections.filter(({ rows }) => {
    const key = rows.join('\n')
    if (rows.length === 0 || known.has(key)) return false
    known.add(key)
    return true
  })
}

const markdown = ({ title, text, rows }: Section): string =>
  [title === '' ? '### The whole' : `### \`${title}\``, '', ...(text === '' ? [] : [text, '']), '| setting | type, unit, range | default | what it does |', '|---|---|---|---|', ...rows].join('\n')

const before = readFileSync(page, 'utf8')
const after = fill(before, { part: 'settings', script: 'scripts/config-page.ts', content: fresh(sectionsOf('', configJsonSchema())).map(markdown).join('\n\n') })
if (!process.argv.includes('--check')) writeFileSync(page, after)
else if (after !== before) {
  process.stdout.write('docs/configuration.md is not up to date: run node scripts/config-page.ts\n')
  process.exitCode = 1
}
