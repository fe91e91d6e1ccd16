/** Stories of how a trade pair is left (docs/exits.md, docs/machines/trade-pair.md T3, T8, T9). */
import { describe, expect, test } from 'vitest'
import { price, quantity, rate } from '../../src/domain/decimal.ts'
import type { ExitPlan } from '../../src/domain/exits.ts'
import type { TradePairInput } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { tradePairFrom2 } from '../../src/machines/upcasters/trade-pair-2-to-3.ts'
import { bitcoin } from '../support/loop.ts'
import { bought, buyId, closeAt, closeNoMore, ended, highAt, hold, pair, pairId, pricedAt, release, sellId, sold, stopAt, unresolved } from './trade-pair-scenario.ts'

/** A pair with a plan that has bought everything at 60000 without a fee: a unit cost 60000. */
const covering = (exit: ExitPlan, over: Partial<TradePairInput> = {}) => pair({ exit, ...over }).on(bought('t1', '0.001')).on(ended('buy', 'filled')).becomes('sellPlaced.pending')

const stop: ExitPlan = { targets: [], stop: { below: rate('0.01') } }
const trail: ExitPlan = { targets: [], trailing: { activateAbove: rate('0.01'), distance: rate('0.005') } }
const thirds: ExitPlan = { targets: [{ share: rate('0.5'), target: rate('0.001') }, { share: rate('0.3'), target: rate('0.002') }, { share: rate('0.2'), target: rate('0.004') }] }

describe('targets in parts', () => {
  test('are offered one after the other, the cheapest first, until all is sold (T8)', () => {
    covering(thirds)
      .does('clearDeadline partialBuy', 'clearDeadline cover', 'openOrder sell 0.0005 at 60060')
      .on(sold('t2', '0.0005'))
      .on(ended('sell', 'filled'))
      .becomes('sellPlaced.pending')
      .does('clearDeadline cover', 'openOrder sell 0.0003 at 60120')
      .on(sold('t3', '0.0003', {}, 2))
      .on(ended('sell', 'filled', 2))
      .does('clearDeadline cover', 'openOrder sell 0.0002 at 60240')
      .on(sold('t4', '0.0002', {}, 3))
      .on(ended('sell', 'filled', 3))
      .becomes('closed')
      .knows({ sold: quantity('0.001'), sells: 3 })
  })

  test('a part that ended half sold is offered again as what is left of it', () => {
    covering(thirds).on(sold('t2', '0.0002')).on(ended('sell', 'cancelled')).becomes('filled').due('cover').does('clearDeadline cover', 'openOrder sell 0.0003 at 60060')
  })

  test('a part that would be too small for the venue goes with the next one', () => {
    covering(thirds, { instrument: { ...bitcoin, minNotional: quantity('25') as never } }).does('clearDeadline partialBuy', 'clearDeadline cover', 'openOrder sell 0.0005 at 60060')
      .on(sold('t2', '0.0005')).on(ended('sell', 'filled')).does('clearDeadline cover', 'openOrder sell 0.0005 at 60240')
  })

  test('a person’s target takes the place of the parts', () => {
    covering(thirds).on({ type: 'retargeted', target: { kind: 'price', price: price('61000') }, reason: 'a person' } as { type: string }).does('tell order cancelRequested')
      .on(ended('sell', 'cancelled')).becomes('sellPlaced.pending').does('clearDeadline cover', 'openOrder sell 0.001 at 61000')
  })

  test('a buy fill that comes late grows what is left to offer', () => {
    pair({ exit: thirds }).on(bought('t1', '0.0006')).on(ended('buy', 'cancelled')).does('clearDeadline partialBuy', 'clearDeadline cover', 'openOrder sell 0.0003 at 60060')
      .on(bought('t9', '0.0004')).on(sold('t2', '0.0003')).on(ended('sell', 'filled')).does('clearDeadline cover', 'openOrder sell 0.0002 at 60060')
  })
})

