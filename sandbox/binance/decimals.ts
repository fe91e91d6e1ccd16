import { formatAmount } from '../exchange/amounts.ts'

/** Atoms as the venue prints every decimal: eight fraction digits, cut (binance-spot.md 0, `Dec`). */
export function dec(atoms: bigint): string {
  const [whole = '0', fraction = ''] = formatAmount(atoms).split('.')
  return `${whole}.${fraction.slice(0, 8).padEnd(8, '0')}`
}
