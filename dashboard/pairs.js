/** The trade pairs that are open: what was bought, what is sold of it, and since when. */
import { byId, setText } from './dom.js'
import { decimal, duration, money, rounded, stamp } from './format.js'
import { filledPart } from './orders.js'
import { drawProgress, drawState, table } from './table.js'
import { shortId, toneOf, words } from './words.js'

const isBuying = (pair) => pair.state.startsWith('buying')

const soldPart = (pair) => (Number(pair.held) > 0 ? Math.min(1, Number(pair.sold) / Number(pair.held)) : 0)

/** A pair that buys shows its buy; one that has bought shows how much is sold again. */
const progressOf = (pair) => {
  if (!isBuying(pair)) return { part: soldPart(pair), text: `sold ${decimal(pair.sold)} of ${decimal(pair.held)}`, title: 'sold' }
  const { buy } = pair
  if (buy === undefined) return { part: 0, text: `bought ${decimal(pair.bought)}`, title: 'bought' }
  return { part: filledPart(buy), text: `bought ${decimal(pair.bought)} of ${decimal(buy.quantity)}`, title: 'bought' }
}

const liveLeg = (pair) => (isBuying(pair) ? pair.buy : pair.sell)

const columns = [
  { title: 'Instrument', class: 'name', cell: (pair) => pair.instrument },
  { title: 'State', class: 'status', draw: (cell, pair) => drawState(cell, words(pair.state), toneOf(pair.state)), hint: (pair) => pair.heldBecause ?? undefined },
  { title: 'Progress', class: 'progress', draw: (cell, pair) => drawProgress(cell, progressOf(pair)) },
  { title: 'Cost', class: 'number', cell: (pair) => rounded(pair.cost, 2), hint: (pair) => pair.cost },
  { title: 'Min sell', class: 'number', cell: (pair) => money(pair.minSellPrice) },
  { title: 'On offer at', class: 'number', cell: (pair) => money(liveLeg(pair)?.price), hint: (pair) => liveLeg(pair) && `the ${liveLeg(pair).side} order` },
  { title: 'In state', class: 'number', cell: (pair, now) => duration(now - pair.since), hint: (pair) => stamp(pair.since) },
  { title: 'Pair', class: 'id', cell: (pair) => shortId(pair.pairId), hint: (pair) => pair.pairId },
]

/** Those that need a person, then those that sell, then those that buy. */
const rank = (pair) => (pair.state === 'held' ? 0 : isBuying(pair) ? 2 : 1)

const withLegs = (pairs, orders) => {
  const legs = new Map(orders.map((order) => [`${order.pairId} ${order.leg}`, order]))
  return pairs.map((pair) => ({ ...pair, buy: legs.get(`${pair.pairId} buy`), sell: legs.get(`${pair.pairId} sell`) }))
}

export const pairsView = () => {
  const draw = table(byId('pairs-table'), {
    label: 'Open trade pairs',
    empty: 'no trade pairs are open',
    key: (pair) => pair.address,
    address: (pair) => pair.address,
    columns,
  })
  return (pairs, orders, now) => {
    setText(byId('pairs-count'), pairs.length)
    draw(withLegs(pairs, orders).sort((a, b) => rank(a) - rank(b) || (b.openedAt ?? 0) - (a.openedAt ?? 0) || a.pairId.localeCompare(b.pairId)), now)
  }
}
