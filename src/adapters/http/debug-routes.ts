/** `/debug`: every actor with its state and history, and what the desk hears from its venue. */
import { z } from 'zod'
import { kindOf, type Address } from '../../domain/address.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Inspection } from '../../ports/inspection.ts'
import { HttpProblem } from './problems.ts'
import { actorQueryOf, actorsQuery, historyQuery, noQuery } from './queries.ts'
import { problems, type Routes } from './routes.ts'
import { actor, actorRows, connections, prices } from './schemas.ts'
import { viewActorRow } from './views.ts'

export const addressParams = z.object({ '*': z.string().max(200, { error: 'is too long for an address' }) })

export const noActor = (address: Address): HttpProblem =>
  kindOf(address) === undefined
    ? new HttpProblem(404, `"${address}" is no address: they are desk, account, kill-switch, breaker/<name>, order/<client order id> and trade-pair/<pair id>`)
    : new HttpProblem(404, `there never was an actor at ${address}; /debug/actors lists those that are`)

export const serveActors = (routes: Routes, inspection: Inspection, clock: Pick<Clock, 'now'>): void => {
  routes.get(
    '/debug/actors',
    { schema: { summary: "Actors: the desk's own, then trade pairs and orders, newest first", querystring: actorsQuery, response: { 200: actorRows, ...problems } } },
    async ({ query }) => {
      const { machine, kind, olderThanMs, after } = query
      const asked = { ...actorQueryOf(query, machine ?? kind), ...(olderThanMs !== undefined && { sinceBefore: clock.now() - olderThanMs }), ...(after !== undefined && { after }) }
      return (await inspection.actors(asked)).map(viewActorRow)
    },
  )

  routes.get(
    '/debug/actors/*',
    { schema: { summary: 'One actor by its address, such as desk or order/<client order id>', params: addressParams, querystring: historyQuery, response: { 200: actor, ...problems } } },
    async (request) => {
      const address = request.params['*']
      const { after = 0, before, limit } = request.query
      const found = kindOf(address) === undefined ? undefined : await inspection.actor(address, before === undefined ? { after, limit } : { before, limit })
      if (found === undefined) throw noActor(address)
      return found
    },
  )
}

export const serveFeeds = (routes: Routes, inspection: Inspection): void => {
  routes.get('/debug/connections', { schema: { summary: 'Streams from the venue', querystring: noQuery, response: { 200: connections, ...problems } } }, () => inspection.connections())
  routes.get('/debug/prices', { schema: { summary: 'The price board', querystring: noQuery, response: { 200: prices, ...problems } } }, () => inspection.prices())
}
