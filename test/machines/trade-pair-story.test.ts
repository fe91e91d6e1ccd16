/** Stories of a trade pair (docs/machines/trade-pair.md). */
import { describe, expect, test } from 'vitest'
import { isMultipleOf, money, price, quantity, rate } from '../../src/domain/decimal.ts'
import { bitcoin } from '../support/loop.ts'
import { bought, buyId, buyUnwanted, closedByHand, coverDue, denied, ended, hold, pair, pairId, release, resolved, sellId, sold, unresolved } from './trade-pair-scenario.ts'

/** A pair that has bought everything at 60000 without a fee and offers it at 60018 (0.03 %). */
const covering = () => pair().on(bought('t1', '0.001')).on(ended('buy', 'filled')).becomes('sellPlaced.pending')
const partly = (amount = '0.0004') => pair().on(bought('t1', amount)).becomes('buying.partial')

describe('the round trip', () => {
  test('buys, covers at the target, closes with the profit in its books', () => {
    const story = pair().becomes('buying.pending').does('openOrder buy 0.001 at 60000').knows({ buyOrder: buyId(), buys: 1, openedAt: 1_000 })
    story.wait(5).on(bought('t1', '0.001')).becomes('buying.partial').waitsFor('partialBuy')
    story.on(ended('buy', 'filled')).becomes('sellPlaced.pending').waitsFor()
    story.does('clearDeadline partialBuy', 'clearDeadline cover', 'openOrder sell 0.001 at 60018').knows({ minSellPrice: price('60018'), sellOrder: sellId(), buyOrder: null })
    story.on(sold('t2', '0.0004', { price: price('60018') })).becomes('sellPlaced.partial')
    story.on(sold('t3', '0.0006', { price: price('60018') })).becomes('sellPlaced.partial')
    story.wait(5).on(ended('sell', 'filled')).becomes('closed').waitsFor()
    story.knows({ bought: quantity('0.001'), held: quantity('0.001'), sold: quantity('0.001'), cost: money('60'), proceeds: money('60.018'), closedAt: 1_010 })
  })

  test('a quote fee of the buy is part of what the sell must bring', () => {
    pair({ sellFee: rate('0.004'), target: { kind: 'rate', rate: rate('0.005') }, buy: { quantity: quantity('0.00166666'), price: price('60000'), postOnly: true } })
      .on(bought('t1', '0.00166666', { fee: money('0.5999976') }))
      .on(ended('buy', 'filled'))
      .does('clearDeadline partialBuy', 'clearDeadline cover', 'openOrder sell 0.00166666 at 60905.43')
      .knows({ fees: money('0.5999976'), cost: money('100.5995976') })
  })

  test('a fee taken in base is not sold; what is below a step stays as dust, and the pair closes (PX-01)', () => {
    const coarse = { ...bitcoin, step: quantity('0.00001'), minQuantity: quantity('0.00001') }
    pair({ instrument: coarse, sellFee: rate('0.001'), target: { kind: 'rate', rate: rate('0.005') }, buy: { quantity: quantity('0.00166'), price: price('60000'), postOnly: true } })
      .on(bought('t1', '0.00166', { fee: money('0.00000166'), feeAsset: 'BTC' }))
      .on(ended('buy', 'filled'))
      .does('clearDeadline partialBuy', 'clearDeadline cover', 'openOrder sell 0.00165 at 60726.19')
      .on(sold('t2', '0.00165', { price: price('60726.19') }))
      .on(ended('sell', 'filled'))
      .becomes('closed')
      .knows({ held: quantity('0.00165834'), sold: quantity('0.00165'), fees: money('0') })
  })

  test('a buy that ends with nothing bought is abandoned, however it ended', () => {
    for (const end of ['cancelled', 'expired', 'rejected', 'absent'] as const) pair().on(ended('buy', end)).becomes('abandoned').waitsFor()
  })

  test('a buy that bought less than can be sold ends as dust (PX-03)', () => {
    pair().on(bought('t1', '0.00000001')).on(ended('buy', 'cancelled')).becomes('dust').waitsFor()
  })

  test('an end of an order that is not the live one changes nothing', () => {
    const story = covering()
    const { context } = story
    story.on(ended('sell', 'cancelled', 7)).becomes('sellPlaced.pending').does().knows(context)
  })
})