describe('a stop-loss', () => {
  test('takes the offer back and sells everything in the same turn in which that has ended', () => {
    const story = covering(stop).on(stopAt('59400', '59103')).becomes('sellPlaced.pending').does('alert pair.closing', 'tell order cancelRequested')
    story.knows({ calledOff: sellId(), closing: { price: price('59103'), reason: 'its stop-loss at 59400 was reached: the bid was 59400', prices: 1, planned: true } })
    story.on(ended('sell', 'cancelled')).becomes('sellPlaced.pending').waitsFor().does('clearDeadline cover', 'openOrder sell 0.001 at 59103').knows({ fruitless: 0, calledOff: null })
    story.on(sold('t2', '0.001', { price: price('59300') }, 2)).on(ended('sell', 'filled', 2)).becomes('closed')
  })

  test('that is not reached is not believed, whoever says so (T9)', () => {
    covering(stop).on(stopAt('59400.01')).does().knows({ closing: null })
    covering(trail).on(stopAt('50000')).does().knows({ closing: null })
    pair({ exit: stop }).on(stopAt('50000')).becomes('buying.pending').does().knows({ closing: null })
  })

  test('below which the market has opened sells at the bid that there is', () => {
    covering(stop).on(stopAt('48000', '47760')).on(ended('sell', 'cancelled')).does('clearDeadline cover', 'openOrder sell 0.001 at 47760')
  })

  test('of what was sold in part sells no more than the rest', () => {
    covering(stop).on(sold('t2', '0.0004')).on(stopAt('59000')).on(sold('t3', '0.0001')).on(ended('sell', 'cancelled')).does('clearDeadline cover', 'openOrder sell 0.0005 at 59000')
  })

  test('that loses the race against the target begins nothing more', () => {
    covering(stop).on(stopAt('59000')).on(sold('t2', '0.001')).on(ended('sell', 'filled')).becomes('closed')
  })

  test('calls the rest of a buy off, once what it bought can be sold (T4)', () => {
    pair({ exit: stop }).on(bought('t1', '0.0004')).on(stopAt('59000')).becomes('buying.partial').does('alert pair.closing', 'tell order cancelRequested')
      .on(ended('buy', 'cancelled')).does('clearDeadline partialBuy', 'clearDeadline cover', 'openOrder sell 0.0004 at 59000')
    pair({ exit: stop }).on(bought('t1', '0.00000001')).on(stopAt('59000')).does('alert pair.closing')
  })

  test('while the venue refuses sells ends the pause at once', () => {
    const story = covering(stop)
    for (let attempt = 1; attempt <= 6; attempt++) story.on(ended('sell', 'rejected', attempt)).becomes('filled').due('cover')
    story.on(ended('sell', 'rejected', 7)).becomes('filled').waitsFor('cover').on(stopAt('59000')).becomes('sellPlaced.pending').knows({ fruitless: 0 })
    expect(story.effects.flatMap((effect) => (effect.type === 'openOrder' ? [effect.order.price, effect.order.postOnly, effect.order.closes] : []))).toEqual(['59000', false, undefined])
  })

  test('of a held pair waits for the person (T6)', () => {
    covering(stop).on(hold).on(stopAt('59000')).becomes('held').does().knows({ closing: null }).on(release).becomes('sellPlaced.pending').on(stopAt('59000')).does('alert pair.closing', 'tell order cancelRequested')
  })
})

describe('a trailing stop', () => {
  test('follows from its activation on, in steps, and sells when the bid has come back so far', () => {
    const story = covering(trail).on(highAt('60599.99')).does().knows({ high: null }).on(highAt('60600')).knows({ high: price('60600') })
    // The next that is worth a turn is 60630.3; the line then follows: 60700 less 0.5 % is 60396.5.
    story.on(highAt('60630')).knows({ high: price('60600') }).on(highAt('60700')).knows({ high: price('60700') }).on(highAt('60300')).knows({ high: price('60700') })
    story.on(stopAt('60396.51')).does().on(stopAt('60396.5', '60094.51')).does('alert pair.closing', 'tell order cancelRequested')
    story.on(ended('sell', 'cancelled')).does('clearDeadline cover', 'openOrder sell 0.001 at 60094.51')
  })
})

