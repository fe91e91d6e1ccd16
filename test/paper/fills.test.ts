/** What fills an order, how much of it, and at what price: never more than the real market showed or did. */
import { describe, expect, test } from 'vitest'
import { failed, ok } from '../../src/domain/failure.ts'
import { rate } from '../../src/domain/decimal.ts'
import { heard, request, scene, silent, type Scene } from './support.ts'

/** `quantity@price liquidity` of each fill. */
const told = async ({ fills }: Scene, id: string): Promise<readonly string[]> => (await fills(id)).map(({ quantity, price, liquidity }) => `${quantity}@${price} ${liquidity}`)

describe('an order that crosses on arrival', () => {
  test('walks the levels of the book, and what is left of it rests', async () => {
    const stage = scene()
    const id = await stage.place(request({ price: '100.02', quantity: '10', postOnly: false }))
    expect(await told(stage, id)).toEqual(['4@100.01 taker', '4@100.02 taker'])
    expect(await stage.report(id)).toMatchObject({ status: 'open', executed: '8' })
  })

  test('sells into the bids, best first', async () => {
    const stage = scene()
    const id = await stage.place(request({ side: 'sell', price: '99.98', quantity: '5', postOnly: false }))
    expect(await told(stage, id)).toEqual(['4@99.99 taker', '1@99.98 taker'])
    expect(await stage.report(id)).toMatchObject({ status: 'filled' })
  })

  test('does not have what another paper order took, until the level is seen refreshed', async () => {
    const stage = scene()
    const take = async (quantity: string): Promise<readonly string[]> => told(stage, await stage.place(request({ price: '100.01', quantity, postOnly: false })))
    expect(await take('3')).toEqual(['3@100.01 taker'])
    expect(await take('3')).toEqual(['1@100.01 taker'])
    expect(await take('1')).toEqual([])
    stage.market.show([['99.99', '4']], [['100.01', '6']])
    expect(await take('5')).toEqual(['2@100.01 taker'])
    stage.market.quote('99.99', '100.02')
    expect(await take('5')).toEqual(['5@100.01 taker'])
  })

  test('takes whole steps only', async () => {
    const stage = scene()
    stage.market.show([['99.99', '1']], [['100.01', '0.00019'], ['100.02', '1']])
    expect(await told(stage, await stage.place(request({ price: '100.02', quantity: '0.5', postOnly: false })))).toEqual(['0.0001@100.01 taker', '0.4999@100.02 taker'])
  })
})

