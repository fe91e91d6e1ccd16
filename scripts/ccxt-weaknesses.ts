/**
 * Writes the lists of docs/ccxt.md: what is weaker through ccxt, for some of its exchanges.
 *
 *   node scripts/ccxt-weaknesses.ts            rewrites them
 *   node scripts/ccxt-weaknesses.ts --check    says whether they are out of date, and exits 1 then
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { loadCcxt, weaknesses, type Weakness } from '../src/adapters/ccxt/index.ts'
import { fill } from './generated.ts'

const page = path.join(import.meta.dirname, '..', 'docs', 'ccxt.md')
const exchanges = ['coinbase', 'binance', 'kraken'] as const

const line = ({ what, because }: Weakness): string => `- ${what}: ${because}`

const lists = await Promise.all(exchanges.map(async (id) => ({ id, own: weaknesses(await loadCcxt(id)).map((one) => line(one)) })))
const common = lists.map(({ own }) => own).reduce((all, own) => all.filter((one) => own.includes(one)))
const parts = lists.map(({ id, own }) => {
  const rest = own.filter((one) => !common.includes(one))
  return `**${id}**, besides:\n\n${rest.length === 0 ? '- nothing' : rest.join('\n')}`
})
const content = [`**All of them:**\n\n${common.join('\n')}`, ...parts].join('\n\n')

const text = readFileSync(page, 'utf8')
const written = fill(text, { part: 'weaknesses', script: 'scripts/ccxt-weaknesses.ts', content })
if (!process.argv.includes('--check')) writeFileSync(page, written)
else if (written !== text) {
  console.error('docs/ccxt.md shows older lists: run node scripts/ccxt-weaknesses.ts')
  process.exitCode = 1
}
