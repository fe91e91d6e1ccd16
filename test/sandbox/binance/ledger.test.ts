import * as fc from 'fast-check'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { binanceRules, type BinanceRulesParts } from '../../../sandbox/binance/rules.ts'
import { amount, formatAmount } from '../../../sandbox/exchange/amounts.ts'
import { Exchange } from '../../../sandbox/exchange/exchange.ts'
import { rateFromBps } from '../../../sandbox/exchange/fees.ts'
import { forgetfulJournal, openJournal } from '../../../sandbox/exchange/journal-file.ts'
import { Ledger } from '../../../sandbox/exchange/ledger.ts'
import { Market } from '../../../sandbox/exchange/market.ts'
import type { OrderTerms } from '../../../sandbox/exchange/order.ts'
import { binanceProducts } from '../../../sandbox/exchange/products.ts'
import { scratch } from '../../support/scratch.ts'

interface Setting extends Partial<Pick<BinanceRulesParts, 'bnbFees' | 'idsReusableAfter'>> {
  readonly journal?: ReturnType<typeof forgetfulJournal>
  readonly levels?: number
}

function exchange(opening: Record<string, string>, { bnbFees = false, idsReusableAfter = 'end', journal = forgetfulJournal(), levels = 50 }: Setting = {}) {
  const ledger = new Ledger(journal, Object.fromEntries(Object.entries(opening).map(([asset, text]) => [asset, amount(text)])), 1)
  const markets = new Map([...binanceProducts.values()].map((product) => [product.id, new Market(product.id, { spacing: 100, meanSize: amount('1'), step: product.baseIncrement, levels }, 1)]))
  const rates = { maker: rateFromBps('10'), taker: rateFromBps('10') }
  const venue = new Exchange({ ledger, markets, rates, rules: binanceRules({ ledger, markets, bnbFees, idsReusableAfter }), now: () => 1000, cancelDelayMs: 0 })
  const quote = (id: string, bid: number, ask: number, size = '5') => venue.onMarket(id, { kind: 'quote', atMs: 0, quote: { bid, ask, bidSize: amount(size), askSize: amount(size) } })
  const balance = (asset: string) => `${formatAmount(ledger.accounts.of(asset).free)} + ${formatAmount(ledger.accounts.of(asset).held)}`
  return { ledger, venue, quote, balance }
}

let nextId = 0
function terms(side: 'BUY' | 'SELL', more: Partial<OrderTerms>): OrderTerms {
  nextId += 1
  return { clientOrderId: `c${nextId}`, productId: 'BTC-USDT', side, timeInForce: 'GTC', postOnly: false, ...more }
}

