/** Where the log's files are, or will be. */
import { existsSync, statSync } from 'node:fs'
import type { Config } from '../config/schema.ts'
import { logFolder } from '../logging.ts'
import { ok, problem, type Finding } from './finding.ts'
import { mayWrite, nearest } from './machine.ts'

/** Nothing is made: what cannot be made is seen from the nearest folder above it. */
export const lookAtLog = (config: Pick<Config, 'log' | 'environment'>, home: string): Finding => {
  const folder = logFolder(config, home)
  if (folder === undefined || config.log.level === 'silent') return ok('log', 'on standard error alone')
  const above = nearest(folder)
  if (statSync(above).isDirectory() && mayWrite(above)) return ok('log', existsSync(folder) ? folder : `${folder} is not there yet; the first start makes it`)
  return problem('log', above === folder ? `${folder} cannot be written to` : `${folder} is not there, and cannot be made in ${above}`, 'correct its rights, name another folder as log.file, or set "log: { file: false }"')
}
