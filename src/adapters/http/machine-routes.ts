/** `/debug/machines`: the statecharts, as data or as a drawing's source. */
import { z } from 'zod'
import type { Inspection, MachineInspection } from '../../ports/inspection.ts'
import { HttpProblem } from './problems.ts'
import { noQuery } from './queries.ts'
import { problems, type Routes } from './routes.ts'
import { machine, machines } from './schemas.ts'

const mermaidType = 'text/vnd.mermaid'
const mermaidEnding = '.mmd'
const params = z.object({ id: z.string().max(60, { error: 'is too long for a machine' }) })

const find = (all: readonly MachineInspection[], id: string): MachineInspection => {
  const found = all.find((one) => one.id === id)
  if (found === undefined) throw new HttpProblem(404, `there is no machine "${id}"; there are ${all.map((one) => one.id).join(', ')}`)
  return found
}

export const serveMachines = (routes: Routes, inspection: Inspection): void => {
  routes.get('/debug/machines', { schema: { summary: 'Every statechart', querystring: noQuery, response: { 200: machines, ...problems } } }, () => inspection.machines())

  routes.get(
    '/debug/machines/:id',
    { schema: { summary: 'One statechart; as Mermaid with Accept: text/vnd.mermaid, or the ending .mmd', params, querystring: noQuery, response: { 200: machine, ...problems } } },
    (request, reply) => {
      const { id } = request.params
      const named = id.endsWith(mermaidEnding)
      const found = find(inspection.machines(), named ? id.slice(0, -mermaidEnding.length) : id)
      void reply.header('vary', 'accept')
      const drawn = named || (request.headers.accept ?? '').includes(mermaidType)
      if (drawn) void reply.type(`${mermaidType}; charset=utf-8`).serializer((one: MachineInspection) => one.mermaid)
      return found
    },
  )
}
