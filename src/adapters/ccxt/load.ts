/** Loading ccxt, which its user installs beside the desk, and making an exchange object of it. */
import { isRecord } from '../venue-kit/reading.ts'
import { can, type CcxtExchange } from './exchange.ts'
import type { CcxtKey } from './key.ts'
import { quirksOf } from './quirks.ts'

/** What is wrong with the library, the exchange's id or its key, in one sentence for the operator. */
export class CcxtError extends Error {
  override readonly name = 'CcxtError'
}

export interface CcxtSettings {
  /** Without one only public market data can be read. */
  readonly key?: CcxtKey
  /** Another host than the exchange's own, as its ccxt class spells it. */
  readonly urls?: Readonly<Record<string, unknown>>
}

const mostNearest = 3

/**
 * @param exchangeId as ccxt spells it, such as `kraken`
 * @throws CcxtError when ccxt is not installed or of another version, when it knows no such exchange, when that has no spot
 *   markets, or when the key lacks what the exchange wants
 */
export const loadCcxt = async (exchangeId: string, settings: CcxtSettings = {}, importCcxt: () => Promise<unknown> = () => import('ccxt')): Promise<CcxtExchange> => {
  const library = await libraryOf(importCcxt)
  const ids = idsOf(library)
  const Exchange = ids.includes(exchangeId) ? library[exchangeId] : undefined
  if (typeof Exchange !== 'function') throw new CcxtError(`ccxt knows no exchange ${JSON.stringify(exchangeId.slice(0, 40))}; the nearest are ${nearest(exchangeId, ids).join(', ')}`)
  const { key, urls } = settings
  const made: unknown = Reflect.construct(Exchange, [{ ...key?.reveal(), ...(urls !== undefined && { urls }), options: quirksOf({ id: exchangeId }).options }])
  const exchange = made as CcxtExchange
  if (exchange.has['spot'] === false) throw new CcxtError(`${exchangeId} has no spot markets`)
  if (!can(exchange, 'createOrder') && key !== undefined) throw new CcxtError(`${exchangeId} cannot be traded through ccxt: leave the key away and only watch`)
  if (key !== undefined) checkKey(exchangeId, made, key)
  return exchange
}

const libraryOf = async (importCcxt: () => Promise<unknown>): Promise<Record<string, unknown>> => {
  const imported = await importCcxt().catch((cause: unknown) => {
    const code = isRecord(cause) ? cause['code'] : undefined
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') throw new CcxtError('ccxt is not installed: npm install ccxt@4')
    throw new CcxtError('ccxt cannot be loaded: npm install ccxt@4 again')
  })
  const inner = isRecord(imported) && isRecord(imported['default']) ? imported['default'] : imported
  // The library's default export may be a function with everything on it.
  const library = isRecord(inner) ? inner : {}
  const { version } = library
  if (typeof version !== 'string' || !version.startsWith('4.')) throw new CcxtError(`ccxt ${typeof version === 'string' ? version : 'of an unknown version'} is installed, and version 4 is needed: npm install ccxt@4`)
  return library
}

const idsOf = ({ exchanges }: Record<string, unknown>): readonly string[] => (Array.isArray(exchanges) ? exchanges.filter((id) => typeof id === 'string') : [])

/** What the class wants beyond `apiKey` and `secret`, so far as a key file can hold it. */
const checkKey = (exchangeId: string, made: unknown, key: CcxtKey): void => {
  const wanted = isRecord(made) && isRecord(made['requiredCredentials']) ? made['requiredCredentials'] : {}
  const given: Readonly<Record<string, unknown>> = { ...key.reveal() }
  const missing = Object.keys(wanted).filter((name) => wanted[name] === true && given[name] === undefined)
  if (missing.length > 0) throw new CcxtError(`${exchangeId} wants ${missing.map((name) => JSON.stringify(name)).join(' and ')} in the key file`)
}

const nearest = (id: string, ids: readonly string[]): readonly string[] =>
  ids
    .map((one) => ({ one, distance: distance(id.toLowerCase().slice(0, 40), one) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, mostNearest)
    .map(({ one }) => one)

/** How many letters have to be changed, put in or taken out (Levenshtein). */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [at, letter] of from.split('').entries()) {
    const next = [at + 1]
    for (const [place, other] of to.split('').entries()) next.push(Math.min((row[place] ?? 0) + (letter === other ? 0 : 1), (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1))
    row = next
  }
  return row.at(-1) ?? 0
}
