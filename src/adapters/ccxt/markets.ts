/** The exchange's markets: which instruments there are, and what ccxt calls them. */
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { Log } from '../../ports/log.ts'
import type { Calls } from './calls.ts'
import type { CcxtExchange } from './exchange.ts'
import { instrumentOf } from './instruments.ts'
import { fieldOf, readMarket, readRecord } from './wire.ts'

/** Lists of markets are read in many pages, and together with lists of assets. */
const requests = 8
const examples = 5

export interface Market {
  readonly instrument: string
  readonly symbol: string
}

interface Listing {
  readonly instruments: readonly Instrument[]
  readonly byInstrument: ReadonlyMap<string, Market>
  readonly bySymbol: ReadonlyMap<string, Market>
  /** Instruments by the reason for which they are left out. */
  readonly leftOut: ReadonlyMap<string, readonly string[]>
}

export interface MarketsParts {
  readonly calls: Calls
  readonly exchange: CcxtExchange
  readonly log: Log
}

export class Markets {
  readonly #parts: MarketsParts
  #listing: Listing | undefined
  /** Whoever asks while the list is on its way waits for the same. */
  #reading: Promise<Result<Listing>> | undefined

  constructor(parts: MarketsParts) {
    this.#parts = parts
  }

  /** Every spot market, read anew. */
  async instruments(): Promise<Result<readonly Instrument[]>> {
    const listing = await this.#read()
    return listing.ok ? ok(listing.value.instruments) : listing
  }

  /** The markets of these instruments; one that the exchange does not list is left out. */
  async listed(instruments: readonly string[]): Promise<Result<readonly Market[]>> {
    const listing = await this.#known()
    return listing.ok ? ok(instruments.flatMap((instrument) => listing.value.byInstrument.get(instrument) ?? [])) : listing
  }

  async of(instrument: string): Promise<Result<Market>> {
    const markets = await this.listed([instrument])
    if (!markets.ok) return markets
    const [market] = markets.value
    return market === undefined ? failed({ kind: 'notFound', detail: `${this.#parts.exchange.id} lists no instrument ${JSON.stringify(instrument.slice(0, 40))} with readable rules` }) : ok(market)
  }

  /** Undefined for a market that is not listed here. */
  instrumentOf(symbol: string): string | undefined {
    return this.#listing?.bySymbol.get(symbol)?.instrument
  }

  #known(): Promise<Result<Listing>> {
    return this.#listing === undefined ? this.#read() : Promise.resolve(ok(this.#listing))
  }

  #read(): Promise<Result<Listing>> {
    this.#reading ??= this.#ask().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  /** Always anew: the library keeps a list that could not be read as a failure for ever. */
  async #ask(): Promise<Result<Listing>> {
    const { calls, exchange } = this.#parts
    const read = await calls.read({ what: 'the list of markets', requests, ask: (one) => one.loadMarkets(true), read: (answer) => listingOf(answer, exchange.precisionMode) })
    if (!read.ok) return read
    if (read.value.instruments.length === 0) return failed({ kind: 'malformed', detail: 'no market in the list is a spot market with readable rules' })
    this.#tell(read.value)
    this.#listing = read.value
    return read
  }

  #tell({ leftOut }: Listing): void {
    const count = countOf(leftOut)
    if (count === 0 || (this.#listing !== undefined && countOf(this.#listing.leftOut) === count)) return
    for (const [reason, symbols] of leftOut) this.#parts.log.info('venue.instrumentsLeftOut', { count: symbols.length, reason, examples: symbols.slice(0, examples) })
  }
}

const countOf = (leftOut: Listing['leftOut']): number => [...leftOut.values()].reduce((sum, symbols) => sum + symbols.length, 0)

const listingOf = (answer: unknown, precisionMode: number): Listing | undefined => {
  const rows = readRecord(answer)
  if (rows === undefined) return undefined
  const instruments = new Map<string, Instrument>()
  const bySymbol = new Map<string, Market>()
  const leftOut = new Map<string, string[]>()
  for (const [symbol, raw] of Object.entries(rows)) {
    if (fieldOf(raw, 'spot') !== true) continue
    const row = readMarket(raw)
    const read = row === undefined ? { leftOut: 'it cannot be read' } : instrumentOf(row, precisionMode)
    if ('leftOut' in read) leftOut.set(read.leftOut, [...(leftOut.get(read.leftOut) ?? []), symbol])
    else {
      instruments.set(read.instrument.id, read.instrument)
      bySymbol.set(read.symbol, { instrument: read.instrument.id, symbol: read.symbol })
    }
  }
  const byInstrument = new Map([...bySymbol.values()].map((market) => [market.instrument, market]))
  return { instruments: [...instruments.values()], byInstrument, bySymbol, leftOut }
}
