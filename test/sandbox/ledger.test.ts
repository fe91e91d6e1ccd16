import { randomUUID } from 'node:crypto'
import * as fc from 'fast-check'
import { readFileSync, writeFileSync, appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { coinbaseRules } from '../../sandbox/coinbase/rules.ts'
import { amount, divide, formatAmount, multiply, multiplyUp, parseAmount } from '../../sandbox/exchange/amounts.ts'
import { Exchange } from '../../sandbox/exchange/exchange.ts'
import { rateFromBps } from '../../sandbox/exchange/fees.ts'
import { forgetfulJournal, openJournal } from '../../sandbox/exchange/journal-file.ts'
import { Ledger } from '../../sandbox/exchange/ledger.ts'
import { Market } from '../../sandbox/exchange/market.ts'
import type { OrderTerms } from '../../sandbox/exchange/order.ts'
import { products } from '../../sandbox/exchange/products.ts'
import { scratch } from '../support/scratch.ts'

const BTC = products.get('BTC-USD')!
const shape = { spacing: 100, meanSize: amount('1'), step: BTC.baseIncrement, levels: 50 }

function exchange(opening: Record<string, string> = { USD: '1000' }, rates = { maker: '0', taker: '5' }, journal = forgetfulJournal()) {
  const balances = Object.fromEntries(Object.entries(opening).map(([asset, text]) => [asset, amount(text)]))
  const ledger = new Ledger(journal, balances, 1)
  const market = new Market('BTC-USD', shape, 1)
  let now = 1000
  const venue = new Exchange({ ledger, markets: new Map([['BTC-USD', market]]), rates: { maker: rateFromBps(rates.maker), taker: rateFromBps(rates.taker) }, now: () => now, rules: coinbaseRules(randomUUID), cancelDelayMs: 20 })
  const quote = (bid: number, ask: number, size = '5') => venue.onMarket('BTC-USD', { kind: 'quote', atMs: 0, quote: { bid, ask, bidSize: amount(size), askSize: amount(size) } })
  const balance = (asset: string) => `${formatAmount(ledger.accounts.of(asset).free)} + ${formatAmount(ledger.accounts.of(asset).held)}`
  return { ledger, venue, quote, balance, pass: (ms: number) => (now += ms) }
}

let nextId = 0
function terms(side: 'BUY' | 'SELL', quantity: string, limitTicks: number, more: Partial<OrderTerms> = {}): OrderTerms {
  nextId += 1
  return { clientOrderId: `c${nextId}`, productId: 'BTC-USD', side, quantity: amount(quantity), limitTicks, timeInForce: 'GTC', postOnly: false, ...more }
}

describe('amounts', () => {
  it.each([
    ['0.25', 250_000_000_000_000_000n],
    ['.15', 150_000_000_000_000_000n],
    ['61700', 61_700n * 10n ** 18n],
    ['0.000000000000000001', 1n],
  ])('reads %s exactly', (text, atoms) => expect(parseAmount(text)).toBe(atoms))

  it.each(['', '.', '-1', '1e3', '0x1', '1,5', ' 1', '0.0000000000000000001'])('refuses %j', (text) => expect(parseAmount(text)).toBeUndefined())

  it('prints what it reads', () => {
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), (atoms) => amount(formatAmount(atoms)) === atoms))
    expect(formatAmount(amount('-0.5'))).toBe('-0.5')
  })

  it('cuts and raises at the last digit', () => {
    expect(multiply(1n, amount('0.5'))).toBe(0n)
    expect(multiplyUp(1n, amount('0.5'))).toBe(1n)
    expect(formatAmount(divide(amount('1'), amount('3'), 4))).toBe('0.3333')
  })
})

