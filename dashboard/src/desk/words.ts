/** States in words, and what colour may say about them. */

/** `sellPlaced.partial` -> `sell placed, partial`. */
export const words = (text: string): string =>
  text
    .replaceAll('.', ', ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()

export type Tone = 'good' | 'wait' | 'bad' | 'calm'

const tones: Readonly<Record<Exclude<Tone, 'calm'>, readonly string[]>> = {
  good: ['trading', 'live', 'closed', 'filled', 'agreed', 'armed', 'active'],
  wait: ['starting', 'recovering', 'reconciling', 'paused', 'connecting', 'subscribing', 'backingOff', 'stale', 'suspect', 'resolving', 'cancelling', 'stopping', 'reducing', 'entries', 'quarter', 'half', 'repaired', 'observing', 'hindered', 'differing', 'stopped'],
  bad: ['cutOff', 'held', 'refused', 'rejected', 'halted', 'orders', 'flatten', 'failed', 'tripped', 'none'],
}

/** `calm` for whatever needs no colour. */
export const toneOf = (state: string): Tone => {
  const [first = ''] = state.split('.')
  return (Object.keys(tones) as Exclude<Tone, 'calm'>[]).find((tone) => tones[tone].includes(first)) ?? 'calm'
}

const kinds: Readonly<Record<string, string>> = { order: 'Order', 'trade-pair': 'Trade pair', desk: 'Desk', account: 'Account', 'kill-switch': 'Kill switch', breaker: 'Breaker' }

export const kindOf = (address: string): string => kinds[address.split('/', 1)[0] ?? ''] ?? 'Actor'

/** The id of an address, or the address where it has none. */
export const idOf = (address: string): string => address.slice(address.indexOf('/') + 1)

const shown = 11

/** An id short enough for a column; its end is what differs. */
export const shortId = (id: string): string => (id.length <= shown ? id : `…${id.slice(1 - shown)}`)
