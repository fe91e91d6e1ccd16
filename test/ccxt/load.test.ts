/** What an operator reads when ccxt, the exchange's name or the key is wrong. */
import { describe, expect, test } from 'vitest'
import { CcxtError, ccxtVenue, KeyError, loadCcxt, loadKey, readKeyFile } from '../../src/adapters/ccxt/index.ts'
import { MemoryLog, realClock } from '../support/venue-hosts.ts'

const key = loadKey({ apiKey: 'an-api-key', secret: 'a-secret' })

describe('loading', () => {
  test('makes an exchange object of the installed library, which the venue then keeps from numbers, retries and queues', async () => {
    const exchange = await loadCcxt('kraken', { key })
    expect([exchange.number === String, exchange.enableRateLimit]).toEqual([false, true])
    ccxtVenue({ exchange, instruments: [], clock: realClock, log: new MemoryLog(), requestTimeoutMs: 4_321 })
    expect([exchange.id, exchange.number === String, exchange.enableRateLimit, exchange.timeout, exchange.options['maxRetriesOnFailure']]).toEqual(['kraken', true, false, 4_321, 0])
  })

  test('says how to install what is not there', async () => {
    const absent = async (): Promise<never> => { throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' }) }
    await expect(loadCcxt('kraken', {}, absent)).rejects.toThrow('ccxt is not installed: npm install ccxt@4')
  })

  test('says when it is there and broken, or of another version', async () => {
    await expect(loadCcxt('kraken', {}, async () => { throw new Error('disk full') })).rejects.toThrow('ccxt cannot be loaded')
    await expect(loadCcxt('kraken', {}, async () => ({ default: { version: '5.0.1', exchanges: ['kraken'] } }))).rejects.toThrow('ccxt 5.0.1 is installed, and version 4 is needed')
    await expect(loadCcxt('kraken', {}, async () => undefined)).rejects.toThrow('ccxt of an unknown version is installed')
  })

  test.each([['krakn', /no exchange "krakn"; the nearest are kraken, /], ['Binance', /the nearest are binance, /], ['constructor', /no exchange/], ['version', /no exchange/], ['', /no exchange ""/]])('an exchange %j is not known, and the nearest are named', async (id, sentence) => {
    await expect(loadCcxt(id)).rejects.toThrow(sentence)
    await expect(loadCcxt(id)).rejects.toBeInstanceOf(CcxtError)
  })

  test('an exchange without spot markets is refused', async () => {
    await expect(loadCcxt('krakenfutures')).rejects.toThrow('krakenfutures has no spot markets')
  })

  test('a key that lacks what the exchange wants is refused; without a key nothing is wanted', async () => {
    await expect(loadCcxt('okx', { key })).rejects.toThrow('okx wants "password" in the key file')
    expect((await loadCcxt('okx', { key: loadKey({ apiKey: 'an-api-key', secret: 'a-secret', password: 'p' }) })).id).toBe('okx')
    expect((await loadCcxt('okx')).id).toBe('okx')
  })
})

describe('a key file', () => {
  test('holds apiKey and secret, and password and uid where the exchange gives them', () => {
    expect(readKeyFile('{"apiKey":"a","secret":"b","password":"c","uid":"d","note":1}')).toEqual({ apiKey: 'a', secret: 'b', password: 'c', uid: 'd' })
    expect(loadKey({ apiKey: ' "a" ', secret: String.raw`'x\ny'`, uid: '7' }).reveal()).toEqual({ apiKey: 'a', secret: 'x\ny', uid: '7' })
  })

  test.each([
    ['{', 'the key file is not a JSON object'],
    ['{"secret":"b"}', 'the key file has no "apiKey"'],
    ['{"apiKey":"a"}', 'the key file has no "secret"'],
    ['{"apiKey":"a","secret":"b","password":1}', 'the "password" in the key file is not a text'],
    ['{"apiKey":"a","secret":"b","uid":1}', 'the "uid" in the key file is not a text: put it in quotes'],
  ])('%s: %s', (text, sentence) => {
    expect(() => readKeyFile(text)).toThrow(new KeyError(sentence))
  })

  test.each([
    [{ apiKey: ' ', secret: 'b' }, 'the API key is empty'],
    [{ apiKey: 'a', secret: '""' }, 'the secret is empty'],
    [{ apiKey: 'a', secret: 'a' }, 'the secret is the API key itself'],
  ])('%j: %s', (text, sentence) => {
    expect(() => loadKey(text)).toThrow(sentence)
  })
})

test('an account is named by exchange and key, the same every time, and the name does not show the key', async () => {
  const named = async (id: string, apiKey: string) => {
    const venue = ccxtVenue({ exchange: await loadCcxt(id), key: loadKey({ apiKey, secret: 'a-secret' }), instruments: [], clock: realClock, log: new MemoryLog() })
    return venue.accountId()
  }
  const one = await named('kraken', 'an-api-key')
  expect(one).toEqual(await named('kraken', 'an-api-key'))
  expect(one).toMatchObject({ ok: true, value: expect.stringMatching(/^kraken:[0-9a-f]{32}$/) as string })
  expect([await named('binance', 'an-api-key'), await named('kraken', 'another-key')]).not.toContainEqual(one)
})
