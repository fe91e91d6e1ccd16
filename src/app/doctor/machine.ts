/** What the machine gives the desk: a runtime, a folder, room, a port. */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { systemDisk } from '../../adapters/system/system-disk.ts'
import { defaultTuning } from '../../actors/desk-options.ts'
import type { Config } from '../config/schema.ts'
import { readDeskFile } from '../desk-file.ts'
import { version } from '../version.ts'
import { ok, problem, warning, type Finding } from './finding.ts'

export const lookAtRuntime = (): Finding => ok('node', `${process.versions.node} on ${process.platform} ${process.arch}, nightdesk ${version}`)

/** The folder itself, or the nearest above it that is there. */
export const nearest = (folder: string): string => (existsSync(folder) || path.dirname(folder) === folder ? folder : nearest(path.dirname(folder)))

/** Whether this user may make something in it. */
export const mayWrite = (folder: string): boolean => {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The data directory holds the token, the rows and the log: nobody else should read it. */
export const lookAtHome = (home: string): Finding => {
  const choose = 'make it yours, or set NIGHTDESK_HOME to a folder that is'
  if (!existsSync(home)) {
    const above = nearest(home)
    return mayWrite(above) ? ok('home', `${home} is not there yet; the first start makes it`) : problem('home', `${home} is not there, and cannot be made in ${above}`, choose)
  }
  const { mode } = statSync(home)
  if (!statSync(home).isDirectory()) return problem('home', `${home} is a file`, 'set NIGHTDESK_HOME to a folder')
  if (!mayWrite(home)) return problem('home', `${home} cannot be written to`, choose)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) return warning('home', `${home} is open to others (${(mode & 0o777).toString(8)})`, `chmod 700 ${home}`)
  return ok('home', home)
}

export const lookAtDisk = async (home: string): Promise<Finding> => {
  const { leastBytes, leastShare } = defaultTuning.disk
  const free = await systemDisk(nearest(home)).free()
  if (free === undefined) return warning('disk', 'its room cannot be read', 'look at it with df')
  const said = `${(free.bytes / 2 ** 30).toFixed(1)} GiB (${(free.share * 100).toFixed(0)} %) are free below ${home}`
  return free.bytes < leastBytes && free.share < leastShare ? problem('disk', said, 'make room: entries wait on a disk that is nearly full') : ok('disk', said)
}

export const lookForDesk = (home: string): Finding => {
  const desk = readDeskFile(home)
  return ok('desk', desk === undefined ? `none runs in ${home}` : `runs since ${desk.startedAt} (pid ${desk.pid}${desk.url === null ? '' : `, ${desk.url}/`})`)
}

/** Whether a server could listen there; it listens for a moment and is gone. */
const refusalAt = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })

export const lookAtPort = async ({ host, port }: Config['http'], home: string): Promise<Finding> => {
  const url = readDeskFile(home)?.url
  if (url !== undefined && url !== null && new URL(url).port === String(port)) return ok('port', `${host}:${port} is this desk's own`)
  const refusal = await refusalAt(host, port)
  if (refusal === undefined) return ok('port', `${host}:${port} is free`)
  return problem('port', `${host}:${port} cannot be used (${refusal})`, 'choose another with http.port or --port, or end what listens there')
}
