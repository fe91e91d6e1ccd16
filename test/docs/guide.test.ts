/** The documents for users are whole: every exit code, every link, every command and every generated table. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { examples } from '../../src/app/command-line/examples.ts'
import { exitCodes } from '../../src/app/problem.ts'

const root = path.join(import.meta.dirname, '..', '..')
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8')
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...readdirSync(path.join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]

test('docs/api.md is up to date', () => {
  expect(execFileSync(process.execPath, ['scripts/api-page.ts', '--check'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })).toBe('')
})

test('docs/troubleshooting.md has every exit code, once and in order, and the README names them all', () => {
  const rows = [...read('docs/troubleshooting.md').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))
  expect(rows).toEqual(Object.values(exitCodes).toSorted((a, b) => a - b))
  const table = read('README.md').slice(read('README.md').indexOf('| exit code |'))
  const named = [...table.slice(0, table.indexOf('\n\n')).matchAll(/^\| ([\d ·]+) \|/gm)].flatMap(([, codes = '']) => codes.split('·').map(Number))
  expect(named.toSorted((a, b) => a - b)).toEqual(rows)
})

test('what docs/troubleshooting.md quotes is said by the program', () => {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => readFileSync(path.join(root, 'src', name), 'utf8')).join('\n') + read('bin/nightdesk.js')
  const page = read('docs/troubleshooting.md')
  const quoted = [...page.slice(page.indexOf('## Before it starts'), page.indexOf('## While it runs')).matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) => cell.split('`, `').map((one) => one.replaceAll('`', '')))
  expect(quoted.length).toBeGreaterThan(15)
  // What stands for something else, and what Node says itself, is not in the sources.
  const pieces = quoted.filter((one) => !one.includes('enum')).flatMap((one) => one.split(/\.\.\.|BTC-USD|X(?=,)|my-strategy\.ts, line 12|coinbase, sandbox|production|sandbox$|7171|127\.0\.0\.1|fsync = off/).map((piece) => piece.trim().replace(/^[:,]|[:,]$/g, '').trim()))
  const missing = pieces.filter((piece) => piece.length > 12 && !sources.includes(piece))
  expect(missing).toEqual([])
})

test.each(pages)('%s leads only to files that are there', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].flatMap(([, link = '']) => (/^[a-z]+:/.test(link) ? [] : [link]))
  expect(links.filter((link) => !existsSync(path.resolve(root, path.dirname(page), link)))).toEqual([])
})

test('every command of the guides is one of the program', () => {
  const known = Object.keys(examples)
  for (const page of ['docs/install.md', 'docs/guide.md', 'docs/troubleshooting.md', 'docs/add-a-strategy.md', 'docs/configuration.md']) {
    // `nightdesk needs Node` is a sentence.
    const used = [...read(page).matchAll(/(?:^ {4}(?:\$ )?(?:NIGHTDESK_HOME=\S+ )?|`|<\()(?:npx )?nightdesk ((?:[a-z][a-z-]*)(?: (?:check|schema|demo|test)\b)?)/gm)].map(([, words = '']) => words)
    expect(used.filter((words) => words !== 'needs' && !known.includes(words) && !known.includes(words.split(' ')[0] ?? '')), page).toEqual([])
    expect(used.length, page).toBeGreaterThan(0)
  }
})