describe('fees, holds and balances, computed by hand', () => {
  it('a resting buy holds value plus the dearer fee: 0.01 x 61690.5 = 616.905, 5 bps = 0.3084525', () => {
    const { venue, quote, balance } = exchange()
    quote(6_170_000, 6_170_001)
    venue.place(terms('BUY', '0.01', 6_169_050, { postOnly: true }))
    expect(balance('USD')).toBe('382.7865475 + 617.2134525')
    quote(6_169_000, 6_169_001)
    expect(balance('USD')).toBe('383.095 + 0')
    expect(balance('BTC')).toBe('0.01 + 0')
  })

  it('a taking buy pays the taker fee: 0.01 x 61700.01 = 617.0001, 5 bps = 0.30850005', () => {
    const { venue, quote, balance, ledger } = exchange()
    quote(6_170_000, 6_170_001)
    venue.place(terms('BUY', '0.01', 6_170_500))
    expect(balance('USD')).toBe('382.69139995 + 0')
    expect(formatAmount(ledger.fills[0]!.fee)).toBe('0.30850005')
    expect(ledger.fills[0]!.liquidity).toBe('TAKER')
  })

  it('a maker fee of 60 bps is taken from a sale: 0.004 x 62000 = 248, fee 1.488', () => {
    const { venue, quote, balance } = exchange({ USD: '0', BTC: '0.01' }, { maker: '60', taker: '120' })
    quote(6_170_000, 6_170_001)
    venue.place(terms('SELL', '0.004', 6_200_000, { postOnly: true }))
    expect(balance('BTC')).toBe('0.006 + 0.004')
    quote(6_200_000, 6_200_001)
    expect(balance('BTC')).toBe('0.006 + 0')
    expect(balance('USD')).toBe('246.512 + 0')
  })

  it('a market buy sized in quote is spent to the last digit: size + commission = quote_size', () => {
    const { venue, quote, balance, ledger } = exchange({ USD: '100' }, { maker: '60', taker: '60' })
    quote(24_999, 25_000)
    const { quantity: _none, limitTicks: _market, ...rest } = terms('BUY', '1', 1)
    venue.place({ ...rest, quoteSize: amount('50'), timeInForce: 'IOC' })
    const [fill] = ledger.fills
    expect(formatAmount(fill!.quantity)).toBe('0.198807157057654')
    expect(fill!.value + fill!.fee).toBe(amount('50'))
    expect(formatAmount(fill!.fee).slice(0, 12)).toBe('0.2982107355')
    expect(balance('USD')).toBe('50 + 0')
    expect(ledger.orderList[0]!.status).toBe('FILLED')
  })

  it('a partial fill releases its share and a cancel the rest', () => {
    const { venue, quote, balance, pass } = exchange()
    quote(6_170_000, 6_170_001)
    const placed = venue.place(terms('BUY', '0.01', 6_000_000))
    quote(5_999_999, 6_000_000, '0.004')
    expect(balance('BTC')).toBe('0.004 + 0')
    expect(balance('USD')).toBe('399.82 + 360.18')
    const id = placed.kind === 'refused' ? '' : placed.order.orderId
    expect(venue.requestCancel(id)).toBe('requested')
    expect(venue.requestCancel(id)).toBe('already requested')
    venue.tick()
    expect(balance('USD')).toBe('399.82 + 360.18')
    pass(20)
    venue.tick()
    expect(balance('USD')).toBe('760 + 0')
    expect(venue.requestCancel(id)).toBe('unknown')
  })

  it('an order can still fill while its cancel is queued', () => {
    const { venue, quote, ledger } = exchange()
    quote(6_170_000, 6_170_001)
    const placed = venue.place(terms('BUY', '0.01', 6_000_000))
    const id = placed.kind === 'refused' ? '' : placed.order.orderId
    venue.requestCancel(id)
    quote(5_999_999, 6_000_000)
    expect(ledger.orders.get(id)?.status).toBe('FILLED')
    expect(venue.requestCancel(id)).toBe('filled')
  })
})

describe('refusals', () => {
  it.each([
    ['insufficientFunds', terms('BUY', '0.02', 6_000_000)],
    ['insufficientFunds', terms('SELL', '0.00000001', 6_200_000)],
    ['wouldCross', terms('BUY', '0.01', 6_170_001, { postOnly: true })],
    ['sizePrecision', { ...terms('BUY', '1', 6_000_000), quantity: amount('0.000000001') }],
    ['cannotFillWhole', terms('BUY', '0.01', 6_000_000, { timeInForce: 'FOK' })],
    ['endInPast', terms('BUY', '0.01', 6_000_000, { timeInForce: 'GTD', endAtMs: 999 })],
    ['unknownProduct', { ...terms('BUY', '0.01', 6_000_000), productId: 'X-Y' }],
    ['closed', { ...terms('BUY', '1', 1), productId: 'XRP-USD' }],
    ['baseTooSmall', { ...terms('BUY', '1', 6_000_000), quantity: 0n }],
  ])('%s', (reason, wish) => {
    const { venue, quote, ledger } = exchange()
    quote(6_170_000, 6_170_001)
    expect(venue.place(wish)).toEqual({ kind: 'refused', reason })
    expect(ledger.clientIds.get(wish.clientOrderId)?.refusal).toBe(reason)
    expect(ledger.orders.size).toBe(0)
  })

  it('an immediate order keeps what it got, the rest ends; a dated one expires', () => {
    const { venue, quote, ledger, pass, balance } = exchange()
    quote(6_170_000, 6_170_001, '0.004')
    venue.place(terms('BUY', '0.01', 6_170_001, { timeInForce: 'IOC' }))
    expect(ledger.orderList[0]).toMatchObject({ status: 'CANCELLED', filled: amount('0.004'), hold: 0n })
    venue.place(terms('BUY', '0.001', 6_000_000, { timeInForce: 'GTD', endAtMs: 1100 }))
    pass(100)
    venue.tick()
    expect(ledger.orderList[1]!.status).toBe('EXPIRED')
    expect(balance('USD')).toMatch(/ \+ 0$/)
  })

  it('a known client order id is answered with its first order', () => {
    const { venue, quote, ledger } = exchange()
    quote(6_170_000, 6_170_001)
    const wish = terms('BUY', '0.001', 6_000_000)
    const first = venue.place(wish)
    expect(venue.place(wish)).toEqual({ kind: 'known', order: first.kind === 'refused' ? undefined : first.order })
    expect(ledger.orders.size).toBe(1)
  })
})

