import { createHmac, createPrivateKey, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'
import { readOptions, type Options } from '../../../sandbox/options.ts'
import { startBinanceSandbox } from '../../../sandbox/sandbox.ts'
import { ask, until, type Parsed } from '../support.ts'

export { until, type Parsed }

type Values = Record<string, string | number | boolean>
type Signer = (payload: string) => string

/** An answer over HTTP with its headers. */
export interface Reply {
  readonly status: number
  readonly body: Parsed
  readonly headers: Headers
}

/** A client that speaks the dialect by itself, so that a fault of the product's adapter cannot hide one of the sandbox. */
export interface Client {
  readonly at: BinanceAt
  /** A signed request; `key` chooses the pair. */
  signed(method: string, path: string, values?: Values, key?: Key): Promise<Reply>
  /** An unsigned request, sent as it is. */
  raw(method: string, pathAndQuery: string, init?: RequestInit): Promise<Reply>
  control(method: string, path: string, body?: object): Promise<{ status: number; body: Parsed }>
  fault(request: object): Promise<{ status: number; body: Parsed }>
  /** A socket; `path` begins with a slash. */
  socket(host: 'wsApi' | 'stream', path: string): Promise<Socket>
  api(path?: string): Promise<ApiSocket>
}

export interface BinanceAt {
  readonly binance: { readonly rest: string; readonly wsApi: string; readonly stream: string; readonly keyFile: string }
  readonly control: string
}

export interface Key {
  readonly apiKey: string
  readonly sign: Signer
}

export interface Socket {
  readonly socket: WebSocket
  readonly frames: Parsed[]
  readonly closed: Promise<number>
  send(message: object | string): void
  /** The first frame (past ones included) that the test likes. */
  seen(test: (frame: Parsed) => boolean, ms?: number): Promise<Parsed>
}

export interface ApiSocket extends Socket {
  /** Asks and waits for the answer of that id. */
  ask(method: string, params?: Values): Promise<Parsed>
  /** The same with key, time and signature. */
  signed(method: string, params?: Values, key?: Key): Promise<Parsed>
  /** Follows the account. */
  follow(): Promise<void>
  /** Every account event so far. */
  events(): Parsed[]
}

export function options(...args: string[]): Options {
  const read = readOptions(['--venue', 'binance', '--order-visible-ms', '0', '--fill-visible-ms', '0', '--weight-per-minute', '0', '--orders-per-10s', '0', '--orders-per-day', '0', ...args])
  if (read === 'help') throw new Error('help')
  return read
}

/** A sandbox whose markets stand still, unless `moving` is among the arguments. */
export async function start(...args: string[]) {
  const sandbox = await startBinanceSandbox(options(...args.filter((arg) => arg !== 'moving')), (cause) => {
    throw cause
  })
  const client = clientOf(sandbox.addresses)
  if (!args.includes('moving')) await client.control('POST', '/market', { holdMs: 3_600_000 })
  return { sandbox, client }
}

/** The keys of a running sandbox. */
export function keysOf(keyFile: string): { ed25519: Key; hmac: Key } {
  const ed = JSON.parse(readFileSync(keyFile, 'utf8')) as { apiKey: string; privateKey: string }
  const hmac = JSON.parse(readFileSync(keyFile.replace('.json', '-hmac.json'), 'utf8')) as { apiKey: string; secret: string }
  const own = createPrivateKey(ed.privateKey)
  return {
    ed25519: { apiKey: ed.apiKey, sign: (payload) => sign(null, Buffer.from(payload), own).toString('base64') },
    hmac: { apiKey: hmac.apiKey, sign: (payload) => createHmac('sha256', hmac.secret).update(payload).digest('hex') },
  }
}

export function encoded(values: Values): string {
  return Object.entries(values).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')
}

export function clientOf(at: BinanceAt): Client {
  const keys = keysOf(at.binance.keyFile)
  const raw: Client['raw'] = async (method, pathAndQuery, init = {}) => {
    const response = await fetch(`${at.binance.rest}${pathAndQuery}`, { method, ...init })
    const text = await response.text()
    return { status: response.status, body: /^[[{]/.test(text) ? parsedOrText(text) : text, headers: response.headers }
  }
  const socket: Client['socket'] = (host, path) => openSocket(`${at.binance[host]}${path}`)
  const control: Client['control'] = (method, path, body) => ask(new URL(`${at.control}${path}`), { method, ...(body ? { body: JSON.stringify(body) } : {}) })
  return {
    at,
    raw,
    control,
    socket,
    fault: (request) => control('POST', '/faults', request),
    signed: (method, path, values = {}, key = keys.ed25519) => {
      const query = encoded({ ...values, timestamp: values['timestamp'] ?? Date.now() })
      return raw(method, `/api/v3${path}?${query}&signature=${encodeURIComponent(key.sign(query))}`, { headers: { 'X-MBX-APIKEY': key.apiKey } })
    },
    api: async (path = '/ws-api/v3') => apiSocket(await socket('wsApi', path), keys.hmac),
  }
}

function parsedOrText(text: string): Parsed {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

let nextRequest = 0

/** What the sheet says is signed: all parameters by name, not encoded. */
export function signedParams(params: Values, key: Key): Values {
  const all: Values = { ...params, apiKey: key.apiKey, timestamp: params['timestamp'] ?? Date.now() }
  const payload = Object.keys(all).sort().map((name) => `${name}=${all[name]}`).join('&')
  return { ...all, signature: key.sign(payload) }
}

function apiSocket(own: Socket, otherwise: Key): ApiSocket {
  const askFor: ApiSocket['ask'] = (method, params = {}) => {
    nextRequest += 1
    const id = `r${nextRequest}`
    own.send({ id, method, params })
    return own.seen((frame) => frame.id === id)
  }
  const signed: ApiSocket['signed'] = (method, params = {}, key = otherwise) => askFor(method, signedParams(params, key))
  return {
    ...own,
    ask: askFor,
    signed,
    follow: async () => {
      const { status } = await signed('userDataStream.subscribe.signature')
      if (status !== 200) throw new Error(`not subscribed: ${status}`)
    },
    events: () => own.frames.filter((frame) => frame.event !== undefined).map((frame) => frame.event),
  }
}

async function openSocket(url: string): Promise<Socket> {
  const socket = new WebSocket(url)
  const frames: Parsed[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString('utf8')))
    for (const look of waiting) look()
  })
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const seen: Socket['seen'] = (test, ms = 8000) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no such frame among ${frames.length}: ${JSON.stringify(frames.slice(-3)).slice(0, 800)}`)), ms)
      const look = (): void => {
        const frame = frames.find((candidate) => test(candidate))
        if (frame === undefined) return
        clearTimeout(timer)
        waiting.delete(look)
        resolve(frame)
      }
      waiting.add(look)
      look()
    })
  return { socket, frames, closed, seen, send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)) }
}

let nextId = 0

/** A client order id of this test's own. */
export function freshId(): string {
  nextId += 1
  return `test-${process.pid}-${nextId}`
}

export const limit = (side: 'BUY' | 'SELL', quantity: string, price: string, more: Values = {}): Values => ({ symbol: 'BTCUSDT', side, type: 'LIMIT', timeInForce: 'GTC', quantity, price, newClientOrderId: freshId(), ...more })
export const maker = (side: 'BUY' | 'SELL', quantity: string, price: string, more: Values = {}): Values => ({ symbol: 'BTCUSDT', side, type: 'LIMIT_MAKER', quantity, price, newClientOrderId: freshId(), ...more })
export const market = (side: 'BUY' | 'SELL', size: Values, more: Values = {}): Values => ({ symbol: 'BTCUSDT', side, type: 'MARKET', ...size, newClientOrderId: freshId(), ...more })
