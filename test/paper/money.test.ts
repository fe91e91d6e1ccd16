/** Fees, holds and balances: to the last digit, never to the owner's advantage, never below zero. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, isMultipleOf, isPositive, minus, money, notional, plus, price, quantity, rate, sum, times, type Money } from '../../src/domain/decimal.ts'
import { fillEvents } from '../../src/adapters/paper/fill-events.ts'
import { holdFor } from '../../src/adapters/paper/settlement.ts'
import type { PaperOrder } from '../../src/ports/paper-ledger.ts'
import type { PaperOptions } from '../../src/adapters/paper/index.ts'
import type { Fill } from '../../src/domain/order.ts'
import { btc, got, heard, request, scene, type Scene } from './support.ts'

const fees = (feeIn: 'quote' | 'received'): Pick<PaperOptions, 'fees'> => ({ fees: { maker: rate('0.001'), taker: rate('0.002'), feeIn } })

describe('a fill pays its fee', () => {
  test.each([
    ['a taker buy in quote', 'quote', 'buy', '0.20002', 'USD', '9899.78998', '11'],
    ['a taker buy in what it receives', 'received', 'buy', '0.002', 'BTC', '9899.99', '10.998'],
    ['a taker sell in quote', 'quote', 'sell', '0.19998', 'USD', '10099.79002', '9'],
    ['a taker sell in what it receives', 'received', 'sell', '0.19998', 'USD', '10099.79002', '9'],
  ] as const)('%s', async (_what, feeIn, side, fee, asset, usd, coins) => {
    const { place, fills, balance } = scene(fees(feeIn))
    const id = await place(request({ side, price: side === 'buy' ? '100.01' : '99.99', quantity: '1', postOnly: false }))
    expect(await fills(id)).toMatchObject([{ fee, feeAsset: asset, liquidity: 'taker' }])
    expect([await balance('USD'), await balance('BTC')]).toEqual([`${usd}/0`, `${coins}/0`])
  })

  test('by the rate of its own kind: what rested pays the maker’s', async () => {
    const { place, market, fills } = scene()
    const id = await place(request({ price: '100', quantity: '1' }))
    market.trade('sell', '100', '2')
    await heard()
    expect(await fills(id)).toMatchObject([{ fee: '0.1', liquidity: 'maker' }])
  })

  test('rounded up to eight digits over the whole order, so that many fills do not pay the rounding many times (F1)', async () => {
    const { place, market, fills } = scene({ fees: { maker: rate('0.0000000123'), taker: rate('0.002'), feeIn: 'quote' } })
    const id = await place(request({ price: '100', quantity: '0.01' }))
    for (let count = 0; count < 4; count++) market.trade('sell', '100', '0.002')
    await heard()
    // Exactly 1.23e-9 each: 0.00000001 is owed after the first, and covers the others.
    expect((await fills(id)).map(({ fee }) => fee)).toEqual(['0.00000001', '0', '0', '0'])
  })

  test('by the rates of the day on which its order was placed', async () => {
    const first = scene()
    const id = await first.place(request({ price: '99.99', quantity: '1' }))
    first.hearing.close()
    const next = first.another({ fees: { maker: rate('0.9'), taker: rate('0.9'), feeIn: 'received' } })
    got(await next.venue.instruments())
    await next.report(id)
    first.market.trade('sell', '99.98', '2')
    await heard()
    expect(await next.fills(id)).toMatchObject([{ fee: '0.09999', feeAsset: 'USD' }])
  })
})

describe('an order locks what it may cost', () => {
  test.each([
    ['a buy with its fee in quote: with the dearer fee', 'quote', 'buy', '9799.62004/200.37996', '10/0'],
    ['a buy with its fee in what it receives', 'received', 'buy', '9800.02/199.98', '10/0'],
    ['a sell', 'quote', 'sell', '10000/0', '8/2'],
  ] as const)('%s', async (_what, feeIn, side, usd, coins) => {
    const { place, balance, venue, arrives } = scene(fees(feeIn))
    const id = await place(request({ side, price: side === 'buy' ? '99.99' : '100.05', quantity: '2' }))
    expect([await balance('USD'), await balance('BTC')]).toEqual([usd, coins])
    await arrives(venue.cancel(id))
    expect([await balance('USD'), await balance('BTC')]).toEqual(['10000/0', '10/0'])
  })

  test('and has the better price back at once', async () => {
    const { place, balance } = scene()
    await place(request({ price: '110', quantity: '4', postOnly: false }))
    expect(await balance('USD')).toBe('9599.15992/0')
  })

  test('so that nothing is promised twice', async () => {
    const { place, send } = scene()
    await place(request({ side: 'sell', price: '100.05', quantity: '9.5' }))
    expect(await send(request({ side: 'sell', price: '100.05', quantity: '0.6' }))).toMatchObject({ kind: 'refused', reason: 'insufficientFunds' })
  })
})

describe('a hold is enough, to the last digit', () => {
  test('an order may take all that there is, and one digit less is too little', async () => {
    const wish = { price: '100.01', quantity: '1', postOnly: false }
    const rich = scene({ opening: { USD: money('100.21002'), BTC: money('0') } })
    await rich.place(request(wish))
    expect([await rich.balance('USD'), await rich.balance('BTC')]).toEqual(['0/0', '1/0'])
    expect(await scene({ opening: { USD: money('100.21001999') } }).send(request(wish))).toMatchObject({ kind: 'refused', reason: 'insufficientFunds' })
  })

  test('however an order is filled, no fill costs more than its hold gives up (F2)', () => {
    const bite = fc.record({ units: fc.integer({ min: 1, max: 999 }), better: fc.integer({ min: 0, max: 50 }), liquidity: fc.constantFrom('maker' as const, 'taker' as const) })
    const rates = fc.integer({ min: 0, max: 99_999_999 }).map((digits) => rate(`0.00${String(digits).padStart(8, '0')}`))
    const sides = fc.constantFrom(['buy', 'quote'] as const, ['buy', 'received'] as const, ['sell', 'quote'] as const, ['sell', 'received'] as const)
    fc.assert(
      fc.property(fc.array(bite, { minLength: 1, maxLength: 30 }), rates, rates, sides, (bites, maker, taker, [way, feeIn]) => {
        const total = bites.reduce((all, { units }) => all + units, 0)
        const draft: PaperOrder = { ...request({ side: way, price: '61.73', quantity: (total / 1e8).toFixed(8) }), venueOrderId: 'v', base: 'BTC', quote: 'USD', terms: { maker, taker, feeIn }, status: 'open', executed: quantity('0'), value: money('0'), owed: money('0'), charged: money('0'), hold: quantity('0'), createdAt: 0, fills: [] }
        const order = { ...draft, hold: holdFor(draft) }
        const taken = bites.map(({ units, better, liquidity }) => ({ quantity: quantity((units / 1e8).toFixed(8)), price: price(((6_173 + (way === 'buy' ? -better : better)) / 100).toFixed(2)), liquidity }))
        let { hold } = order
        for (const event of fillEvents(order, taken, { at: 0, tradeId: String })) {
          if (event.type !== 'filled') throw new Error(event.type)
          const worth = notional(event.price, event.quantity)
          const paid = way === 'sell' ? money(event.quantity) : event.feeAsset === 'USD' ? plus(worth, event.fee) : worth
          expect(compare(money(minus(hold, event.hold)), paid)).toBeGreaterThanOrEqual(0)
          expect(event.fee.startsWith('-') || event.hold.startsWith('-')).toBe(false)
          hold = event.hold
        }
        expect(hold).toBe('0')
      }),
      { numRuns: 500 },
    )
  })
})

/** One thing that may happen, to an order among those there are, or to the market. */
const ticks = fc.integer({ min: -4, max: 4 })
const size = fc.integer({ min: 1, max: 40_000 })
const side = fc.constantFrom('buy' as const, 'sell' as const)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('create' as const), side, ticks, size, postOnly: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(10) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('amend' as const), which: fc.nat(10), ticks, size }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('trade' as const), side, ticks, size }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('book' as const), middle: fc.integer({ min: -3, max: 3 }), bid: size, ask: size }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
)

