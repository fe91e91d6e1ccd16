/** The command line teaches: examples below every help, completion for shells, a table in the README. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { completionFor } from '../../src/app/command-line/completion.ts'
import { examples } from '../../src/app/command-line/examples.ts'
import { ownFolder, runToEnd } from '../support/program.ts'

const bash = ['/bin/bash', '/usr/bin/bash'].find((place) => existsSync(place))
let folder: ReturnType<typeof ownFolder>
let script = ''
beforeAll(async () => {
  folder = ownFolder()
  script = path.join(folder.path, 'completion.bash')
  writeFileSync(script, (await runToEnd(['completion', 'bash'])).out)
})
afterAll(() => folder.remove())

/** The commands as the program's own completion knows them. */
const commands = (): readonly { readonly path: string; readonly words: readonly string[] }[] =>
  [...readFileSync(script, 'utf8').matchAll(/^ {4}"([^" ]*)"\) words="([^"]*)"/gm)].map(([, at = '', words = '']) => ({ path: at.replaceAll('/', ' '), words: words.split(' ') }))

describe('every command', () => {
  test('has one to three examples, each of which the program would take', () => {
    const known = new Map(commands().map(({ path: at, words }) => [at, words]))
    expect(known.size).toBeGreaterThan(40)
    expect([...known.keys()].filter((at) => examples[at] === undefined)).toEqual([])
    expect(Object.keys(examples).filter((at) => !known.has(at))).toEqual([])
    for (const [at, lines] of Object.entries(examples)) {
      expect(lines.length, at).toBeGreaterThan(0)
      expect(lines.length, at).toBeLessThanOrEqual(3)
      for (const [line] of lines) {
        const typed = line.replaceAll(/"[^"]*"/g, 'X').split(/ [|>] /)[0]?.split(' ') ?? []
        const own = [...known.keys()].filter((one) => one === '' || typed.join(' ').startsWith(one)).toSorted((a, b) => b.length - a.length)[0] ?? ''
        expect(own.startsWith(at), `${line} is an example of ${at}`).toBe(true)
        expect(typed.filter((word) => word.startsWith('--') && known.get(own)?.includes(word) !== true), line).toEqual([])
      }
    }
  })

  test('shows them below its help', async () => {
    for (const args of [['--help'], ['kill', '--help'], ['config', 'check', '--help']]) {
      const { code, out } = await runToEnd(args)
      expect(out).toMatch(/\nExamples:\n( {2}nightdesk [^\n]+ # [^\n]+\n){1,3}/)
      expect(code).toBe(0)
    }
  })

  test('is in the table of the README', () => {
    const readme = readFileSync(path.join(import.meta.dirname, '..', '..', 'README.md'), 'utf8')
    const table = readme.slice(readme.indexOf('## Commands'), readme.indexOf('## Looking in'))
    const missing = commands().flatMap(({ path: at }) => (at === '' || new RegExp(String.raw`(^|[\s\x60|])${at}([\s\x60]|$)`, 'm').test(table) ? [] : [at]))
    expect(missing.filter((at) => at !== 'config')).toEqual([])
  })
})

describe.skipIf(bash === undefined)('completion in bash', () => {
  const completing = (...words: readonly string[]): readonly string[] => {
    const text = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _nightdesk; printf '%s\\n' "\${COMPREPLY[@]}"`
    return execFileSync(bash!, ['--norc', '-c', text, 'bash', script, 'nightdesk', ...words], { encoding: 'utf8', cwd: folder.path }).trim().split('\n')
  }

  test('is registered for the program', () => {
    expect(execFileSync(bash!, ['--norc', '-c', 'source "$1"; complete -p nightdesk', 'bash', script], { encoding: 'utf8' }).trim()).toBe('complete -F _nightdesk nightdesk')
  })

  test.each<[readonly string[], readonly string[]]>([
    [['ki'], ['kill']],
    [['config', ''], ['demo', 'schema', 'check', 'help', '-h', '--help']],
    [['config', 'ch'], ['check']],
    [['kill', '--l'], ['--level']],
    [['kill', '--level', ''], ['entries', 'orders', 'flatten']],
    [['init', '--mode', 'p'], ['paper']],
    [['init', '--venue', ''], ['coinbase', 'binance']],
    [['completion', ''], ['bash', 'zsh', 'fish', '-h', '--help']],
    [['orders', '--json', '--st'], ['--state']],
    [['run', '--config', 'comp'], ['completion.bash']],
    [['frobnicate', 'x'], ['']],
  ])('%j', (words, offered) => {
    expect(completing(...words)).toEqual(offered)
  })
})

test('for zsh it is the same by way of bash; for fish each word comes with what it does, quotes and all', async () => {
  expect((await runToEnd(['completion', 'zsh'])).out).toBe(`#compdef nightdesk\n# nightdesk completion for zsh: source <(nightdesk completion zsh)\nautoload -U +X bashcompinit && bashcompinit\n${readFileSync(script, 'utf8')}`)
  const program = new Command('nightdesk').addCommand(new Command('set').description("the desk's own").option('--file <file>', 'a file').addCommand(new Command('one').description('first')))
  expect(completionFor('fish', program).split('\n')).toEqual(expect.arrayContaining([
    String.raw`complete -c nightdesk -f -n '__fish_use_subcommand' -a 'set' -d 'the desk\'s own'`,
    `complete -c nightdesk -f -n '__fish_seen_subcommand_from set; and not __fish_seen_subcommand_from one help' -l file -r -F -d 'a file'`,
    `complete -c nightdesk -f -n '__fish_seen_subcommand_from set; and not __fish_seen_subcommand_from one help' -a 'one' -d 'first'`,
  ]))
})