describe('a resting order on a market with a tape', () => {
  test('waits until what stood before it has traded, then has its share of the rest', async () => {
    const stage = scene()
    const id = await stage.place(request({ price: '99.99', quantity: '3' }))
    stage.market.trade('sell', '99.99', '3')
    stage.market.trade('sell', '99.99', '0.5')
    await heard()
    expect(await told(stage, id)).toEqual([])
    // Half a bitcoin of the queue is left: 3.5 of this trade are the order's, and its share of the trade is 2.
    stage.market.trade('sell', '99.99', '4')
    await heard()
    expect(await told(stage, id)).toEqual(['2@99.99 maker'])
    stage.market.trade('sell', '99.99', '1')
    await heard()
    expect(await told(stage, id)).toEqual(['2@99.99 maker', '0.5@99.99 maker'])
  })

  test('at a price where nothing stands waits behind nobody', async () => {
    const stage = scene()
    const id = await stage.place(request({ price: '100', quantity: '3' }))
    stage.market.trade('sell', '100', '4')
    await heard()
    expect(await told(stage, id)).toEqual(['2@100 maker'])
  })

  test('is filled by a trade through its price, at its own price and by no more than its share', async () => {
    const stage = scene()
    const id = await stage.place(request({ price: '99.99', quantity: '3' }))
    stage.market.trade('sell', '99.98', '1')
    await heard()
    expect(await told(stage, id)).toEqual(['0.5@99.99 maker'])
  })

  test.each([
    ['a trade in which its own side came to the book', 'buy', '99.98', {}],
    ['a trade that did not reach its price', 'sell', '100', {}],
    ['a trade from before it arrived', 'sell', '99.98', { at: 1_700_000_000_000 }],
    ['a trade of another instrument', 'sell', '99.98', { instrument: 'ETH-USD' }],
  ] as const)('is not filled by %s', async (_what, taker, at, over) => {
    const stage = scene()
    const id = await stage.place(request({ price: '99.99', quantity: '3' }))
    stage.market.trade(taker, at, '100', over)
    await heard()
    expect(await told(stage, id)).toEqual([])
  })

  test('is filled once by a trade that is told twice', async () => {
    const stage = scene()
    const id = await stage.place(request({ price: '99.99', quantity: '3' }))
    for (let time = 0; time < 2; time++) stage.market.trade('sell', '99.98', '1', { tradeId: 'same' })
    await heard()
    expect(await told(stage, id)).toEqual(['0.5@99.99 maker'])
  })

  test('shares a trade with the paper orders before it: together they have one share', async () => {
    const stage = scene()
    const first = await stage.place(request({ price: '100', quantity: '1' }))
    const second = await stage.place(request({ price: '100', quantity: '3' }))
    stage.market.trade('sell', '99.9', '5')
    await heard()
    expect([await told(stage, first), await told(stage, second)]).toEqual([['1@100 maker'], ['1.5@100 maker']])
  })

  test('deeper than the look reaches has a queue that nobody has seen: it waits until one can, then behind all that is there', async () => {
    const stage = scene({ depth: 3, lookEveryMs: 0 })
    const id = await stage.place(request({ price: '99.9', quantity: '1' }))
    stage.market.trade('sell', '99.9', '50')
    await heard()
    expect(await told(stage, id)).toEqual([])
    stage.market.show([['99.9', '7'], ['99.89', '7'], ['99.88', '7']], [['99.91', '4']])
    stage.market.quote('99.9', '99.91')
    await heard()
    stage.market.trade('sell', '99.9', '7')
    await heard()
    expect(await told(stage, id)).toEqual([])
    stage.market.trade('sell', '99.9', '2')
    await heard()
    expect(await told(stage, id)).toEqual(['1@99.9 maker'])
  })
})