describe('a buy partly filled', () => {
  test('waits for the rest, then cancels it once what it has bought can be sold', () => {
    const story = partly().waitsFor('partialBuy').due('partialBuy').becomes('buying.partial').does('setDeadline partialBuy 121000', 'tell order cancelRequested')
    expect(story.effects[1]).toEqual({ type: 'tell', to: `order/${buyId()}`, event: { type: 'cancelRequested', reason: 'partly filled for too long' } })
    story.on(ended('buy', 'cancelled')).becomes('sellPlaced.pending').does('clearDeadline partialBuy', 'clearDeadline cover', 'openOrder sell 0.0004 at 60018')
  })

  test('is not cancelled while what it has bought could not be sold (T4, PX-02)', () => {
    partly('0.00000001').due('partialBuy').becomes('buying.partial').does('setDeadline partialBuy 121000').on(buyUnwanted).does().on(bought('t2', '0.0004')).due('partialBuy').does('setDeadline partialBuy 181000', 'tell order cancelRequested')
  })

  test('unwanted: the rest is let go at once when the part can be sold', () => {
    partly().on(buyUnwanted).becomes('buying.partial').does('tell order cancelRequested')
  })

  test('unwanted with nothing filled: the buy is cancelled, the pair abandoned', () => {
    pair().on(buyUnwanted).becomes('buying.pending').does('tell order cancelRequested').on(ended('buy', 'cancelled')).becomes('abandoned')
  })

  test('a cancel that lost the race against the rest covers everything', () => {
    partly().on(buyUnwanted).on(bought('t2', '0.0006')).on(ended('buy', 'filled')).does('clearDeadline partialBuy', 'clearDeadline cover', 'openOrder sell 0.001 at 60018')
  })
})

describe('a sell that does not stand', () => {
  test('is tried again after a growing, capped pause, each time as a new order (PX-13)', () => {
    const story = covering()
    const pauses: number[] = []
    for (let attempt = 1; attempt <= 9; attempt++) {
      const { now } = story
      story.on(ended('sell', 'rejected', attempt)).becomes('filled').waitsFor('cover')
      story.due('cover').becomes('sellPlaced.pending').waitsFor().knows({ sells: attempt + 1, sellOrder: sellId(attempt + 1) })
      pauses.push(story.now - now)
    }
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000])
  })

  test('is held for a person after so many in a row, and released with a clean count', () => {
    const story = covering()
    for (let attempt = 1; attempt < 20; attempt++) story.on(ended('sell', 'rejected', attempt)).becomes('filled').due('cover')
    story.on(ended('sell', 'rejected', 20)).becomes('held').knows({ heldBecause: 'no covering sell would stand', sellOrder: null }).waitsFor()
    expect(story.effects.at(-1)).toEqual({ type: 'alert', code: 'pair.held', subject: pairId, detail: `${pairId} is held: no covering sell would stand` })
    story.on(release).becomes('sellPlaced.pending').knows({ fruitless: 0, heldBecause: null, sells: 21 })
  })

  test('denied by the gate is a sell that did not stand', () => {
    covering().on(denied('sell')).becomes('filled').waitsFor('cover').knows({ fruitless: 1, sellOrder: null }).due('cover').becomes('sellPlaced.pending')
  })

  test('partly sold, then cancelled: the next one offers the rest at its share of the cost', () => {
    covering()
      .on(sold('t2', '0.0004', { price: price('60018') }))
      .on(ended('sell', 'cancelled'))
      .becomes('filled')
      .waitsFor('cover')
      .due('cover')
      .does('clearDeadline cover', 'openOrder sell 0.0006 at 60018')
      .on(sold('t3', '0.0006', { price: price('60018') }))
      .on(ended('sell', 'filled', 2))
      .becomes('closed')
  })

  test('a fill of a sell proves that sells stand: the count begins anew', () => {
    const story = covering()
    for (let attempt = 1; attempt < 15; attempt++) story.on(ended('sell', 'rejected', attempt)).due('cover')
    story.on(sold('t2', '0.0001')).knows({ fruitless: 0 })
  })

  test('a sell cancelled with a rest too small to sell closes the pair', () => {
    covering().on(sold('t2', '0.00099999', { price: price('60018') })).on(ended('sell', 'cancelled')).becomes('closed')
  })
})

