/** The audit log: every decision, newest first, by who, what and about whom. */
import { useState } from 'preact/hooks'
import type { Audit } from '../desk/answers.ts'
import { clockTime, stamp } from '../desk/format.ts'
import { clock } from '../desk/live.ts'
import { isAddress } from '../desk/route.ts'
import { useStore } from '../desk/store.ts'
import { useAnswer } from '../desk/use-answer.ts'
import { idOf, kindOf, shortId, words } from '../desk/words.ts'
import { Choice, Text } from '../parts/fields.tsx'
import { Panel, Problem } from '../parts/panel.tsx'
import { Table, type Column } from '../parts/table.tsx'

const everyMs = 4_000
const most = 500
const kinds = ['proposal', 'denial', 'withdrawal', 'repair', 'ramp', 'breaker', 'closing', 'pause', 'resume', 'kill', 'unkill', 'hold', 'release', 'close', 'close-externally', 'set-target', 'cancel', 'adopt', 'buy', 'reconcile', 'reset-breaker']
const kindOptions = [['', 'all'] as const, ...kinds.map((kind) => [kind, words(kind)] as const)]

/** An actor, or what a reconciliation has compared: an id, an asset. */
const aboutOf = (target: string): string => (isAddress(target) ? (target.includes('/') ? `${kindOf(target)} ${shortId(idOf(target))}` : kindOf(target)) : shortId(target))

const columns: readonly Column<Audit>[] = [
  { title: 'Time', kind: 'time', cell: (one) => clockTime(one.at), hint: (one) => stamp(one.at) },
  { title: 'What', kind: 'name', cell: (one) => words(one.kind), hint: (one) => `decision ${one.number}, ${one.hash}` },
  { title: 'Who', kind: 'text', cell: (one) => one.who },
  { title: 'About', kind: 'text', cell: (one) => aboutOf(one.target), hint: (one) => one.target },
  { title: 'State', kind: 'text', cell: (one) => (one.before === one.after ? words(one.after) : `${one.before === '' ? 'new' : words(one.before)} → ${words(one.after)}`) },
  { title: 'Why', kind: 'text', cell: (one) => (one.rule === null ? one.reason : `${one.rule}: ${one.reason}`), hint: (one) => one.reason },
]

const id = /^[\w.:-]{0,100}$/

const queryOf = (fields: Readonly<Record<string, string>>): string => {
  const asked = Object.entries(fields).filter(([, value]) => value.trim() !== '' && id.test(value.trim()))
  return new URLSearchParams([['limit', String(most)], ...asked.map(([name, value]) => [name, value.trim()] as [string, string])]).toString()
}

export const AuditView = () => {
  const [kind, setKind] = useState('')
  const [pair, setPair] = useState('')
  const [order, setOrder] = useState('')
  const [rule, setRule] = useState('')
  const now = useStore(clock)
  const { value, problem } = useAnswer<readonly Audit[]>(`/api/audit?${queryOf({ kind, pair, order, rule })}`, everyMs)
  const tools = (
    <div class="tools" role="group" aria-label="Filters">
      <Choice label="What" value={kind} options={kindOptions} onChange={setKind} />
      <Text label="Pair" value={pair} onChange={setPair} />
      <Text label="Order" value={order} onChange={setOrder} />
      <Text label="Rule" value={rule} onChange={setRule} />
    </div>
  )
  return (
    <Panel title="Audit log" id="audit" count={value === undefined ? undefined : `${value.length}${value.length === most ? ' newest' : ''}`} tools={tools}>
      {problem === undefined ? null : <Problem>{problem}</Problem>}
      <Table label="Decisions, newest first" columns={columns} rows={value ?? []} keyOf={(one) => String(one.number)} addressOf={(one) => (isAddress(one.target) ? one.target : undefined)} empty={value === undefined ? 'asking' : 'no such decision'} now={now} />
    </Panel>
  )
}
