/** What the desk hears from its venue: prices and streams. */
import { byId } from './dom.js'
import { age, duration, money, stamp } from './format.js'
import { drawState, table } from './table.js'
import { toneOf, words } from './words.js'

const pricesTable = () =>
  table(byId('prices-table'), {
    label: 'Prices',
    empty: 'no instruments',
    key: (price) => price.instrument,
    columns: [
      { title: 'Instrument', class: 'name', cell: (price) => price.instrument },
      { title: 'Bid', class: 'number', cell: (price) => money(price.bid) },
      { title: 'Ask', class: 'number', cell: (price) => money(price.ask) },
      { title: 'Age', class: 'number', cell: (price, now) => age(price.at === null ? null : now - price.at), hint: (price) => stamp(price.at) },
      {
        title: 'State',
        class: 'status',
        draw: (cell, price) => drawState(cell, price.source === 'rest' ? `${price.state}, polled` : price.state, price.source === 'rest' ? 'wait' : toneOf(price.state)),
        hint: (price) => price.lastProblem ?? undefined,
      },
    ],
  })

const connectionWords = (connection) => (connection.fallback === 'polling' ? `${words(connection.state)}, polling` : words(connection.state))

const connectionHint = (one) => {
  const counted = `${one.reconnects} reconnects, ${one.gaps} gaps, ${one.polls} polls, attempt ${one.attempt}`
  return one.lastEnd === null ? counted : `${counted}; last end: ${one.lastEnd}`
}

const connectionsTable = () =>
  table(byId('connections-table'), {
    label: 'Connections',
    empty: 'none',
    key: (one) => `${one.venue} ${one.name}`,
    columns: [
      { title: 'Stream', class: 'name', cell: (one) => one.name, hint: (one) => one.venue },
      { title: 'State', class: 'status', draw: (cell, one) => drawState(cell, connectionWords(one), one.fallback === 'polling' ? 'wait' : toneOf(one.state)), hint: connectionHint },
      { title: 'Since', class: 'number', cell: (one, now) => duration(now - one.since), hint: (one) => stamp(one.since) },
      { title: 'Data', class: 'number', cell: (one, now) => age(one.lastEventAt === null ? null : now - one.lastEventAt), hint: (one) => `last event ${stamp(one.lastEventAt)}, last frame ${stamp(one.lastFrameAt)}` },
      { title: 'Again', class: 'number', cell: (one) => String(one.reconnects), hint: connectionHint },
    ],
  })

/** Draws both tables from their answers. */
export const feedsView = () => {
  const prices = pricesTable()
  const connections = connectionsTable()
  return (data, now) => {
    prices(data.prices, now)
    connections(data.connections, now)
  }
}
