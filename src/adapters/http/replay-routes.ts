/** `/debug/replay`: an actor's life, lived again from its journal and held against its row. */
import { kindOf } from '../../domain/address.ts'
import type { Inspection } from '../../ports/inspection.ts'
import { addressParams, noActor } from './debug-routes.ts'
import { HttpProblem } from './problems.ts'
import { replayQuery } from './queries.ts'
import { replay } from './replay-schemas.ts'
import { problems, type Routes } from './routes.ts'

export const serveReplay = (routes: Routes, inspection: Pick<Inspection, 'replay'>): void => {
  routes.get(
    '/debug/replay/*',
    { schema: { summary: 'The past of one actor, step by step, and whether it leads to its row', params: addressParams, querystring: replayQuery, response: { 200: replay, ...problems } } },
    async (request) => {
      const address = request.params['*']
      const { after, limit } = request.query
      const found = kindOf(address) === undefined ? undefined : await inspection.replay(address, after, limit)
      if (found === undefined) throw noActor(address)
      if ('tooLong' in found) throw new HttpProblem(422, found.tooLong)
      return found
    },
  )
}
