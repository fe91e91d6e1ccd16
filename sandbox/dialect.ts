import type { Server } from 'node:http'
import type { FaultBoard } from './control/faults.ts'
import type { RequestLog } from './control/request-log.ts'
import type { Exchange } from './exchange/exchange.ts'
import type { Ledger } from './exchange/ledger.ts'
import type { Market } from './exchange/market.ts'
import type { Product } from './exchange/products.ts'
import type { VenueRules } from './exchange/venue-rules.ts'

/** What every dialect's handlers work with. */
export interface VenueCore {
  readonly exchange: Exchange
  readonly faults: FaultBoard
  readonly requests: RequestLog
  /** Venue time, milliseconds since 1970: wall time plus any armed skew. */
  readonly now: () => number
  /** Milliseconds since the venue began; never goes back. */
  readonly monotonic: () => number
  /** Runs the task once, that many milliseconds later. */
  readonly after: (delayMs: number, task: () => void) => void
}

/** A dialect's servers, in the order of their ports, and how they are reached (`127.0.0.1:49152` each). `close` ends what is not a server of its own. */
export interface Hosts<At> {
  readonly servers: readonly Server[]
  addressesAt(hosts: readonly string[]): At
  close(): void
}

/** A venue that the sandbox can play: what it lists, by which rules it trades and how it speaks. */
export interface Dialect<At> {
  readonly listing: ReadonlyMap<string, Product>
  rules(parts: { readonly ledger: Ledger; readonly markets: ReadonlyMap<string, Market> }): VenueRules
  open(core: VenueCore, home: string): Hosts<At>
}
