/** `/api`: the desk and its rows. */
import { z } from 'zod'
import type { Inspection } from '../../ports/inspection.ts'
import type { Steerable } from '../../ports/steering.ts'
import { HttpProblem } from './problems.ts'
import { actorQueryOf, auditQuery, noQuery, pnlQuery, previewQuery, reconciliationsQuery, rowsQuery, whyQuery } from './queries.ts'
import { problems, type Routes } from './routes.ts'
import { auditRecords, desk, execution, orderRows, positions, preview, realised, reconciliations, tradePairRows, why } from './schemas.ts'
import { viewOrders, viewTradePairs } from './views.ts'

const orderParams = z.object({ order: z.string().regex(/^[\w.:-]{1,100}$/, { error: 'must be a client order id' }) })

/** What became of an order, and what would. */
export const serveExecutions = (routes: Routes, inspection: Inspection, steering: Steerable): void => {
  routes.get('/api/executions/:order', { schema: { summary: 'What became of one order: filled, average price, fees, slippage against its arrival', params: orderParams, querystring: noQuery, response: { 200: execution, ...problems } } }, async (request) => {
    const found = await inspection.execution(request.params.order)
    if (found === undefined) throw new HttpProblem(404, `there is no order ${request.params.order}`)
    return found
  })

  routes.get('/api/preview', { schema: { summary: 'What the gate and the venue would say to an order; nothing is sent', querystring: previewQuery, response: { 200: preview, ...problems } } }, async ({ query }) => {
    const said = await steering.preview({ ...query, postOnly: query.postOnly === 'true', clientOrderId: 'preview' })
    if (said === undefined) throw new HttpProblem(503, 'the desk is still starting: ask again in a moment')
    return said
  })
}

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

  routes.get('/api/positions', { schema: { summary: 'What is held now: age, cost, break-even, market value, distance to target', querystring: noQuery, response: { 200: positions, ...problems } } }, () => inspection.positions())

  routes.get('/api/pnl', { schema: { summary: 'What closed round trips have earned, by UTC day and instrument', querystring: pnlQuery, response: { 200: realised, ...problems } } }, ({ query }) => inspection.realised(query.from, query.to))

  routes.get(
    '/api/reconciliations',
    { schema: { summary: 'Comparisons of the rows with the venue, newest first: what was expected, found and done', querystring: reconciliationsQuery, response: { 200: reconciliations, ...problems } } },
    (request) => inspection.reconciliations(request.query.limit, request.query.outcome),
  )

  routes.get('/api/audit', { schema: { summary: 'Decisions, newest first: proposals, denials, commands, repairs; who, why, before and after', querystring: auditQuery, response: { 200: auditRecords, ...problems } } }, ({ query: { pair, order, rule, kind, from, to, limit } }) =>
    inspection.audit({ limit, ...(pair !== undefined && { pairId: pair }), ...(order !== undefined && { orderId: order }), ...(rule !== undefined && { rule }), ...(kind !== undefined && { kind }), ...(from !== undefined && { from }), ...(to !== undefined && { to }) }))
}