describe('commission, computed by hand', () => {
  it('a buy gets its quantity less the fee: 0.01 - 0.00001, and what it credits can be sold while the bought quantity cannot', () => {
    const { venue, quote, balance, ledger } = exchange({ USDT: '1000' })
    quote('BTC-USDT', 6_169_999, 6_170_000)
    venue.place(terms('BUY', { quantity: amount('0.01'), limitTicks: 6_170_000 }))
    expect([balance('BTC'), balance('USDT')]).toEqual(['0.00999 + 0', '383 + 0'])
    expect(ledger.fills[0]).toMatchObject({ entryId: 'BTC-USDT:1', tradeId: '1', feeAsset: 'BTC' })
    expect(venue.place(terms('SELL', { quantity: amount('0.01'), limitTicks: 6_200_000 }))).toEqual({ kind: 'refused', reason: 'insufficientFunds' })
    expect(venue.place(terms('SELL', { quantity: amount('0.00999'), limitTicks: 6_200_000 })).kind).toBe('admitted')
    quote('BTC-USDT', 6_200_000, 6_200_001)
    // 0.00999 x 62000 = 619.38, less 0.61938
    expect([balance('BTC'), balance('USDT')]).toEqual(['0 + 0', '1001.76062 + 0'])
  })

  it('is cut to eight digits: 0.00001 x 0.001 is the last of them', () => {
    const { venue, quote, balance } = exchange({ USDT: '1000', SOL: '1' })
    quote('SOL-USDT', 15_001, 15_003)
    venue.place(terms('SELL', { productId: 'SOL-USDT', quantity: amount('0.037'), limitTicks: 15_001 }))
    // 0.037 x 150.01 = 5.55037, fee 0.00555037
    expect(balance('USDT')).toBe('1005.54481963 + 0')
    quote('BTC-USDT', 999_999, 1_000_000)
    venue.place(terms('BUY', { quantity: amount('0.00055'), limitTicks: 1_000_000 }))
    expect(balance('BTC')).toBe('0.00054945 + 0')
  })

  it('in BNB costs a quarter less: 617 x 0.001 x 0.75 / 600 = 0.00077125', () => {
    const { venue, quote, balance, ledger } = exchange({ USDT: '1000', BNB: '1' }, { bnbFees: true })
    quote('BNB-USDT', 60_000, 60_001)
    quote('BTC-USDT', 6_169_999, 6_170_000)
    venue.place(terms('BUY', { quantity: amount('0.01'), limitTicks: 6_170_000 }))
    expect([balance('BTC'), balance('BNB'), balance('USDT')]).toEqual(['0.01 + 0', '0.99922875 + 0', '383 + 0'])
    expect([ledger.fills[0]!.feeAsset, formatAmount(ledger.orderList[0]!.fees)]).toEqual(['BNB', '0'])
  })

  it('is decided for each execution: an order whose BNB runs out pays the rest from what it receives', () => {
    const { venue, quote, ledger, balance } = exchange({ USDT: '1000', BNB: '0.0005' }, { bnbFees: true })
    quote('BNB-USDT', 60_000, 60_001)
    quote('BTC-USDT', 6_169_999, 6_170_000, '0.005')
    venue.place(terms('BUY', { quantity: amount('0.01'), timeInForce: 'IOC' }))
    const [first, second] = ledger.fills
    expect([ledger.fills.length, first!.feeAsset, formatAmount(first!.fee), second!.feeAsset, formatAmount(second!.fee)]).toEqual([2, 'BNB', '0.00038562', 'BTC', '0.000005'])
    expect([balance('BNB'), balance('BTC')]).toEqual(['0.00011438 + 0', '0.009995 + 0'])
  })

  it('of bought BNB shrinks the bought amount while there was none before, and comes from the balance afterwards', () => {
    const { venue, quote, balance } = exchange({ USDT: '2000' }, { bnbFees: true })
    quote('BNB-USDT', 60_000, 60_001)
    const wish = { productId: 'BNB-USDT', quantity: amount('1'), limitTicks: 60_001 }
    venue.place(terms('BUY', wish))
    expect(balance('BNB')).toBe('0.999 + 0')
    venue.place(terms('BUY', wish))
    // 600.01 x 0.001 x 0.75 / 600 = 0.0007500125, cut
    expect(balance('BNB')).toBe('1.99824999 + 0')
  })
})

