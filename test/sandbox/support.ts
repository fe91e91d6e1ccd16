import { createPrivateKey, randomBytes, sign, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'
import { readOptions, type Options } from '../../sandbox/options.ts'
import { startSandbox, type Addresses, type Sandbox } from '../../sandbox/sandbox.ts'

const PREFIX = '/api/v3/brokerage'

type Json = Record<string, unknown>
/** What JSON.parse gives: the tests look into it freely and compare what they find. */
export type Parsed = ReturnType<typeof JSON.parse>

/** A client that speaks the dialect by itself, so that a fault of the product's adapter cannot hide one of the sandbox. */
export interface Client {
  readonly at: Addresses
  get(path: string): Promise<{ status: number; body: Parsed }>
  post(path: string, body: object): Promise<{ status: number; body: Parsed }>
  control(method: string, path: string, body?: object): Promise<{ status: number; body: Parsed }>
  token(uri?: string, changes?: { header?: Json; payload?: Json; key?: KeyObject }): string
  open(host: 'market' | 'user'): Promise<Feed>
}

export interface Feed {
  readonly socket: WebSocket
  readonly frames: Parsed[]
  readonly closed: Promise<number>
  send(message: object): void
  /** The first frame (past ones included) that the test likes. */
  seen(test: (frame: Parsed) => boolean): Promise<Parsed>
}

function options(...args: string[]): Options {
  const read = readOptions(['--private-rps', '0', '--public-rps', '0', ...args])
  if (read === 'help') throw new Error('help')
  return read
}

export async function start(...args: string[]): Promise<{ sandbox: Sandbox; client: Client }> {
  const sandbox = await startSandbox(options(...args), (cause) => {
    throw cause
  })
  return { sandbox, client: clientOf(sandbox.addresses) }
}

export function clientOf(at: Addresses): Client {
  const file = JSON.parse(readFileSync(at.coinbase.keyFile, 'utf8')) as { name: string; privateKey: string }
  const own = createPrivateKey(file.privateKey)
  const token: Client['token'] = (uri, changes = {}) => {
    const now = Math.floor(Date.now() / 1000)
    const header = part({ alg: 'ES256', typ: 'JWT', kid: file.name, nonce: randomBytes(8).toString('hex'), ...changes.header })
    const payload = part({ sub: file.name, iss: 'cdp', nbf: now, exp: now + 120, ...(uri === undefined ? {} : { uri }), ...changes.payload })
    const signature = sign('sha256', Buffer.from(`${header}.${payload}`), { key: changes.key ?? own, dsaEncoding: 'ieee-p1363' })
    return `${header}.${payload}.${signature.toString('base64url')}`
  }
  const call = async (method: string, path: string, body?: object) => {
    const url = new URL(`${at.coinbase.rest}${PREFIX}${path}`)
    return ask(url, { method, headers: { authorization: `Bearer ${token(`${method} ${url.host}${url.pathname}`)}` }, ...(body ? { body: JSON.stringify(body) } : {}) })
  }
  return {
    at,
    token,
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    control: (method, path, body) => ask(new URL(`${at.control}${path}`), { method, ...(body ? { body: JSON.stringify(body) } : {}) }),
    open: (host) => openFeed(at.coinbase[host]),
  }
}

export async function ask(url: URL, init: RequestInit): Promise<{ status: number; body: Parsed }> {
  const response = await fetch(url, init)
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

function part(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

async function openFeed(url: string): Promise<Feed> {
  const socket = new WebSocket(url)
  const frames: Parsed[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString('utf8')))
    for (const look of waiting) look()
  })
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const seen = (test: (frame: Parsed) => boolean): Promise<Parsed> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no such frame among ${frames.length}: ${JSON.stringify(frames.slice(-2)).slice(0, 600)}`)), 8000)
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
  return { socket, frames, closed, seen, send: (message) => socket.send(JSON.stringify(message)) }
}

/** Tries until the test likes the value; at most `ms`. */
export async function until<Value>(read: () => Promise<Value>, test: (value: Value) => boolean, ms = 8000): Promise<Value> {
  const end = Date.now() + ms
  for (;;) {
    const value = await read()
    if (test(value)) return value
    if (Date.now() > end) throw new Error(`not in time: ${JSON.stringify(value).slice(0, 600)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

export const limit = (base_size: string, limit_price: string, post_only = true) => ({ limit_limit_gtc: { base_size, limit_price, post_only } })

let nextId = 0
export function order<Configuration extends object>(side: 'BUY' | 'SELL', order_configuration: Configuration, product_id = 'BTC-USD') {
  nextId += 1
  return { client_order_id: `test-${process.pid}-${nextId}`, product_id, side, order_configuration }
}
