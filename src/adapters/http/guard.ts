/**
 * What may come in at all, decided before any route is looked for.
 *
 * A browser can be led to send requests here by any site it visits, under a name that the site controls: the exact Host stops
 * that name, the exact Origin stops that site.
 *
 * G1  A desk that only this machine can reach answers to its three names, and reading is open there.
 * G2  One that others can reach answers to the names it was given as well, and everything but `/health/live` needs a token.
 * G3  A command needs the token that commands, wherever it comes from.
 */
import type { IncomingMessage } from 'node:http'
import { mayCommand, mayRead, type Tokens, type WrongTokens } from './tokens.ts'

/** An answer given in place of a route's. */
export interface Refusal {
  readonly status: number
  readonly error: string
  readonly retryAfterSeconds?: number
}

export interface Door {
  readonly tokens: Tokens
  /** Names with their ports under which others reach the desk, such as `desk.example:7171`; none where nobody does. */
  readonly names: readonly string[]
  readonly wrongTokens: WrongTokens
  /** Told of every request that came without a token it needed. Must not throw. */
  readonly onRefused: () => void
}

/** The one place where something can be changed. */
export const commandsPath = '/api/commands'
/** The one answer that is everybody's: that the process answers. */
const openPath = '/health/live'

const ownNames: readonly string[] = ['127.0.0.1', '[::1]', 'localhost']

const hostsOf = (port: number): readonly string[] => {
  const withPort = ownNames.map((name) => `${name}:${port}`)
  return port === 80 ? [...withPort, ...ownNames] : withPort
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

const isCommand = ({ method, url }: IncomingMessage): boolean => method === 'POST' && url === commandsPath

/** Why a request is not taken, or undefined when it may go on to its route. */
export const refusalOf = (request: IncomingMessage, door: Door): Refusal | undefined => wrongPlace(request, door.names) ?? wrongShape(request) ?? wrongToken(request, door)

const wrongPlace = ({ socket, headersDistinct }: IncomingMessage, names: readonly string[]): Refusal | undefined => {
  const hosts = hostsOf(socket.localPort ?? 0)
  const host = headersDistinct['host'] ?? []
  if (host.length !== 1 || ![...hosts, ...names].includes(host[0] ?? '')) {
    return { status: 403, error: `this desk answers on its own address only: http://${hosts[0] ?? ''}/` }
  }
  const origins = [...hosts.map((ours) => `http://${ours}`), ...names.flatMap((name) => [`http://${name}`, `https://${name}`])]
  const origin = headersDistinct['origin'] ?? []
  return origin.every((one) => origins.includes(one)) ? undefined : { status: 403, error: 'requests from pages of other sites are refused' }
}

const wrongShape = (request: IncomingMessage): Refusal | undefined => {
  if (isCommand(request)) return undefined
  if (request.method !== 'GET') return { status: 405, error: `only GET is answered, and POST at ${commandsPath}` }
  return hasBody(request) ? { status: 413, error: 'a request here carries no body' } : undefined
}

const wrongToken = (request: IncomingMessage, { tokens, wrongTokens, onRefused }: Door): Refusal | undefined => {
  const { authorization } = request.headers
  const commands = isCommand(request)
  if (commands ? mayCommand(authorization, tokens) : request.url === openPath || mayRead(authorization, tokens)) return commands ? bodyProblem(request) : undefined
  onRefused()
  if (wrongTokens.note(request.socket.remoteAddress ?? '')) return { status: 429, error: 'too many requests came from this address without the right token: wait a minute', retryAfterSeconds: 60 }
  const what = commands ? 'a command needs the token of this desk' : 'reading needs a token of this desk here'
  const file = commands ? 'the file "token"' : 'the files "token-read" and "token"'
  return { status: 401, error: `${what}: "authorization: Bearer <token>"; it is in ${file} of the data directory` }
}

/** A form of another site can send texts, never JSON with its own type. */
const bodyProblem = ({ headersDistinct }: IncomingMessage): Refusal | undefined =>
  headersDistinct['content-type']?.length === 1 && /^application\/json(?:\s*;\s*charset=utf-8)?$/i.test(headersDistinct['content-type'][0] ?? '') ? undefined : { status: 415, error: 'a command is JSON, with content-type: application/json' }