describe('the age of a holding', () => {
  const aging: ExitPlan = { targets: [], tighten: [{ afterMs: 60_000, target: rate('0.0002') }, { afterMs: 120_000, target: rate('0.0001') }], closeAfterMs: 300_000 }

  test('counts from the first fill; each step lowers what is on offer, and the time limit offers it at break-even', () => {
    const story = pair({ exit: aging }).waitsFor().wait(1_000).on(bought('t1', '0.0004')).does('setDeadline tighten 62000', 'setDeadline closeAfter 302000', 'setDeadline partialBuy 62000')
    story.wait(1_000).on(bought('t2', '0.0006')).on(ended('buy', 'filled')).becomes('sellPlaced.pending').waitsFor('closeAfter', 'tighten').knows({ minSellPrice: price('60018') })
    story.due('tighten').does('setDeadline tighten 122000', 'setDeadline closeAfter 302000', 'tell order cancelRequested').on(ended('sell', 'cancelled')).does('clearDeadline cover', 'openOrder sell 0.001 at 60012')
    story.due('tighten').on(ended('sell', 'cancelled', 2)).knows({ minSellPrice: price('60006') }).waitsFor('closeAfter')
    story.due('closeAfter').does('tell order cancelRequested').knows({ overdue: true, closing: null }).on(ended('sell', 'cancelled', 3)).does('clearDeadline cover', 'openOrder sell 0.001 at 60000').waitsFor()
  })

  test('leaves an offer alone that asks less already', () => {
    const plan: ExitPlan = { ...thirds, tighten: [{ afterMs: 60_000, target: rate('0.0015') }] }
    covering(plan).due('tighten').does().knows({ tightened: 1 }).on(sold('t2', '0.0005')).on(ended('sell', 'filled')).does('clearDeadline cover', 'openOrder sell 0.0005 at 60090')
  })

  test('closes the pair at the time limit when its plan may lose: on offer at the target until there is a price', () => {
    const story = covering({ targets: [], closeAfterMs: 300_000, atLoss: true }).due('closeAfter').becomes('sellPlaced.pending').does('alert pair.closing')
    story.knows({ closing: { price: null, reason: 'it is older than 300000 ms', prices: 0, planned: true } })
    story.on(pricedAt('58000')).does('tell order cancelRequested').on(ended('sell', 'cancelled')).does('clearDeadline cover', 'openOrder sell 0.001 at 58000')
  })

  test('goes on counting while a person looks, and acts when the pair is released', () => {
    const story = covering(aging).on(hold).wait(400_000).due('tighten').becomes('held').does()
    story.on(release).becomes('sellPlaced.pending').waitsFor('closeAfter', 'tighten').due('tighten').does('setDeadline tighten 121000', 'setDeadline closeAfter 301000', 'tell order cancelRequested')
  })

  test('of an ended pair counts no more', () => {
    covering(aging).on(sold('t2', '0.001')).on(ended('sell', 'filled')).becomes('closed').waitsFor()
  })

  test('is read again after a restart', () => {
    covering(aging).due('tighten').restarts(ended('sell', 'cancelled')).becomes('sellPlaced.pending').knows({ minSellPrice: price('60012'), tightened: 1 })
  })
})

