import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { acceptableUris, tokenFault } from '../../sandbox/coinbase/jwt.ts'
import { apiKey, ed25519PublicKey, type ApiKey } from '../../sandbox/coinbase/keys.ts'

const name = 'organizations/org-1/apiKeys/key-1'
const now = 1_790_000_000
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const keys = new Map<string, ApiKey>([[name, apiKey(name, 'ES256', publicKey)]])
const uris = acceptableUris('GET', '127.0.0.1:4000', '/api/v3/brokerage/accounts')
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

function token(header: object = {}, payload: object = {}, key = privateKey): string {
  const signed = `${part({ alg: 'ES256', typ: 'JWT', kid: name, nonce: 'ab12', ...header })}.${part({ sub: name, iss: 'cdp', nbf: now, exp: now + 120, uri: uris[0], ...payload })}`
  return `${signed}.${sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

describe('tokens', () => {
  it.each([
    ['as documented', token()],
    ['of the ccxt dialect', token({}, { iss: 'coinbase-cloud', aud: ['retail_rest_api_proxy'], iat: now })],
    ['with a list of uris', token({}, { uri: undefined, uris: [uris[0]] })],
    ['with the scheme in the uri, as ccxt spells it over plain HTTP', token({}, { uri: 'GET http://127.0.0.1:4000/api/v3/brokerage/accounts' })],
    ['with a letter cut off the host, as coinbase-api does over plain HTTP', token({}, { uri: 'GET 27.0.0.1:4000/api/v3/brokerage/accounts' })],
    ['up to 5 s early', token({}, { nbf: now + 5 })],
    ['up to 5 s late', token({}, { nbf: now - 125, exp: now - 5 })],
  ])('accepted: %s', (_what, jwt) => expect(tokenFault(jwt, { keys, nowMs: now * 1000, uris })).toBeUndefined())

  it.each([
    ['bad signature', token({}, {}, stranger)],
    ['bad signature', `${token().slice(0, -4)}AAAA`],
    ['not yet valid', token({}, { nbf: now + 6 })],
    ['expired', token({}, { exp: now - 6 })],
    ['wrong uri', token({}, { uri: 'POST 127.0.0.1:4000/api/v3/brokerage/accounts' })],
    ['wrong uri', token({}, { uri: 'GET api.coinbase.com/api/v3/brokerage/accounts' })],
    ['wrong uri', token({}, { uri: 'GET 127.0.0.1:4000/api/v3/brokerage/orders' })],
    ['wrong uri', token({}, { uri: `${uris[0]}?limit=1` })],
    ['wrong uri', token({}, { uri: undefined })],
    ['unknown key', token({ kid: 'other' })],
    ['unknown key', token({}, { sub: 'other' })],
    ['wrong algorithm', token({ alg: 'EdDSA' })],
    ['wrong algorithm', token({ alg: 'none' })],
    ['no nonce', token({ nonce: undefined })],
    ['wrong issuer', token({}, { iss: 'me' })],
    ['malformed', 'abc'],
    ['malformed', ''],
  ])('refused, %s', (fault, jwt) => expect(tokenFault(jwt, { keys, nowMs: now * 1000, uris })).toBe(fault))

  it('a token of the socket needs no uri', () => expect(tokenFault(token({}, { uri: undefined }), { keys, nowMs: now * 1000 })).toBeUndefined())

  it('the worked Ed25519 vector of the fact sheet verifies', () => {
    const secret = 'nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg=='
    const vector =
      'eyJhbGciOiJFZERTQSIsImtpZCI6Im9yZ2FuaXphdGlvbnMvb3JnLTEvYXBpS2V5cy9rZXktMSIsIm5vbmNlIjoiMDAxMTIyMzM0NDU1NjY3Nzg4OTlhYWJiY2NkZGVlZmYiLCJ0eXAiOiJKV1QifQ.eyJzdWIiOiJvcmdhbml6YXRpb25zL29yZy0xL2FwaUtleXMva2V5LTEiLCJpc3MiOiJjZHAiLCJuYmYiOjE3OTAwMDAwMDAsImV4cCI6MTc5MDAwMDEyMCwidXJpIjoiR0VUIGFwaS5jb2luYmFzZS5jb20vYXBpL3YzL2Jyb2tlcmFnZS9hY2NvdW50cyJ9.4iV5_uxXFM2v12bn2JREBH2dK8b7f68uIE2pcpfZytjrzc03dGERVK1M-Q_mG_nujV0Fo_F1YoKFYz72jK9-Aw'
    const ed = apiKey(name, 'EdDSA', ed25519PublicKey(secret))
    const check = { keys: new Map([[name, ed]]), nowMs: now * 1000, uris: ['GET api.coinbase.com/api/v3/brokerage/accounts'] }
    expect(tokenFault(vector, check)).toBeUndefined()
    expect(tokenFault(`${vector.slice(0, -2)}Aw`.replace('4iV5', '5iV5'), check)).toBe('bad signature')
  })

  it('keys are what they say', () => {
    expect(createPublicKey(createPrivateKey(privateKey.export({ format: 'pem', type: 'sec1' }))).equals(publicKey)).toBe(true)
  })
})
