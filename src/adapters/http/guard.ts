/**
 * What may come in at all, decided before any route is looked for.
 *
 * The page is served to this machine only. A browser can be led to send requests here by any site it visits, under
 * a name that the site controls: the exact Host stops that name, the exact Origin stops that site.
 */
import type { IncomingMessage } from 'node:http'

/** An answer given in place of a route's. */
export interface Refusal {
  readonly status: number
  readonly error: string
}

/** The one place where something can be changed. */
export const commandsPath = '/api/commands'

const names: readonly string[] = ['127.0.0.1', '[::1]', 'localhost']

const hostsOf = (port: number): readonly string[] => {
  const withPort = names.map((name) => `${name}:${port}`)
  return port === 80 ? [...withPort, ...names] : withPort
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

/** Why a request is not taken, or undefined when it may go on to its route. */
export const refusalOf = (request: IncomingMessage): Refusal | undefined => {
  const hosts = hostsOf(request.socket.localPort ?? 0)
  const host = request.headersDistinct['host'] ?? []
  if (host.length !== 1 || !hosts.includes(host[0] ?? '')) {
    return { status: 403, error: `this desk answers on its own address only: http://${hosts[0] ?? ''}/` }
  }
  const origin = request.headersDistinct['origin'] ?? []
  if (!origin.every((one) => hosts.some((ours) => one === `http://${ours}`))) {
    return { status: 403, error: 'requests from pages of other sites are refused' }
  }
  if (request.method === 'POST' && request.url === commandsPath) return bodyProblem(request)
  if (request.method !== 'GET') return { status: 405, error: `only GET is answered, and POST at ${commandsPath}` }
  if (hasBody(request)) return { status: 413, error: 'a request here carries no body' }
  return undefined
}

/** A form of another site can send texts, never JSON with its own type. */
const bodyProblem = ({ headersDistinct }: IncomingMessage): Refusal | undefined =>
  headersDistinct['content-type']?.length === 1 && /^application\/json(?:\s*;\s*charset=utf-8)?$/i.test(headersDistinct['content-type'][0] ?? '') ? undefined : { status: 415, error: 'a command is JSON, with content-type: application/json' }
