/**
 * A module with a strategy of the user's own: read, run once, and what it exports.
 *
 * S1  Whatever is wrong with it is one sentence with its file and, where the runtime tells, its line (78).
 * S2  Its digest covers every file that was read until it was made, wherever they lie, and nothing of nightdesk itself.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import module, { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { exitCodes, Problem } from '../problem.ts'
import { within } from './time-limit.ts'

const loadWithinMs = 10_000
const ownName = 'nightdesk/strategy'

/** The sources lie two folders above, the published build as well. */
const own = new URL('../../', import.meta.url).href
const contract = ['index.ts', 'index.js'].map((name) => new URL(`../../strategies/${name}`, import.meta.url)).find((place) => existsSync(place))

export interface StrategyModule<T> {
  readonly made: T
  /** SHA-256, hexadecimal. */
  readonly digest: string
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')

/** The line of a file that an error speaks of; undefined when it speaks of none. */
export const lineIn = (error: unknown, file: string): number | undefined => {
  const stack = error instanceof Error || (typeof error === 'object' && error !== null && 'stack' in error) ? String(error.stack) : ''
  for (const name of [pathToFileURL(file).href, file]) {
    const at = stack.indexOf(`${name}:`)
    const line = at < 0 ? undefined : /^\d+/.exec(stack.slice(at + name.length + 1))
    if (line?.[0] !== undefined) return Number(line[0])
  }
  return undefined
}

/** The first sentence of whatever was thrown. */
export const saidBy = (error: unknown): string => (error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error) ? String(error.message) : String(error)).split('\n')[0] ?? ''

const found = (error: unknown, file: string, what: string): Problem => {
  const line = lineIn(error, file)
  return new Problem(exitCodes.configuration, `${file}${line === undefined ? '' : `, line ${line}`}: ${what}`)
}

const problemOf = (error: unknown, file: string): Problem => {
  const said = saidBy(error)
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown }
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return found(error, file, `${said}: Node takes types away and translates nothing; write it without`)
  if (code === 'ERR_REQUIRE_ASYNC_MODULE') return found(error, file, 'it awaits outside of a function: a strategy is there at once, or not at all')
  if (name === 'SyntaxError') return found(error, file, `it is not valid: ${said}`)
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return found(error, file, `an import of it is not there: ${said}`)
  return found(error, file, `it failed while it was read: ${said}`)
}

/** What `npm init` writes beside a strategy says CommonJS of every file; one that imports or exports is a module all the same. */
const asModule: Readonly<Record<string, string>> = { commonjs: 'module', 'commonjs-typescript': 'module-typescript' }
const formatOf = (file: string, format: string | null | undefined): string | undefined => {
  const other = asModule[format ?? '']
  const isOwn = /\.[jt]s$/.test(file) && !file.includes(`${path.sep}node_modules${path.sep}`)
  return other !== undefined && isOwn && /^\s*(?:import\s*[\w{*'"]|export\s)/m.test(readFileSync(file, 'utf8')) ? other : undefined
}

/** Runs a task, and tells which files outside of nightdesk were read as modules meanwhile. */
const noting = <T>(task: () => T): { readonly result: T; readonly files: readonly string[] } => {
  const files = new Set<string>()
  const hooks = module.registerHooks({
    resolve: (specifier, context, next) => (specifier === ownName && contract !== undefined ? { url: contract.href, shortCircuit: true } : next(specifier, context)),
    load: (url, context, next) => {
      if (!url.startsWith('file:') || url.startsWith(own)) return next(url, context)
      const file = fileURLToPath(url)
      files.add(file)
      const format = formatOf(file, context.format)
      return next(url, format === undefined ? context : { ...context, format })
    },
  })
  try {
    return { result: task(), files: [...files] }
  } finally {
    hooks.deregister()
  }
}

/**
 * Reads a module, runs it once in this process and makes something of what it exports; a second reading of the same file finds
 * what the first one has read.
 * @param make may read further files: whatever is read before it returns counts (S2)
 * @throws Problem, or what `make` throws
 */
export const readStrategyModule = <T>(file: string, make: (exports: Readonly<Record<string, unknown>>) => T): StrategyModule<T> => {
  if (!existsSync(file)) throw new Problem(exitCodes.configuration, `${file}: there is no such file; the path of a strategy is relative to the configuration`)
  const { result, files } = noting(() => make(load(file)))
  // What an earlier reading has loaded is not loaded again: its own file stands for it.
  const parts = new Set([file, ...files])
  return { made: result, digest: sha256([...parts].map((one) => sha256(readFileSync(one))).toSorted().join('\n')) }
}

const load = (file: string): Readonly<Record<string, unknown>> => {
  const read = createRequire(file)
  try {
    return within(loadWithinMs, 'reading it', () => read(file) as Readonly<Record<string, unknown>>)
  } catch (error) {
    throw problemOf(error, file)
  }
}
