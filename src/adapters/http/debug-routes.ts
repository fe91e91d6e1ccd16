/** `/debug`: every actor with its state and history, and what the desk hears from its venue. */
import { z } from 'zod'
import { kindOf, type Address } from '../../domain/address.ts'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Inspection } from '../../ports/inspection.ts'
import { HttpProblem } from './problems.ts'
import { actorQueryOf, actorsQuery, historyQuery, noQuery } from './queries.ts'
import { problems, type Routes } from './routes.ts'
import { actor, actorRows, connections, prices } from './schemas.ts'
import { viewActorRow, viewSupervisorRow } from './views.ts'

export const addressParams = z.object({ '*': z.string().max(200, { error: 'is too long for an address' }) })

/** Supervising actors have no rows, and so no kind of row. */
const isAddress = (address: Address): boolean => kindOf(address) !== undefined || /^connection\/[a-z]+$/.test(address)

export const noActor = (address: Address): HttpProblem =>
  !isAddress(address)
    ? new HttpProblem(404, `"${address}" is no address: they are desk, account, kill-switch, breaker/<name>, connection/<name>, order/<client order id> and trade-pair/<pair id>`)
    : new HttpProblem(404, `there never was an actor at ${address}; /debug/actors lists those that are`)

/** Supervising actors that fit the question: they never come to an end. */
const supervisorRows = (inspection: Inspection, { state, finished, olderThanMs = -Infinity, limit }: z.infer<typeof actorsQuery>, now: Millis) =>
  inspection
    .supervisors()
    .filter((one) => (state === undefined || state.split(',').includes(one.state)) && finished !== 'true' && now - one.since > olderThanMs)
    .slice(0, limit)
    .map(viewSupervisorRow)

export const serveActors = (routes: Routes, inspection: Inspection, clock: Pick<Clock, 'now'>): void => {
  routes.get(
    '/debug/actors',
    { schema: { summary: "Actors: those that keep links alive, the desk's own, then trade pairs and orders, newest first", querystring: actorsQuery, response: { 200: actorRows, ...problems } } },
    async ({ query }) => {
      const { machine, kind, olderThanMs, after } = query
      if (machine === 'connection') return supervisorRows(inspection, query, clock.now())
      const asked = { ...actorQueryOf(query, machine ?? kind), ...(olderThanMs !== undefined && { sinceBefore: clock.now() - olderThanMs }), ...(after !== undefined && { after }) }
      const rows = (await inspection.actors(asked)).map(viewActorRow)
      const isFirst = machine === undefined && kind === undefined && after === undefined
      return isFirst ? [...supervisorRows(inspection, query, clock.now()), ...rows].slice(0, query.limit) : rows
    },
  )

  routes.get(
    '/debug/actors/*',
    { schema: { summary: 'One actor by its address, such as desk or order/<client order id>', params: addressParams, querystring: historyQuery, response: { 200: actor, ...problems } } },
    async (request) => {
      const address = request.params['*']
      const { after = 0, before, limit } = request.query
      const found = !isAddress(address) ? undefined : await inspection.actor(address, before === undefined ? { after, limit } : { before, limit })
      if (found === undefined) throw noActor(address)
      return found
    },
  )
}

export const serveFeeds = (routes: Routes, inspection: Inspection): void => {
  routes.get('/debug/connections', { schema: { summary: 'Streams from the venue', querystring: noQuery, response: { 200: connections, ...problems } } }, () => inspection.connections())
  routes.get('/debug/prices', { schema: { summary: 'The price board', querystring: noQuery, response: { 200: prices, ...problems } } }, () => inspection.prices())
}