const at = (away: number): string => (100 + away / 100).toFixed(2)
const of = (steps: number): string => (steps / 10_000).toFixed(4)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** Does one thing, and gives the venue that is there afterwards: a new one after a restart. */
const doStep = async (stage: Scene, ids: string[], one: Step): Promise<Scene> => {
  const { venue, market } = stage
  if (one.kind === 'create') {
    const outcome = await stage.send(request({ side: one.side, price: at(one.ticks), quantity: of(one.size), postOnly: one.postOnly }))
    if (outcome.kind === 'accepted') ids.push(outcome.venueOrderId)
  } else if (one.kind === 'cancel') await stage.arrives(venue.cancel(ids[one.which] ?? ''))
  else if (one.kind === 'amend') await stage.arrives(venue.amend(ids[one.which] ?? '', { price: price(at(one.ticks)), quantity: quantity(of(one.size)) }))
  else if (one.kind === 'trade') market.trade(one.side, at(one.ticks), of(one.size))
  else if (one.kind === 'book') {
    market.show([[at(one.middle - 1), of(one.bid)], [at(one.middle - 2), of(one.ask)]], [[at(one.middle), of(one.ask)], [at(one.middle + 1), of(one.bid)]])
    market.quote(at(one.middle - 1), at(one.middle))
  } else {
    stage.hearing.close()
    const next = stage.another()
    got(await next.venue.instruments())
    return next
  }
  await heard()
  return stage
}

