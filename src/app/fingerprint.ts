/** What a desk is armed for: everything in a configuration that decides which orders are sent, and where. */
import { createHash } from 'node:crypto'
import type { Config } from './config/schema.ts'

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([name, inner]) => [name, sorted(inner)]))
}

/**
 * Sixteen hexadecimal digits. Another store, page, log, channel to people or place of the key file does not change it; another mode, venue, instrument or limit does,
 * and so does another line in a strategy of the user's own.
 * @param digests of the modules with strategies, by instrument
 */
export const fingerprintOf = ({ store: _store, http: _http, log: _log, alerts: _alerts, retention: _retention, venue: { keyFile: _keyFile, ...venue }, ...decisive }: Config, digests: Readonly<Record<string, string>>): string =>
  createHash('sha256').update(JSON.stringify(sorted({ ...decisive, venue, ...(Object.keys(digests).length > 0 && { digests }) }))).digest('hex').slice(0, 16)
