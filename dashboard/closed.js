/** The pairs that closed last, with what they earned. */
import { byId, setText } from './dom.js'
import { clockTime, duration, signed, stamp } from './format.js'
import { table } from './table.js'

const profitTone = (profit) => (profit === null || Number(profit) === 0 ? undefined : Number(profit) > 0 ? 'good' : 'bad')

export const closedView = () => {
  const draw = table(byId('closed-table'), {
    label: 'Recently closed pairs',
    empty: 'none has closed yet',
    key: (pair) => pair.address,
    address: (pair) => pair.address,
    columns: [
      { title: 'Closed', class: 'time', cell: (pair) => clockTime(pair.closedAt), hint: (pair) => stamp(pair.closedAt) },
      { title: 'Instrument', class: 'name', cell: (pair) => pair.instrument },
      { title: 'Took', class: 'number', cell: (pair) => duration(pair.closedAt === null || pair.openedAt === null ? null : pair.closedAt - pair.openedAt) },
      { title: 'Profit', class: 'number', cell: (pair) => signed(pair.profit, 4), hint: (pair) => pair.profit ?? undefined, tone: (pair) => profitTone(pair.profit) },
    ],
  })
  return (pairs, now) => {
    const newest = [...pairs].sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0))
    const total = newest.reduce((sum, pair) => sum + Number(pair.profit ?? 0), 0)
    setText(byId('closed-total'), newest.length === 0 ? '' : `${signed(total, 4)} in the last ${newest.length}`)
    draw(newest, now)
  }
}
