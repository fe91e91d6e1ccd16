/** The desk over HTTP: its page, its rows, its actors, its events, and the commands of whoever holds the token. */
import { fastify } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../ports/clock.ts'
import type { Inspection } from '../../ports/inspection.ts'
import type { Log } from '../../ports/log.ts'
import type { MetricsText } from '../../ports/metrics.ts'
import type { Steerable } from '../../ports/steering.ts'
import { serveApi, serveExecutions } from './api-routes.ts'
import { readAssets, type Asset } from './assets.ts'
import { serveActors, serveFeeds } from './debug-routes.ts'
import { serveCommands } from './command-routes.ts'
import { streamBounds } from './event-stream.ts'
import type { Door } from './guard.ts'
import { serveHealth } from './health-routes.ts'
import { answerUnreadable, guardedServer } from './listener.ts'
import { serveMachines } from './machine-routes.ts'
import { serveMetrics } from './metrics-routes.ts'
import { describeRoutes, serveDescription } from './openapi.ts'
import { serveMarkets } from './market-routes.ts'
import { servePage } from './page-routes.ts'
import { answerProblems, answerUnknownPath } from './problems.ts'
import { parseQuery } from './queries.ts'
import { serveReplay } from './replay-routes.ts'
import type { Routes } from './routes.ts'
import { OpenStreams, serveStream } from './stream-routes.ts'
import { WrongTokens } from './tokens.ts'

export interface HttpOptions {
  readonly inspection: Inspection
  readonly steering: Steerable
  readonly metrics: MetricsText
  /** What a command must carry. */
  readonly token: string
  /** Folder of the built page. */
  readonly page: string
  /** A name or an address of this machine; a loopback one where `remote` is not given. */
  readonly host: string
  /** For a desk that others can reach: their names for it, with ports, and what a read must carry. Without it reading is open, on this machine alone. */
  readonly remote?: { readonly names: readonly string[]; readonly readToken: string }
  /** 0 takes any free one. */
  readonly port: number
  readonly log: Log
  /** Told of every command without the token it needed, and of every read with a wrong one. Must not throw. */
  readonly onRefused?: () => void
  readonly clock: Clock
}

export interface HttpServing {
  /** Without a slash at the end. */
  readonly url: string
  /** Ends every stream and every connection. */
  close(): Promise<void>
}

/** How long answers under way may take once the end has come. */
const closeWithinMs = 500

const doorOf = ({ token, remote, clock, onRefused = () => undefined }: HttpOptions, assets: readonly Asset[]): Door => ({
  tokens: { control: token, ...(remote !== undefined && { read: remote.readToken }) },
  names: remote?.names ?? [],
  pagePaths: new Set(assets.map(({ path }) => path)),
  wrongTokens: new WrongTokens(clock),
  onRefused,
})

const newRoutes = (log: Log, door: Door): Routes => {
  const routes: Routes = fastify({
    serverFactory: (handler) => guardedServer(handler, door),
    clientErrorHandler: answerUnreadable,
    forceCloseConnections: false,
    bodyLimit: 65_536,
    exposeHeadRoutes: false,
    routerOptions: { querystringParser: parseQuery, maxParamLength: 300 },
    frameworkErrors: answerProblems(log),
  }).withTypeProvider<ZodTypeProvider>()
  routes.setValidatorCompiler(validatorCompiler)
  routes.setSerializerCompiler(serializerCompiler)
  routes.setErrorHandler(answerProblems(log))
  routes.setNotFoundHandler(answerUnknownPath)
  return routes
}

const buildRoutes = async (options: HttpOptions, streams: OpenStreams): Promise<Routes> => {
  const { inspection, steering, metrics, page, log, clock } = options
  const assets = await readAssets(page)
  const routes = newRoutes(log, doorOf(options, assets))
  await describeRoutes(routes)
  servePage(routes, assets)
  serveHealth(routes, inspection)
  serveApi(routes, inspection)
  serveExecutions(routes, inspection, steering)
  serveMarkets(routes, inspection)
  serveActors(routes, inspection, clock)
  serveReplay(routes, inspection)
  serveMachines(routes, inspection)
  serveMetrics(routes, metrics)
  serveCommands(routes, steering)
  serveFeeds(routes, inspection)
  serveStream(routes, streams, { inspection, clock, bounds: streamBounds })
  serveDescription(routes)
  return routes
}

/** One address to listen on: a name may stand for several, each with a port of its own. */
const addressOf = (host: string): string => (host === 'localhost' ? '127.0.0.1' : host)

/** Whoever listens everywhere is reached from here by loopback. */
const nearest: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

const urlOf = ({ address, family, port }: AddressInfo): string => {
  const near = nearest[address] ?? address
  return `http://${family === 'IPv6' ? `[${near}]` : near}:${port}`
}

const closeAll = async (routes: Routes, streams: OpenStreams, clock: Clock): Promise<void> => {
  streams.endAll()
  routes.server.closeIdleConnections()
  const deadline = clock.after(closeWithinMs, () => routes.server.closeAllConnections())
  await routes.close()
  deadline.cancel()
}

/**
 * Serves the desk until it is closed.
 * @throws the listening error as it came (its `code` is EADDRINUSE when the port is taken)
 */
export const serveHttp = async (options: HttpOptions): Promise<HttpServing> => {
  const streams = new OpenStreams()
  const routes = await buildRoutes(options, streams)
  try {
    await routes.listen({ host: addressOf(options.host), port: options.port })
  } catch (error) {
    await routes.close()
    throw error
  }
  const url = urlOf(routes.server.address() as AddressInfo)
  options.log.info('http.listening', { url })
  return { url, close: () => closeAll(routes, streams, options.clock) }
}
