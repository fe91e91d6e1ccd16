/** A market: the last hour of its price, what was bought and sold there, and the prices that something waits for. */
import { useMemo, useState } from 'preact/hooks'
import { Plot, type Point } from '../charts/plot.tsx'
import { PriceMarks, type Line } from '../charts/price-marks.tsx'
import type { Fill, Order, Position, PricePoint } from '../desk/answers.ts'
import { bps, decimal, money, stamp, clockTime } from '../desk/format.ts'
import { clock, picture } from '../desk/live.ts'
import { useStore } from '../desk/store.ts'
import { useAnswer } from '../desk/use-answer.ts'
import { shortId } from '../desk/words.ts'
import { Choice } from '../parts/fields.tsx'
import { Panel, Quiet } from '../parts/panel.tsx'
import { Table, type Column } from '../parts/table.tsx'

const everyMs = 2_000
const mostFills = 200

const linesOf = (instrument: string, orders: readonly Order[], positions: readonly Position[]): readonly Line[] => [
  ...orders.filter((order) => order.instrument === instrument).map((order): Line => ({ kind: order.side === 'buy' ? 'buy' : 'target', price: Number(order.price), address: `trade-pair/${order.pairId}` })),
  ...positions.flatMap((position): readonly Line[] => (position.instrument === instrument && position.stop !== null ? [{ kind: 'stop', price: Number(position.stop), address: `trade-pair/${position.pairId}` }] : [])),
]

const names: Readonly<Record<Line['kind'], string>> = { buy: 'buy', target: 'target', stop: 'stop' }

const lineColumns = (bid: number): readonly Column<Line>[] => [
  { title: 'Waits for', kind: 'name', cell: (line) => <span class={`key ${line.kind}`}>{names[line.kind]}</span> },
  { title: 'Price', kind: 'number', cell: (line) => money(String(line.price)) },
  { title: 'From the bid', kind: 'number', cell: (line) => (bid > 0 ? bps(String((line.price - bid) / bid)) : '–') },
  { title: 'Pair', kind: 'id', cell: (line) => shortId(line.address), hint: (line) => line.address },
]

const fillColumns: readonly Column<Fill>[] = [
  { title: 'Time', kind: 'time', cell: (fill) => clockTime(fill.at), hint: (fill) => stamp(fill.at) },
  { title: 'Side', kind: 'side', cell: (fill) => <span class={`key ${fill.side === 'buy' ? 'bought' : 'sold'}`}>{fill.side}</span> },
  { title: 'Price', kind: 'number', cell: (fill) => money(fill.price) },
  { title: 'Quantity', kind: 'number', cell: (fill) => decimal(fill.quantity) },
  { title: 'Fee', kind: 'number', cell: (fill) => `${decimal(fill.fee)} ${fill.feeAsset}` },
]

const usePlot = (instrument: string) => {
  const { value: points } = useAnswer<readonly PricePoint[]>(`/api/prices/${instrument}/history`, everyMs)
  const { value: fills } = useAnswer<readonly Fill[]>(`/api/fills?limit=${mostFills}`, everyMs)
  const drawn = useMemo(() => (points ?? []).map(({ at, bid, ask }): Point => ({ at, values: [Number(ask), Number(bid)] })), [points])
  return { points: drawn, fills: (fills ?? []).filter((fill) => fill.instrument === instrument), isThere: points !== undefined }
}

/** Lines far from the market would make it flat: those within two percent of the bid are kept in sight. */
const inSight = (lines: readonly Line[], bid: number): readonly number[] => [...new Set(lines.map(({ price }) => price).filter((price) => Math.abs(price - bid) < bid * 0.02))].sort((one, other) => one - other)

const Market = ({ instrument }: { readonly instrument: string }) => {
  const shown = useStore(picture)
  const now = useStore(clock)
  const { points, fills, isThere } = usePlot(instrument)
  const bid = Number(shown?.prices.find((price) => price.instrument === instrument)?.bid ?? 0)
  const lines = linesOf(instrument, shown?.orders ?? [], shown?.positions ?? []).toSorted((one, other) => other.price - one.price)
  const extent = inSight(lines, bid)
  return (
    <>
      {points.length < 2 ? (
        <Quiet>{isThere ? 'the desk has only begun to listen: a point a second will come' : 'asking'}</Quiet>
      ) : (
        <Plot
          points={points}
          lines={[{ name: 'ask', kind: 'ask' }, { name: 'bid', kind: 'bid' }]}
          height={380}
          show={(value) => money(String(Number(value.toFixed(4))))}
          label={`Bid and ask of ${instrument} in the last hour: bid ${bid}, ${lines.length} prices that something waits for, ${fills.length} executions. All of them are in the tables below.`}
          marks={(frame) => <PriceMarks frame={frame} lines={lines} fills={fills} />}
          include={extent.length === 0 ? [] : [extent[0] ?? bid, extent.at(-1) ?? bid]}
        />
      )}
      <p class="legend">
        <span class="key bid">bid</span>
        <span class="key ask">ask</span>
        <span class="key bought">bought</span>
        <span class="key sold">sold</span>
        <span class="key buy">buy waits</span>
        <span class="key target">target</span>
        <span class="key stop">stop</span>
      </p>
      <div class="halves">
        <Table label="Prices that something waits for" columns={lineColumns(bid)} rows={lines} keyOf={(line) => `${line.kind} ${line.address}`} addressOf={(line) => line.address} empty="nothing waits for a price" now={now} />
        <Table label="Executions" columns={fillColumns} rows={fills} keyOf={(fill) => `${fill.tradeId} ${fill.clientOrderId}`} addressOf={(fill) => `order/${fill.clientOrderId}`} empty="nothing was executed yet" now={now} />
      </div>
    </>
  )
}

export const MarketView = () => {
  const instruments = (useStore(picture)?.prices ?? []).map(({ instrument }) => instrument)
  const [chosen, choose] = useState('')
  const instrument = instruments.includes(chosen) ? chosen : instruments[0]
  const tools = instruments.length < 2 ? undefined : <Choice label="Instrument" value={instrument ?? ''} options={instruments.map((one) => [one, one])} onChange={choose} />
  return (
    <Panel title={instrument ?? 'Market'} id="market" count="the last hour" tools={tools}>
      {instrument === undefined ? <Quiet>no instruments</Quiet> : <Market key={instrument} instrument={instrument} />}
    </Panel>
  )
}
