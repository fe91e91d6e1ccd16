/** Watching an exchange that has no adapter of its own: ccxt's kraken class, on answers as its documentation shows them. */
import { expect, test } from 'vitest'
import { ccxtVenue, loadCcxt } from '../../src/adapters/ccxt/index.ts'
import { fakeRest, MemoryLog, NotingListener, realClock, until } from '../support/venue-hosts.ts'

const pair = { altname: 'XBTUSD', wsname: 'XBT/USD', aclass_base: 'currency', base: 'XXBT', aclass_quote: 'currency', quote: 'ZUSD', lot: 'unit', cost_decimals: 5, pair_decimals: 1, lot_decimals: 8, lot_multiplier: 1, leverage_buy: [2, 3], leverage_sell: [2, 3], fees: [[0, 0.26]], fees_maker: [[0, 0.16]], fee_volume_currency: 'ZUSD', margin_call: 80, margin_stop: 40, ordermin: '0.0001', costmin: '0.5', tick_size: '0.1', status: 'online' }
const results: Readonly<Record<string, object>> = {
  Assets: { XXBT: { aclass: 'currency', altname: 'XBT', decimals: 10, display_decimals: 5, status: 'enabled' }, ZUSD: { aclass: 'currency', altname: 'USD', decimals: 4, display_decimals: 2, status: 'enabled' } },
  AssetPairs: { XXBTZUSD: pair, XETHZUSD: { ...pair, altname: 'ETHUSD', wsname: 'ETH/USD', base: 'XETH', pair_decimals: 2, status: 'cancel_only' } },
  Ticker: { XXBTZUSD: { a: ['68012.40000', '1', '1.000'], b: ['68012.30000', '5', '5.000'], c: ['68012.3', '0.0018'], v: ['1', '2'], p: ['1', '2'], t: [1, 2], l: ['1', '2'], h: ['1', '2'], o: '1' } },
  Depth: { XXBTZUSD: { asks: [['68012.40000', '0.00000012', 1_700_000_000], ['100000.1', '2', 1_700_000_000]], bids: [['9000.1', '1', 1_700_000_000], ['68012.30000', '5', 1_700_000_000]] } },
}

test('kraken is watched without a key: instruments, prices, book, clock', async () => {
  const rest = await fakeRest(({ path }) => {
    const method = path.split('/').at(-1) ?? ''
    return { body: { error: [], result: method === 'Time' ? { unixtime: Math.floor(Date.now() / 1_000) } : (results[method] ?? {}) } }
  })
  const exchange = await loadCcxt('kraken', { urls: { api: { public: rest.url, private: rest.url } } })
  const venue = ccxtVenue({ exchange, instruments: ['BTC-USD'], clock: realClock, log: new MemoryLog(), pollMs: 50, perSecond: 0 })
  expect(await venue.instruments()).toEqual({
    ok: true,
    value: [
      { id: 'BTC-USD', base: 'BTC', quote: 'USD', tick: '0.1', step: '0.00000001', minQuantity: '0.0001', maxQuantity: '1000000000000000000', minNotional: '0.5', status: 'online' },
      expect.objectContaining({ id: 'ETH-USD', tick: '0.01', status: 'halted' }) as object,
    ],
  })
  expect(await venue.book('BTC-USD', 5)).toMatchObject({ ok: true, value: { bids: [{ price: '68012.3', quantity: '5' }, { price: '9000.1', quantity: '1' }], asks: [{ price: '68012.4', quantity: '0.00000012' }, { price: '100000.1', quantity: '2' }] } })
  const offset = await venue.clockOffset()
  expect(offset.ok && Math.abs(offset.value)).toBeLessThanOrEqual(600)
  const listener = new NotingListener()
  const stream = venue.marketFeed.open(['BTC-USD'], listener)
  await until(() => listener.quotes.length > 1)
  stream.close()
  expect(listener.notes).toEqual(['opened', 'subscribed'])
  expect(listener.quotes[0]).toMatchObject({ instrument: 'BTC-USD', bid: '68012.3', ask: '68012.4', source: 'rest' })
  expect(rest.asked.every(({ method }) => method === 'GET')).toBe(true)
})
