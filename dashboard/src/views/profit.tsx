/** What was earned: over time, and by day and instrument. */
import { useMemo } from 'preact/hooks'
import { Plot, type Point } from '../charts/plot.tsx'
import type { Realised, TradePair } from '../desk/answers.ts'
import { signed } from '../desk/format.ts'
import { clock } from '../desk/live.ts'
import { useStore } from '../desk/store.ts'
import { useAnswer } from '../desk/use-answer.ts'
import type { Tone } from '../desk/words.ts'
import { Panel, Problem, Quiet } from '../parts/panel.tsx'
import { Table, type Column } from '../parts/table.tsx'

const everyMs = 5_000
const most = 1_000

const toneOf = (profit: string): Tone | undefined => (Number(profit) === 0 ? undefined : Number(profit) > 0 ? 'good' : 'bad')

const columns: readonly Column<Realised>[] = [
  { title: 'Day (UTC)', kind: 'name', cell: (one) => one.day },
  { title: 'Instrument', kind: 'text', cell: (one) => one.instrument },
  { title: 'Round trips', kind: 'number', cell: (one) => String(one.pairs) },
  { title: 'Won', kind: 'number', cell: (one) => `${one.pairs === 0 ? 0 : Math.round((100 * one.wins) / one.pairs)} %`, hint: (one) => `${one.wins} of ${one.pairs}` },
  { title: 'Fees', kind: 'number', cell: (one) => signed(one.fees, 4), hint: (one) => one.fees },
  { title: 'Profit', kind: 'number', cell: (one) => signed(one.profit, 4), hint: (one) => one.profit, tone: (one) => toneOf(one.profit) },
]

/** The sum of what the round trips have earned, at each moment that one closed. */
const curveOf = (closed: readonly TradePair[]): readonly Point[] => {
  const inOrder = closed.filter(({ closedAt, profit }) => closedAt !== null && profit !== null).toSorted((one, other) => (one.closedAt ?? 0) - (other.closedAt ?? 0))
  let sum = 0
  // A step: until a round trip closes nothing of it is earned.
  return inOrder.flatMap(({ closedAt, profit }) => {
    const before = sum
    sum += Number(profit)
    return [{ at: closedAt ?? 0, values: [before] }, { at: closedAt ?? 0, values: [sum] }]
  })
}

interface Total {
  readonly instrument: string
  readonly pairs: number
  readonly profit: number
}

const totalsOf = (rows: readonly Realised[]): readonly Total[] =>
  [...Map.groupBy(rows, ({ instrument }) => instrument)].map(([instrument, days]) => ({ instrument, pairs: days.reduce((sum, { pairs }) => sum + pairs, 0), profit: days.reduce((sum, { profit }) => sum + Number(profit), 0) }))

export const ProfitView = () => {
  const { value: rows, problem } = useAnswer<readonly Realised[]>('/api/pnl', everyMs)
  const { value: closed } = useAnswer<readonly TradePair[]>(`/api/trade-pairs?state=closed&limit=${most}`, everyMs)
  const now = useStore(clock)
  const points = useMemo(() => curveOf(closed ?? []), [closed])
  const totals = totalsOf(rows ?? [])
  const all = totals.reduce((sum, { profit }) => sum + profit, 0)
  return (
    <>
      <Panel title="Realised profit" id="profit" count={closed === undefined ? undefined : closed.length === most ? `the newest ${most} round trips` : `${closed.length} round trips`}>
        <dl class="figures plain">
          <div data-tone={all === 0 ? undefined : all > 0 ? 'good' : 'bad'}>
            <dt>All instruments</dt>
            <dd>{signed(all, 4)}</dd>
          </div>
          {totals.map(({ instrument, pairs, profit }) => (
            <div key={instrument}>
              <dt>{`${instrument}, ${pairs} round trips`}</dt>
              <dd>{signed(profit, 4)}</dd>
            </div>
          ))}
        </dl>
        {points.length < 2 ? <Quiet>the curve begins with the second round trip</Quiet> : <Plot points={points} lines={[{ name: 'profit', kind: 'filled' }]} height={260} include={[0]} show={(value) => signed(value, 2)} label={`Realised profit over ${points.length} round trips, ${signed(all, 4)} in all; by day in the table below.`} />}
      </Panel>
      <Panel title="By day and instrument" id="days">
        {problem === undefined ? null : <Problem>{problem}</Problem>}
        <Table label="Profit by day and instrument" columns={columns} rows={rows ?? []} keyOf={(one) => `${one.day} ${one.instrument}`} empty="nothing has closed yet" now={now} />
      </Panel>
    </>
  )
}
