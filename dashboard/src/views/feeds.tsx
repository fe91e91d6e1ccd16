/** What the desk hears from its venue, what closed last, and what was committed last. */
import type { Connection, Price, TradePair, Transition } from '../desk/answers.ts'
import { age, clockTime, duration, money, signed, stamp } from '../desk/format.ts'
import { idOf, kindOf, shortId, words, type Tone } from '../desk/words.ts'
import { Panel } from '../parts/panel.tsx'
import { State } from '../parts/state.tsx'
import { Table, type Column } from '../parts/table.tsx'

interface Moment {
  readonly now: number
}

const ageOf = (at: number | null, now: number): string => age(at === null ? null : now - at)

const priceColumns: readonly Column<Price>[] = [
  { title: 'Instrument', kind: 'name', cell: (price) => price.instrument },
  { title: 'Bid', kind: 'number', cell: (price) => money(price.bid) },
  { title: 'Ask', kind: 'number', cell: (price) => money(price.ask) },
  { title: 'Age', kind: 'number', cell: (price, now) => ageOf(price.at, now), hint: (price) => stamp(price.at) },
  {
    title: 'State',
    kind: 'status',
    cell: (price) => (price.source === 'rest' ? <State state={price.state} tone="wait">{`${price.state}, polled`}</State> : <State state={price.state} />),
    hint: (price) => (price.lastProblem === null ? undefined : `${price.rejected} ticks stopped, the last was ${price.lastProblem}`),
  },
]

export const Prices = ({ prices, now }: Moment & { readonly prices: readonly Price[] }) => (
  <Panel title="Prices" id="prices">
    <Table label="Prices" columns={priceColumns} rows={prices} keyOf={(price) => price.instrument} empty="no instruments" now={now} />
  </Panel>
)

const counted = (one: Connection): string => `${one.reconnects} reconnects, ${one.gaps} gaps, ${one.polls} polls, attempt ${one.attempt}${one.lastEnd === null ? '' : `; last end: ${one.lastEnd}`}`

const connectionColumns: readonly Column<Connection>[] = [
  { title: 'Stream', kind: 'name', cell: (one) => one.name, hint: (one) => one.venue },
  { title: 'State', kind: 'status', cell: (one) => (one.fallback === 'polling' ? <State state={one.state} tone="wait">{`${words(one.state)}, polling`}</State> : <State state={one.state} />), hint: counted },
  { title: 'Since', kind: 'number', cell: (one, now) => duration(now - one.since), hint: (one) => stamp(one.since) },
  { title: 'Data', kind: 'number', cell: (one, now) => ageOf(one.lastEventAt, now), hint: (one) => `last event ${stamp(one.lastEventAt)}, last frame ${stamp(one.lastFrameAt)}` },
  { title: 'Again', kind: 'number', cell: (one) => String(one.reconnects), hint: counted },
]

export const Connections = ({ connections, now }: Moment & { readonly connections: readonly Connection[] }) => (
  <Panel title="Links" id="connections">
    <Table label="Links to the venue" columns={connectionColumns} rows={connections} keyOf={(one) => `${one.venue} ${one.name}`} empty="none" now={now} />
  </Panel>
)

const profitTone = ({ profit }: TradePair): Tone | undefined => (Number(profit ?? 0) === 0 ? undefined : Number(profit) > 0 ? 'good' : 'bad')

const closedColumns: readonly Column<TradePair>[] = [
  { title: 'Closed', kind: 'time', cell: (pair) => clockTime(pair.closedAt), hint: (pair) => stamp(pair.closedAt) },
  { title: 'Instrument', kind: 'name', cell: (pair) => pair.instrument },
  { title: 'Took', kind: 'number', cell: (pair) => duration(pair.closedAt === null || pair.openedAt === null ? null : pair.closedAt - pair.openedAt) },
  { title: 'Profit', kind: 'number', cell: (pair) => signed(pair.profit, 4), hint: (pair) => pair.profit ?? undefined, tone: profitTone },
]

export const Closed = ({ closed, now }: Moment & { readonly closed: readonly TradePair[] }) => {
  const newest = closed.toSorted((one, other) => (other.closedAt ?? 0) - (one.closedAt ?? 0))
  const total = closed.reduce((sum, pair) => sum + Number(pair.profit ?? 0), 0)
  return (
    <Panel title="Recently closed" id="closed" count={closed.length === 0 ? undefined : `${signed(total, 4)} in the last ${closed.length}`}>
      <Table label="Recently closed pairs" columns={closedColumns} rows={newest} keyOf={(pair) => pair.address} addressOf={(pair) => pair.address} empty="none has closed yet" now={now} />
    </Panel>
  )
}

const journalColumns: readonly Column<Transition>[] = [
  { title: 'Time', kind: 'time', cell: (event) => clockTime(event.at), hint: (event) => stamp(event.at) },
  { title: 'Actor', kind: 'name', cell: (event) => kindOf(event.address), hint: (event) => event.address },
  { title: 'Event', kind: 'text', cell: (event) => words(event.type), hint: (event) => `${event.from} → ${event.to}` },
  { title: 'To', kind: 'text', cell: (event) => words(event.to), hint: (event) => `${event.from} → ${event.to}` },
  { title: 'Id', kind: 'id', cell: (event) => (event.address.includes('/') ? shortId(idOf(event.address)) : '') },
]

export const Journal = ({ transitions, now }: Moment & { readonly transitions: readonly Transition[] }) => (
  <Panel title="Journal" id="journal">
    <Table label="Latest transitions" columns={journalColumns} rows={transitions} keyOf={(event) => String(event.position)} addressOf={(event) => event.address} empty="nothing has happened since this page was opened" now={now} />
  </Panel>
)
