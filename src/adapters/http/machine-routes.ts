/** `/debug/machines`: the statecharts, as data, as Mermaid or drawn; with an actor on them, where it is and has been. */
import { z } from 'zod'
import type { ChartInspection, Inspection } from '../../ports/inspection.ts'
import { chart, machines } from './machine-schemas.ts'
import { HttpProblem } from './problems.ts'
import { chartQuery, noQuery, type ChartForm } from './queries.ts'
import { problems, type Routes } from './routes.ts'

const types: Readonly<Record<Exclude<ChartForm, 'json'>, string>> = { mermaid: 'text/vnd.mermaid; charset=utf-8', svg: 'image/svg+xml; charset=utf-8' }
const endings: Readonly<Record<string, ChartForm>> = { '.mmd': 'mermaid', '.svg': 'svg' }
const params = z.object({ id: z.string().max(60, { error: 'is too long for a machine' }) })

/** A name that ends like a file asks for that form. */
const named = (id: string): { readonly id: string; readonly form?: ChartForm } => {
  const form = endings[id.slice(-4)]
  return form === undefined ? { id } : { id: id.slice(0, -4), form }
}

const accepted = (header: string | undefined): ChartForm => (header?.includes('text/vnd.mermaid') === true ? 'mermaid' : 'json')

const noChart = (inspection: Pick<Inspection, 'machines'>, id: string, actor: string | undefined): HttpProblem => {
  const known = inspection.machines().map((one) => one.id)
  return known.includes(id)
    ? new HttpProblem(404, `there never was an actor of the machine ${id} at ${actor ?? ''}; /debug/actors?machine=${id} lists those that are`, 'actor')
    : new HttpProblem(404, `there is no machine "${id}"; there are ${known.join(', ')}`)
}

export const serveMachines = (routes: Routes, inspection: Pick<Inspection, 'machines' | 'chart'>): void => {
  routes.get('/debug/machines', { schema: { summary: 'Every statechart', querystring: noQuery, response: { 200: machines, ...problems } } }, () => inspection.machines())

  routes.get(
    '/debug/machines/:id',
    { schema: { summary: 'One statechart, as data, Mermaid or SVG; the endings .mmd and .svg, and Accept: text/vnd.mermaid, ask for the same', params, querystring: chartQuery, response: { 200: chart, ...problems } } },
    async (request, reply) => {
      const { id, form: ending } = named(request.params.id)
      const { form = ending ?? accepted(request.headers.accept), actor } = request.query
      const found = await inspection.chart(id, actor)
      if (found === undefined) throw noChart(inspection, id, actor)
      void reply.header('vary', 'accept')
      const text = { json: undefined, mermaid: (one: ChartInspection) => one.mermaid, svg: (one: ChartInspection) => one.svg() }[form]
      if (form !== 'json' && text !== undefined) void reply.type(types[form]).serializer(() => text(found))
      return { ...found.machine, mermaid: found.mermaid, actor: found.actor }
    },
  )
}
