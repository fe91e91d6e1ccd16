/** The orders that are live at the venue, or may be. */
import { byId, setText } from './dom.js'
import { decimal, duration, money, stamp } from './format.js'
import { drawProgress, drawState, table } from './table.js'
import { shortId, toneOf, words } from './words.js'

/** How much of an order is filled, from 0 to 1. */
export const filledPart = (order) => (Number(order.quantity) > 0 ? Math.min(1, Number(order.filled) / Number(order.quantity)) : 0)

export const ordersView = () => {
  const draw = table(byId('orders-table'), {
    label: 'Live orders',
    empty: 'no orders are live',
    key: (order) => order.address,
    address: (order) => order.address,
    columns: [
      { title: 'Instrument', class: 'name', cell: (order) => order.instrument },
      { title: 'Side', class: 'side', cell: (order) => order.side },
      { title: 'Price', class: 'number', cell: (order) => money(order.price) },
      { title: 'State', class: 'status', draw: (cell, order) => drawState(cell, words(order.state), toneOf(order.state)), hint: (order) => order.reason ?? undefined },
      {
        title: 'Filled',
        class: 'progress',
        draw: (cell, order) => drawProgress(cell, { part: filledPart(order), text: `${decimal(order.filled)} of ${decimal(order.quantity)}`, title: 'filled' }),
      },
      { title: 'In state', class: 'number', cell: (order, now) => duration(now - order.since), hint: (order) => stamp(order.since) },
      { title: 'Order', class: 'id', cell: (order) => shortId(order.clientOrderId), hint: (order) => order.clientOrderId },
    ],
  })
  return (orders, now) => {
    setText(byId('orders-count'), orders.length)
    draw([...orders].sort((a, b) => a.instrument.localeCompare(b.instrument) || Number(b.price) - Number(a.price)), now)
  }
}
