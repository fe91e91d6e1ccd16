/** Requests as bytes, for what no well-behaved client sends. */
import { connect, type Socket } from 'node:net'
import { request } from 'node:http'

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** One request with headers exactly as given. */
export const ask = async (url: string, options: { path: string; method?: string; headers?: Record<string, string>; body?: string }): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const outgoing = request({ hostname, port, path: options.path, method: options.method ?? 'GET', headers: options.headers ?? {}, agent: false }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(parts).toString() }))
      answer.on('error', reject)
    })
    outgoing.on('error', reject)
    outgoing.end(options.body)
  })

/** Writes bytes and gives everything that comes back until the other side closes. */
export const speak = async (url: string, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    let heard = ''
    socket.on('data', (part: Buffer) => (heard += part.toString()))
    socket.on('close', () => resolve(heard))
    socket.on('error', reject)
  })

/** Opens a stream and never reads it. */
export const openDeaf = async (url: string, path: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(url)
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      socket.pause()
      resolve(socket)
    })
    socket.on('error', reject)
  })