describe('orders at the edge of the book', () => {
  it('a market order beyond the book ends EXPIRED with what it got', () => {
    const { venue, quote, ledger, balance } = exchange({ BTC: '3' }, { levels: 1 })
    quote('BTC-USDT', 6_170_000, 6_170_001, '1')
    venue.place(terms('SELL', { quantity: amount('3'), timeInForce: 'IOC' }))
    expect(ledger.orderList[0]).toMatchObject({ status: 'EXPIRED', endMessage: 'INSUFFICIENT_LIQUIDITY', filled: amount('1') })
    expect([balance('BTC'), balance('USDT')]).toEqual(['2 + 0', '61638.3 + 0'])
  })

  it('a quote amount that runs out of book is EXPIRED, one that buys not a step is refused', () => {
    const { venue, quote, ledger, balance } = exchange({ USDT: '100000' }, { levels: 1 })
    quote('BTC-USDT', 6_169_999, 6_170_000, '1')
    venue.place(terms('BUY', { quoteSize: amount('80000'), timeInForce: 'IOC' }))
    expect(ledger.orderList[0]).toMatchObject({ status: 'EXPIRED', filled: amount('1') })
    expect(balance('USDT')).toBe('38300 + 0')
    quote('BTC-USDT', 6_169_998, 6_170_001, '1')
    expect(venue.place(terms('BUY', { quoteSize: amount('0.6'), timeInForce: 'IOC' }))).toEqual({ kind: 'refused', reason: 'baseTooSmall' })
  })

  it('a quote amount walks the levels in whole steps', () => {
    const { venue, quote, ledger } = exchange({ USDT: '100000' })
    quote('BTC-USDT', 6_169_999, 6_170_000, '0.001')
    venue.place(terms('BUY', { quoteSize: amount('100'), timeInForce: 'IOC' }))
    const [order] = ledger.orderList
    expect([order!.status, ledger.fills.length, formatAmount(ledger.fills[0]!.quantity)]).toEqual(['FILLED', 2, '0.001'])
    expect(order!.filled % amount('0.00001')).toBe(0n)
    expect(order!.filledValue).toBeLessThanOrEqual(amount('100'))
    expect(order!.filledValue).toBeGreaterThan(amount('99.38'))
  })

  it('FOK takes nothing of a book that holds only a part of it, IOC takes that part', () => {
    const { venue, quote, ledger, balance } = exchange({ USDT: '1000' })
    quote('BTC-USDT', 6_169_999, 6_170_000, '0.004')
    venue.place(terms('BUY', { quantity: amount('0.01'), limitTicks: 6_170_000, timeInForce: 'FOK' }))
    expect(ledger.orderList[0]).toMatchObject({ status: 'EXPIRED', filled: 0n, endMessage: 'UNFILLED_FOK_ORDER_EXPIRED' })
    expect(balance('USDT')).toBe('1000 + 0')
    venue.place(terms('BUY', { quantity: amount('0.01'), limitTicks: 6_170_000, timeInForce: 'IOC' }))
    expect(ledger.orderList[1]).toMatchObject({ status: 'EXPIRED', filled: amount('0.004'), endMessage: 'UNFILLED_IOC_QUANTITY_EXPIRED' })
    expect(balance('USDT')).toBe('753.2 + 0')
  })

  it('an amended order keeps its place before a later one', () => {
    const { venue, quote, ledger } = exchange({ USDT: '100000' })
    quote('BTC-USDT', 6_170_000, 6_170_001)
    for (let count = 0; count < 2; count += 1) venue.place(terms('BUY', { quantity: amount('0.01'), limitTicks: 6_100_000 }))
    const [first, second] = ledger.orderList
    venue.amend(first!, amount('0.004'), 'renamed')
    expect(formatAmount(first!.hold)).toBe('244')
    quote('BTC-USDT', 6_099_999, 6_100_000, '0.005')
    expect([first!.status, formatAmount(second!.filled)]).toEqual(['FILLED', '0.001'])
    expect(ledger.clientIds.get('renamed')?.orderId).toBe(first!.orderId)
  })

  it('a cancel takes effect at once and names itself', () => {
    const { venue, quote, ledger, balance } = exchange({ USDT: '1000' })
    quote('BTC-USDT', 6_170_000, 6_170_001)
    venue.place(terms('BUY', { quantity: amount('0.01'), limitTicks: 6_000_000 }))
    expect([venue.cancelNow('BTC-USDT:1', 'why'), venue.cancelNow('BTC-USDT:1', 'again')]).toEqual([true, false])
    expect([ledger.orderList[0]!.status, ledger.orderList[0]!.cancelId, balance('USDT')]).toEqual(['CANCELLED', 'why', '1000 + 0'])
  })

  it('a wipe leaves opening balances, no orders, and a book without them', () => {
    const { venue, quote, ledger, balance } = exchange({ USDT: '1000' })
    quote('BTC-USDT', 6_170_000, 6_170_001)
    venue.place(terms('BUY', { quantity: amount('0.001'), limitTicks: 6_170_001 }))
    venue.place(terms('BUY', { quantity: amount('0.001'), limitTicks: 6_000_000 }))
    venue.wipe()
    expect([ledger.orderList.length, ledger.fills.length, ledger.live.size, ledger.clientIds.size, balance('USDT'), balance('BTC')]).toEqual([0, 0, 0, 0, '1000 + 0', '0 + 0'])
    expect(venue.markets.get('BTC-USDT')!.book.size).toBe(0)
    quote('BTC-USDT', 5_999_998, 5_999_999)
    expect(ledger.fills).toEqual([])
    expect(venue.place(terms('BUY', { quantity: amount('0.001'), limitTicks: 5_000_000 }))).toMatchObject({ kind: 'admitted', order: { orderId: 'BTC-USDT:3' } })
  })
})

describe('the journal', () => {
  it('folds to the same orders, amendments and balances, and numbers go on', () => {
    const path = join(scratch(), 'ledger.jsonl')
    const first = exchange({ USDT: '1000', BNB: '1' }, { bnbFees: true, journal: openJournal(path) })
    first.quote('BNB-USDT', 60_000, 60_001)
    first.quote('BTC-USDT', 6_170_000, 6_170_001)
    first.venue.place(terms('BUY', { quantity: amount('0.001'), limitTicks: 6_170_001 }))
    first.venue.place(terms('BUY', { quantity: amount('0.002'), limitTicks: 6_000_000 }))
    first.venue.amend(first.ledger.orderList[1]!, amount('0.001'), 'renamed')
    first.venue.place(terms('BUY', { quantity: amount('0.002'), limitTicks: 6_000_000 }))
    first.venue.cancelNow('BTC-USDT:3', 'the-cancel')
    const journal = openJournal(path)
    const again = exchange({}, { bnbFees: true, journal })
    expect(again.ledger.orderList).toEqual(first.ledger.orderList)
    expect(again.ledger.fills).toEqual(first.ledger.fills)
    for (const asset of ['USDT', 'BTC', 'BNB']) expect(again.balance(asset)).toBe(first.balance(asset))
    again.quote('BTC-USDT', 6_170_000, 6_170_001)
    expect(again.venue.place(terms('BUY', { quantity: amount('0.001'), limitTicks: 6_170_001 }))).toMatchObject({ order: { orderId: 'BTC-USDT:4' } })
    expect(again.ledger.fills.at(-1)?.entryId).toBe('BTC-USDT:2')
    first.venue.wipe()
    expect(new Ledger(openJournal(path), {}, 1).orderList).toEqual([])
  })
})

