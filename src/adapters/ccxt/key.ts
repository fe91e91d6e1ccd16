/** API keys for ccxt, as users write them down. */
import { inspect } from 'node:util'
import { keyFileFields, KeyError, pasted, unquoted } from '../venue-kit/key-text.ts'

/** A key as it is in its file. Which of these an exchange wants, its ccxt class says (`requiredCredentials`). */
export interface KeyText {
  readonly apiKey: string
  readonly secret: string
  /** The passphrase of exchanges that give one. */
  readonly password?: string
  /** The user's number, for exchanges that want it. */
  readonly uid?: string
}

const secretMark = '[secret]'

/** A key that cannot be logged, inspected or serialised. ccxt signs with it, so it has to be handed over as text. */
export class CcxtKey {
  readonly #text: KeyText

  constructor(text: KeyText) {
    this.#text = text
  }

  /** For the exchange object, for what is cut out of failures, and for nothing else. */
  reveal(): KeyText {
    return this.#text
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
 * Takes a key in quotes or not, with line breaks real or escaped.
 * @throws KeyError
 */
export const loadKey = ({ apiKey, secret, password, uid }: KeyText): CcxtKey => {
  const text = { apiKey: unquoted(apiKey), secret: pasted(secret) }
  if (text.apiKey === '') throw new KeyError('the API key is empty')
  if (text.secret === '') throw new KeyError('the secret is empty')
  if (text.secret === text.apiKey) throw new KeyError('the secret is the API key itself')
  return new CcxtKey({ ...text, ...(password !== undefined && { password: unquoted(password) }), ...(uid !== undefined && { uid: unquoted(uid) }) })
}

/**
 * Reads a key file: JSON with `apiKey`, `secret` and, where the exchange gives them, `password` and `uid`.
 * @throws KeyError
 */
export const readKeyFile = (text: string): KeyText => {
  const { apiKey, secret, password, uid } = keyFileFields(text)
  if (typeof apiKey !== 'string') throw new KeyError('the key file has no "apiKey"')
  if (typeof secret !== 'string') throw new KeyError('the key file has no "secret"')
  if (password !== undefined && typeof password !== 'string') throw new KeyError('the "password" in the key file is not a text')
  if (uid !== undefined && typeof uid !== 'string') throw new KeyError('the "uid" in the key file is not a text: put it in quotes')
  return { apiKey, secret, ...(password !== undefined && { password }), ...(uid !== undefined && { uid }) }
}
