import { createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A key the venue knows: its name, what verifies its tokens, and the algorithm those must use. */
export interface ApiKey {
  readonly name: string
  readonly publicKey: KeyObject
  readonly algorithm: 'ES256' | 'EdDSA'
}

/** The venue's keys and where their private halves lie. */
export interface KeyRing {
  readonly keyFile: string
  readonly keys: ReadonlyMap<string, ApiKey>
}

interface KeyFile {
  readonly name: string
  readonly privateKey: string
}

/** Loads both key files of `home` (ES256 and Ed25519, forms of coinbase-advanced-trade.md 2.1), making them on the first start with mode 0600. */
export function openKeyRing(home: string): KeyRing {
  const keyFile = join(home, 'coinbase-key.json')
  const ec = loadOrMake(keyFile, newEs256)
  const ed = loadOrMake(join(home, 'coinbase-key-ed25519.json'), newEd25519)
  const keys: ApiKey[] = [
    { name: ec.name, publicKey: createPublicKey(ec.privateKey), algorithm: 'ES256' },
    { name: ed.name, publicKey: ed25519PublicKey(ed.privateKey), algorithm: 'EdDSA' },
  ]
  return { keyFile, keys: new Map(keys.map((key) => [key.name, key])) }
}

/** The public key of a base64 secret of seed and public key (64 bytes). */
export function ed25519PublicKey(secret: string): KeyObject {
  const bytes = Buffer.from(secret, 'base64')
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: bytes.subarray(32).toString('base64url') } })
}

function loadOrMake(path: string, make: () => string): KeyFile {
  if (!existsSync(path)) {
    const file: KeyFile = { name: `organizations/${randomUUID()}/apiKeys/${randomUUID()}`, privateKey: make() }
    // Renamed into place, so that a kill in between cannot leave half a key behind.
    writeFileSync(`${path}.new`, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
    renameSync(`${path}.new`, path)
  }
  return JSON.parse(readFileSync(path, 'utf8')) as KeyFile
}

function newEs256(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ format: 'pem', type: 'sec1' }).toString()
}

function newEd25519(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' })
  return Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]).toString('base64')
}
