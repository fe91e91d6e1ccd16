/** Where an API key is found: the file that the configuration names, else the venue's environment variables. */
import { readFileSync } from 'node:fs'
import { exitCodes, Problem } from '../problem.ts'
import type { VenueName } from './names.ts'

export type Environment = 'sandbox' | 'testnet' | 'production'

/** How one venue's keys are written down. */
export interface KeyForm {
  readonly venue: VenueName | 'ccxt'
  /** Names of the environment variables. */
  readonly id: string
  readonly secret: string
  /** What a key file looks like. */
  readonly file: string
}

export const coinbaseKeys: KeyForm = { venue: 'coinbase', id: 'COINBASE_KEY_NAME', secret: 'COINBASE_PRIVATE_KEY', file: '{"name": "organizations/...", "privateKey": "..."}' }
export const binanceKeys: KeyForm = { venue: 'binance', id: 'BINANCE_API_KEY', secret: 'BINANCE_SECRET', file: '{"apiKey": "...", "secret": "..."}' }
export const ccxtKeys: KeyForm = { venue: 'ccxt', id: 'CCXT_API_KEY', secret: 'CCXT_SECRET', file: '{"apiKey": "...", "secret": "...", "password": "where the exchange wants one"}' }

const permission = 'The key must be allowed to view and to trade, and must not be allowed to transfer or withdraw.'

/** How the two halves of a key that is in the environment become the venue's own text of it. */
interface Reading<T, K> {
  readonly ofFile: (text: string) => T
  readonly ofVariables: (id: string, secret: string) => T
  readonly load: (text: T) => K
  /** Tells the reader's own complaint about the key from everything else. */
  readonly isKeyError: (error: unknown) => error is Error
}

interface Found<T> {
  /** For people: where it was found. */
  readonly where: string
  readonly environment: string
  readonly text: () => T
}

const inFile = <T>(file: string, { ofFile }: Pick<Reading<T, unknown>, 'ofFile'>, form: KeyForm): Found<T> => {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Problem(exitCodes.credentials, `the API key file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): correct venue.keyFile; the file holds ${form.file}`)
  }
  return { where: file, environment: environmentIn(text), text: () => ofFile(text) }
}

/** The environment that a key file carries. A downloaded key carries none, and is for production. */
const environmentIn = (text: string): string => {
  try {
    const { environment } = JSON.parse(text) as { environment?: unknown }
    return typeof environment === 'string' ? environment : 'production'
  } catch {
    return 'production'
  }
}

const inVariables = <T>(env: NodeJS.ProcessEnv, { ofVariables }: Pick<Reading<T, unknown>, 'ofVariables'>, { venue, id, secret }: KeyForm): Found<T> | undefined => {
  const [first, second] = [env[id], env[secret]]
  if (first === undefined && second === undefined) return undefined
  if (first === undefined || second === undefined) {
    throw new Problem(exitCodes.credentials, `${first === undefined ? secret : id} is set and ${first === undefined ? id : secret} is not: a key of ${venue} is both. ${permission}`)
  }
  const variable = `${venue.toUpperCase()}_KEY_ENVIRONMENT`
  return { where: `${id} and ${secret}`, environment: env[variable] ?? 'production', text: () => ofVariables(first, second) }
}

/**
 * The key for an environment; undefined when there is none anywhere.
 * @param env the process's variables
 * @throws Problem that says which file or variable, which form, which permission
 */
export const findKey = <T, K>(form: KeyForm, reading: Reading<T, K>, { keyFile, environment, env }: { readonly keyFile: string | undefined; readonly environment: Environment; readonly env: NodeJS.ProcessEnv }): K | undefined => {
  const found = keyFile === undefined ? inVariables(env, reading, form) : inFile(keyFile, reading, form)
  if (found === undefined) return undefined
  if (found.environment !== environment) {
    const mark = keyFile === undefined ? `${form.venue.toUpperCase()}_KEY_ENVIRONMENT=${environment}` : `"environment": "${environment}" in the file`
    throw new Problem(exitCodes.credentials, `the API key in ${found.where} is for ${found.environment}, and the configuration's environment is ${environment}: use a key of that environment; one that is says so with ${mark}`)
  }
  try {
    return reading.load(found.text())
  } catch (error) {
    if (!reading.isKeyError(error)) throw error
    throw new Problem(exitCodes.credentials, `the API key in ${found.where} cannot be used: ${error.message}. ${keyFile === undefined ? `${form.id} and ${form.secret} are the two halves as the venue shows them` : `The file holds ${form.file}`}. ${permission}`)
  }
}

/** What is said when a mode needs a key and there is none. */
export const noKey = ({ venue, id, secret, file }: KeyForm): Problem =>
  new Problem(exitCodes.credentials, `there is no API key for ${venue}: name a file with ${file} as venue.keyFile, or set ${id} and ${secret}. ${permission}`)
