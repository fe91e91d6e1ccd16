/**
 * What may come in at all, decided before any route is looked for.
 *
 * A browser can be led to send requests here by any site it visits, under a name that the site controls: the exact Host stops
 * that name, the exact Origin stops that site.
 *
 * G1  A desk that only this machine can reach answers to its three names, and reading is open there.
 * G2  One that others can reach answers to the names it was given as well, and needs a token for everything but what is public:
 *     that the process answers, and the page's own files, which are the same for every desk.
 * G3  A command needs the token that commands, wherever it comes from.
 * G4  A read without any token guesses nothing: it is refused, and neither counted nor told. The page asks so whether it needs one.
 */
import type { IncomingMessage } from 'node:http'
import { isReader, mayCommand, mayRead, type Tokens, type WrongTokens } from './tokens.ts'

/** An answer given in place of a route's. */
export interface Refusal {
  readonly status: number
  readonly error: string
  readonly retryAfterSeconds?: number
  /** What was missing, as `WWW-Authenticate` says it (RFC 6750, section 3). */
  readonly challenge?: string
}

export interface Door {
  readonly tokens: Tokens
  /** Names with their ports under which others reach the desk, such as `desk.example:7171`; none where nobody does. */
  readonly names: readonly string[]
  /** The paths of the page and its files, exactly as a request names them. */
  readonly pagePaths: ReadonlySet<string>
  readonly wrongTokens: WrongTokens
  /** Told of every command without the token it needed, and of every read with a wrong one. Must not throw. */
  readonly onRefused: () => void
}

/** The one place where something can be changed. */
export const commandsPath = '/api/commands'
/** Everybody may know that the process answers. */
const livePath = '/health/live'

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

const isPublic = ({ url = '' }: IncomingMessage, pagePaths: ReadonlySet<string>): boolean => url === livePath || pagePaths.has(url)

const wrongToken = (request: IncomingMessage, door: Door): Refusal | undefined => {
  const { authorization } = request.headers
  if (isCommand(request)) return mayCommand(authorization, door.tokens) ? bodyProblem(request) : (tooManyWrong(request, door) ?? noCommand(authorization, door.tokens))
  if (isPublic(request, door.pagePaths) || mayRead(authorization, door.tokens)) return undefined
  // G4
  return (authorization === undefined ? undefined : tooManyWrong(request, door)) ?? noRead
}

/** Notes a request that a right token would have let in. */
const tooManyWrong = ({ socket }: IncomingMessage, { wrongTokens, onRefused }: Door): Refusal | undefined => {
  onRefused()
  if (!wrongTokens.note(socket.remoteAddress ?? '')) return undefined
  return { status: 429, error: 'too many requests came from this address without the right token: wait a minute', retryAfterSeconds: 60 }
}

const noRead: Refusal = { status: 401, error: 'reading needs a token of this desk here: "authorization: Bearer <token>"; it is in the files "token-read" and "token" of the data directory', challenge: 'Bearer' }

const noCommand = (authorization: string | undefined, tokens: Tokens): Refusal =>
  isReader(authorization, tokens)
    ? { status: 401, error: 'this token only reads: a command needs the one in the file "token" of the data directory', challenge: 'Bearer error="insufficient_scope"' }
    : { status: 401, error: 'a command needs the token of this desk: "authorization: Bearer <token>"; it is in the file "token" of the data directory', challenge: 'Bearer' }

/** A form of another site can send texts, never JSON with its own type. */
const bodyProblem = ({ headersDistinct }: IncomingMessage): Refusal | undefined =>
  headersDistinct['content-type']?.length === 1 && /^application\/json(?:\s*;\s*charset=utf-8)?$/i.test(headersDistinct['content-type'][0] ?? '') ? undefined : { status: 415, error: 'a command is JSON, with content-type: application/json' }
