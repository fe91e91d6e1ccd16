import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The only address the sandbox listens on. */
export const HOST = '127.0.0.1'

/** Servers that hold their ports but cut every connection until opened. */
export interface Gate {
  readonly ports: readonly number[]
  open(): void
}

/**
 * Listens with each server, on the ports named, on those from the one named on, or on any free ones. Rejects with the first listen error. Holding the ports comes before
 * everything else, so that a second sandbox on the same folder fails before it can write to the ledger.
 */
export async function holdPorts(servers: readonly Server[], named: number | readonly number[] | undefined): Promise<Gate> {
  const ports: number[] = []
  let open = false
  const portOf = (index: number): number => (typeof named === 'number' ? named + index : (named?.[index] ?? 0))
  for (const [index, server] of servers.entries()) {
    server.on('connection', (socket) => {
      if (!open) socket.destroy()
    })
    ports.push(await listen(server, portOf(index)))
  }
  return { ports, open: () => (open = true) }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Resolves when the server has let go of its port; open connections are cut. */
export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
