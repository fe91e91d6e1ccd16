/** Modules with strategies of the user's own: what is wrong with one is one sentence, and what it consists of is in its digest. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Config } from '../../src/app/config/schema.ts'
import { fingerprintOf } from '../../src/app/fingerprint.ts'
import { Problem } from '../../src/app/problem.ts'
import { composeStrategies } from '../../src/app/strategies/compose-strategies.ts'
import { price, rate } from '../../src/domain/decimal.ts'
import type { MarketView } from '../../src/strategies/strategy.ts'
import { bitcoin } from '../support/loop.ts'
import { ownFolder } from '../support/program.ts'

let folder: ReturnType<typeof ownFolder>
beforeAll(() => { folder = ownFolder() })
afterAll(() => folder.remove())

const view: MarketView = { instrument: bitcoin, bid: price('100'), ask: price('100.01'), bids: [], pairs: [], fees: { maker: rate('0'), taker: rate('0') }, share: rate('1') }
const configOf = (...files: readonly string[]): Config => ({ instruments: Object.fromEntries(files.map((strategy, index) => [`A${index}-USD`, { strategy, settings: { size: 2 }, sampleEveryMs: 1_000, budgetQuote: '300', targetBps: 50 }])), venue: { name: 'coinbase' } }) as unknown as Config
const place = (name: string): string => path.join(folder.path, name)
const compose = (...files: readonly string[]) => composeStrategies(configOf(...files), place('desk.yaml'))
const write = (name: string, text: string): string => {
  mkdirSync(path.dirname(place(name)), { recursive: true })
  writeFileSync(place(name), text)
  return `./${name}`
}
const decide = 'decide: () => ({})'

describe('a module that is not a strategy is one sentence with its file (78)', () => {
  test.each<[string, string, string | undefined, string]>([
    ['that is not there', 'none.ts', undefined, ': there is no such file; the path of a strategy is relative to the configuration'],
    ['of TypeScript that is none', 'bad.ts', 'export const strategy = () => {\n  const x: number = ;\n}\n', ', line 2: it is not valid: Expression expected'],
    ['of JavaScript that is none', 'bad.mjs', 'export const strategy = () => {\n  const x = ;\n}\n', ", line 2: it is not valid: Unexpected token ';'"],
    ['with what Node does not translate', 'enum.ts', '\nexport enum Way { up, down }\n', ', line 2: TypeScript enum is not supported in strip-only mode: Node takes types away and translates nothing; write it without'],
    ['with an import that is not there', 'far.ts', "import { x } from './nowhere.ts'\nexport const strategy = x\n", ': an import of it is not there: Cannot find module'],
    ['with a name that the contract does not have', 'named.ts', "import { nix } from 'nightdesk/strategy'\nexport const strategy = nix\n", ", line 1: it is not valid: The requested module 'nightdesk/strategy' does not provide an export named 'nix'"],
    ['that throws when it is read', 'throws.ts', "const way: string = 'up'\nthrow new Error(`no way ${way}`)\n", ', line 2: it failed while it was read: no way up'],
    ['that waits when it is read', 'waits.mjs', 'await 5\nexport const strategy = () => 1\n', ': it awaits outside of a function: a strategy is there at once, or not at all'],
    ['that exports something else', 'other.mjs', 'export const decide = 1, plan = 2\n', ': it must export a function named strategy, as in "export const strategy = defineStrategy((settings) => ...)"; it exports decide, plan'],
    ['whose strategy is no function', 'object.mjs', 'export const strategy = { decide() {} }\n', ': it must export a function named strategy, as in "export const strategy = defineStrategy((settings) => ...)"; its strategy is of type object'],
    ['that returns nothing', 'nothing.mjs', 'export const strategy = () => {}\n', ': strategy(...) must return an object with a function decide; it returned a value of type undefined'],
    ['that promises a strategy', 'promise.mjs', `export const strategy = async () => ({ ${decide} })\n`, ': strategy(...) must return at once; it returned a promise'],
    ['without decide', 'half.mjs', 'export const strategy = () => ({ name: "half" })\n', ': what strategy(...) returns must have decide as a function; it is of type undefined'],
    ['with a word for a function', 'unfit.mjs', `export const strategy = () => ({ ${decide}, unfit: 'no' })\n`, ': what strategy(...) returns must have unfit as a function; it is of type string'],
    ['that throws when it is made', 'made.mjs', "export const strategy = ({ size }) => {\n  if (size < 3) throw new Error('size must be 3 or more')\n}\n", ', line 2: it refuses to be made for A0-USD: size must be 3 or more'],
    ['under a name of the house', 'ladder.mjs', `export const strategy = () => ({ ${decide} })\n`, ": its name is ladder, which pairs of nightdesk's own are filed under: return another as name"],
    ['under a name that is none', 'named.mjs', `export const strategy = () => ({ name: 'my strategy!', ${decide} })\n`, ': its name must be a letter, then letters, digits, - and _, at most 40'],
  ])('%s', (_name, file, text, sentence) => {
    if (text !== undefined) write(file, text)
    let problem: unknown
    try {
      compose(`./${file}`)
    } catch (error) {
      problem = error
    }
    expect(problem).toBeInstanceOf(Problem)
    const { code, message } = problem as Problem
    expect(message.startsWith(`${place(file)}${sentence}`), message).toBe(true)
    expect(message).not.toContain('\n')
    expect(code).toBe(78)
  })

  test('that does not come back is ended', { timeout: 60_000 }, () => {
    write('hangs.mjs', 'export const strategy = () => { for (;;) ; }\n')
    expect(() => compose('./hangs.mjs')).toThrow('it refuses to be made for A0-USD: strategy(...) took longer than 5000 ms')
  })
})

describe('a strategy', () => {
  test.each([
    ['own.ts', "import { defineStrategy, price } from 'nightdesk/strategy'\nconst at: string = '99'\nexport const strategy = defineStrategy(() => ({ decide: () => ({ wakeAt: { falls: price(at) } }) }))\n"],
    ['own.mjs', "export const strategy = () => ({ decide: () => ({ wakeAt: { falls: '99' } }) })\n"],
    ['own.js', "module.exports = { strategy: () => ({ decide: () => ({ wakeAt: { falls: '99' } }) }) }\n"],
  ])('of %s is made and named after its file, wherever it lies', (file, text) => {
    const own = compose(write(`far away/${file}`, text)).all.get('A0-USD')
    expect(own?.name).toBe('own')
    expect(own?.decide(view)).toEqual({ proposals: [], unwanted: [], wakeAt: { falls: '99' } })
  })

  test.each([
    ['own.ts', "import { price } from 'nightdesk/strategy'\nimport { at } from './at.ts'\nexport const strategy = () => ({ decide: () => ({ wakeAt: { falls: price(at) } }) })\n"],
    ['own.js', "export const strategy = () => ({ decide: () => ({ wakeAt: { falls: '99' } }) })\n"],
    ['own.js', "exports.strategy = () => ({ decide: () => ({ wakeAt: { falls: '99' } }) })\n"],
  ])('of %s is made in a folder where npm says that everything is CommonJS', (file, text) => {
    const own = `npm-${text.length}`
    write(`${own}/package.json`, '{ "type": "commonjs" }')
    write(`${own}/at.ts`, "export const at: string = '99'\n")
    expect(compose(write(`${own}/${file}`, text)).all.get('A0-USD')?.decide(view).wakeAt).toEqual({ falls: '99' })
  })

  test('gets its settings and its context, and changes neither for another instrument', () => {
    write('greedy.mjs', `export const strategy = (settings, context) => { const told = JSON.stringify([settings, context]); settings.size = 100; return { name: 'greedy', unfit: () => told, ${decide} } }\n`)
    const { all } = compose('./greedy.mjs', './greedy.mjs')
    expect([...all.values()].map((own) => JSON.parse(own.unfit?.(view.fees) ?? '') as unknown)).toEqual(['A0-USD', 'A1-USD'].map((instrument) => [{ size: 2 }, { instrument, budget: '300', target: '0.005' }]))
  })

  test('that decides for ever is ended, and decides again when it can', () => {
    write('loops.mjs', 'export const strategy = () => ({ decide: ({ bid }) => { while (bid === "100") ; return {} } })\n')
    const own = compose('./loops.mjs').all.get('A0-USD')
    expect(() => own?.decide(view)).toThrow('decide took longer than 500 ms')
    expect(own?.decide({ ...view, bid: price('101') })).toEqual({ proposals: [], unwanted: [], wakeAt: {} })
  })
})

describe('what a desk is armed for', () => {
  const fingerprint = (...files: readonly string[]): string => fingerprintOf(configOf(...files), compose(...files).digests)

  test('is another when the module, or a file that it imports, is another by one letter; not when it only lies elsewhere', () => {
    const of = (folderName: string, helper: string, comment = ''): string => {
      write(`${folderName}/helper.ts`, helper)
      write(`${folderName}/main.ts`, `import { gap } from './helper.ts'\nexport const strategy = () => ({ ${decide}, gap })\n${comment}`)
      return compose(`./${folderName}/main.ts`).digests['A0-USD'] ?? ''
    }
    const first = of('one', 'export const gap: number = 1\n')
    expect(of('two', 'export const gap: number = 1\n')).toBe(first)
    expect(of('three', 'export const gap: number = 2\n')).not.toBe(first)
    expect(of('four', 'export const gap: number = 1\n', '// x\n')).not.toBe(first)
  })

  test('is another when a file is another that is read only while the strategy is made', () => {
    const of = (folderName: string, gap: number): string => {
      write(`${folderName}/parameters.cjs`, `exports.gap = ${gap}\n`)
      write(`${folderName}/main.cjs`, `exports.strategy = () => ({ ...require('./parameters.cjs'), ${decide} })\n`)
      return compose(`./${folderName}/main.cjs`).digests['A0-USD'] ?? ''
    }
    const first = of('late-one', 1)
    expect(of('late-two', 1)).toBe(first)
    expect(of('late-three', 2)).not.toBe(first)
  })

  test('is the same for a ladder as before there were modules', () => {
    const config = { instruments: { 'BTC-USD': { strategy: 'ladder', rungs: 2, spacingBps: 60, targetBps: 50, budgetQuote: '300' } }, venue: { name: 'coinbase' } } as unknown as Config
    expect(composeStrategies(config, 'desk.yaml').digests).toEqual({})
    expect(fingerprintOf(config, {})).toBe('08bbbb31f823a635')
    expect(fingerprint(write('fp.mjs', `export const strategy = () => ({ ${decide} })\n`))).not.toBe(fingerprintOf(configOf('./fp.mjs'), {}))
  })
})
