/** States in words, and what colour may say about them. */

/** `sellPlaced.partial` -> `sell placed, partial`. */
export const words = (text) =>
  String(text)
    .replaceAll('.', ', ')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()

const tones = {
  good: ['trading', 'live', 'closed', 'filled'],
  wait: ['recovering', 'reconciling', 'paused', 'connecting', 'subscribing', 'backingOff', 'stale', 'suspect', 'resolving', 'cancelling', 'stopping', 'reducing', 'entries', 'quarter', 'half'],
  bad: ['cutOff', 'held', 'refused', 'rejected', 'halted', 'orders', 'flatten'],
}

/** `good`, `wait`, `bad`, or `calm` for whatever needs no colour. */
export const toneOf = (state) => {
  const [first] = String(state).split('.')
  const found = Object.entries(tones).find(([, states]) => states.includes(first))
  return found === undefined ? 'calm' : found[0]
}

const kinds = { order: 'Order', 'trade-pair': 'Trade pair', desk: 'Desk', account: 'Account', 'kill-switch': 'Kill switch' }

export const kindOf = (address) => kinds[address.split('/', 1)[0]] ?? 'Actor'

/** The id of an address, or the address where it has none. */
export const idOf = (address) => address.slice(address.indexOf('/') + 1)

const shown = 11

/** An id short enough for a column; its end is what differs. */
export const shortId = (id) => (id.length <= shown ? id : `…${id.slice(1 - shown)}`)

/** Addresses that the inspector can open. */
export const isAddress = (text) => /^(desk|account|kill-switch|(order|trade-pair)\/.+)$/.test(text)
