/** The desk over HTTP: its page, its rows, its actors, its events, and the commands of whoever holds the token. */
import { fastify } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../ports/clock.ts'
import type { Inspection } from '../../ports/inspection.ts'
import type { Log } from '../../ports/log.ts'
import type { Steerable } from '../../ports/steering.ts'
import { serveApi, serveExecutions } from './api-routes.ts'
import { readAssets } from './assets.ts'
import { serveActors, serveFeeds } from './debug-routes.ts'
import { serveCommands } from './command-routes.ts'
import { streamBounds } from './event-stream.ts'
import { serveHealth } from './health-routes.ts'
import { answerUnreadable, guardedServer } from './listener.ts'
import { serveMachines } from './machine-routes.ts'
import { describeRoutes, serveDescription } from './openapi.ts'
import { serveMarkets } from './market-routes.ts'
import { servePage } from './page-routes.ts'
import { answerProblems, answerUnknownPath } from './problems.ts'
import { parseQuery } from './queries.ts'
import { serveReplay } from './replay-routes.ts'
import type { Routes } from './routes.ts'
import { OpenStreams, serveStream } from './stream-routes.ts'

export interface HttpOptions {
  readonly inspection: Inspection
  readonly steering: Steerable
  /** What a command must carry; reading is open on this machine. */
  readonly token: string
  /** Folder of the built page. */
  readonly page: string
  /** A loopback name or address. */
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  readonly log: Log
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

const newRoutes = (log: Log): Routes => {
  const routes: Routes = fastify({
    serverFactory: (handler) => guardedServer(handler),
    clientErrorHandler: answerUnreadable,
    forceCloseConnections: false,
    bodyLimit: 4_096,
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

const buildRoutes = async ({ inspection, steering, token, page, log, clock }: HttpOptions, streams: OpenStreams): Promise<Routes> => {
  const routes = newRoutes(log)
  await describeRoutes(routes)
  servePage(routes, await readAssets(page))
  serveHealth(routes, inspection)
  serveApi(routes, inspection)
  serveExecutions(routes, inspection, steering)
  serveMarkets(routes, inspection)
  serveActors(routes, inspection, clock)
  serveReplay(routes, inspection)
  serveMachines(routes, inspection)
  serveCommands(routes, steering, token)
  serveFeeds(routes, inspection)
  serveStream(routes, streams, { inspection, clock, bounds: streamBounds })
  serveDescription(routes)
  return routes
}

/** One address to listen on: a name may stand for several, each with a port of its own. */
const addressOf = (host: string): string => (host === 'localhost' ? '127.0.0.1' : host)

const urlOf = ({ address, family, port }: AddressInfo): string => `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`

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
