/** `/metrics`: what is measured, in the text format of Prometheus. */
import type { MetricsText } from '../../ports/metrics.ts'
import { noQuery } from './queries.ts'
import type { Routes } from './routes.ts'

export const serveMetrics = (routes: Routes, metrics: MetricsText): void => {
  routes.get('/metrics', { schema: { summary: 'Every series of docs/metrics.md, in the text format of Prometheus', querystring: noQuery, produces: ['text/plain'] } }, async (_request, reply) => {
    void reply.header('content-type', metrics.contentType)
    return metrics.text()
  })
}
