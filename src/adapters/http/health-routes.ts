/** `/health`: for whatever watches the process. */
import type { Inspection } from '../../ports/inspection.ts'
import { problems, type Routes } from './routes.ts'
import { live, ready } from './schemas.ts'

export const serveHealth = (routes: Routes, inspection: Inspection): void => {
  routes.get('/health/live', { schema: { summary: 'The process answers', response: { 200: live, ...problems } } }, () => ({ live: true as const }))

  routes.get('/health/ready', { schema: { summary: 'The desk has recovered and does its work', response: { 200: ready, 503: ready, ...problems } } }, (_request, reply) => {
    const desk = inspection.desk()
    void reply.code(desk.ready ? 200 : 503)
    return { ready: desk.ready, state: desk.state }
  })
}
