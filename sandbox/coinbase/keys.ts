import { createPublicKey, generateKeyPairSync, randomUUID, verify, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A key the venue knows: its name, the algorithm its tokens must use, and what verifies them. */
export interface ApiKey {
  readonly name: string
  readonly algorithm: 'ES256' | 'EdDSA'
  /** Whether the signature is this key's, of that text. */
  holds(signed: string, signature: Buffer): boolean
}

/** The key whose tokens that public half verifies. */
export function apiKey(name: string, algorithm: ApiKey['algorithm'], publicKey: KeyObject): ApiKey {
  const holds: ApiKey['holds'] =
    algorithm === 'EdDSA'
      ? (signed, signature) => verify(null, Buffer.from(signed), publicKey, signature)
      : (signed, signature) => verify('sha256', Buffer.from(signed), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
  return { name, algorithm, holds }
}

/** The venue's keys and where their private halves lie. */
export interface KeyRing {
  readonly keyFile: string
  readonly keys: ReadonlyMap<string, ApiKey>
}

interface KeyFile {
  readonly name: string
  readonly privateKey: string
  /** So that nobody sends it to the real venue. */
  readonly environment: 'sandbox'
}

/** Loads both key files of `home` (ES256 and Ed25519, forms of coinbase-advanced-trade.md 2.1), making them on the first start with mode 0600. */
export function openKeyRing(home: string): KeyRing {
  const keyFile = join(home, 'coinbase-key.json')
  const ec = loadOrMake(keyFile, newEs256)
  const ed = loadOrMake(join(home, 'coinbase-key-ed25519.json'), newEd25519)
  const keys: ApiKey[] = [
    apiKey(ec.name, 'ES256', createPublicKey(ec.privateKey)),
    apiKey(ed.name, 'EdDSA', ed25519PublicKey(ed.privateKey)),
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
    const file: KeyFile = { name: `organizations/${randomUUID()}/apiKeys/${randomUUID()}`, privateKey: make(), environment: 'sandbox' }
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
