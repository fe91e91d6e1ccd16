/** Charts of the machines, bare or with one of their actors on them. */
import { drawStatechart } from '../adapters/statechart-svg/index.ts'
import { chartOf, machines, mermaidOf, type Chart } from '../machines/chart.ts'
import { durableMachines } from '../machines/durable-machines.ts'
import { TakenArrows } from '../machines/taken.ts'
import type { ChartInspection, MachineInspection, SupervisorInspection } from '../ports/inspection.ts'
import type { JournalReads } from '../ports/journal.ts'
import { supervisedBy } from './supervisor-inspection.ts'

const charts: ReadonlyMap<string, Chart> = new Map(Object.entries(machines).map(([id, machine]) => [id, chartOf(machine)]))

const inspect = (id: string, chart: Chart): MachineInspection => ({
  ...chart,
  id,
  version: id in durableMachines ? durableMachines[id as keyof typeof durableMachines].version : null,
  mermaid: mermaidOf(chart),
})

/** Every machine of the program. */
export const inspectMachines = (): readonly MachineInspection[] => [...charts].map(([id, chart]) => inspect(id, chart))

const page = 1_000
/** Arrows are counted over so many of the newest events of an actor. */
const mostCounted = 10_000

type Reads = Pick<JournalReads, 'actor' | 'historyBefore'>

interface Lives {
  readonly reads: Reads
  readonly supervisors: readonly SupervisorInspection[]
}

const supervisorOnChart = ({ supervisors }: Lives, chart: Chart, address: string): ChartInspection['actor'] | undefined => {
  const found = supervisors.find(({ name }) => name === supervisedBy(address))
  if (found === undefined) return undefined
  const taken = new TakenArrows(chart)
  for (const { event, from, to } of found.events) taken.take({ type: event, from, to })
  return { address, state: found.state, taken: taken.arrows }
}

const onChart = async (lives: Lives, { machine, chart, address }: { readonly machine: string; readonly chart: Chart; readonly address: string }): Promise<ChartInspection['actor'] | undefined> => {
  if (machine === 'connection') return supervisorOnChart(lives, chart, address)
  const { reads } = lives
  const record = await reads.actor(address)
  if (record?.kind !== machine) return undefined
  const taken = new TakenArrows(chart)
  for (let before = record.seq + 1, left = mostCounted; left > 0 && before > 1; left -= page) {
    const events = await reads.historyBefore(address, before, page)
    for (const event of events) taken.take(event)
    before = events[0]?.seq ?? 1
  }
  return { address, state: record.state, taken: taken.arrows }
}

/** Undefined when there is no such machine, or no such actor of it. */
export const inspectChart = async (lives: Lives, id: string, address?: string): Promise<ChartInspection | undefined> => {
  const chart = charts.get(id)
  if (chart === undefined) return undefined
  const actor = address === undefined ? null : await onChart(lives, { machine: id, chart, address })
  if (actor === undefined) return undefined
  const machine = inspect(id, chart)
  return { machine, actor, mermaid: mermaidOf(chart, actor?.state), svg: () => drawStatechart(machine, actor) }
}
