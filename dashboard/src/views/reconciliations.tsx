/** Comparisons of the rows with the venue: what was expected, what was found, what was done. */
import { useState } from 'preact/hooks'
import type { Reconciliation } from '../desk/answers.ts'
import { openCommand } from '../commands/open.ts'
import { clockTime, stamp } from '../desk/format.ts'
import { useAnswer } from '../desk/use-answer.ts'
import { Choice } from '../parts/fields.tsx'
import { Panel, Problem, Quiet } from '../parts/panel.tsx'
import { State } from '../parts/state.tsx'

const everyMs = 5_000
const outcomes = [['', 'all'], ['repaired', 'repaired'], ['failed', 'failed'], ['agreed', 'agreed']] as const

const Run = ({ run }: { readonly run: Reconciliation }) => {
  const { began, ended, reason, outcome, compared, differences, omitted, detail } = run
  return (
    <li class="run">
      <p class="run-head">
        <State state={outcome} />
        <time dateTime={stamp(began)} title={stamp(began)}>
          {clockTime(began)}
        </time>
        <span>{reason}</span>
        <span class="quiet">{`${compared.orders} orders, ${compared.fills} fills, ${compared.assets} assets in ${ended - began} ms`}</span>
      </p>
      {detail === null ? null : <p class="run-detail">{detail}</p>}
      {differences.map((one) => (
        <dl class="difference" key={`${one.kind} ${one.about}`}>
          <div><dt>{one.kind}</dt><dd class="mono">{one.about}</dd></div>
          <div><dt>expected</dt><dd>{one.expected}</dd></div>
          <div><dt>found</dt><dd>{one.found}</dd></div>
          <div><dt>done</dt><dd>{one.done}</dd></div>
        </dl>
      ))}
      {omitted === 0 ? null : <p class="quiet">{`and ${omitted} differences more`}</p>}
    </li>
  )
}

export const ReconciliationsView = () => {
  const [outcome, setOutcome] = useState('')
  const { value, problem } = useAnswer<readonly Reconciliation[]>(`/api/reconciliations?limit=50${outcome === '' ? '' : `&outcome=${outcome}`}`, everyMs)
  const tools = (
    <div class="tools">
      <Choice label="Outcome" value={outcome} options={outcomes} onChange={setOutcome} />
      <button type="button" onClick={() => openCommand('reconcile')}>
        Compare now
      </button>
    </div>
  )
  return (
    <Panel title="Reconciliations" id="reconciliations" count="newest first" tools={tools}>
      {problem === undefined ? null : <Problem>{problem}</Problem>}
      {value === undefined ? <Quiet>asking</Quiet> : value.length === 0 ? <Quiet>none</Quiet> : <ol class="runs">{value.map((run) => <Run key={run.id} run={run} />)}</ol>}
    </Panel>
  )
}
