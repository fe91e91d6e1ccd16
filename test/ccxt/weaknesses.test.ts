/** What an exchange has not is told, and met with a failure. */
import * as ccxt from 'ccxt'
import { describe, expect, test } from 'vitest'
import { loadCcxt, weaknesses } from '../../src/adapters/ccxt/index.ts'
import { approved } from '../support/venue-hosts.ts'
import { buy, exchangeWith, instrument, smallVenue } from './structural.ts'

const little = exchangeWith({ has: { createPostOnlyOrder: false, createOrder: false, cancelOrder: undefined, fetchTime: false } })
const textOf = (list: ReturnType<typeof weaknesses>): string => list.map(({ what, because }) => `${what}: ${because}`).join('\n')

describe('an exchange that says no to most things', () => {
  test('shows every lack in a sentence, besides what polling is', () => {
    const text = textOf(weaknesses(little))
    for (const lack of ['createOrder', 'cancelOrder', 'fetchOrder', 'fetchOpenOrders', 'fetchOrders, fetchClosedOrders', 'fetchMyTrades', 'fetchBalance', 'fetchTradingFee', 'fetchTime', 'fetchBidsAsks', 'fetchOrderBook', 'fetchTrades', 'fetchOHLCV']) expect(text).toMatch(new RegExp(`it has (no|none of|neither) ${lack}`))
    expect(text).toContain('post-only orders are refused')
    expect(text).toContain('a create that was written late is not turned away')
  })

  test('is answered for with failures, and never with an invention', async () => {
    const { venue } = smallVenue(little)
    const answers = [
      await venue.order('BTC-USD:1'),
      await venue.workingOrders(),
      await venue.ordersSince(0),
      await venue.findByClientOrderId('x', 0),
      await venue.fillsOf('BTC-USD:1'),
      await venue.fillsSince(0),
      await venue.quotes([instrument]),
      await venue.book(instrument, 5),
      await venue.trades(instrument, 5),
      await venue.candles(instrument, '1m', { from: 0, to: 60_000 }),
      await venue.preview(buy()),
    ]
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, failure: { kind: 'badRequest' } })
    expect((await venue.balances()).ok).toBe(false)
    expect((await venue.create({ request: approved(buy({ postOnly: false })), claimedAt: venue.now() })).kind).toBe('unknown')
    expect((await venue.cancel('BTC-USD:1')).kind).toBe('unknown')
    expect((await venue.amend('BTC-USD:1', buy())).kind).toBe('refused')
    expect([await venue.accountId(), await venue.keyPermissions()]).toMatchObject([{ ok: false, failure: { kind: 'unauthorised' } }, { ok: false, failure: { kind: 'unauthorised' } }])
  })
})

test('can be told of every exchange that ccxt knows; those without spot markets are not loaded', async () => {
  const told = await Promise.all(Object.keys(ccxt.exchanges).map(async (id) => ({ id, of: await loadCcxt(id).then((exchange) => weaknesses(exchange).length, (error: unknown) => String(error)) })))
  expect(told.filter(({ id, of }) => typeof of === 'string' && of !== `CcxtError: ${id} has no spot markets`)).toEqual([])
  expect(told.filter(({ of }) => typeof of === 'number').length).toBeGreaterThan(50)
})

test('the list grows shorter by what an exchange has, and tells how late its streams are', async () => {
  const kraken = weaknesses(await loadCcxt('kraken'), 2_500)
  expect(kraken.length).toBeLessThan(weaknesses(little).length)
  expect(textOf(kraken)).toContain('2500 ms')
  expect(textOf(weaknesses(await loadCcxt('binance')))).not.toContain('names')
})
