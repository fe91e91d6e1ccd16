/** Private keys as users paste them: in quotes or not, line breaks real, escaped, lost or turned into spaces. */
import { createPrivateKey, type KeyObject } from 'node:crypto'

/** A key that cannot be used. The message is one sentence for the operator and never holds a part of the key. */
export class KeyError extends Error {
  override readonly name = 'KeyError'
}

/** The text without the quotes and the space around it. */
export const unquoted = (text: string): string => {
  const trimmed = text.trim()
  const quoted = /^(["'])([\s\S]*)\1$/.exec(trimmed)
  return quoted?.[2] === undefined ? trimmed : quoted[2].trim()
}

/** The same with escaped line breaks made real. */
export const pasted = (text: string): string => unquoted(text).replaceAll(String.raw`\r`, '').replaceAll(String.raw`\n`, '\n')

/**
 * The private key of a PEM text. The PEM is built anew around its base64, because pasting loses or doubles line breaks.
 * @throws KeyError
 */
export const privateKeyOfPem = (text: string): KeyObject => {
  const [, label, body] = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]+?)-----END \1-----/.exec(text) ?? []
  if (label === undefined || body === undefined) throw new KeyError('the PEM key is cut off')
  const lines = body.replaceAll(/\s+/g, '').match(/.{1,64}/g) ?? []
  try {
    return createPrivateKey([`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n'))
  } catch {
    throw new KeyError('the PEM text is not a private key')
  }
}

/**
 * A JSON object.
 * @throws KeyError
 */
export const keyFileFields = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Said below; the parser's own words would quote the key.
  }
  throw new KeyError('the key file is not a JSON object')
}