const step = fc.oneof(
  fc.record({ kind: fc.constant('place' as const), side: fc.constantFrom('BUY' as const, 'SELL' as const), steps: fc.integer({ min: 1, max: 50_000_000 }), ticks: fc.integer({ min: 9_900, max: 10_100 }), tif: fc.constantFrom('GTC' as const, 'IOC' as const, 'FOK' as const), postOnly: fc.boolean() }),
  fc.record({ kind: fc.constant('quote' as const), bid: fc.integer({ min: 9_900, max: 10_100 }), size: fc.integer({ min: 0, max: 30_000_000 }) }),
  fc.record({ kind: fc.constant('trade' as const), price: fc.integer({ min: 9_900, max: 10_100 }), size: fc.integer({ min: 1, max: 90_000_000 }), makerSide: fc.constantFrom('BUY' as const, 'SELL' as const) }),
  fc.record({ kind: fc.constant('cancel' as const), which: fc.nat(30) }),
  fc.constant({ kind: 'wait' as const }),
)

describe('conservation (L2)', () => {
  it('free + held = opening + received - given - fees, filled never above quantity, holds add up', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { venue, ledger, quote, pass } = exchange({ USD: '1000', BTC: '2' }, { maker: '7', taker: '13' })
        quote(10_000, 10_001)
        for (const move of steps) {
          if (move.kind === 'place') venue.place({ ...terms(move.side, '1', move.ticks), quantity: BigInt(move.steps) * BTC.baseIncrement, timeInForce: move.tif, postOnly: move.postOnly && move.tif === 'GTC' })
          else if (move.kind === 'quote') quote(move.bid, move.bid + 1, formatAmount(BigInt(move.size) * BTC.baseIncrement))
          else if (move.kind === 'trade') venue.onMarket('BTC-USD', { kind: 'trade', atMs: 0, trade: { price: move.price, quantity: BigInt(move.size) * BTC.baseIncrement, makerSide: move.makerSide } })
          else if (move.kind === 'cancel') venue.requestCancel(ledger.orderList[move.which]?.orderId ?? '')
          else {
            pass(30)
            venue.tick()
          }
        }
        let usd = amount('1000')
        let btc = amount('2')
        for (const fill of ledger.fills) {
          usd += (fill.side === 'BUY' ? -fill.value : fill.value) - fill.fee
          btc += fill.side === 'BUY' ? fill.quantity : -fill.quantity
        }
        const total = (asset: string) => ledger.accounts.of(asset).free + ledger.accounts.of(asset).held
        expect([total('USD'), total('BTC')]).toEqual([usd, btc])
        const held = (side: string) => [...ledger.live.values()].reduce((sum, order) => (order.terms.side === side ? sum + order.hold : sum), 0n)
        expect([ledger.accounts.of('USD').held, ledger.accounts.of('BTC').held]).toEqual([held('BUY'), held('SELL')])
        for (const order of ledger.orderList) expect(order.filled).toBeLessThanOrEqual(order.terms.quantity!)
      }),
      { numRuns: 300 },
    )
  })
})

describe('the journal', () => {
  it('folds to the same ledger, and a torn last line is cut off', () => {
    const path = join(scratch(), 'ledger.jsonl')
    const first = exchange({ USD: '1000' }, { maker: '0', taker: '5' }, openJournal(path))
    first.quote(6_170_000, 6_170_001)
    first.venue.noteRequest('lost-1')
    first.venue.noteRequest('lost-1')
    first.venue.place(terms('BUY', '0.01', 6_000_000))
    first.venue.place(terms('BUY', '0.001', 6_170_100))
    first.quote(5_999_999, 6_000_000, '0.004')
    appendFileSync(path, '{"type":"ended","orderId"')
    const journal = openJournal(path)
    const again = new Ledger(journal, { USD: amount('5') }, 2)
    expect(again.orderList).toEqual(first.ledger.orderList)
    expect(again.fills).toEqual(first.ledger.fills)
    expect(again.accounts.of('USD')).toEqual(first.ledger.accounts.of('USD'))
    expect(again.clientIds.get('lost-1')).toMatchObject({ writes: 2 })
    again.close()
    expect(readFileSync(path, 'utf8').endsWith('}\n')).toBe(true)
  })

  it('with a broken line says so rather than guess', () => {
    const path = join(scratch(), 'ledger.jsonl')
    writeFileSync(path, 'nonsense\n')
    const journal = openJournal(path)
    expect(() => new Ledger(journal, {}, 1)).toThrow()
    journal.close()
  })
})
