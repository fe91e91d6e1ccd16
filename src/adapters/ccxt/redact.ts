/**
 * The one place through which every word of the library goes before anybody sees it: its messages quote URLs, signed queries,
 * headers and whole bodies.
 *
 * R1  No part of a key, and nothing as long as a signature, comes out; neither does a URL.
 * R2  What comes out is one bounded line.
 */
import type { CcxtKey } from './key.ts'

export type Redact = (text: string) => string

/** Shorter pieces are no secrets, and cutting them out would spoil the words. */
const leastSecret = 6
const longest = 200
/** More is never looked at: a message may be a page of HTML. */
const readable = 4_000

/** Every form in which a part of the key may be quoted: as it is, line by line, percent-encoded, as JSON. */
const piecesOf = (key: CcxtKey | undefined): readonly string[] => {
  if (key === undefined) return []
  const { apiKey, secret, password = '', uid = '' } = key.reveal()
  const plain = [apiKey, secret, password, uid].flatMap((text) => [text, ...text.split(/\s+/)])
  const forms = plain.flatMap((text) => [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)])
  return [...new Set(forms)].filter((text) => text.length >= leastSecret).sort((a, b) => b.length - a.length)
}

export const redactor = (key: CcxtKey | undefined): Redact => {
  const pieces = piecesOf(key)
  return (text) =>
    pieces
      .reduce((rest, piece) => rest.replaceAll(piece, '[secret]'), text.slice(0, readable))
      .replaceAll(/\b[a-z]+:\/\/\S+/gi, '[url]')
      .replaceAll(/[A-Za-z0-9+/=_%-]{40,}/g, '[long]')
      .replaceAll(/[\p{Cc}\p{Cs}]+/gu, ' ')
      .slice(0, longest)
}
