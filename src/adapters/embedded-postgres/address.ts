import { chown, mkdir, mkdtemp, rm, rmdir } from 'node:fs/promises'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { EmbeddedPostgresOptions, Ids } from './options.ts'

/** Where the server listens. */
export type Address = { readonly kind: 'socket'; readonly dir: string; readonly port: number } | { readonly kind: 'tcp'; readonly port: number }

// The port is only a part of the socket's name: each cluster has a folder of its own.
const SOCKET_PORT = 5432
// sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero included.
const LONGEST_SOCKET_BYTES = 103
const TEMPORARY = 'nightdesk-pg-'

/** A private socket folder in `home`, or a short temporary one when that path is too long; a free loopback port on Windows. */
export async function chooseAddress(home: string, owner: Ids | undefined, options: EmbeddedPostgresOptions): Promise<Address> {
  if (options.transport === 'tcp' || options.host.platform === 'win32') return { kind: 'tcp', port: await freePort() }
  return { kind: 'socket', dir: await socketFolder(join(home, 'socket'), owner, options), port: SOCKET_PORT }
}

async function socketFolder(preferred: string, owner: Ids | undefined, options: EmbeddedPostgresOptions): Promise<string> {
  if (fits(preferred)) {
    await mkdir(preferred, { recursive: true, mode: 0o700 })
    await clearSockets(preferred)
    if (owner !== undefined) await chown(preferred, owner.uid, owner.gid)
    return preferred
  }
  const roots = owner === undefined ? [options.host.env['TMPDIR'] ?? '/tmp', '/tmp'] : ['/tmp']
  for (const root of roots.filter((each) => fits(join(each, `${TEMPORARY}123456`)))) {
    const dir = await mkdtemp(join(root, TEMPORARY)).catch(() => undefined)
    if (dir === undefined) continue
    if (owner !== undefined) await chown(dir, owner.uid, owner.gid)
    return dir
  }
  throw new EmbeddedPostgresError('badDirectory', `The path ${preferred} is too long for a Unix socket and no folder can be made in /tmp: use a shorter data directory.`)
}

/** Whether a Unix socket in this folder has a name the operating system accepts. */
export function fits(dir: string): boolean {
  return dir.startsWith('/') && Buffer.byteLength(`${dir}/.s.PGSQL.${SOCKET_PORT}`) <= LONGEST_SOCKET_BYTES
}

/** Removes a socket folder that was made for one run. Call only when its server is gone. */
export async function dropSocketFolder(dir: string): Promise<void> {
  if (!basename(dir).startsWith(TEMPORARY)) return
  await clearSockets(dir)
  await rmdir(dir).catch(() => undefined)
}

// A stale lock beside the socket blocks a start as a stale postmaster.pid does.
async function clearSockets(dir: string): Promise<void> {
  await rm(join(dir, `.s.PGSQL.${SOCKET_PORT}`), { force: true })
  await rm(join(dir, `.s.PGSQL.${SOCKET_PORT}.lock`), { force: true })
}

function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = createServer()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    server.close(() => { resolve(port) })
  })
  return promise
}
