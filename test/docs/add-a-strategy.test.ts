/** docs/add-a-strategy.md is true: its example is run as it stands there. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composeStrategies } from '../../src/app/strategies/compose-strategies.ts'
import type { Config } from '../../src/app/config/schema.ts'
import { money, price, rate } from '../../src/domain/decimal.ts'
import type { MarketView, PairSummary, Strategy } from '../../src/strategies/strategy.ts'
import { blockOf } from '../../scripts/blocks.ts'
import { bitcoin } from '../support/loop.ts'
import { ownFolder } from '../support/program.ts'

const root = path.join(import.meta.dirname, '..', '..')
let folder: ReturnType<typeof ownFolder>
beforeAll(() => {
  folder = ownFolder()
  writeFileSync(path.join(folder.path, 'dip-buyer.ts'), blockOf('docs/add-a-strategy.md', 'dip-buyer.ts'))
})
afterAll(() => folder.remove())

const dipBuyer = (settings: Readonly<Record<string, unknown>>): Strategy => {
  const instruments = { 'BTC-USD': { strategy: './dip-buyer.ts', settings, sampleEveryMs: 1_000, budgetQuote: '300', targetBps: 50 } }
  const strategy = composeStrategies({ instruments } as unknown as Config, path.join(folder.path, 'desk.yaml')).all.get('BTC-USD')
  if (strategy === undefined) throw new Error('no strategy was made')
  return strategy
}

const view = (bid: string, bids: readonly string[], pairs: readonly PairSummary[] = []): MarketView => ({ instrument: bitcoin, bid: price(bid), ask: price('1000000'), bids: bids.map(price), pairs, fees: { maker: rate('0'), taker: rate('0') }, share: rate('1') })
const pair = (pairId: string, buyPrice: string, phase: PairSummary['phase']): PairSummary => ({ pairId, phase, buyPrice: price(buyPrice), bound: money('100'), unwanted: false })
const settings = { window: 4, dipBps: 100, pairs: 3 }

describe('the dip buyer of docs/add-a-strategy.md', () => {
  test('waits until it knows enough of the past, then for a dip below the average', () => {
    const own = dipBuyer(settings)
    expect(own.decide(view('90', ['100', '100', '100'])).proposals).toEqual([])
    expect(own.decide(view('99.5', ['100', '101', '99', '100']))).toEqual({ proposals: [], unwanted: [], wakeAt: { falls: '99' } })
    expect(own.decide(view('99', ['100', '101', '99', '100'])).proposals).toEqual([{ price: '99', quantity: '1.01010101', target: '0.005' }])
  })

  test('buys again only as far below its lowest buy, and never more than its pairs', () => {
    const own = dipBuyer(settings)
    const past = ['100', '100', '100', '100']
    expect(own.decide(view('98.5', past, [pair('p1', '99', 'covering')])).proposals).toEqual([])
    expect(own.decide(view('98', past, [pair('p1', '99', 'covering')])).proposals).toHaveLength(1)
    expect(own.decide(view('90', past, [pair('p1', '99', 'covering'), pair('p2', '98', 'covering'), pair('p3', '97', 'covering')])).proposals).toEqual([])
  })

  test('calls its buys off when the dip is over, and keeps what was bought', () => {
    const own = dipBuyer(settings)
    expect(own.decide(view('100.5', ['100', '100', '100', '100'], [pair('p1', '99', 'buying'), pair('p2', '98', 'covering')])).unwanted).toEqual([{ pairId: 'p1', reason: 'the dip is over: 100.5 is above 100' }])
  })

  test('says what is wrong with its settings, with its file and line', () => {
    expect(() => dipBuyer({ window: 1, dipBps: 5, pairs: 1 })).toThrow(/dip-buyer\.ts, line 14: it refuses to be made for BTC-USD: settings must have window \(2 or more\)/)
  })

  test('has the types that an editor would check it by', { timeout: 60_000 }, () => {
    writeFileSync(path.join(folder.path, 'package.json'), '{ "type": "module" }')
    const config = { extends: path.join(root, 'tsconfig.json'), compilerOptions: { types: [], paths: { 'nightdesk/strategy': [path.join(root, 'src', 'strategies', 'index.ts')] } }, include: [path.join(folder.path, 'dip-buyer.ts')] }
    writeFileSync(path.join(folder.path, 'tsconfig.json'), JSON.stringify(config))
    expect(execFileSync(process.execPath, [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--project', folder.path], { encoding: 'utf8' })).toBe('')
  })
})
