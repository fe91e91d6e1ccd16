import type { Market } from '../exchange/market.ts'
import type { BookTracker } from './book-tracker.ts'
import type { Connection } from './connection.ts'
import type { Session } from './socket-host.ts'
import { isStreamKind, miniTicker, openStream, type Stream } from './stream-kinds.ts'
import { productOfSymbol, statusNow } from './symbols.ts'
import type { Venue } from './venue.ts'

export interface StreamSessionParts {
  readonly venue: Venue
  readonly trackerOf: (market: Market) => BookTracker
  /** Whether messages come wrapped with their stream's name. */
  readonly combined: boolean
}

interface OpenStream extends Stream {
  dueAt: number
}

/** What a connection may send and follow (binance-spot.md 6.1). */
const MESSAGES_PER_SECOND = 5
const MAX_STREAMS = 1024
const ALL_MINI_TICKERS = '!miniTicker@arr'
const SECOND_MS = 1000

/** A refusal of the streams' own kind, with the codes that only they have (binance-spot.md 6.1). */
interface Refused {
  readonly code: number
  readonly msg: string
}
const NO_JSON: Refused = { code: 3, msg: 'Invalid JSON: expected value' }
const INVALID: Refused = { code: 2, msg: 'Invalid request: invalid stream' }

/** One client of the market streams: what it follows and when each of it is due. */
export class StreamSession implements Session {
  readonly connection: Connection
  readonly #parts: StreamSessionParts
  /** A name without a market behind it is kept, and silent (binance-spot.md 6.1). */
  readonly #streams = new Map<string, OpenStream | undefined>()
  #combined: boolean

  constructor(connection: Connection, parts: StreamSessionParts) {
    this.connection = connection
    this.#parts = parts
    this.#combined = parts.combined
  }

  /** Follows what the address named; what is not well formed is left out. */
  open(names: readonly string[]): void {
    this.#subscribe(names.filter((name) => isWellFormed(name)))
  }

  take(text: string): void {
    if (!this.connection.count(MESSAGES_PER_SECOND)) return
    const request = readRequest(text)
    if (!request) return this.connection.send({ error: NO_JSON, id: null })
    const refusal = this.#parts.venue.faults.take('refuseSubscribe', 'market')
    const answer = refusal ? { code: 2, msg: `Invalid request: ${refusal.variant}` } : this.#answer(request)
    return this.connection.send('code' in answer ? { error: answer, id: request.id } : { result: answer.result, id: request.id })
  }

  takeControl(): void {
    this.connection.count(MESSAGES_PER_SECOND)
  }

  tick(nowMs: number): void {
    if (this.#streams.size === 0 || statusNow(this.#parts.venue) === 'BREAK') return
    for (const [name, stream] of this.#streams) {
      if (!stream || nowMs < stream.dueAt) continue
      stream.dueAt = nowMs + stream.everyMs
      for (const message of stream.update()) this.#send(name, message)
    }
  }

  announceShutdown(): void {
    this.#send('!serverShutdown', { e: 'serverShutdown', E: Math.floor(this.#parts.venue.now()) })
  }

  end(): void {
    for (const stream of this.#streams.values()) stream?.end?.()
    this.#streams.clear()
  }

  #send(stream: string, data: object): void {
    this.connection.send(this.#combined ? { stream, data } : data)
  }

  #answer({ method, params }: StreamRequest): { readonly result: unknown } | Refused {
    switch (method) {
      case 'SUBSCRIBE':
        return params.every((name) => isWellFormed(name)) && this.#streams.size + params.length <= MAX_STREAMS ? { result: this.#subscribe(params.map(String)) } : INVALID
      case 'UNSUBSCRIBE':
        return { result: this.#unsubscribe(params.map(String)) }
      case 'LIST_SUBSCRIPTIONS':
        return { result: [...this.#streams.keys()] }
      case 'SET_PROPERTY':
        return this.#setProperty(params)
      case 'GET_PROPERTY':
        return params[0] === 'combined' ? { result: this.#combined } : UNKNOWN_PROPERTY
      default:
        return { code: 2, msg: `Invalid request: unknown variant \`${method}\`` }
    }
  }

  #setProperty([name, value]: readonly unknown[]): { readonly result: null } | Refused {
    if (name !== 'combined') return UNKNOWN_PROPERTY
    if (typeof value !== 'boolean') return { code: 1, msg: 'Invalid value type: expected Boolean' }
    this.#combined = value
    return { result: null }
  }

  #subscribe(names: readonly string[]): null {
    for (const name of names) {
      if (this.#streams.has(name)) continue
      const stream = name === ALL_MINI_TICKERS ? this.#miniTickers() : this.#stream(name)
      this.#streams.set(name, stream && { ...stream, dueAt: 0 })
    }
    return null
  }

  #unsubscribe(names: readonly string[]): null {
    for (const name of names) {
      this.#streams.get(name)?.end?.()
      this.#streams.delete(name)
    }
    return null
  }

  /** Undefined: no such symbol. */
  #stream(name: string): Stream | undefined {
    const { venue, trackerOf } = this.#parts
    const [symbol, kind] = partsOf(name)
    const product = productOfSymbol(venue, symbol.toUpperCase())
    if (!product || symbol !== symbol.toLowerCase()) return undefined
    const market = venue.exchange.marketOf(product)
    return openStream(kind, { venue, product, market, tracker: trackerOf(market) })
  }

  #miniTickers(): Stream {
    const { venue, trackerOf } = this.#parts
    const listed = venue.exchange.listed.map((product) => ({ product, market: venue.exchange.marketOf(product) }))
    return { everyMs: SECOND_MS, update: () => [listed.map(({ product, market }) => miniTicker({ venue, product, market, tracker: trackerOf(market) }))] }
  }
}

const UNKNOWN_PROPERTY: Refused = { code: 0, msg: 'Unknown property' }

interface StreamRequest {
  readonly id: unknown
  readonly method: string
  readonly params: readonly unknown[]
}

function readRequest(text: string): StreamRequest | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { id = null, method, params } = value as Record<string, unknown>
    return { id, method: String(method), params: Array.isArray(params) ? params : [] }
  } catch {
    return undefined
  }
}

function isWellFormed(name: unknown): boolean {
  if (typeof name !== 'string') return false
  return name === ALL_MINI_TICKERS || isStreamKind(partsOf(name)[1])
}

/** `btcusdt@depth@100ms` as `btcusdt` and `depth@100ms`. */
function partsOf(name: string): [symbol: string, kind: string] {
  const at = name.indexOf('@')
  return at <= 0 ? ['', ''] : [name.slice(0, at), name.slice(at + 1)]
}
