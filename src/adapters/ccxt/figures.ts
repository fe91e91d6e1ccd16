/** Numbers of the library that cannot be had as text: levels of books, and rates that are written in its own source. */

/** So many significant digits survive a binary number (IEEE 754 double). */
export const exactDigits = 15

/** The plain decimal of a number that is not below zero, to the digits that survive one; undefined when it is none. */
export const plainText = (value: number): string | undefined => {
  if (!Number.isFinite(value) || value < 0) return undefined
  const [mantissa = '', exponent = '0'] = String(Number(value.toPrecision(exactDigits))).split('e')
  return moved(mantissa, Number(exponent))
}

/** A plain decimal with its point moved to the right, or to the left where the places are below zero. */
const moved = (text: string, places: number): string => {
  const [whole = '', fraction = ''] = text.split('.')
  if (places === 0) return text
  if (places < 0) return `0.${'0'.repeat(-places - whole.length)}${whole}${fraction}`
  return `${whole}${fraction.padEnd(places, '0')}`
}
