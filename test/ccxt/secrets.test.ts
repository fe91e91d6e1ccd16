/** A key is in nothing that the adapter says. */
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { redactor } from '../../src/adapters/ccxt/redact.ts'
import { loadKey } from '../../src/adapters/ccxt/index.ts'
import { approved, fakeRest, MemoryLog } from '../support/venue-hosts.ts'
import { binanceExchange, keyOf, venueOn } from './support.ts'
import { buy } from './structural.ts'

const apiKey = 'planted-api-key'
const secret = 'planted/secret+=&'
const pem = ['-----BEGIN PRIVATE KEY-----', 'plantedLineOne+/', 'plantedLineTwo', '-----END PRIVATE KEY-----'].join('\n')

describe('the words of the library', () => {
  const redact = redactor(loadKey({ apiKey, secret: pem, password: 'planted-pass', uid: 'planted-uid' }))

  test.each([
    ['as it is', `denied for ${apiKey}, planted-pass, planted-uid`],
    ['line by line', 'bad PEM near plantedLineTwo'],
    ['as JSON', JSON.stringify({ secret: pem })],
    ['percent-encoded', `q=${encodeURIComponent(pem)}`],
    ['behind the end of what is shown', `${'x '.repeat(90)}${apiKey}${apiKey}`],
  ])('lose a key that is quoted %s', (_how, words) => {
    for (const piece of ['planted']) expect(redact(words)).not.toContain(piece)
  })

  test('lose URLs, and whatever is as long as a signature', () => {
    expect(redact(`GET https://api.example/v3/order?signature=${'ab'.repeat(32)} 400 {"sig":"${'cd'.repeat(32)}"}`)).toBe('GET [url] 400 {"sig":"[long]"}')
  })

  test('come out as one bounded line', () => {
    const words = redact(`a\nb\u0000${'word '.repeat(5_000)}`)
    expect(words).toMatch(/^a b/)
    expect(words).not.toMatch(/\p{Cc}/u)
    expect(words.length).toBeLessThanOrEqual(200)
  })
})

test('a key shows itself nowhere but where it is asked to', () => {
  const key = loadKey({ apiKey, secret })
  expect([String(key), JSON.stringify({ key }), inspect(key), inspect({ key }, { depth: 9, showHidden: true })].join()).not.toContain('planted')
  expect(key.reveal()).toEqual({ apiKey, secret })
})

test('a host that throws back all that it was sent does not bring the key into any failure or log line', async () => {
  const rest = await fakeRest(({ method, path, query, headers, body }) => ({
    status: method === 'GET' && path.endsWith('exchangeInfo') ? 200 : 400,
    body: path.endsWith('exchangeInfo')
      ? { symbols: [{ symbol: 'BTCUSD', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USD', isSpotTradingAllowed: true, permissions: ['SPOT'], permissionSets: [['SPOT']], orderTypes: ['LIMIT', 'LIMIT_MAKER'], filters: [{ filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01' }, { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: '0.00001' }] }] }
      : { code: -1, msg: `you sent ${path}?${query.toString()} ${JSON.stringify(headers)} ${body} and the secret is ${secret}` },
  }))
  const log = new MemoryLog()
  const key = keyOf(apiKey, secret)
  const venue = venueOn(await binanceExchange(rest.url, key), 'BTC-USD', { key, log })
  const said = [
    await venue.balances(),
    await venue.create({ request: approved(buy()), claimedAt: venue.now() }),
    await venue.cancel('BTC-USD:1'),
    await venue.order('BTC-USD:1'),
    await venue.workingOrders(),
    await venue.findByClientOrderId('x', 0),
    await venue.fillsSince(0),
    await venue.quotes(['BTC-USD']),
    await venue.accountId(),
    await venue.keyPermissions(),
    venue.capabilities,
    log.lines,
  ]
  expect(rest.asked.length).toBeGreaterThan(5)
  expect(rest.asked.some(({ headers }) => headers['x-mbx-apikey'] === apiKey)).toBe(true)
  expect(JSON.stringify(said)).toContain('you sent')
  expect(JSON.stringify(said) + inspect(said, { depth: 9 })).not.toContain('planted')
})
