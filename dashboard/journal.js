/** The transitions that were committed last, as the stream tells them. */
import { byId } from './dom.js'
import { clockTime, stamp } from './format.js'
import { table } from './table.js'
import { idOf, kindOf, shortId, words } from './words.js'

const most = 40

/** Gives `take`, for one transition, and `draw`. */
export const journalView = () => {
  let newest = []
  const show = table(byId('journal-table'), {
    label: 'Latest transitions',
    empty: 'nothing has happened since this page was opened',
    key: (event) => String(event.position),
    address: (event) => event.address,
    columns: [
      { title: 'Time', class: 'time', cell: (event) => clockTime(event.at), hint: (event) => stamp(event.at) },
      { title: 'Actor', class: 'name', cell: (event) => kindOf(event.address), hint: (event) => event.address },
      { title: 'Event', class: 'event', cell: (event) => words(event.type), hint: (event) => `${event.from} → ${event.to}` },
      { title: 'To', class: 'event', cell: (event) => words(event.to), hint: (event) => `${event.from} → ${event.to}` },
      { title: 'Id', class: 'id', cell: (event) => (event.address.includes('/') ? shortId(idOf(event.address)) : '') },
    ],
  })
  return {
    take: (event) => {
      newest = [event, ...newest].slice(0, most)
    },
    draw: (now) => show(newest, now),
  }
}
