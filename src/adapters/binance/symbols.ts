/**
 * Which symbol an instrument is at the venue. Names are never taken apart or put together: the venue's own list says that
 * `BTCUSDT` is BTC against USDT (binance-spot.md 5.2).
 */
import { failed, ok, type Result } from '../../domain/failure.ts'
import type { Log } from '../../ports/log.ts'
import type { Limits } from './limits.ts'
import type { Reads } from './reads.ts'
import { instrumentNameOf } from './to-domain.ts'
import { readLimit, readSymbol, type SymbolRow } from './wire.ts'

/** Several times what the venue lists; beyond it only the newest list is remembered. */
const mostRemembered = 20_000

export interface SymbolsParts {
  readonly reads: Reads
  readonly limits: Limits
  readonly log: Log
}

export class Symbols {
  readonly #parts: SymbolsParts
  /** What was once listed stays known: the orders of a market outlive its listing. */
  #bySymbol: Map<string, string> = new Map()
  #byInstrument: Map<string, string> = new Map()
  #reading: Promise<Result<readonly SymbolRow[]>> | undefined
  /** Instruments that were said to be unlisted; no more than are traded. */
  readonly #missed = new Set<string>()

  constructor(parts: SymbolsParts) {
    this.#parts = parts
  }

  /** Reads the venue's list, learns its names and its limits (10). One reading at a time. */
  read(): Promise<Result<readonly SymbolRow[]>> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  /** The symbol of an instrument; a failure when the venue lists none. */
  async symbolOf(instrument: string): Promise<Result<string>> {
    const known = await this.#known()
    if (!known.ok) return known
    const symbol = this.#byInstrument.get(instrument)
    return symbol === undefined ? failed({ kind: 'badRequest', detail: `the venue lists no instrument ${instrument}` }) : ok(symbol)
  }

  /**
   * Those of these instruments that the venue lists, with their symbols. The others are left out, and the log says so once:
   * a delisted market must not blind the desk, and without a symbol nothing can be sent there either.
   */
  async listed(instruments: readonly string[]): Promise<Result<readonly { readonly instrument: string; readonly symbol: string }[]>> {
    const known = await this.#known()
    if (!known.ok) return known
    return ok(
      instruments.flatMap((instrument) => {
        const symbol = this.#byInstrument.get(instrument)
        if (symbol === undefined) this.#miss(instrument)
        return symbol === undefined ? [] : [{ instrument, symbol }]
      }),
    )
  }

  /** The instrument of a symbol; undefined while it was never listed. */
  instrumentOf(symbol: string): string | undefined {
    return this.#bySymbol.get(symbol)
  }

  async #known(): Promise<Result<unknown>> {
    return this.#byInstrument.size > 0 ? ok(undefined) : this.read()
  }

  #miss(instrument: string): void {
    if (this.#missed.has(instrument)) return
    this.#missed.add(instrument)
    this.#parts.log.warn('venue.instrumentUnlisted', { instrument })
  }

  async #read(): Promise<Result<readonly SymbolRow[]>> {
    const { reads, limits, log } = this.#parts
    const read = await reads.read('exchangeInfo', { path: '/exchangeInfo', params: [['showPermissionSets', 'false']], weight: 20, access: 'public' })
    if (!read.ok) return read
    const symbols = read.value.symbols.flatMap((row) => readSymbol(row) ?? []).filter((row) => row.isSpotTradingAllowed !== false)
    log.debug('venue.instruments', { listed: read.value.symbols.length, readable: symbols.length })
    if (symbols.length === 0) return failed({ kind: 'malformed', detail: 'the list of symbols has no readable spot symbol' })
    limits.resize((read.value.rateLimits ?? []).flatMap((row) => readLimit(row) ?? []))
    this.#learn(symbols)
    return ok(symbols)
  }

  /** Of two symbols of one name the one that trades counts. */
  #learn(symbols: readonly SymbolRow[]): void {
    if (this.#bySymbol.size > mostRemembered) {
      this.#bySymbol = new Map()
      this.#byInstrument = new Map()
    }
    const trading = (row: SymbolRow): number => (row.status === 'TRADING' ? 1 : 0)
    for (const row of [...symbols].sort((a, b) => trading(a) - trading(b))) {
      this.#bySymbol.set(row.symbol, instrumentNameOf(row))
      this.#byInstrument.set(instrumentNameOf(row), row.symbol)
    }
  }
}