describe('late news', () => {
  test('a buy fill after the sell was placed is booked, and covered when the sell has filled', () => {
    const story = pair().on(bought('t1', '0.0006')).on(ended('buy', 'cancelled')).does('clearDeadline partialBuy', 'clearDeadline cover', 'openOrder sell 0.0006 at 60018')
    story.on(bought('t9', '0.0004')).becomes('sellPlaced.pending').does().knows({ held: quantity('0.001') })
    story.on(sold('t2', '0.0006', { price: price('60018') })).on(ended('sell', 'filled')).becomes('sellPlaced.pending').does('clearDeadline cover', 'openOrder sell 0.0004 at 60018')
    story.on(sold('t3', '0.0004', { price: price('60018') })).on(ended('sell', 'filled', 2)).becomes('closed')
  })

  test('a fill of an abandoned pair brings it back to the road (FS-23)', () => {
    pair().on(ended('buy', 'cancelled')).becomes('abandoned').on(bought('t9', '0.0004')).becomes('sellPlaced.pending').does('clearDeadline cover', 'openOrder sell 0.0004 at 60018')
  })

  test('a fill of a closed pair, and of one that was dust', () => {
    covering().on(sold('t2', '0.001', { price: price('60018') })).on(ended('sell', 'filled')).becomes('closed').on(bought('t9', '0.0002')).becomes('sellPlaced.pending').on(sold('t3', '0.0002', { price: price('60018') })).on(ended('sell', 'filled', 2)).becomes('closed')
    pair().on(bought('t1', '0.00000001')).on(ended('buy', 'cancelled')).becomes('dust').on(bought('t9', '0.0002')).becomes('sellPlaced.pending').does('clearDeadline cover', 'openOrder sell 0.00020001 at 60018')
  })

  test('a late sell fill while the next cover waits is counted, and only the rest is offered', () => {
    covering().on(ended('sell', 'cancelled')).becomes('filled').on(sold('t2', '0.0007', { price: price('60018') })).becomes('sellPlaced.pending').does('clearDeadline cover', 'openOrder sell 0.0003 at 60018').waitsFor()
  })

  test('a pair closed by hand books what still comes and begins nothing', () => {
    covering().on(closedByHand).becomes('closedExternally').on(sold('t2', '0.0004')).becomes('closedExternally').does().knows({ sold: quantity('0.0004') }).on(ended('sell', 'cancelled')).knows({ sellOrder: null }).does()
  })
})

describe('held for a person', () => {
  test('from every state on the road, and released to the state that the rows imply', () => {
    pair().on(hold).becomes('held').on(release).becomes('buying.pending').does()
    partly().on(hold).becomes('held').waitsFor().on(release).becomes('buying.partial').waitsFor('partialBuy')
    covering().on(hold).becomes('held').on(release).becomes('sellPlaced.pending').does()
    covering().on(sold('t2', '0.0004')).on(hold).becomes('held').on(release).becomes('sellPlaced.partial').does()
    covering().on(ended('sell', 'rejected')).becomes('filled').on(hold).becomes('held').waitsFor().on(release).becomes('sellPlaced.pending').knows({ sells: 2 })
  })

  test('books everything and begins nothing (T6); release acts on what came meanwhile', () => {
    const story = pair().on(hold).knows({ heldBecause: 'a person' })
    story.on(bought('t1', '0.001')).becomes('held').does().on(ended('buy', 'filled')).becomes('held').does().knows({ buyOrder: null, held: quantity('0.001') })
    story.on(release).becomes('sellPlaced.pending').knows({ heldBecause: null })
    covering().on(hold).on(sold('t2', '0.001', { price: price('60018') })).on(ended('sell', 'filled')).becomes('held').does().on(release).becomes('closed')
    pair().on(hold).on(ended('buy', 'absent')).becomes('held').on(release).becomes('abandoned')
    covering().on(hold).on(denied('sell')).becomes('held').knows({ sellOrder: null })
  })

  test('an order without a certain fate holds its pair', () => {
    pair().on(unresolved('buy')).becomes('held').knows({ heldBecause: `the fate of ${buyId()} is unknown` }).does('clearDeadline partialBuy', 'alert pair.held')
    covering().on(unresolved('sell')).becomes('held').knows({ heldBecause: `the fate of ${sellId()} is unknown` })
  })

  test('a held pair may still call its buy off, and may be closed by hand', () => {
    pair().on(hold).on(buyUnwanted).becomes('held').does('tell order cancelRequested')
    covering().on(hold).on(closedByHand).becomes('closedExternally').knows({ heldBecause: null })
  })
})

