/**
 * How an exchange object is made fit for the desk, before anything is asked of it.
 *
 * X1  Amounts are text: the library makes no binary numbers of them (`number`).
 * X2  Nothing is repeated: the library's own retries are off, wherever its options hide them (`fetch2` in ccxt's Exchange.js).
 * X3  The library does not queue: its throttle is one line in which a cancel would wait behind every poll, and a create would
 *     be written after its window. The rate budget in front has lanes.
 */
import type { Millis } from '../../domain/time.ts'
import { isRecord } from '../venue-kit/reading.ts'
import type { CcxtExchange, ExchangeOptions } from './exchange.ts'

const retries = 'maxRetriesOnFailure'

const withoutRetries = (options: ExchangeOptions): void => {
  options[retries] = 0
  // The library also looks for the option below the name of an endpoint.
  for (const inner of Object.values(options)) if (isRecord(inner) && retries in inner) inner[retries] = 0
}

export const prepare = (exchange: CcxtExchange, requestTimeoutMs: Millis): void => {
  exchange.number = String
  exchange.enableRateLimit = false
  exchange.timeout = requestTimeoutMs
  withoutRetries(exchange.options)
}
