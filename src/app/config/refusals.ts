/** What a well-formed configuration may still not ask for: each rule is one sentence, with how to mend it. */
import type { Config } from './schema.ts'

type Rule = (config: Config) => string | undefined

const addressesOfTheSandbox: Rule = ({ environment, venue }) => {
  if (venue.name === 'ccxt') return environment === 'production' ? undefined : `venue ccxt is for environment production, and it is ${environment}: the sandbox speaks coinbase and binance`
  if (environment === 'sandbox' && venue.sandbox === undefined) return 'venue.sandbox is missing: environment sandbox needs its addresses; "nightdesk config demo" writes them'
  return environment !== 'sandbox' && venue.sandbox !== undefined ? `venue.sandbox is there and the environment is ${environment}: remove it, or set "environment: sandbox"` : undefined
}

const placeForPractice: Rule = ({ environment, venue }) =>
  environment === 'testnet' && venue.name === 'coinbase' ? 'coinbase has no testnet: use "environment: sandbox" with "nightdesk sandbox", or "mode: paper" with "environment: production"' : undefined

const realOrders: Rule = ({ mode, readOnly }) =>
  mode === 'live' && readOnly ? 'mode live sends real orders and readOnly is true: set "readOnly: false" if that is meant, or "mode: paper"' : undefined

const weakerVenue: Rule = ({ mode, venue }) =>
  mode === 'live' && venue.name === 'ccxt' && venue.acceptWeaker !== true ? 'mode live through ccxt is weaker than through an adapter of the venue: read docs/ccxt.md, then set "venue.acceptWeaker: true", or use "mode: paper"' : undefined

const durableStore: Rule = ({ mode, environment, store }) =>
  mode === 'live' && environment === 'production' && store.url === 'embedded' && !store.allowEmbedded && process.env['DATABASE_URL'] === undefined
    ? 'mode live on production keeps its rows in a PostgreSQL of your own: set DATABASE_URL or store.url, or "store.allowEmbedded: true" if this machine is looked after like one'
    : undefined

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1'])

const knownDoor: Rule = ({ http }) =>
  loopback.has(http.host) || http.names.length > 0 ? undefined : `http.host ${http.host} can be reached by others, and http.names does not say under which names: list them, or listen on 127.0.0.1`

const rules: readonly Rule[] = [knownDoor, addressesOfTheSandbox, placeForPractice, realOrders, weakerVenue, durableStore]

/** Why this configuration is refused; undefined when it is not. */
export const refusalOf = (config: Config): string | undefined => {
  for (const rule of rules) {
    const sentence = rule(config)
    if (sentence !== undefined) return sentence
  }
  return undefined
}
