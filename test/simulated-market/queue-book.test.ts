import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Level } from '../../src/simulated-market/depth.ts'
import type { Side } from '../../src/simulated-market/market-event.ts'
import { QueueBook, type QueuedOrder } from '../../src/simulated-market/queue-book.ts'
import { UsedLiquidity } from '../../src/simulated-market/used-liquidity.ts'

const order = (over: Partial<QueuedOrder> = {}): QueuedOrder => ({ id: 'a', side: 'BUY', price: 100, remaining: 5n, ahead: 0n, since: 0, ...over })
const sold = (price: number, quantity: bigint, most = quantity) => ({ price, quantity, most, makerSide: 'BUY' as const, at: 1 })
const told = (executions: readonly { orderId: string; quantity: bigint }[]): string => executions.map(({ orderId, quantity }) => `${orderId} ${quantity}`).join(', ')

describe('an order in a queue', () => {
  it('is passed by nothing but trades at its price, however small (Q2)', () => {
    const book = new QueueBook(10)
    book.add(order({ ahead: 3n }))
    for (let count = 0; count < 3; count += 1) expect(book.onTrade(sold(100, 1n, 0n))).toEqual([])
    expect(told(book.onTrade(sold(100, 1n)))).toBe('a 1')
  })

  it('has passed the whole queue when a trade went through its price (Q2)', () => {
    const book = new QueueBook(10)
    book.add(order({ ahead: 50n }))
    expect(told(book.onTrade(sold(99, 2n, 1n)))).toBe('a 1')
    expect(told(book.onTrade(sold(100, 2n)))).toBe('a 2')
  })

  it('that nobody has seen is never passed, until it is seen (Q4)', () => {
    const book = new QueueBook(10)
    book.add(order({ ahead: undefined }))
    expect(book.onTrade(sold(100, 100n))).toEqual([])
    book.seeQueues('BUY', () => 4n)
    book.seeQueues('BUY', () => 0n)
    expect(told(book.onTrade(sold(100, 5n)))).toBe('a 1')
  })

  it('does not hear a trade from before it came (Q5)', () => {
    const book = new QueueBook(10)
    book.add(order({ since: 2 }))
    book.add(order({ id: 'b' }))
    expect(told(book.onTrade(sold(99, 9n)))).toBe('b 5')
  })

  it('shares what passes with those that wait behind it', () => {
    const book = new QueueBook(10)
    book.add(order({ id: 'first', remaining: 1n, ahead: 2n }))
    book.add(order({ id: 'second', remaining: 5n, ahead: 4n }))
    expect(told(book.onTrade(sold(100, 6n)))).toBe('first 1, second 1')
  })

  it('goes by price, then by time (Q6)', () => {
    const book = new QueueBook(10)
    for (const [id, price] of [['late', 100], ['best', 101], ['low', 99], ['later', 100]] as const) book.add(order({ id, price, remaining: 4n }))
    expect(told(book.onTrade(sold(99, 13n)))).toBe('best 4, late 4, later 4, low 1')
  })

  it('keeps its place when it is made smaller, and leaves when it is removed', () => {
    const book = new QueueBook(2)
    expect([book.add(order()), book.add(order({ id: 'b' })), book.add(order({ id: 'c' }))]).toEqual([true, true, false])
    expect([book.reduce('a', 2n), book.reduce('nobody', 2n)]).toEqual([true, false])
    expect(told(book.onTrade(sold(100, 3n)))).toBe('a 2, b 1')
    expect([book.remove('b'), book.remove('b'), book.size]).toEqual([true, false, 0])
  })

  it.each([
    ['far from both touches', 95, 0n, false],
    ['at its own touch, its queue seen', 99, 0n, false],
    ['at its own touch, its queue not seen', 99, undefined, true],
    ['at the opposite touch', 101, 0n, true],
  ] as const)('%s: whether a look is wanted', (_what, price, ahead, wanted) => {
    const book = new QueueBook(10)
    book.add(order({ price, ahead }))
    expect(book.wantsLook(99, 101)).toBe(wanted)
    const mirrored = new QueueBook(10)
    mirrored.add(order({ side: 'SELL', price: 200 - price, ahead }))
    expect(mirrored.wantsLook(99, 101)).toBe(wanted)
  })

  it('is executed by what is offered to it at or through its price, best level first (Q3)', () => {
    const book = new QueueBook(10)
    book.add(order({ id: 'a', price: 101, remaining: 3n }))
    book.add(order({ id: 'b', price: 100, remaining: 9n }))
    const { executions, taken } = book.onOffers('BUY', [{ price: 99, size: 2n }, { price: 100, size: 4n }, { price: 101, size: 50n }])
    expect(told(executions)).toBe('a 3, b 3')
    expect(taken).toEqual([{ price: 99, quantity: 2n }, { price: 100, quantity: 1n }, { price: 100, quantity: 3n }])
  })
})

const side = fc.constantFrom<Side>('BUY', 'SELL')
const size = fc.bigInt({ min: 0n, max: 40n })
const move = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), side, price: fc.integer({ min: 95, max: 105 }), remaining: fc.bigInt({ min: 1n, max: 50n }), ahead: fc.option(size, { nil: undefined }) }),
  fc.record({ kind: fc.constant('trade' as const), makerSide: side, price: fc.integer({ min: 95, max: 105 }), quantity: fc.bigInt({ min: 1n, max: 60n }), most: size }),
  fc.record({ kind: fc.constant('offers' as const), side, best: fc.integer({ min: 95, max: 105 }), sizes: fc.array(size, { maxLength: 4 }) }),
)

