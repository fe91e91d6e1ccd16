import { createServer, type IncomingMessage, type Server } from 'node:http'
import { parseAmount } from '../exchange/amounts.ts'
import type { Ledger } from '../exchange/ledger.ts'
import type { Product } from '../exchange/products.ts'
import { faultKinds, readFault } from './fault-kinds.ts'
import type { FaultBoard } from './faults.ts'
import { readJson } from './json-body.ts'
import { ledgerView } from './ledger-view.ts'
import type { RequestLog } from './request-log.ts'

/** What the control API reaches. `push` leads a market's price to `ticks` within `overMs` of wall time; `hold` stops all markets for so long. */
export interface Controlled {
  readonly ledger: Ledger
  readonly listing: ReadonlyMap<string, Product>
  readonly faults: FaultBoard
  readonly requests: RequestLog
  readonly push: (marketId: string, ticks: number, overMs: number) => boolean
  readonly hold: (forMs: number) => void
  readonly describe: () => Record<string, unknown>
}

interface Reply {
  readonly status: number
  readonly body: unknown
}

type Handler = (controlled: Controlled, url: URL, body: Record<string, unknown>) => Reply

const HANDLERS: Readonly<Record<string, Handler>> = {
  'GET /health': ({ describe }) => ({ status: 200, body: { status: 'ok', ...describe() } }),
  'GET /ledger': ({ ledger }, url) => ({ status: 200, body: ledgerView(ledger, url.searchParams.get('prefix') ?? '', Date.now()) }),
  'GET /requests': ({ requests }) => ({ status: 200, body: { requests: requests.latest().map((seen) => ({ ...seen, at: new Date(seen.at).toISOString() })) } }),
  'GET /faults': ({ faults }) => ({ status: 200, body: { known: faultKinds, armed: faults.armed() } }),
  'POST /faults': ({ faults }, _url, body) => armFault(faults, body),
  'DELETE /faults': ({ faults }) => {
    faults.clear()
    return { status: 200, body: { armed: [] } }
  },
  'POST /market': (controlled, _url, body) => ('holdMs' in body ? holdMarkets(controlled.hold, body['holdMs']) : pushMarket(controlled, body)),
}

/** The control API on loopback. The caller listens and closes. */
export function controlServer(controlled: Controlled): Server {
  return createServer((request, response) => {
    const finish = ({ status, body }: Reply): void => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    handle(controlled, request).then(finish, (cause: unknown) => finish({ status: 500, body: { error: String(cause) } }))
  })
}

async function handle(controlled: Controlled, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://loopback')
  const body = await readJson(request)
  const handler = HANDLERS[`${request.method} ${url.pathname}`]
  if (!handler) return { status: 404, body: { error: 'unknown path', known: Object.keys(HANDLERS) } }
  return body ? handler(controlled, url, body) : { status: 400, body: { error: 'the body is not a JSON object' } }
}

function armFault(faults: FaultBoard, body: Record<string, unknown>): Reply {
  const request = readFault(body)
  if (typeof request === 'string') return { status: 400, body: { error: request, known: Object.keys(faultKinds) } }
  return faults.arm(request) ? { status: 200, body: { fault: request, armed: faults.armed() } } : { status: 409, body: { error: '100 faults are armed already' } }
}

const isDuration = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 3_600_000

function holdMarkets(hold: Controlled['hold'], holdMs: unknown): Reply {
  if (!isDuration(holdMs)) return { status: 400, body: { error: 'holdMs is a number from 0 to 3600000' } }
  hold(holdMs)
  return { status: 200, body: { holdMs } }
}

function pushMarket({ listing, push }: Controlled, body: Record<string, unknown>): Reply {
  const product = listing.get(String(body['product'] ?? body['instrument']))
  const price = parseAmount(String(body['price']))
  const overMs = body['overMs'] ?? 0
  if (!product) return { status: 400, body: { error: 'product is not listed', known: [...listing.keys()] } }
  if (price === undefined || price < product.priceIncrement) return { status: 400, body: { error: 'price is not a positive decimal' } }
  if (!isDuration(overMs)) return { status: 400, body: { error: 'overMs is a number from 0 to 3600000' } }
  push(product.market, Number(price / product.priceIncrement), overMs)
  return { status: 200, body: { product: product.market, price: String(body['price']), overMs } }
}
