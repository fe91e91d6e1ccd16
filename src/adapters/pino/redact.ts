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

/** The text without what looks like a secret. */
export const redact = (text: string): string => shapes.reduce((left, shape) => left.replace(shape, (_match, label: string) => `${label}${struck}`), text)