const worthOf = (fills: readonly Fill[]): Money => sum(fills.map((fill) => notional(fill.price, fill.quantity)))
const sizeOf = (fills: readonly Fill[]): Money => sum(fills.map((fill) => money(fill.quantity)))

/** What fills and their fees did to an asset. */
const moved = (fills: readonly Fill[], asset: string): Money => {
  const amount = asset === 'BTC' ? sizeOf : worthOf
  const [bought, sold] = ['buy', 'sell'].map((which) => amount(fills.filter((fill) => fill.side === which)))
  const fee = sum(fills.filter((fill) => fill.feeAsset === asset).map((fill) => fill.fee))
  const gained = minus(bought ?? money('0'), sold ?? money('0'))
  return minus(asset === 'BTC' ? gained : minus(money('0'), gained), fee)
}

test.each(['quote', 'received'] as const)('whatever happens, with fees in %s: no balance below zero, no order beyond its quantity, no fee below the exact one, and every coin is explained', async (feeIn) => {
  let seen = 0
  const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'max' }), async (steps) => {
    let stage = scene({ lookEveryMs: 0, opening: { USD: money('450'), BTC: money('5') }, fees: { maker: rate('0.00123'), taker: rate('0.00777'), feeIn } })
    const ids: string[] = []
    for (const one of steps) stage = await doStep(stage, ids, one)
    const { fills } = got(await stage.venue.fillsSince(0))
    seen += fills.length
    for (const order of got(await stage.venue.ordersSince(0)).orders) {
      const own = fills.filter(({ venueOrderId }) => venueOrderId === order.venueOrderId)
      expect(sum(own.map((fill) => fill.quantity))).toBe(order.executed)
      expect(compare(order.executed, order.quantity!)).toBeLessThanOrEqual(0)
      for (const fill of own) expect(isPositive(fill.quantity) && isMultipleOf(fill.quantity, btc.step) && !fill.fee.startsWith('-')).toBe(true)
      const basis = feeIn === 'received' && order.side === 'buy' ? sizeOf(own) : worthOf(own)
      const paid = sum(own.map(({ fee }) => fee))
      expect(compare(paid, money(times(basis, rate('0.00123'))))).toBeGreaterThanOrEqual(0)
      expect(compare(paid, plus(money(times(basis, rate('0.00777'))), money('0.00000001')))).toBeLessThanOrEqual(0)
    }
    const balances = got(await stage.venue.balances())
    for (const { asset, free, held } of balances) {
      expect(`${free}${held}`).not.toContain('-')
      expect(plus(free, held)).toBe(plus(money(asset === 'USD' ? '450' : '5'), moved(fills, asset)))
    }
    if (got(await stage.venue.workingOrders()).orders.length === 0) for (const { held } of balances) expect(held).toBe('0')
  })
  await fc.assert(property, { numRuns: 100 })
  expect(seen).toBeGreaterThan(200)
})
