/** Open trade pairs with their progress, and the orders that are live at the venue, or may be. */
import type { Order, Position, TradePair } from '../desk/answers.ts'
import { bps, decimal, duration, money, rounded, signed, stamp } from '../desk/format.ts'
import { shortId, words } from '../desk/words.ts'
import { Panel } from '../parts/panel.tsx'
import { Progress, State } from '../parts/state.tsx'
import { Table, type Column } from '../parts/table.tsx'

const part = (done: string, whole: string): number => (Number(whole) > 0 ? Number(done) / Number(whole) : 0)

/** What a pair is about now: the buy until something is bought, then the sale of it. */
interface PairLine {
  readonly pair: TradePair
  readonly order: Order | undefined
  readonly position: Position | undefined
}

const progressOf = ({ pair, order }: PairLine) =>
  pair.state.startsWith('buying') ? (
    <Progress part={part(pair.bought, order?.quantity ?? '0')} text={`bought ${decimal(pair.bought)}${order === undefined ? '' : ` of ${decimal(order.quantity)}`}`} />
  ) : (
    <Progress part={part(pair.sold, pair.held)} text={`sold ${decimal(pair.sold)} of ${decimal(pair.held)}`} />
  )

const pairColumns: readonly Column<PairLine>[] = [
  { title: 'Instrument', kind: 'name', cell: ({ pair }) => pair.instrument, hint: ({ pair }) => pair.strategy },
  { title: 'State', kind: 'status', cell: ({ pair }) => <State state={pair.state} hint={pair.heldBecause ?? undefined} />, hint: ({ pair }) => pair.heldBecause ?? undefined },
  { title: 'Progress', kind: 'progress', cell: progressOf },
  { title: 'Cost', kind: 'number', cell: ({ pair }) => rounded(pair.cost, 2), hint: ({ pair }) => pair.cost },
  { title: 'On offer at', kind: 'number', cell: ({ order }) => money(order?.price) },
  { title: 'To target', kind: 'number', cell: ({ position }) => bps(position?.distanceToTarget) },
  { title: 'Unrealised', kind: 'number', cell: ({ position }) => signed(position?.unrealised, 2), hint: ({ position }) => position?.unrealised ?? undefined, tone: ({ position }) => (Number(position?.unrealised ?? 0) < 0 ? 'bad' : undefined) },
  { title: 'In state', kind: 'time', cell: ({ pair }, now) => duration(now - pair.since), hint: ({ pair }) => stamp(pair.since) },
  { title: 'Pair', kind: 'id', cell: ({ pair }) => shortId(pair.pairId), hint: ({ pair }) => pair.pairId },
]

/** What needs a person first, then what holds something, then what waits to buy. */
const urgency = ({ state }: TradePair): number => (state === 'held' ? 0 : state.startsWith('buying.pending') ? 2 : 1)

interface Props {
  readonly pairs: readonly TradePair[]
  readonly orders: readonly Order[]
  readonly positions: readonly Position[]
  readonly now: number
}

const tall = { row: 40, card: 104 }

export const Pairs = ({ pairs, orders, positions, now }: Props) => {
  const orderOf = new Map(orders.map((order) => [order.pairId, order]))
  const positionOf = new Map(positions.map((position) => [position.pairId, position]))
  const sorted = pairs.toSorted((one, other) => urgency(one) - urgency(other) || one.instrument.localeCompare(other.instrument) || other.pairId.localeCompare(one.pairId))
  const lines = sorted.map((pair) => ({ pair, order: orderOf.get(pair.pairId), position: positionOf.get(pair.pairId) }))
  return (
    <Panel title="Open trade pairs" id="pairs" count={pairs.length}>
      <Table label="Open trade pairs" columns={pairColumns} rows={lines} keyOf={({ pair }) => pair.address} addressOf={({ pair }) => pair.address} empty="no pair is open" now={now} heights={tall} />
    </Panel>
  )
}

const orderColumns: readonly Column<Order>[] = [
  { title: 'Instrument', kind: 'name', cell: (order) => order.instrument },
  { title: 'Side', kind: 'side', cell: (order) => order.side },
  { title: 'Price', kind: 'number', cell: (order) => money(order.price) },
  { title: 'State', kind: 'status', cell: (order) => <State state={order.state} />, hint: (order) => order.reason ?? undefined },
  { title: 'Filled', kind: 'progress', cell: (order) => <Progress part={part(order.filled, order.quantity)} text={`${decimal(order.filled)} of ${decimal(order.quantity)}`} /> },
  { title: 'In state', kind: 'time', cell: (order, now) => duration(now - order.since), hint: (order) => stamp(order.since) },
  { title: 'Order', kind: 'id', cell: (order) => shortId(order.clientOrderId), hint: (order) => order.clientOrderId },
]

export const Orders = ({ orders, now }: { readonly orders: readonly Order[]; readonly now: number }) => {
  const sorted = orders.toSorted((one, other) => one.instrument.localeCompare(other.instrument) || Number(other.price) - Number(one.price))
  return (
    <Panel title="Live orders" id="orders" count={orders.length}>
      <Table label="Live orders" columns={orderColumns} rows={sorted} keyOf={(order) => order.address} addressOf={(order) => order.address} empty={`no order is ${words('live')}`} now={now} heights={tall} />
    </Panel>
  )
}
