/** Reads a configuration file and says in one sentence what is wrong with it. */
import { readFileSync } from 'node:fs'
import { isMap, LineCounter, parseDocument, type Document } from 'yaml'
import type { z } from 'zod'
import { exitCodes, Problem } from '../problem.ts'
import { refusalOf } from './refusals.ts'
import { configSchema, type Config } from './schema.ts'

const wrong = (file: string, line: number | undefined, what: string): Problem =>
  new Problem(exitCodes.configuration, `${file}${line === undefined ? '' : `, line ${line}`}: ${what}`)

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Problem(exitCodes.inputFile, `the configuration ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): name an existing file with --config, or make one with "nightdesk config demo"`)
  }
}

/** The line of the deepest part of the path that the file has. */
const lineOf = (document: Document, counter: LineCounter, path: readonly PropertyKey[]): number | undefined => {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = document.getIn(path.slice(0, depth - 1), true) ?? document.contents
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(path[depth - 1])) : undefined
    const range = (pair?.key as { range?: readonly [number, number, number] } | undefined)?.range
    if (range !== undefined) return counter.linePos(range[0]).line
  }
  return undefined
}

/** The one issue that explains an entry which may be of several kinds: that of the kind it says it is. */
const explained = (issue: z.core.$ZodIssue): z.core.$ZodIssue => {
  if (issue.code !== 'invalid_union') return issue
  const saysSo = (branch: readonly z.core.$ZodIssue[]): boolean => !branch.some(({ path }) => path[0] === 'strategy')
  const branch = issue.errors.find(saysSo) ?? issue.errors[0] ?? []
  const inner = foremost(branch)
  return inner === undefined ? issue : { ...inner, path: [...issue.path, ...inner.path] }
}

/** A misspelt name explains the missing one better than the other way round. */
const foremost = (issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined => issues.find((one) => one.code === 'unrecognized_keys') ?? issues[0]

const sentence = (issue: z.core.$ZodIssue): { readonly path: readonly PropertyKey[]; readonly what: string } => {
  const where = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    return { path: [...issue.path, key], what: `${where === '' ? '' : `${where}.`}${key} is not a setting of nightdesk: correct its spelling or remove it` }
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  if (missing) return { path: issue.path, what: `${where} is missing: ${issue.message}` }
  return { path: issue.path, what: `${where} ${issue.message}` }
}

/**
 * The configuration with every default filled in.
 * @throws Problem with the file, the line, what is wrong and how to mend it
 */
export const loadConfig = (file: string): Config => {
  const counter = new LineCounter()
  const document = parseDocument(readText(file), { lineCounter: counter, uniqueKeys: true })
  const [syntax] = document.errors
  if (syntax !== undefined) throw wrong(file, syntax.linePos?.[0].line, `not valid YAML: ${syntax.message.split('\n')[0] ?? ''}`)
  const result = configSchema.safeParse(document.toJS() ?? {}, { reportInput: true })
  if (!result.success) {
    const issue = foremost(result.error.issues.map(explained))
    if (issue === undefined) throw wrong(file, undefined, 'not a configuration')
    const { path, what } = sentence(issue)
    throw wrong(file, lineOf(document, counter, path), what)
  }
  const refusal = refusalOf(result.data)
  if (refusal !== undefined) throw wrong(file, undefined, refusal)
  return result.data
}
