/**
 * Money and sizes as whole numbers of 10^-18 ("atoms"), in one asset each. Everything here is exact or says which way it cuts.
 */
export const ONE = 10n ** 18n

const PLAIN_DECIMAL = /^(\d{0,24})(?:\.(\d{0,18}))?$/

/** A plain non-negative decimal such as `"0.25"` or `".15"` in atoms; undefined for anything else (signs, exponents, more than 18 digits). */
export function parseAmount(text: string): bigint | undefined {
  const match = PLAIN_DECIMAL.exec(text)
  if (!match || text === '' || text === '.') return undefined
  const [, whole = '', fraction = ''] = match
  return BigInt(whole === '' ? '0' : whole) * ONE + BigInt(fraction.padEnd(18, '0'))
}

/** The same, for text this program wrote itself. Throws on anything but a decimal; a leading minus is fine. */
export function amount(text: string): bigint {
  const negative = text.startsWith('-')
  const value = parseAmount(negative ? text.slice(1) : text)
  if (value === undefined) throw new Error(`not a decimal: ${text}`)
  return negative ? -value : value
}

/** Atoms as the shortest plain decimal: `"0.25"`, `"0"`, `"-3"`. */
export function formatAmount(atoms: bigint): string {
  const sign = atoms < 0n ? '-' : ''
  const digits = (atoms < 0n ? -atoms : atoms).toString().padStart(19, '0')
  const fraction = digits.slice(-18).replace(/0+$/, '')
  return `${sign}${digits.slice(0, -18)}${fraction === '' ? '' : `.${fraction}`}`
}

/** a x b, cut below 10^-18 (exact for every product, price, size and rate the sandbox lists). */
export function multiply(a: bigint, b: bigint): bigint {
  return (a * b) / ONE
}

/** a x b, raised to the next 10^-18: for holds, which must never be short. */
export function multiplyUp(a: bigint, b: bigint): bigint {
  return (a * b + ONE - 1n) / ONE
}

/** a / b cut to `digits` fraction digits. */
export function divide(a: bigint, b: bigint, digits = 18): bigint {
  if (b === 0n) return 0n
  const unit = 10n ** BigInt(18 - digits)
  const quotient = (a * ONE) / b
  return quotient - (quotient % unit)
}

export function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
