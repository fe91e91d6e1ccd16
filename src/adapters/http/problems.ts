/** Every answer that is not what was asked for: `{error: one sentence}`, and the field where there is one. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../../ports/log.ts'

/** Thrown by a route to answer with a status and a sentence. */
export class HttpProblem extends Error {
  readonly status: number
  readonly field: string | undefined
  constructor(status: number, sentence: string, field?: string) {
    super(sentence)
    this.status = status
    this.field = field
  }
}

const send = (reply: FastifyReply, status: number, body: { error: string; field?: string }): void => {
  void reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body)
}

/** `/limit` as the field is named in a query; an unknown field is named by the message alone. */
const fieldOf = (error: FastifyError): { readonly field: string; readonly message: string } => {
  const first = error.validation?.[0]
  const field = first?.instancePath.split('/').find((part) => part !== '') ?? ''
  return { field, message: first?.message ?? error.message }
}

const sendInvalid = (reply: FastifyReply, error: FastifyError): void => {
  const { field, message } = fieldOf(error)
  const unknown = /^Unrecognized keys?: "([^"]{1,60})"/.exec(message)
  if (unknown?.[1] !== undefined) send(reply, 400, { error: `there is no query field ${unknown[1]}`, field: unknown[1] })
  else send(reply, 400, field === '' ? { error: message } : { error: `${field} ${message}`, field })
}

/** Turns whatever a route threw into an answer; only faults of our own are logged. */
export const answerProblems =
  (log: Log) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    if (error instanceof HttpProblem) {
      return send(reply, error.status, { error: error.message, ...(error.field === undefined ? {} : { field: error.field }) })
    }
    if (error.validation !== undefined) return sendInvalid(reply, error)
    const status = error.statusCode ?? 500
    if (status < 500) return send(reply, status, { error: 'that request cannot be understood' })
    log.error('http.failed', { url: request.url.slice(0, 200), detail: error.message })
    return send(reply, 500, { error: 'the desk could not answer this; its log says why' })
  }

/** For paths that nothing is served at. */
export const answerUnknownPath = (request: FastifyRequest, reply: FastifyReply): void => {
  const path = request.url.split('?', 1)[0]?.slice(0, 200) ?? ''
  send(reply, 404, { error: `nothing is served at ${path}; /openapi.json lists what is` })
}
