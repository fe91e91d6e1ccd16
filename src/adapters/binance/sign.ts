/**
 * The venue's keys and signatures (binance-spot.md 3). A key's private half stays in a private field: it cannot be
 * logged, inspected or serialised.
 */
import { createHmac, createPrivateKey, createSecretKey, sign, type KeyObject } from 'node:crypto'
import { inspect } from 'node:util'
import { keyFileFields, KeyError, pasted, privateKeyOfPem, unquoted } from '../venue-kit/key-text.ts'

export { KeyError } from '../venue-kit/key-text.ts'

export type KeyAlgorithm = 'HMAC' | 'RSA' | 'Ed25519'

/** A key as the user wrote it down. */
export interface KeyText {
  /** What the venue shows for the key; it goes out in every request. */
  readonly apiKey: string
  /** The HMAC secret, or the private key that was made here. */
  readonly secret: string
}

/** What signs requests; its private half stays inside. */
export interface RequestKey {
  readonly apiKey: string
  readonly algorithm: KeyAlgorithm
  /** The signature of these very bytes: hex for HMAC, else base64 (3.2). */
  sign(payload: string): string
}

const secretMark = '[secret]'

export class SigningKey implements RequestKey {
  readonly apiKey: string
  readonly algorithm: KeyAlgorithm
  readonly #key: KeyObject

  constructor(apiKey: string, algorithm: KeyAlgorithm, key: KeyObject) {
    this.apiKey = apiKey
    this.algorithm = algorithm
    this.#key = key
  }

  sign(payload: string): string {
    if (this.algorithm === 'HMAC') return createHmac('sha256', this.#key).update(payload).digest('hex')
    return sign(this.algorithm === 'RSA' ? 'sha256' : null, Buffer.from(payload), this.#key).toString('base64')
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
}

/**
 * Reads a key in any form that users paste: an HMAC secret; an Ed25519 or RSA key as PEM with real or escaped line
 * breaks or none, or as the bare base64 of its PKCS#8; in quotes or not. The algorithm comes from the key itself.
 * @throws KeyError
 */
export const loadKey = ({ apiKey, secret }: KeyText): SigningKey => {
  const name = apiKeyOf(unquoted(apiKey))
  const text = pasted(secret)
  if (text === '') throw new KeyError('the secret is empty')
  if (text === name) throw new KeyError('the secret is the API key itself')
  if (text.includes('-----BEGIN')) return ofPrivateKey(name, ofPem(text))
  const compact = text.replaceAll(/\s+/g, '')
  if (pkcs8.test(compact)) return ofPrivateKey(name, ofDer(compact))
  return new SigningKey(name, 'HMAC', hmacSecret(text))
}

/**
 * Reads a key file: JSON with `apiKey` and `secret` (or `privateKey`).
 * @throws KeyError
 */
export const readKeyFile = (text: string): KeyText => {
  const fields = keyFileFields(text)
  const apiKey = fields['apiKey']
  const secret = fields['secret'] ?? fields['privateKey']
  if (typeof apiKey !== 'string') throw new KeyError('the key file has no "apiKey"')
  if (typeof secret !== 'string') throw new KeyError('the key file has no "secret" (or "privateKey")')
  return { apiKey, secret }
}

/** It goes out in a header: nothing else than visible ASCII can be one. */
const visible = /^[\x21-\x7e]+$/

const apiKeyOf = (text: string): string => {
  if (text === '') throw new KeyError('the API key is empty')
  if (text.includes('-----BEGIN')) throw new KeyError('the API key holds a PEM text: it belongs into the secret')
  if (!visible.test(text)) throw new KeyError('the API key holds a space, a line break or another character that no API key has')
  return text
}

/** How every PKCS#8 of an Ed25519 or RSA key begins, in base64. */
const pkcs8 = /^MC4CAQAwBQYDK2VwBCIEI[A-Za-z0-9+/]+=*$|^MII[A-Za-z0-9+/]{800,}=*$/

const ofDer = (base64: string): KeyObject => {
  try {
    return createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' })
  } catch {
    throw new KeyError('the secret looks like the base64 of a private key, but is cut off or damaged')
  }
}

const ofPem = (text: string): KeyObject => {
  if (text.includes('PUBLIC KEY')) throw new KeyError('the secret is a public key: the venue was given that one, the private half is needed here')
  if (text.includes('ENCRYPTED')) throw new KeyError('the private key is protected by a passphrase: store it without one, in a file that only this user can read')
  return privateKeyOfPem(text)
}

const leastRsaBits = 2048

const ofPrivateKey = (apiKey: string, key: KeyObject): SigningKey => {
  if (key.asymmetricKeyType === 'ed25519') return new SigningKey(apiKey, 'Ed25519', key)
  if (key.asymmetricKeyType !== 'rsa') throw new KeyError('the private key is neither Ed25519 nor RSA')
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < leastRsaBits) throw new KeyError(`the RSA key has fewer than ${leastRsaBits} bits`)
  return new SigningKey(apiKey, 'RSA', key)
}

/** Shorter than any that the venue gives: cut off while copying. */
const leastSecret = 16

const hmacSecret = (text: string): KeyObject => {
  if (!visible.test(text)) throw new KeyError('the secret is neither PEM nor an HMAC secret: it holds a space, a line break or another character that no secret has')
  if (text.length < leastSecret) throw new KeyError('the secret is too short: it was cut off')
  return createSecretKey(Buffer.from(text))
}
