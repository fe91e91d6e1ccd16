/** Writes the tables of docs/api.md from the OpenAPI document that the routes make; with --check it only says whether they are up to date. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { NEVER } from 'rxjs'
import { serveHttp } from '../src/adapters/http/index.ts'
import { systemClock } from '../src/adapters/system/system-clock.ts'
import { noLog } from '../src/ports/log.ts'
import { fill } from './generated.ts'

const page = path.join(import.meta.dirname, '..', 'docs', 'api.md')

interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>

interface Operation {
  readonly summary?: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean; readonly schema?: Schema; readonly description?: string }[]
  readonly requestBody?: { readonly content?: Content }
  readonly responses?: Readonly<Record<string, { readonly content?: Content }>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> }
}

/** The description of a server behind which there is no desk: none of its routes is asked. */
const describedBy = async (): Promise<Document> => {
  const none = { inspection: { events: NEVER }, steering: {}, metrics: async () => ({ contentType: '', text: '' }), token: '', host: '127.0.0.1', port: 0, log: noLog, onRefused: () => undefined, clock: systemClock }
  const http = await serveHttp(none as unknown as Parameters<typeof serveHttp>[0])
  try {
    return (await (await fetch(`${http.url}/openapi.json`)).json()) as Document
  } finally {
    await http.close()
  }
}

const document = await describedBy()

const resolved = (schema: Schema): Schema => {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (document.components?.schemas?.[name] ?? {})
}

const mostNames = 12

/** What a value is, in a few words; what is inside another only by name. */
const typeOf = (given: Schema): string => {
  const schema = resolved(given)
  const kinds = schema.anyOf ?? schema.oneOf
  if (kinds !== undefined) return [...new Set(kinds.map(typeOf))].join(' or ')
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${JSON.stringify(one)}\``).join(', ')
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`
  const names = Object.keys(schema.properties ?? {})
  if (names.length > 0) return `{ ${names.slice(0, mostNames).join(', ')}${names.length > mostNames ? ', ...' : ''} }`
  return [schema.type ?? 'anything'].flat().join(' or ')
}

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0 ? [] : ['', `| ${head.join(' | ')} |`, `|${head.map(() => '---|').join('')}`, ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`)]

const fieldsOf = (schema: Schema, head: string): readonly string[] =>
  tableOf([head, 'is'], Object.entries(schema.properties ?? {}).map(([name, one]) => [`\`${name}\`${schema.required?.includes(name) === true ? '' : ' (may be left out)'}`, typeOf(one)]))

const jsonIn = (content: Content | undefined): Schema | undefined => content?.['application/json']?.schema

/** Every object that a schema takes, those in a list of them too. */
const objectsIn = (given: Schema): readonly Schema[] => {
  const schema = resolved(given)
  const inner = schema.anyOf ?? schema.oneOf ?? (schema.items === undefined ? [] : [schema.items])
  return inner.length > 0 ? inner.flatMap(objectsIn) : schema.properties === undefined ? [] : [schema]
}

const lineOf = ({ properties = {}, required = [] }: Schema): string =>
  `- { ${Object.entries(properties).map(([name, one]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(one)}`).join(', ')} }`

const bodyOf = ({ requestBody }: Operation): readonly string[] => {
  const schema = jsonIn(requestBody?.content)
  return schema === undefined ? [] : ['', 'It takes one of these as JSON:', '', ...new Set(objectsIn(schema).map(lineOf))]
}

const answerOf = ({ responses = {} }: Operation): readonly string[] => {
  const [status, answer] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? []
  const schema = jsonIn(answer?.content)
  if (status === undefined || schema === undefined) return []
  const whole = resolved(schema)
  if (whole.items !== undefined && resolved(whole.items).properties !== undefined) return ['', `Answers ${status} with a list, each of it:`, ...fieldsOf(resolved(whole.items), 'field')]
  return whole.properties === undefined ? ['', `Answers ${status} with ${typeOf(whole)}.`] : ['', `Answers ${status} with:`, ...fieldsOf(whole, 'field')]
}

const routeOf = (place: string, method: string, operation: Operation): string =>
  [
    `### ${method.toUpperCase()} ${place}`,
    '',
    operation.summary ?? 'Not described.',
    ...tableOf(['parameter', 'in', 'is', 'default'], (operation.parameters ?? []).map(({ name, in: where, schema = {}, required }) => [`\`${name}\``, where, typeOf(schema), schema.default === undefined ? (required === true ? '**needed**' : '-') : `\`${JSON.stringify(schema.default)}\``])),
    ...bodyOf(operation),
    ...answerOf(operation),
  ].join('\n')

const routes = Object.entries(document.paths).flatMap(([place, methods]) => Object.entries(methods).map(([method, operation]) => routeOf(place, method, operation)))
const before = readFileSync(page, 'utf8')
const after = fill(before, { part: 'routes', script: 'scripts/api-page.ts', content: routes.join('\n\n') })
if (!process.argv.includes('--check')) writeFileSync(page, after)
else if (after !== before) {
  process.stdout.write('docs/api.md is not up to date: run node scripts/api-page.ts\n')
  process.exitCode = 1
}
