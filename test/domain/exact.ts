/** Decimals as whole numbers of a scale: a second arithmetic to judge the first by. */

/** `units` of 10^-places as a canonical text. */
export const textOf = (units: bigint, places: number): string => {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '')
  const text = fraction === '' ? whole : `${whole}.${fraction}`
  return units < 0n ? `-${text}` : text
}

export const placesOf = (text: string): number => text.split('.')[1]?.length ?? 0

/** The text as whole units of 10^-places; it must have no more places. */
export const scaled = (text: string, places: number): bigint => {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(places, '0'))
}