describe('held for an order whose fate was unknown', () => {
  test('goes on by itself when the order is found working, and waits for a person no more', () => {
    pair().on(unresolved('buy')).becomes('held').on(resolved('buy')).becomes('buying.pending').knows({ heldBecause: null, heldFor: null })
    covering().on(unresolved('sell')).becomes('held').on(resolved('sell')).becomes('sellPlaced.pending')
  })

  test('covers what the order bought meanwhile', () => {
    pair().on(unresolved('buy')).on(resolved('buy')).on(bought('t1', '0.001')).on(ended('buy', 'filled')).becomes('sellPlaced.pending')
  })

  test('stays held when a person has held it too, or another order was found', () => {
    pair().on(unresolved('buy')).on(hold).on(resolved('buy')).becomes('held').knows({ heldBecause: 'a person' })
    pair().on(unresolved('buy')).on(resolved('sell')).becomes('held')
  })
})

test('a late fill of an ended sell takes the live one back: it offers more than is left (FS-23)', () => {
  covering()
    .on(ended('sell', 'cancelled'))
    .becomes('filled')
    .on(coverDue)
    .becomes('sellPlaced.pending')
    .knows({ sellOrder: sellId(2) })
    .on(sold('t7', '0.0004'))
    .becomes('sellPlaced.pending')
    .knows({ sold: quantity('0.0004') })
    .does('tell order cancelRequested')
})

describe('the gate says no', () => {
  test('to the buy: the pair is abandoned and remembers no order', () => {
    pair().on(denied('buy')).becomes('abandoned').knows({ buyOrder: null }).waitsFor()
  })

  test('to the sell, again and again: it waits with a capped pause for the market to open, and is never forgotten (PX-10, PX-11)', () => {
    const story = covering()
    for (let attempt = 1; attempt < 60; attempt++) story.on(denied('sell')).becomes('filled').waitsFor('cover').due('cover').becomes('sellPlaced.pending')
  })

  test('nor does a venue that refuses the whole account hold the pair for ever (CN-09, CN-21)', () => {
    const story = covering()
    for (let attempt = 1; attempt < 60; attempt++) {
      story.on({ type: 'legEnded', leg: 'sell', orderId: sellId(attempt), end: 'rejected', reason: 'rateLimited: HTTP 429' } as { type: string }).becomes('filled').due('cover').becomes('sellPlaced.pending')
    }
  })

  test('by other rules than before: the next sell keeps the new ones (PX-09)', () => {
    const rules = { type: 'rulesChanged', instrument: { ...bitcoin, tick: price('10') } } as const
    const story = covering().on(denied('sell')).on(rules).becomes('filled').due('cover').becomes('sellPlaced.pending')
    const [opened] = story.effects.flatMap((effect) => (effect.type === 'openOrder' ? [effect.order.price] : []))
    expect(isMultipleOf(opened ?? price('1'), price('10'))).toBe(true)
  })
})

test('a second proposal opens no second buy (T2)', () => {
  pair().on({ type: 'proposed' }).becomes('buying.pending').does().knows({ buys: 1 })
})
