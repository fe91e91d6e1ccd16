/** What a strategy of the user's own may see and say (src/strategies/checked.ts, C1 to C3). */
import { describe, expect, test } from 'vitest'
import { money, price, rate } from '../../src/domain/decimal.ts'
import { checked, mostProposals, WrongDecision } from '../../src/strategies/checked.ts'
import type { Decision, MarketView, OwnStrategy, PairSummary } from '../../src/strategies/strategy.ts'
import { bitcoin } from '../support/loop.ts'

const pair = (pairId: string, phase: PairSummary['phase'], bound = '0', unwanted = false): PairSummary => ({ pairId, phase, buyPrice: price('99'), bound: money(bound), unwanted })
const view: MarketView = { instrument: bitcoin, bid: price('100'), ask: price('100.01'), bids: [price('101')], pairs: [pair('p1', 'buying'), pair('p2', 'covering')], fees: { maker: rate('0'), taker: rate('0.001') }, share: rate('1') }
const good = { price: '99', quantity: '1', target: '0.005' }

/** What comes of an answer that no type has looked at. */
const answering = (answer: unknown, over: Partial<MarketView> = {}, budget = '1000'): Decision =>
  checked({ decide: () => answer } as OwnStrategy, { name: 'own', budget: money(budget) }).decide({ ...view, ...over })

describe('a decision', () => {
  test('is taken as it stands when it is in order; what is left out is not wanted', () => {
    expect(answering({ proposals: [good], unwanted: [{ pairId: 'p1', reason: 'too far' }], wakeAt: { falls: '98', rises: '102' } })).toEqual({ proposals: [good], unwanted: [{ pairId: 'p1', reason: 'too far' }], wakeAt: { falls: '98', rises: '102' } })
    expect(answering({})).toEqual({ proposals: [], unwanted: [], wakeAt: {} })
  })

  test('is canonical afterwards, and its lines are on ticks', () => {
    expect(answering({ proposals: [{ price: '99.00', quantity: '+1.0', target: '.005' }], wakeAt: { falls: '98.999', rises: '101.001' } })).toEqual({ proposals: [good], unwanted: [], wakeAt: { falls: '98.99', rises: '101.01' } })
  })

  test('calls nothing off that was bought already, or twice', () => {
    const pairs = [pair('p1', 'buying', '0', true), pair('p2', 'covering')]
    expect(answering({ unwanted: [{ pairId: 'p1', reason: 'again' }, { pairId: 'p2', reason: 'late' }] }, { pairs }).unwanted).toEqual([])
  })

  const endless = new Proxy([], { get: (target, name) => (name === 'length' ? 4_294_967_295 : Reflect.get(target, name)) as unknown })
  test.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /^what decide returns must be an object; it is undefined$/],
    ['a list', [good], /^what decide returns must be an object; it is a list$/],
    ['a price as a number', { proposals: [{ ...good, price: 99 }] }, /^proposals\[0\]\.price must be decimal text, such as "0\.5"; it is 99$/],
    ['a quantity that is not a number', { proposals: [{ ...good, quantity: Number.NaN }] }, /^proposals\[0\]\.quantity must be decimal text, such as "0\.5"; it is NaN$/],
    ['the text of one', { proposals: [{ ...good, price: 'NaN' }] }, /^proposals\[0\]\.price must be decimal text, such as "0\.5"; it is "NaN"$/],
    ['an exponent', { proposals: [{ ...good, price: '1e2' }] }, /price must be decimal text, such as "0\.5"; it is "1e2"$/],
    ['a negative price', { proposals: [{ ...good, price: '-99' }] }, /price must be above zero; it is "-99"$/],
    ['a quantity of zero', { proposals: [good, { ...good, quantity: '0' }] }, /^proposals\[1\]\.quantity must be above zero/],
    ['a price between two ticks', { proposals: [{ ...good, price: '99.001' }] }, /price must be a multiple of the tick 0\.01: use floorToTick; it is 99\.001$/],
    ['a quantity between two steps', { proposals: [{ ...good, quantity: '1.000000001' }] }, /quantity must be a multiple of the step 0\.00000001: use floorToStep; it is 1\.000000001$/],
    ['a target in percent', { proposals: [{ ...good, target: '5' }] }, /target is a fraction, such as "0\.005" for half a percent; it is 5$/],
    ['a proposal that is text', { proposals: ['buy'] }, /^proposals\[0\] must be an object; it is "buy"$/],
    ['proposals that are not a list', { proposals: good }, /^proposals must be a list; it is a value of type object$/],
    ['more proposals than there may be', { proposals: Array.from({ length: mostProposals + 1 }, () => good) }, /^proposals has 201 entries, and 200 are the most$/],
    ['endless proposals', { proposals: endless }, /^proposals has 4294967295 entries/],
    ['a generator', { proposals: (function* () { for (;;) yield good })() }, /^proposals must be a list/],
    ['a pair that is not its own', { unwanted: [{ pairId: 'p9', reason: 'why' }] }, /^unwanted\[0\]\.pairId must be the id of one of the view's pairs; it is "p9"$/],
    ['no reason', { unwanted: [{ pairId: 'p1' }] }, /^unwanted\[0\]\.reason must be text; it is undefined$/],
    ['a line that is a number', { wakeAt: { falls: 98 } }, /^wakeAt\.falls must be decimal text/],
  ])('with %s counts for nothing, and says where it is wrong', (_name, answer, sentence) => {
    expect(() => answering(answer)).toThrow(WrongDecision)
    expect(() => answering(answer)).toThrow(sentence)
  })

  test('that is only promised counts for nothing, and its failure later harms nobody', async () => {
    const unhandled: unknown[] = []
    const hear = (reason: unknown): void => void unhandled.push(reason)
    process.on('unhandledRejection', hear)
    try {
      expect(() => answering(Promise.reject(new Error('later')))).toThrow('decide must answer at once; it returned a promise')
      await new Promise((resolve) => setTimeout(resolve, 20))
    } finally {
      process.off('unhandledRejection', hear)
    }
    expect(unhandled).toEqual([])
  })

  test('is read once: what answers differently the second time gains nothing', () => {
    let asked = 0
    const shifty = { ...good, get price() { return ++asked === 1 ? '99' : '1000000' } }
    expect(answering({ proposals: [shifty] }).proposals).toEqual([good])
    expect(asked).toBe(1)
  })
})