describe('being closed', () => {
  test('is priced again, and again, each time only when the last sell has ended (T2)', () => {
    const story = covering(stop).on(closeAt('59700')).on(ended('sell', 'cancelled')).becomes('sellPlaced.pending')
    for (const [attempt, at] of [[2, '59500'], [3, '59300'], [4, '59000']] as const) {
      story.on(pricedAt(at)).becomes('sellPlaced.pending').does('tell order cancelRequested').on(ended('sell', 'cancelled', attempt)).becomes('sellPlaced.pending').does('clearDeadline cover', `openOrder sell 0.001 at ${at}`)
    }
    story.knows({ fruitless: 0, closing: { price: price('59000'), reason: 'a person', prices: 4, planned: false } })
  })

  test('a new price for a pair that nobody closes is not taken', () => {
    covering(stop).on(pricedAt('10')).does().knows({ closing: null })
  })

  test('by the kill switch takes over what a stop began, and when it is lifted the target is offered again', () => {
    covering(stop).on(stopAt('59000')).on(ended('sell', 'cancelled')).on(closeAt('58000')).on(ended('sell', 'cancelled', 2)).knows({ closing: { price: price('58000'), reason: 'a person', prices: 1, planned: false } })
      .on(closeNoMore).on(ended('sell', 'cancelled', 3)).does('clearDeadline cover', 'openOrder sell 0.001 at 60018').knows({ closing: null })
  })

  test('by a time limit that may lose is wanted again after the kill switch', () => {
    covering({ targets: [], closeAfterMs: 1_000, atLoss: true }).due('closeAfter').on(closeAt('58000')).on(closeNoMore).knows({ closing: { price: null, reason: 'it is older than 1000 ms', prices: 0, planned: true } })
  })

  test('counts its prices anew when a person has looked', () => {
    const story = covering(stop).on(closeAt('59700')).on(ended('sell', 'cancelled')).on(pricedAt('59000')).on(hold).becomes('held')
    expect(story.effects.at(-1)).toMatchObject({ type: 'alert', code: 'pair.held' })
    story.on(release).becomes('sellPlaced.pending').knows({ closing: { price: price('59000'), reason: 'a person', prices: 0, planned: false } })
  })

  test('waits while the fate of its sell is open', () => {
    covering(stop).on(stopAt('59000')).on(unresolved('sell')).becomes('held').knows({ calledOff: sellId() })
  })
})

test('a plan that waits for the rest of a buy calls nothing off for being slow; its stop, its age and a person still do (T4)', () => {
  const waiting: ExitPlan = { ...stop, partialBuy: 'wait' }
  const partly = () => pair({ exit: waiting }).on(bought('t1', '0.0004'))
  const story = partly()
  for (let times = 0; times < 5; times++) story.due('partialBuy').becomes('buying.partial').waitsFor('partialBuy')
  expect(story.all.filter((effect) => effect.type === 'tell')).toEqual([])
  story.on(bought('t2', '0.0006')).on(ended('buy', 'filled')).becomes('sellPlaced.pending')
  partly().on(stopAt('59000')).does('alert pair.closing', 'tell order cancelRequested')
  partly().on({ type: 'buyUnwanted', reason: 'a person' } as { type: string }).does('tell order cancelRequested')
})

test('a sell that ends by itself is not taken for one that was called off', () => {
  covering(stop).on(ended('sell', 'cancelled')).becomes('filled').waitsFor('cover').knows({ fruitless: 1 })
  covering(stop).on(stopAt('59000')).on(ended('sell', 'expired')).becomes('filled').waitsFor('cover').knows({ fruitless: 1, calledOff: null })
})

test('a row of version 2 goes on with the plan it had: none, and what a person closed', () => {
  const context = { ...pair().context, pairId, buyOrder: buyId() }
  const { exit: _exit, calledOff: _calledOff, high: _high, tightened: _tightened, overdue: _overdue, ...version2 } = context
  expect(tradePairFrom2({ ...version2, closing: null })).toEqual({ ...context, exit: { targets: [] } })
  expect(tradePairFrom2({ ...version2, closing: { price: '59700', reason: 'smoke' } })['closing']).toEqual({ price: '59700', reason: 'smoke', prices: 1, planned: false })
})
