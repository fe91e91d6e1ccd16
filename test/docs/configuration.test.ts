/** docs/configuration.md and .env.example are whole: every setting is described, and every variable that the program reads is there. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { configJsonSchema, kindsOf, type SchemaNode } from '../../src/app/config/json-schema.ts'

const root = path.join(import.meta.dirname, '..', '..')

/** Every setting with its path; those that name a kind explain themselves. */
const settings = (node: SchemaNode, at: string): readonly (readonly [string, SchemaNode])[] => {
  const below = kindsOf(node)
  if (below.length > 1) return below.flatMap((kind) => settings(kind, at))
  const inside = [node.items, node.additionalProperties].flatMap((one) => (typeof one === 'object' ? settings(one, `${at}[]`) : []))
  return [...inside, ...Object.entries(node.properties ?? {}).flatMap(([name, one]) => [[`${at}.${name}`, one] as const, ...settings(one, `${at}.${name}`)])]
}

test('docs/configuration.md is up to date', () => {
  expect(execFileSync(process.execPath, ['scripts/config-page.ts', '--check'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('')
})

test('every setting says in a sentence what it does', () => {
  const all = settings(configJsonSchema(), '').filter(([, { const: constant }]) => constant === undefined)
  expect(all.length).toBeGreaterThan(100)
  expect(all.filter(([, { description = '' }]) => !/^[A-Za-z0-9].{4,}\.$/.test(description)).map(([at]) => at)).toEqual([])
})

test('every environment variable that the program reads is in .env.example', () => {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(path.join(root, 'src', name), 'utf8')).join('\n')
  const read = new Set([...sources.matchAll(/env\['([A-Z_]+)'\]|(?:id|secret): '([A-Z_]+)'/g)].flatMap(([, one, other]) => one ?? other ?? []))
  for (const venue of ['COINBASE', 'BINANCE']) read.add(`${venue}_KEY_ENVIRONMENT`)
  expect(read.size).toBeGreaterThan(9)
  const example = readFileSync(path.join(root, '.env.example'), 'utf8')
  // Where a temporary folder is, every program of the system asks.
  expect([...read].filter((name) => !example.includes(`${name}=`) && name !== 'TMPDIR')).toEqual([])
})
