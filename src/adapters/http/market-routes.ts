/** What markets did, and what was executed on them: the lines and marks of a price chart. */
import { z } from 'zod'
import type { FillRecord } from '../../domain/records.ts'
import type { Inspection } from '../../ports/inspection.ts'
import { fills, priceHistory } from './market-schemas.ts'
import { HttpProblem } from './problems.ts'
import { fillsQuery, instrumentName, noQuery } from './queries.ts'
import { problems, type Routes } from './routes.ts'

const params = z.object({ instrument: instrumentName })

const viewFill = ({ fill: { tradeId, instrument, side, price, quantity, fee, feeAsset, at }, clientOrderId, pairId }: FillRecord) => ({ tradeId, clientOrderId, pairId, instrument, side, price, quantity, fee, feeAsset, at })

export const serveMarkets = (routes: Routes, inspection: Pick<Inspection, 'priceHistory' | 'fills'>): void => {
  routes.get(
    '/api/prices/:instrument/history',
    { schema: { summary: 'The last hour of a market, a point a second at most, oldest first; kept in memory since the desk was started', params, querystring: noQuery, response: { 200: priceHistory, ...problems } } },
    (request) => {
      const { instrument } = request.params
      const points = inspection.priceHistory(instrument)
      if (points === undefined) throw new HttpProblem(404, `this desk does not trade ${instrument}`)
      return points
    },
  )

  routes.get('/api/fills', { schema: { summary: 'Booked executions, newest first', querystring: fillsQuery, response: { 200: fills, ...problems } } }, async (request) => (await inspection.fills(request.query.limit)).map(viewFill))
}
