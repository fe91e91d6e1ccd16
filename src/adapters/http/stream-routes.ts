/** `/debug/stream`: committed transitions as they happen, resumable by position. */
import { HttpProblem } from './problems.ts'
import { EventStream, type StreamParts } from './event-stream.ts'
import { position, streamQuery } from './queries.ts'
import type { Routes } from './routes.ts'
import { problem } from './schemas.ts'

const mostStreams = 32

/** The streams that are open. */
export class OpenStreams {
  readonly #streams = new Set<EventStream>()

  get size(): number {
    return this.#streams.size
  }

  add(stream: EventStream): void {
    this.#streams.add(stream)
  }

  remove(stream: EventStream): void {
    this.#streams.delete(stream)
  }

  endAll(): void {
    for (const stream of this.#streams) stream.end('closed')
  }
}

/** The header of a reader that comes back goes before the address that it came with first. */
const startOf = (header: string | string[] | undefined, asked: number | undefined): number | undefined => {
  if (header === undefined || header === '') return asked
  const read = position.safeParse(header)
  if (!read.success) throw new HttpProblem(400, 'Last-Event-ID must be a whole number, 0 or above', 'Last-Event-ID')
  return read.data
}

export const serveStream = (routes: Routes, open: OpenStreams, parts: Omit<StreamParts, 'ended'>): void => {
  const schema = {
    summary: 'Committed transitions as server-sent events; each id is a position to resume after',
    querystring: streamQuery,
    produces: ['text/event-stream'],
    response: { '4xx': problem, 503: problem },
  }
  routes.get('/debug/stream', { schema }, (request, reply) => {
    const after = startOf(request.headers['last-event-id'], request.query.after)
    if (open.size >= mostStreams) throw new HttpProblem(503, `${mostStreams} streams are open, and no more are served; close one`)
    reply.hijack()
    const stream: EventStream = new EventStream(reply.raw, { ...parts, ended: () => open.remove(stream) })
    open.add(stream)
    stream.start(after)
  })
}