type Move = typeof move extends fc.Arbitrary<infer T> ? T : never
type Trade = Extract<Move, { readonly kind: 'trade' }>

/** What the property knows of an order, counted from outside. */
interface Waiting {
  readonly side: Side
  readonly price: number
  readonly ahead: bigint | undefined
  left: bigint
  /** What has traded at its price since it came, and what of that it had. */
  atPrice: bigint
  byTrades: bigint
  /** Some trade went through its price: the queue is no argument any more. */
  freed: boolean
}

const levelsOf = ({ side: of, best, sizes }: Extract<Move, { readonly kind: 'offers' }>): Level[] => sizes.map((each, level) => ({ price: of === 'BUY' ? best + level : best - level, size: each }))

const notePassing = (orders: Iterable<Waiting>, { makerSide, price, quantity }: Trade): void => {
  for (const waiting of orders) {
    if (waiting.side !== makerSide) continue
    if (waiting.price === price) waiting.atPrice += quantity
    if (makerSide === 'BUY' ? price < waiting.price : price > waiting.price) waiting.freed = true
  }
}

const smallest = (one: bigint, other: bigint): bigint => (one < other ? one : other)

describe('properties of a queue', () => {
  it('nobody is filled beyond what rests, what traded, its share of it, or what was offered; and behind a queue only by what traded after it', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        const book = new QueueBook(100)
        const orders = new Map<string, Waiting>()
        for (const [index, one] of moves.entries()) {
          if (one.kind === 'add') {
            book.add({ id: `o${index}`, side: one.side, price: one.price, remaining: one.remaining, ahead: one.ahead, since: 0 })
            orders.set(`o${index}`, { side: one.side, price: one.price, ahead: one.ahead, left: one.remaining, atPrice: 0n, byTrades: 0n, freed: false })
            continue
          }
          const traded = one.kind === 'trade'
          if (traded) notePassing(orders.values(), one)
          const executions = traded ? book.onTrade({ ...one, at: 1 }) : book.onOffers(one.side, levelsOf(one)).executions
          const [met, limit] = traded ? [one.makerSide, one.price] : [one.side, one.best]
          for (const { orderId, quantity } of executions) {
            const waiting = orders.get(orderId)!
            waiting.left -= quantity
            if (traded) waiting.byTrades += quantity
            expect([waiting.left >= 0n, quantity > 0n, waiting.side]).toEqual([true, true, met])
            expect(met === 'BUY' ? limit <= waiting.price : limit >= waiting.price).toBe(true)
            if (traded && !waiting.freed) expect(waiting.ahead !== undefined && waiting.byTrades + waiting.ahead <= waiting.atPrice).toBe(true)
          }
          const total = executions.reduce((sum, { quantity }) => sum + quantity, 0n)
          expect(total <= (traded ? smallest(one.most, one.quantity) : levelsOf(one).reduce((sum, level) => sum + level.size, 0n))).toBe(true)
        }
        expect(book.size).toBe([...orders.values()].filter(({ left }) => left > 0n).length)
      }),
      { numRuns: 500 },
    )
  })
})

describe('liquidity that was used', () => {
  const asks = (...sizes: readonly bigint[]): Level[] => sizes.map((of, index) => ({ price: 101 + index, size: of }))

  it('is not there again, until the level has gone or grown (U1)', () => {
    const used = new UsedLiquidity('SELL', 10)
    used.use(101, 3n)
    used.see(asks(4n, 4n))
    expect([used.left({ price: 101, size: 4n }), used.left({ price: 102, size: 4n })]).toEqual([1n, 4n])
    used.see(asks(2n, 4n))
    expect(used.left({ price: 101, size: 2n })).toBe(0n)
    used.see(asks(6n, 4n))
    expect(used.left({ price: 101, size: 6n })).toBe(4n)
    used.see([{ price: 102, size: 4n }])
    expect(used.left({ price: 101, size: 6n })).toBe(6n)
  })

  it('is remembered where a look does not reach, and forgotten when the best level has moved past it', () => {
    const used = new UsedLiquidity('SELL', 10)
    used.use(105, 3n)
    used.see(asks(4n, 4n))
    used.see([])
    used.seeBest(105)
    expect(used.left({ price: 105, size: 4n })).toBe(1n)
    used.seeBest(106)
    expect(used.left({ price: 105, size: 4n })).toBe(4n)
    const bids = new UsedLiquidity('BUY', 10)
    bids.use(95, 3n)
    bids.seeBest(96)
    expect(bids.left({ price: 95, size: 4n })).toBe(1n)
    bids.seeBest(94)
    expect(bids.left({ price: 95, size: 4n })).toBe(4n)
  })

  it('is remembered of so many levels: beyond them nothing is offered (U2)', () => {
    const used = new UsedLiquidity('SELL', 1)
    used.use(101, 1n)
    expect([used.left({ price: 101, size: 4n }), used.left({ price: 102, size: 4n })]).toEqual([3n, 0n])
  })

  it('is never more than was first shown and what has come since', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ size, want: size }), { maxLength: 30 }), (looks) => {
        const used = new UsedLiquidity('SELL', 10)
        let shown = 0n
        let grown = 0n
        let taken = 0n
        for (const look of looks) {
          grown += look.size > shown ? look.size - shown : 0n
          shown = look.size
          used.see([{ price: 101, size: look.size }, { price: 102, size: 1n }])
          const left = used.left({ price: 101, size: look.size })
          const bite = left < look.want ? left : look.want
          used.use(101, bite)
          taken += bite
          expect(left <= look.size && taken <= grown).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})
