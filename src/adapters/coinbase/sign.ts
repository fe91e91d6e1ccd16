/**
 * The venue's keys and tokens (coinbase-advanced-trade.md 2.1). A key's private half stays in a private field:
 * it cannot be logged, inspected or serialised.
 */
import { createPrivateKey, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto'
import { inspect } from 'node:util'
import type { Millis } from '../../domain/time.ts'
import { keyFileFields, KeyError, pasted, privateKeyOfPem, unquoted } from '../venue-kit/key-text.ts'

export { KeyError } from '../venue-kit/key-text.ts'

export type KeyAlgorithm = 'ES256' | 'EdDSA'

/** A key as the user wrote it down. */
export interface KeyText {
  readonly name: string
  readonly secret: string
}

/** What a token says. `uri` is absent on WebSocket messages. */
export interface TokenClaims {
  /** Venue time from which it holds. */
  readonly notBefore: Millis
  readonly lifetimeMs: Millis
  readonly uri?: string
}

/** What makes tokens; its private half stays inside. */
export interface TokenKey {
  readonly name: string
  readonly algorithm: KeyAlgorithm
  token(claims: TokenClaims): string
}

const secretMark = '[secret]'

export class SigningKey implements TokenKey {
  readonly name: string
  readonly algorithm: KeyAlgorithm
  readonly #key: KeyObject

  constructor(name: string, algorithm: KeyAlgorithm, key: KeyObject) {
    this.name = name
    this.algorithm = algorithm
    this.#key = key
  }

  /**
   * A signed token.
   * @param nonce fresh for every token; given only by tests
   */
  token(claims: TokenClaims, nonce: string = randomBytes(16).toString('hex')): string {
    const signed = unsignedToken(this, claims, nonce)
    return `${signed}.${this.#signature(Buffer.from(signed)).toString('base64url')}`
  }

  toString(): string {
    return secretMark
  }

  toJSON(): string {
    return secretMark
  }

  [inspect.custom](): string {
    return secretMark
  }

  /** ES256 in the raw r||s form, EdDSA without a prehash. */
  #signature(data: Buffer): Buffer {
    if (this.algorithm === 'EdDSA') return sign(null, data, this.#key)
    return sign('sha256', data, { key: this.#key, dsaEncoding: 'ieee-p1363' })
  }
}

/** The part of a token that is signed. Both times are cut to whole seconds, so that it never lives longer than asked. */
export const unsignedToken = ({ name, algorithm }: Omit<TokenKey, 'token'>, { notBefore, lifetimeMs, uri }: TokenClaims, nonce: string): string => {
  const nbf = Math.floor(notBefore / 1000)
  const exp = Math.max(nbf + 1, Math.floor((notBefore + lifetimeMs) / 1000))
  const header = { alg: algorithm, kid: name, nonce, typ: 'JWT' }
  const payload = { sub: name, iss: 'cdp', nbf, exp, ...(uri === undefined ? {} : { uri }) }
  return `${encoded(header)}.${encoded(payload)}`
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/**
 * Reads a key in any form that users paste: PEM with real or escaped line breaks or none, in quotes or not; base64 of
 * an Ed25519 seed, alone or with its public half. The algorithm comes from the key itself, never from its name.
 * @throws KeyError
 */
export const loadKey = ({ name, secret }: KeyText): SigningKey => {
  const trimmedName = unquoted(name)
  if (trimmedName === '') throw new KeyError('the key has no name')
  const text = pasted(secret)
  const key = text.includes('-----BEGIN') ? privateKeyOfPem(text) : fromSeed(text)
  return new SigningKey(trimmedName, algorithmOf(key), key)
}

/**
 * Reads a downloaded key file: JSON with `name` (newer: `id`) and `privateKey`.
 * @throws KeyError
 */
export const readKeyFile = (text: string): KeyText => {
  const fields = keyFileFields(text)
  const name = fields['name'] ?? fields['id']
  const secret = fields['privateKey']
  if (typeof name !== 'string' || typeof secret !== 'string') throw new KeyError('the key file has no "name" (or "id") and "privateKey"')
  return { name, secret }
}

const ed25519Pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const seedBytes = 32

const fromSeed = (text: string): KeyObject => {
  const compact = text.replaceAll(/\s+/g, '')
  const bytes = Buffer.from(compact, 'base64')
  const isBase64 = /^[A-Za-z0-9+/_-]+=*$/.test(compact)
  if (!isBase64 || (bytes.length !== seedBytes && bytes.length !== 2 * seedBytes)) {
    throw new KeyError('the private key is neither PEM nor the base64 of 32 or 64 bytes')
  }
  const der = Buffer.concat([ed25519Pkcs8, bytes.subarray(0, seedBytes)])
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  // A legacy HMAC secret is base64 of 64 bytes too (2.4); its second half is no public key of the first.
  if (bytes.length > seedBytes && !publicHalf(key).equals(bytes.subarray(seedBytes))) {
    throw new KeyError('the private key is 64 bytes, but not an Ed25519 key (a legacy API secret cannot be used)')
  }
  return key
}

const publicHalf = (key: KeyObject): Buffer => Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url')

const algorithmOf = (key: KeyObject): KeyAlgorithm => {
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA'
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256'
  throw new KeyError('the private key is neither ECDSA P-256 nor Ed25519')
}
