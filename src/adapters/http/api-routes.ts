/** `/api`: the desk and its rows. */
import type { Inspection } from '../../ports/inspection.ts'
import { HttpProblem } from './problems.ts'
import { actorQueryOf, auditQuery, noQuery, reconciliationsQuery, rowsQuery, whyQuery } from './queries.ts'
import { problems, type Routes } from './routes.ts'
import { auditRecords, desk, orderRows, reconciliations, tradePairRows, why } from './schemas.ts'
import { viewOrders, viewTradePairs } from './views.ts'

export const serveApi = (routes: Routes, inspection: Inspection): void => {
  routes.get('/api/desk', { schema: { summary: 'The desk at a glance', querystring: noQuery, response: { 200: desk, ...problems } } }, () => inspection.desk())

  routes.get('/api/why', { schema: { summary: 'Why the desk is, or is not, taking entries now', querystring: whyQuery, response: { 200: why, ...problems } } }, (request) => {
    const { instrument } = request.query
    const found = inspection.why(instrument)
    if (found === undefined) throw new HttpProblem(404, `this desk does not trade ${instrument ?? ''}`)
    return found
  })

  routes.get(
    '/api/orders',
    { schema: { summary: 'Orders, newest first', querystring: rowsQuery, response: { 200: orderRows, ...problems } } },
    async (request) => viewOrders(await inspection.actors(actorQueryOf(request.query, 'order'))),
  )

  routes.get(
    '/api/trade-pairs',
    { schema: { summary: 'Trade pairs, newest first', querystring: rowsQuery, response: { 200: tradePairRows, ...problems } } },
    async (request) => viewTradePairs(await inspection.actors(actorQueryOf(request.query, 'trade-pair'))),
  )

  routes.get(
    '/api/reconciliations',
    { schema: { summary: 'Comparisons of the rows with the venue, newest first: what was expected, found and done', querystring: reconciliationsQuery, response: { 200: reconciliations, ...problems } } },
    (request) => inspection.reconciliations(request.query.limit, request.query.outcome),
  )

  routes.get('/api/audit', { schema: { summary: 'Commands that were carried out, newest first: who, why, before and after', querystring: auditQuery, response: { 200: auditRecords, ...problems } } }, (request) => inspection.audit(request.query.limit))
}
