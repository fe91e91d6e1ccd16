import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, timingSafeEqual, verify } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A key the venue knows and what verifies its signatures (binance-spot.md 3.1). */
export interface ApiKey {
  readonly apiKey: string
  readonly algorithm: 'HMAC' | 'Ed25519'
  /** Whether the signature is this key's, of exactly these bytes. */
  holds(payload: string, signature: string): boolean
}

/** The venue's keys and where their private halves lie. */
export interface KeyRing {
  readonly keyFile: string
  readonly keys: ReadonlyMap<string, ApiKey>
}

type KeyFile = { readonly apiKey: string; readonly environment: 'sandbox' } & ({ readonly algorithm: 'HMAC'; readonly secret: string } | { readonly algorithm: 'Ed25519'; readonly privateKey: string })

/** Loads both key files of `home` (Ed25519, and HMAC beside it), making them on the first start with mode 0600. `keyFile` is the Ed25519 one. */
export function openKeyRing(home: string): KeyRing {
  const keyFile = join(home, 'binance-key.json')
  const files = [
    loadOrMake(keyFile, () => ({ algorithm: 'Ed25519', privateKey: generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() })),
    loadOrMake(join(home, 'binance-key-hmac.json'), () => ({ algorithm: 'HMAC', secret: randomBytes(48).toString('base64url') })),
  ]
  const keys = files.map((file) => (file.algorithm === 'HMAC' ? hmacKey(file.apiKey, file.secret) : ed25519Key(file.apiKey, file.privateKey)))
  return { keyFile, keys: new Map(keys.map((key) => [key.apiKey, key])) }
}

/** Signatures are hexadecimal in either case (binance-spot.md 3.2). */
export function hmacKey(apiKey: string, secret: string): ApiKey {
  const holds: ApiKey['holds'] = (payload, signature) => {
    const expected = createHmac('sha256', secret).update(payload).digest()
    const given = /^[0-9a-f]{64}$/i.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(0)
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
  return { apiKey, algorithm: 'HMAC', holds }
}

/** Signatures are base64, case-sensitive (binance-spot.md 3.2). `privateKey` is PKCS#8 PEM. */
export function ed25519Key(apiKey: string, privateKey: string): ApiKey {
  const publicKey = createPublicKey(createPrivateKey(privateKey))
  return { apiKey, algorithm: 'Ed25519', holds: (payload, signature) => verify(null, Buffer.from(payload), publicKey, Buffer.from(signature, 'base64')) }
}

type Secret = { algorithm: 'HMAC'; secret: string } | { algorithm: 'Ed25519'; privateKey: string }

function loadOrMake(path: string, make: () => Secret): KeyFile {
  if (!existsSync(path)) {
    const file: KeyFile = { apiKey: randomBytes(48).toString('base64url'), environment: 'sandbox', ...make() }
    // Renamed into place, so that a kill in between cannot leave half a key behind.
    writeFileSync(`${path}.new`, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
  return JSON.parse(readFileSync(path, 'utf8')) as KeyFile
}
