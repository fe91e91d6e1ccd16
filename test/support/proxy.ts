/**
 * A TCP proxy before a database that can go silent: the client's sockets stay open and say nothing, while the server's
 * side is closed, so that the server lets go of the session and its locks. This is what a network does that loses one
 * half of a connection, and what no kill of a process can imitate.
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import path from 'node:path'

export interface HalfOpenProxy {
  readonly port: number
  /** From now on nothing passes, in either direction, on old connections and on new ones. */
  goSilent(): void
  /** From now on answers of the server are lost; what the client says still arrives. */
  loseAnswers(): void
  /** New connections pass again, and the silent ones are found to be dead. */
  heal(): void
  close(): Promise<void>
}

interface Line {
  readonly client: Socket
  readonly server: Socket | undefined
}

/** @param host a Unix socket's folder or an address, as PostgreSQL's clients take it */
export const startProxy = async ({ host, port }: { readonly host: string; readonly port: number }): Promise<HalfOpenProxy> => {
  const lines = new Set<Line>()
  let silent = false
  let deaf = false
  const upstream = (): Socket => (host.startsWith('/') ? connect(path.join(host, `.s.PGSQL.${port}`)) : connect(port, host))
  const hold = (client: Socket): void => {
    const server = silent ? undefined : upstream()
    const line = { client, server }
    lines.add(line)
    client.on('error', () => undefined)
    client.on('close', () => {
      lines.delete(line)
      server?.destroy()
    })
    // Read and dropped while silent: to the client the connection looks alive.
    client.on('data', (data) => { if (!silent && server?.writable === true) server.write(data) })
    // A leave that nobody hears is not answered either.
    client.on('end', () => { if (!silent) client.end() })
    server?.on('error', () => undefined)
    server?.on('data', (data) => { if (!silent && !deaf) client.write(data) })
    server?.on('close', () => { if (!silent && !deaf) client.destroy() })
  }
  const listener = createServer({ allowHalfOpen: true }, hold)
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return {
    port: (listener.address() as AddressInfo).port,
    goSilent: () => {
      silent = true
      for (const { server } of lines) server?.destroy()
    },
    loseAnswers: () => {
      deaf = true
    },
    heal: () => {
      silent = false
      deaf = false
      for (const { client } of lines) client.destroy()
    },
    close: async () => {
      for (const { client } of lines) client.destroy()
      await new Promise<void>((resolve) => listener.close(() => resolve()))
    },
  }
}
