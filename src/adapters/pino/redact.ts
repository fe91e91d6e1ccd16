/**
 * The last look at a line before it is written: whatever has the shape of a secret is struck out, wherever it came from.
 * Keys never come near the log on purpose; this is for a driver's or a venue's own words.
 */

const struck = '[secret]'

/** Shapes of secrets; what stands in a first group says which secret it was, and stays. */
const shapes: readonly RegExp[] = [
  // A signed token, in full or cut off.
  /()eyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g,
  /(Bearer )(?!\[)[^\s"',]+/gi,
  /(signature(?:=|%3D|"?\s*:\s*\\?"))[\w%+/=-]+/gi,
  /()-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/gs,
  // The password of a URL.
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"]*:)[^\s@/"]+(?=@)/gi,
]

/** Shorter texts are no secrets, and striking them out would spoil lines that have nothing to do with them. */
const shortestSecret = 6
/** Most forms of secrets that are known; a configuration has a handful. */
const mostKnown = 1_000
/** Secrets of this process that have no shape of their own, in every form they could be written in; the longest first. */
let known: readonly string[] = []

const formsOf = (secret: string): readonly string[] => {
  const bytes = Buffer.from(secret)
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), encodeURI(secret), bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')]
}

/**
 * From now on the text is struck out of everything that is written, in plain and in the usual encodings.
 * @throws Error past a thousand forms
 */
export const keepSecret = (secret: string): void => {
  if (secret.length < shortestSecret) return
  known = [...new Set([...known, ...formsOf(secret)])].sort((a, b) => b.length - a.length)
  if (known.length > mostKnown) throw new Error(`more than ${mostKnown} forms of secrets are to be kept`)
}

/** The text without what looks like a secret, and without what is known to be one. */
export const redact = (text: string): string =>
  shapes.reduce((left, shape) => left.replace(shape, (_match, label: string) => `${label}${struck}`), known.reduce((left, secret) => left.replaceAll(secret, struck), text))
