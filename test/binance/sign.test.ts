import { constants, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { KeyError, loadKey, readKeyFile, type SigningKey } from '../../src/adapters/binance/index.ts'
import { queryOf, signedParams, signedQuery } from '../../src/adapters/binance/signed-request.ts'
import { vectorApiKey, vectorSecret } from './support.ts'

const hmac = loadKey({ apiKey: vectorApiKey, secret: vectorSecret })
const ed = generateKeyPairSync('ed25519')
const edPem = ed.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const rsaPem = rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const rsaOld = rsa.privateKey.export({ format: 'pem', type: 'pkcs1' }).toString()
const bare = (pem: string): string => pem.replaceAll(/-----[^-]+-----|\s/g, '')

describe('the worked signatures of the venue come out exactly', () => {
  test.each([
    ['ASCII', 'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559', 'c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71'],
    ['a symbol of full-width digits', `symbol=%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559`, 'e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3'],
    ['query and body without a separator', 'symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTCquantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559', '0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77'],
  ])('%s', (_name, payload, signature) => expect(hmac.sign(payload)).toBe(signature))

  test('the query of a call is encoded before it is signed', () => {
    const params = [['symbol', '１２３４５６'], ['side', 'BUY'], ['type', 'LIMIT'], ['timeInForce', 'GTC'], ['quantity', '1'], ['price', '0.1'], ['recvWindow', '5000'], ['timestamp', '1499827319559']] as const
    expect(signedQuery(hmac, params)).toBe(`${queryOf(params)}&signature=e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3`)
  })

  test('the WebSocket API signs sorted and unencoded, the key among the parameters', () => {
    const params = { symbol: 'BTCUSDT', side: 'SELL', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01000000', price: '52000.00', recvWindow: 100, timestamp: 1645423376532 }
    expect(signedParams(hmac, params)).toEqual({ ...params, apiKey: vectorApiKey, signature: 'aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24' })
  })
})

test('what is signed is what the URL carries, whatever the characters', () => {
  const query = queryOf([['symbols', '["BTCUSDT","BNBUSDT"]'], ['odd', "it's (a) *star*! ~ + / = & ?"]])
  expect(query).toContain('symbols=%5B%22BTCUSDT%22%2C%22BNBUSDT%22%5D')
  const url = new URL('http://host/path')
  url.search = query
  expect(url.search).toBe(`?${query}`)
  expect(url.searchParams.get('odd')).toBe("it's (a) *star*! ~ + / = & ?")
})

test('Ed25519 and RSA signatures verify, and their base64 is encoded in a query', () => {
  const edSignature = loadKey({ apiKey: 'k', secret: edPem }).sign('a=1')
  expect(verify(null, Buffer.from('a=1'), ed.publicKey, Buffer.from(edSignature, 'base64'))).toBe(true)
  const rsaSignature = loadKey({ apiKey: 'k', secret: rsaPem }).sign('a=1')
  expect(verify('sha256', Buffer.from('a=1'), { key: createPublicKey(rsaPem), padding: constants.RSA_PKCS1_PADDING }, Buffer.from(rsaSignature, 'base64'))).toBe(true)
  const query = signedQuery(loadKey({ apiKey: 'k', secret: rsaPem }), [['a', '1']])
  expect(query).toBe(`a=1&signature=${encodeURIComponent(rsaSignature)}`)
  expect(query).not.toMatch(/[+/]/)
})

describe('keys as users paste them', () => {
  const forms: [string, string, SigningKey['algorithm']][] = [
    ['an HMAC secret', vectorSecret, 'HMAC'],
    ['an HMAC secret in quotes and space', `  "${vectorSecret}"\n`, 'HMAC'],
    ['Ed25519 PEM', edPem, 'Ed25519'],
    ['escaped line breaks', edPem.replaceAll('\n', String.raw`\n`), 'Ed25519'],
    ['escaped Windows line breaks in quotes', `'${edPem.replaceAll('\n', String.raw`\r\n`)}'`, 'Ed25519'],
    ['Windows line breaks', rsaPem.replaceAll('\n', '\r\n'), 'RSA'],
    ['line breaks turned into spaces', ` ${rsaPem.replaceAll('\n', ' ')} `, 'RSA'],
    ['line breaks lost', rsaPem.replaceAll('\n', ''), 'RSA'],
    ['PKCS#1 PEM', rsaOld, 'RSA'],
    ['the bare base64 of an Ed25519 key', bare(edPem), 'Ed25519'],
    ['the bare base64 of an RSA key, wrapped', bare(rsaPem).replaceAll(/(.{70})/g, '$1\n'), 'RSA'],
  ]
  test.each(forms)('%s', (_form, secret, algorithm) => {
    const key = loadKey({ apiKey: ` '${vectorApiKey}' `, secret })
    expect(key.algorithm).toBe(algorithm)
    expect(key.apiKey).toBe(vectorApiKey)
    expect(key.sign('x')).toBe(loadKey({ apiKey: 'k', secret }).sign('x'))
  })

  const encrypted = ed.privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }).toString()
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
  const wrong: [string, string, string, string][] = [
    ['no API key', '', vectorSecret, 'the API key is empty'],
    ['the two swapped', edPem, vectorApiKey, 'the API key holds a PEM text'],
    ['an API key of two words', 'a b', vectorSecret, 'the API key holds a space'],
    ['no secret', 'k', ' "" ', 'the secret is empty'],
    ['the API key twice', vectorApiKey, vectorApiKey, 'the secret is the API key itself'],
    ['a secret cut short', 'k', vectorSecret.slice(0, 12), 'too short'],
    ['a secret of two lines', 'k', `${vectorSecret}\n${vectorSecret}`, 'neither PEM nor an HMAC secret'],
    ['a cut PEM', 'k', edPem.slice(0, 60), 'cut off'],
    ['a damaged PEM', 'k', edPem.replace('MC4C', 'MC5C'), 'not a private key'],
    ['a cut bare key', 'k', bare(edPem).slice(0, 40), 'cut off or damaged'],
    ['a public key', 'k', ed.publicKey.export({ format: 'pem', type: 'spki' }).toString(), 'a public key'],
    ['a key with a passphrase', 'k', encrypted, 'passphrase'],
    ['a key of another kind', 'k', ec, 'neither Ed25519 nor RSA'],
    ['a short RSA key', 'k', small, 'fewer than 2048 bits'],
  ]
  test.each(wrong)('refused: %s', (_form, apiKey, secret, says) => {
    expect(() => loadKey({ apiKey, secret })).toThrow(KeyError)
    expect(() => loadKey({ apiKey, secret })).toThrow(says)
  })

  test.each(wrong.filter(([, , secret]) => secret.length > 10))('no refusal quotes what was given: %s', (_form, apiKey, secret) => {
    const said = ((): string => {
      try {
        return inspect(loadKey({ apiKey, secret }))
      } catch (error) {
        return error instanceof Error ? inspect([error.name, error.message, error.cause, Object.entries(error)]) : ''
      }
    })()
    expect(said).toContain('KeyError')
    expect(said).not.toContain(bare(secret).slice(0, 9))
  })

  test('key files hold the key and the secret, or the private key', () => {
    expect(readKeyFile(JSON.stringify({ apiKey: 'a', secret: 'b' }))).toEqual({ apiKey: 'a', secret: 'b' })
    expect(readKeyFile(JSON.stringify({ apiKey: 'a', privateKey: 'b' }))).toEqual({ apiKey: 'a', secret: 'b' })
    expect(() => readKeyFile('{"secret":"b"}')).toThrow('"apiKey"')
    expect(() => readKeyFile('{"apiKey":"b"}')).toThrow('"secret"')
    expect(() => readKeyFile(edPem)).toThrow('not a JSON object')
  })
})

test.each([['HMAC', vectorSecret], ['Ed25519', edPem]])('a key of %s cannot be printed or serialised', (_kind, secret) => {
  const key = loadKey({ apiKey: vectorApiKey, secret })
  const seen = [JSON.stringify({ key }), inspect(key, { showHidden: true, depth: 9 }), inspect({ key }), key.toString(), JSON.stringify(Object.entries(key))].join(' ')
  expect(seen).not.toContain(bare(secret).slice(24, 44))
  expect(seen).toContain('[secret]')
})
