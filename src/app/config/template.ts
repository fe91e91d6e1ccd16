/**
 * A configuration as text for people: the wanted settings, every other one commented out at its default, and above each
 * what it does, in the schema's own words.
 */
import { stringify } from 'yaml'
import { kindsOf, type SchemaNode } from './json-schema.ts'

type Settings = Readonly<Record<string, unknown>>

const isSection = (value: unknown): value is Settings => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The kind whose constants are the value's; the first one for a value that has none. */
const kindOf = (node: SchemaNode, value: unknown): SchemaNode => {
  const kinds = kindsOf(node)
  const fits = (kind: SchemaNode): boolean => Object.entries(kind.properties ?? {}).every(([name, { const: constant }]) => constant === undefined || (isSection(value) && value[name] === constant))
  return kinds.find(fits) ?? kinds[0] ?? node
}

const inOneLine = (value: unknown): string => stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim()

interface Place {
  readonly depth: number
  /** Everything below a setting that is commented out is so too. */
  readonly off: boolean
}

const pad = ({ depth }: Place): string => '  '.repeat(depth)
const above = ({ description }: SchemaNode, place: Place): readonly string[] => (description === undefined ? [] : [`${pad(place)}# ${description}`])

const named = (name: string, node: SchemaNode, value: unknown, place: Place): readonly string[] => {
  if (value === undefined && node.default === undefined) return node.description === undefined ? [] : [`${pad(place)}# ${name}, left out: ${node.description}`]
  const here = { ...place, off: place.off || value === undefined }
  const head = `${pad(here)}${here.off ? '#' : ''}${name}:`
  const kind = kindOf(node, value)
  const inside = { depth: here.depth + 1, off: here.off }
  if (kind.properties !== undefined) return [...above(node, place), head, ...sectionOf(kind, isSection(value) ? value : {}, inside)]
  const { additionalProperties: each } = kind
  if (isSection(value) && each !== undefined && each !== false && kindsOf(each).some(({ properties }) => properties !== undefined)) {
    return [...above(node, place), head, ...Object.entries(value).flatMap(([entry, inner]) => named(entry, each, inner, inside))]
  }
  return [...above(node, place), `${head} ${inOneLine(value ?? node.default)}`]
}

const sectionOf = (node: SchemaNode, wanted: Settings, place: Place): readonly string[] =>
  Object.entries(node.properties ?? {}).flatMap(([name, child]) => [...(place.depth === 0 ? [''] : []), ...named(name, child, wanted[name], place)])

/** @param heading lines above everything, without their # */
export const templateOf = (schema: SchemaNode, wanted: Settings, heading: readonly string[]): string =>
  [...heading.map((line) => `# ${line}`.trimEnd()), ...sectionOf(schema, wanted, { depth: 0, off: false }), ''].join('\n')
