/** What a person may want of the desk, in words: what each command asks for, and what it will do. */

export type Kind = 'pause' | 'resume' | 'reconcile' | 'kill' | 'unkill' | 'reset-breaker' | 'hold' | 'release' | 'close' | 'close-externally' | 'set-target' | 'cancel' | 'adopt' | 'buy'

export type FieldName = 'level' | 'breaker' | 'pair' | 'order' | 'price' | 'instrument' | 'quantity' | 'targetBps'

export interface Wish {
  readonly title: string
  /** The same beside the actor that it is about. */
  readonly short: string
  /** What it does, for whoever is about to do it. */
  readonly does: string
  readonly fields: readonly FieldName[]
  /** It sells, or stops everything: asked for with a second look. */
  readonly grave?: true
}

export const catalogue: Readonly<Record<Kind, Wish>> = {
  pause: { title: 'Pause', short: 'Pause', does: 'No new entries until somebody resumes it, also after a restart. What was bought is sold as before.', fields: [] },
  resume: { title: 'Resume', short: 'Resume', does: 'Entries are taken again.', fields: [] },
  reconcile: { title: 'Compare with the venue now', short: 'Compare now', does: 'The rows are compared with the venue, and what differs is repaired or told.', fields: [] },
  kill: { title: 'Throw the kill switch', short: 'Kill', does: 'It stays thrown over every restart until somebody lifts it.', fields: ['level'], grave: true },
  unkill: { title: 'Lift the kill switch', short: 'Lift', does: 'Trading comes back in steps: a quarter of every limit, then a half, then the whole, each earned by five round trips in a row without a loss.', fields: [] },
  'reset-breaker': { title: 'Reset a breaker', short: 'Reset', does: 'Its trip ends and entries are taken again. It is refused while what tripped it still holds.', fields: ['breaker'] },
  hold: { title: 'Hold a pair', short: 'Hold', does: 'Begins nothing more for the pair. What works at the venue stays, and is booked.', fields: ['pair'] },
  release: { title: 'Release a pair', short: 'Release', does: 'The pair goes on from what its rows imply.', fields: ['pair'] },
  close: { title: 'Close a pair', short: 'Close at once', does: 'Sells what the pair holds at once, at the bid less 50 basis points and then lower, whatever it earns.', fields: ['pair'], grave: true },
  'close-externally': { title: 'Closed outside of the desk', short: 'Closed outside', does: 'Tells the desk that a person has sold or moved what the pair held. Nothing is sold by this.', fields: ['pair'], grave: true },
  'set-target': { title: 'Set the target of a pair', short: 'Set target', does: 'What the pair holds is offered at this price. A price below break-even is refused.', fields: ['pair', 'price'] },
  cancel: { title: 'Cancel an order', short: 'Cancel', does: 'Calls off a resting buy, or the sell of a held pair.', fields: ['order'] },
  adopt: { title: 'Adopt an order', short: 'Adopt', does: 'A buy that was placed by hand at the venue becomes the beginning of a pair. The id is the one that the venue gave it.', fields: ['order'] },
  buy: { title: 'Buy', short: 'Buy', does: 'Begins a round trip: a post-only buy, covered for the target. The risk gate judges it like any other.', fields: ['instrument', 'quantity', 'price', 'targetBps'] },
}

export const fieldTitles: Readonly<Record<FieldName, string>> = {
  level: 'Level',
  breaker: 'Breaker',
  pair: 'Pair',
  order: 'Order',
  price: 'Price',
  instrument: 'Instrument',
  quantity: 'Quantity',
  targetBps: 'Target, in basis points of the cost',
}

export const levels = [
  ['entries', 'entries: no new entries; orders stay'],
  ['orders', 'orders: every order is cancelled, and none is placed'],
  ['flatten', 'flatten: every order is cancelled, and everything is sold at once'],
] as const

/** What the commands are offered for: the desk as a whole, in this order. */
export const deskKinds: readonly Kind[] = ['pause', 'resume', 'reconcile', 'kill', 'unkill', 'reset-breaker', 'buy', 'adopt']

/** The commands that make sense for an actor in a state. */
export const kindsFor = (address: string, state: string): readonly Kind[] => {
  if (address.startsWith('order/')) return ['pending', 'partial'].includes(state) ? ['cancel'] : []
  if (address.startsWith('breaker/')) return state.startsWith('tripped') ? ['reset-breaker'] : []
  if (address === 'kill-switch') return ['kill', 'unkill']
  if (address === 'desk') return [state === 'paused' ? 'resume' : 'pause', 'reconcile']
  if (!address.startsWith('trade-pair/')) return []
  if (state === 'held') return ['release', 'close-externally']
  return /^(buying|filled|sellPlaced)/.test(state) ? ['hold', 'close', 'set-target', 'close-externally'] : []
}
