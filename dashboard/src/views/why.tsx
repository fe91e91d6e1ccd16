/** Why the desk is, or is not, taking entries: everything that the gate would look at. */
import type { Why } from '../desk/answers.ts'
import { age, clockTime, stamp } from '../desk/format.ts'
import { clock } from '../desk/live.ts'
import { useStore } from '../desk/store.ts'
import { useAnswer } from '../desk/use-answer.ts'
import { words } from '../desk/words.ts'
import { Panel, Problem, Quiet } from '../parts/panel.tsx'
import { State } from '../parts/state.tsx'
import { Table, type Column } from '../parts/table.tsx'

const everyMs = 2_000

const instrumentColumns: readonly Column<Why['instruments'][number]>[] = [
  { title: 'Instrument', kind: 'name', cell: (one) => one.instrument },
  { title: 'Entries', kind: 'status', cell: (one) => <State state={one.entries ? 'taken' : 'not taken'} tone={one.entries ? 'good' : 'bad'} /> },
  { title: 'At the venue', kind: 'text', cell: (one) => words(one.status) },
  { title: 'Price', kind: 'text', cell: (one) => `${one.price.state}${one.price.ageMs === null ? '' : `, ${age(one.price.ageMs)} old`}`, hint: (one) => `at most ${age(one.price.maxAgeMs)} old` },
  { title: 'Because', kind: 'text', cell: (one) => one.because.map((sentence) => <span class="sentence" key={sentence}>{sentence}</span>) },
]

const denialColumns: readonly Column<Why['denials'][number]>[] = [
  { title: 'Last', kind: 'time', cell: (one) => clockTime(one.at), hint: (one) => stamp(one.at) },
  { title: 'Rule', kind: 'name', cell: (one) => words(one.rule) },
  { title: 'Order', kind: 'text', cell: (one) => `${one.side} ${one.instrument}` },
  { title: 'Times', kind: 'number', cell: (one) => String(one.times) },
  { title: 'The numbers', kind: 'text', cell: (one) => one.detail },
]

/** What holds the whole desk back, a sentence each. */
const reasonsOf = ({ trading, desk, kill, breakers }: Why): readonly string[] => [
  ...(trading.because === null ? [] : [`trading is ${trading.state}: ${trading.because}`]),
  ...(desk.waitsBecause === null || desk.state === 'trading' ? [] : [`the desk is ${words(desk.state)}: ${desk.waitsBecause}`]),
  ...(desk.pausedBecause === null ? [] : [`paused: ${desk.pausedBecause}`]),
  ...Object.entries(desk.hindrances).map(([what, detail]) => `${what}: ${detail}`),
  ...(kill.because === null ? [] : [kill.because]),
  ...breakers.map(({ name, reason }) => `${name} is tripped: ${reason}`),
]

export const WhyView = () => {
  const { value, problem } = useAnswer<Why>('/api/why', everyMs)
  const now = useStore(clock)
  if (value === undefined) return problem === undefined ? <Quiet>asking</Quiet> : <Problem>{problem}</Problem>
  const reasons = reasonsOf(value)
  return (
    <>
      <Panel title="Is the desk taking entries?" id="why">
        <p class="verdict">
          <State state={value.entries ? 'yes' : 'no'} tone={value.entries ? 'good' : 'bad'}>
            {value.entries ? 'Yes, on at least one instrument.' : 'No.'}
          </State>
        </p>
        {reasons.length === 0 ? <Quiet>nothing holds the whole desk back</Quiet> : <ul class="sentences">{reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>}
        <Table label="Entries by instrument" columns={instrumentColumns} rows={value.instruments} keyOf={(one) => one.instrument} empty="no instruments" now={now} />
      </Panel>
      <Panel title="Latest denials of the risk gate" id="denials" count="since the desk was started, the newest of each rule">
        <Table label="Latest denials" columns={denialColumns} rows={value.denials} keyOf={(one) => `${one.rule} ${one.instrument} ${one.side}`} empty="none was denied" now={now} />
      </Panel>
    </>
  )
}