describe('a resting order on a market of quotes alone', () => {
  test('is filled by its share of what is offered at or through its price, at its own price, and not twice by the same size', async () => {
    const stage = scene({ lookEveryMs: 0 })
    const id = await stage.place(request({ price: '99.99', quantity: '10' }))
    stage.market.show([['99.97', '4']], [['99.98', '2'], ['99.99', '4'], ['100', '50']])
    stage.market.quote('99.97', '99.98')
    await heard()
    expect(await told(stage, id)).toEqual(['3@99.99 maker'])
    stage.market.quote('99.97', '99.98')
    await heard()
    expect(await told(stage, id)).toEqual(['3@99.99 maker'])
    stage.market.show([['99.97', '4']], [['99.98', '6'], ['99.99', '4']])
    stage.market.quote('99.97', '99.98')
    await heard()
    // Half of 6, less the 1 that was used.
    expect(await told(stage, id)).toEqual(['3@99.99 maker', '2@99.99 maker'])
  })

  test('is filled by polled quotes as by streamed ones', async () => {
    const stage = scene()
    const id = await stage.place(request({ price: '99.99', quantity: '1' }))
    stage.market.show([['99.97', '4']], [['99.98', '4']])
    await stage.venue.quotes(['BTC-USD'])
    await heard()
    expect(await told(stage, id)).toEqual(['1@99.99 maker'])
  })

  test('is not filled by what the quote said when the book says otherwise', async () => {
    const stage = scene()
    const id = await stage.place(request({ price: '99.99', quantity: '1' }))
    stage.market.quote('99.97', '99.98')
    await heard()
    expect(stage.market.looks).toBe(2)
    expect(await told(stage, id)).toEqual([])
  })

  test.each([
    ['crossed', '99.99', '99.98', 0],
    ['older than the last one', '99.97', '99.98', -1],
    ['without a price', '0', '99.98', 0],
  ])('does not look at the book for a quote that is %s', async (_what, bid, ask, ageMs) => {
    const stage = scene()
    await stage.place(request({ price: '99.99', quantity: '1' }))
    stage.market.quote('99.99', '100.01')
    stage.market.quote(bid, ask, stage.venue.now() + ageMs)
    await heard()
    expect(stage.market.looks).toBe(1)
  })

  test('has the book looked at no more often than stated, and not at all while nothing could fill', async () => {
    const stage = scene({ lookEveryMs: 1_000 })
    await stage.place(request({ price: '50', quantity: '100' }))
    for (let count = 0; count < 10; count++) stage.market.quote('99.99', '100.01')
    await heard()
    expect(stage.market.looks).toBe(1)
    for (let count = 0; count < 20; count++) {
      stage.market.quote('49.98', '49.99')
      await stage.clock.advance(100)
    }
    expect(stage.market.looks).toBe(3)
  })

  test('waits for the next quote when the book could not be read', async () => {
    const stage = scene({ lookEveryMs: 0 })
    const id = await stage.place(request({ price: '99.99', quantity: '1' }))
    stage.market.shown = failed({ kind: 'timeout', detail: 'no answer' })
    stage.market.quote('99.97', '99.98')
    await heard()
    expect(await told(stage, id)).toEqual([])
    stage.market.shown = ok({ instrument: 'BTC-USD', bids: [], asks: [{ price: '99.98' as never, quantity: '4' as never }], at: 0 })
    stage.market.quote('99.97', '99.98')
    await heard()
    expect(await told(stage, id)).toEqual(['1@99.99 maker'])
  })

  test('does not have what a paper taker took from the level, nor a taker what it took', async () => {
    const stage = scene({ lookEveryMs: 0, participation: rate('1') })
    const resting = await stage.place(request({ price: '99.99', quantity: '3' }))
    stage.market.show([['99.97', '4']], [['99.98', '4']])
    stage.market.quote('99.97', '99.98')
    await heard()
    const taker = await stage.place(request({ price: '99.98', quantity: '3', postOnly: false }))
    expect([await told(stage, resting), await told(stage, taker)]).toEqual([['3@99.99 maker'], ['1@99.98 taker']])
  })
})

test('while nobody hears the market nothing fills, and what happened meanwhile never does (M1)', async () => {
  const stage = scene({ lookEveryMs: 0 })
  const id = await stage.place(request({ price: '99.99', quantity: '1' }))
  stage.hearing.close()
  stage.market.show([['99.9', '4']], [['99.91', '4']])
  stage.market.quote('99.9', '99.91')
  stage.market.trade('sell', '99.9', '10')
  await stage.clock.advance(60_000)
  stage.market.show([['99.99', '4']], [['100.01', '4']])
  stage.venue.marketFeed.open(['BTC-USD'], silent)
  stage.market.quote('99.99', '100.01')
  await heard()
  expect(await told(stage, id)).toEqual([])
})

test('what the venue hears it passes on, in the same words, and closing closes', async () => {
  const stage = scene()
  const said: string[] = []
  const stream = stage.venue.marketFeed.open(['BTC-USD'], { ...silent, quote: ({ bid, ask }) => void said.push(`${bid} ${ask}`), trade: ({ tradeId }) => void said.push(tradeId) })
  stage.market.quote('99.99', '100.01')
  stage.market.trade('buy', '100.01', '1', { tradeId: 't1' })
  stream.close()
  stage.market.quote('99.98', '100.01')
  expect(said).toEqual(['99.99 100.01', 't1'])
})