describe('the budget', () => {
  const bound = [pair('p1', 'buying', '500'), pair('p2', 'covering', '300')]
  const buy = (quantity: string) => ({ ...good, quantity })

  test('is not gone beyond, whatever is proposed; what does not fit is said', () => {
    const { proposals, leftOut } = answering({ proposals: [buy('1'), buy('1.5'), buy('1')] }, { pairs: bound })
    expect(proposals.map(({ quantity }) => quantity)).toEqual(['1', '1'])
    expect(leftOut).toBe('1 of 3 proposals do not fit into what is free of the budget of 1000: 200')
  })

  test('pays the fees too, and is smaller while trading comes back', () => {
    expect(answering({ proposals: [buy('10')] }, { pairs: [], fees: { maker: rate('0.02'), taker: rate('0.02') } }).proposals).toEqual([])
    expect(answering({ proposals: [buy('10')] }, { pairs: [] }).proposals).toHaveLength(1)
    expect(answering({ proposals: [buy('5')] }, { pairs: [], share: rate('0.25') }).proposals).toEqual([])
  })
})

describe('the view', () => {
  test.each<[string, (seen: MarketView) => void]>([
    ['its bid', (seen) => { (seen as { bid: string }).bid = '1' }],
    ["the instrument's tick", (seen) => { (seen.instrument as { tick: string }).tick = '1' }],
    ['its pairs', (seen) => { (seen.pairs as PairSummary[]).pop() }],
    ['a pair', (seen) => { (seen.pairs[0] as { pairId: string }).pairId = 'x' }],
    ['the fees', (seen) => { (seen.fees as { maker: string }).maker = '0' }],
    ['the bids of the past', (seen) => { (seen.bids as unknown as string[]).length = 0 }],
  ])('cannot be changed: %s', (_name, change) => {
    const own = checked({ decide: (seen) => { change(seen); return {} } }, { name: 'own', budget: money('1') })
    const before = structuredClone(view)
    expect(() => own.decide(view)).toThrow(TypeError)
    expect(view).toEqual(before)
  })
})

test('what it says of fees and sizes must be a sentence', () => {
  const own = checked({ decide: () => ({}), unfit: () => 'too dear', tooSmall: (() => 5) as never }, { name: 'own', budget: money('1') })
  expect(own.unfit?.(view.fees)).toBe('too dear')
  expect(() => own.tooSmall?.(bitcoin, money('1'), view.fees)).toThrow('tooSmall must return a sentence or undefined; it returned 5')
  expect(checked({ decide: () => ({}) }, { name: 'own', budget: money('1') })).not.toHaveProperty('unfit')
})
