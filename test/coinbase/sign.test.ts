import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { KeyError, loadKey, readKeyFile } from '../../src/adapters/coinbase/sign.ts'
import { vectorName, vectorSecret } from './support.ts'

const vectorToken =
  'eyJhbGciOiJFZERTQSIsImtpZCI6Im9yZ2FuaXphdGlvbnMvb3JnLTEvYXBpS2V5cy9rZXktMSIsIm5vbmNlIjoiMDAxMTIyMzM0NDU1NjY3Nzg4OTlhYWJiY2NkZGVlZmYiLCJ0eXAiOiJKV1QifQ.eyJzdWIiOiJvcmdhbml6YXRpb25zL29yZy0xL2FwaUtleXMva2V5LTEiLCJpc3MiOiJjZHAiLCJuYmYiOjE3OTAwMDAwMDAsImV4cCI6MTc5MDAwMDEyMCwidXJpIjoiR0VUIGFwaS5jb2luYmFzZS5jb20vYXBpL3YzL2Jyb2tlcmFnZS9hY2NvdW50cyJ9.4iV5_uxXFM2v12bn2JREBH2dK8b7f68uIE2pcpfZytjrzc03dGERVK1M-Q_mG_nujV0Fo_F1YoKFYz72jK9-Aw'
const claims = { notBefore: 1_790_000_000_000, lifetimeMs: 120_000, uri: 'GET api.coinbase.com/api/v3/brokerage/accounts' }

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const sec1 = ec.privateKey.export({ format: 'pem', type: 'sec1' }).toString()
const pkcs8 = ec.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const ed = generateKeyPairSync('ed25519')
const edPem = ed.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const payloadOf = (token: string): Record<string, unknown> => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

test('the worked Ed25519 vector comes out exactly', () => {
  const key = loadKey({ name: vectorName, secret: vectorSecret })
  expect(key.token(claims, '00112233445566778899aabbccddeeff')).toBe(vectorToken)
})

test('an ES256 token verifies in the raw r||s form', () => {
  const token = loadKey({ name: 'k', secret: sec1 }).token(claims)
  const [head, body, signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  expect(bytes).toHaveLength(64)
  expect(verify('sha256', Buffer.from(`${head}.${body}`), { key: createPublicKey(sec1), dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true)
})

test('every token has its own nonce, WebSocket tokens have no uri, and none outlives what was asked', () => {
  const key = loadKey({ name: vectorName, secret: vectorSecret })
  const token = key.token({ notBefore: 1_790_000_000_900, lifetimeMs: 10_050 })
  expect(payloadOf(token)).toEqual({ sub: vectorName, iss: 'cdp', nbf: 1_790_000_000, exp: 1_790_000_010 })
  expect(key.token(claims)).not.toBe(key.token(claims))
})

describe('keys as users paste them', () => {
  const forms: [string, string, 'ES256' | 'EdDSA'][] = [
    ['SEC1 PEM', sec1, 'ES256'],
    ['PKCS8 PEM', pkcs8, 'ES256'],
    ['escaped line breaks', sec1.replaceAll('\n', String.raw`\n`), 'ES256'],
    ['escaped and quoted', `"${sec1.replaceAll('\n', String.raw`\n`)}"`, 'ES256'],
    ['Windows line breaks', sec1.replaceAll('\n', '\r\n'), 'ES256'],
    ['escaped Windows line breaks', sec1.replaceAll('\n', String.raw`\r\n`), 'ES256'],
    ['line breaks turned into spaces', `  ${sec1.replaceAll('\n', ' ')} `, 'ES256'],
    ['line breaks lost', sec1.replaceAll('\n', ''), 'ES256'],
    ['Ed25519 PEM', edPem, 'EdDSA'],
    ['seed and public half', vectorSecret, 'EdDSA'],
    ['seed and public half, wrapped', `'${vectorSecret.slice(0, 40)}\n ${vectorSecret.slice(40)}'`, 'EdDSA'],
    ['seed alone', Buffer.from(vectorSecret, 'base64').subarray(0, 32).toString('base64'), 'EdDSA'],
  ]
  test.each(forms)('%s', (_form, secret, algorithm) => {
    // The name says nothing about the algorithm.
    expect(loadKey({ name: 'organizations/ed25519/apiKeys/ES256', secret }).algorithm).toBe(algorithm)
  })

  const wrong: [string, string, string][] = [
    ['empty', '', 'neither PEM nor'],
    ['too short', Buffer.alloc(31).toString('base64'), 'neither PEM nor'],
    ['not base64', '!'.repeat(44), 'neither PEM nor'],
    ['a legacy HMAC secret', Buffer.alloc(64, 7).toString('base64'), 'legacy API secret'],
    ['a cut PEM', sec1.slice(0, 100), 'cut off'],
    ['a public key', ec.publicKey.export({ format: 'pem', type: 'spki' }).toString(), 'not a private key'],
    ['another curve', generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).privateKey.export({ format: 'pem', type: 'sec1' }).toString(), 'neither ECDSA P-256'],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(), 'neither ECDSA P-256'],
  ]
  test.each(wrong)('refused: %s', (_form, secret, says) => {
    expect(() => loadKey({ name: 'k', secret })).toThrow(KeyError)
    expect(() => loadKey({ name: 'k', secret })).toThrow(says)
  })

  test('key files name the key "name" or "id"', () => {
    expect(readKeyFile(JSON.stringify({ name: 'a', privateKey: 'b' }))).toEqual({ name: 'a', secret: 'b' })
    expect(readKeyFile(JSON.stringify({ id: 'a', privateKey: 'b' }))).toEqual({ name: 'a', secret: 'b' })
    expect(() => readKeyFile('{"name":"a"}')).toThrow(KeyError)
    expect(() => readKeyFile(sec1)).toThrow('not a JSON object')
  })
})

test('a key cannot be printed or serialised', () => {
  const key = loadKey({ name: vectorName, secret: vectorSecret })
  const seen = [JSON.stringify({ key }), inspect(key, { showHidden: true, depth: 9 }), inspect({ key }), key.toString(), JSON.stringify(Object.entries(key))].join(' ')
  expect(seen).not.toContain(vectorSecret.slice(0, 20))
  expect(seen).toContain('[secret]')
})