const side = fc.constantFrom('BUY' as const, 'SELL' as const)
const step = fc.oneof(
  fc.record({ kind: fc.constant('limit' as const), side, steps: fc.integer({ min: 1, max: 50_000 }), ticks: fc.integer({ min: 9_900, max: 10_100 }), tif: fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const) }),
  fc.record({ kind: fc.constant('market' as const), side, steps: fc.integer({ min: 1, max: 50_000 }), inQuote: fc.boolean() }),
  fc.record({ kind: fc.constant('quote' as const), bid: fc.integer({ min: 9_900, max: 10_100 }), size: fc.integer({ min: 0, max: 30_000 }) }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(30) }),
  fc.record({ kind: fc.constant('amend' as const), which: fc.nat(30), steps: fc.integer({ min: 1, max: 50_000 }) }),
)

type Move = typeof step extends fc.Arbitrary<infer One> ? One : never

const size = (steps: number): bigint => BigInt(steps) * amount('0.00001')

function play({ ledger, venue, quote }: Pick<ReturnType<typeof exchange>, 'ledger' | 'venue' | 'quote'>, move: Move): void {
  if (move.kind === 'quote') return quote('BTC-USDT', move.bid, move.bid + 1, formatAmount(size(move.size)))
  if (move.kind === 'limit') return void venue.place(terms(move.side, { quantity: size(move.steps), limitTicks: move.ticks, timeInForce: move.tif }))
  if (move.kind === 'market') return void venue.place(terms(move.side, { ...(move.inQuote ? { quoteSize: size(move.steps) * 100n } : { quantity: size(move.steps) }), timeInForce: 'IOC' }))
  const order = ledger.live.get(ledger.orderList[move.which]?.orderId ?? '')
  if (!order) return undefined
  if (move.kind === 'cancel') return void venue.cancelNow(order.orderId, 'x')
  const quantity = size(move.steps)
  return quantity > order.filled && quantity < (order.terms.quantity ?? 0n) ? venue.amend(order, quantity, order.terms.clientOrderId) : undefined
}

describe('conservation (L2), whatever the fees are taken in', () => {
  it.each([
    ['the received asset', false],
    ['BNB while it lasts', true],
  ])('%s: free + held = opening + received - given - fees, to the last atom', (_where, bnbFees) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { ledger, venue, quote } = exchange({ USDT: '1000', BTC: '2', BNB: '0.0002' }, { bnbFees })
        quote('BNB-USDT', 60_000, 60_001)
        quote('BTC-USDT', 10_000, 10_001, '0.3')
        for (const move of steps) play({ ledger, venue, quote }, move)
        const owed = { USDT: amount('1000'), BTC: amount('2'), BNB: amount('0.0002') } as Record<string, bigint>
        const add = (asset: string, atoms: bigint): void => void (owed[asset] = (owed[asset] ?? 0n) + atoms)
        for (const fill of ledger.fills) {
          add('BTC', fill.side === 'BUY' ? fill.quantity : -fill.quantity)
          add('USDT', fill.side === 'BUY' ? -fill.value : fill.value)
          add(fill.feeAsset, -fill.fee)
        }
        for (const [asset, atoms] of Object.entries(owed)) expect(ledger.accounts.of(asset).free + ledger.accounts.of(asset).held).toBe(atoms)
        const held = (of: string) => [...ledger.live.values()].reduce((sum, order) => (order.terms.side === of ? sum + order.hold : sum), 0n)
        expect([ledger.accounts.of('USDT').held, ledger.accounts.of('BTC').held]).toEqual([held('BUY'), held('SELL')])
        for (const order of ledger.orderList) if (order.terms.quantity !== undefined) expect(order.filled).toBeLessThanOrEqual(order.terms.quantity)
      }),
      { numRuns: 300 },
    )
  })
})
