/** The tape, candles and listings of a market feed (coinbase-advanced-trade.md 9.5). Rows that cannot be read are left out: polling finds what they said. */
import type { Candle, PublicTrade } from '../../domain/market-data.ts'
import { isRecord } from '../venue-kit/reading.ts'
import { candleOf, tradeOf } from './market-shapes.ts'
import type { ChannelFrame } from './socket.ts'

/** One subscribed channel of a connection. */
export interface MarketChannel {
  /** As it is subscribed. */
  readonly name: string
  /** As its frames name it. */
  readonly label: string
  readonly hasDelivered: boolean
  take(frame: ChannelFrame, isOpen: () => boolean): void
}

type Targets = ReadonlyMap<string, readonly string[]>

/** The rows of every event, with the event's kind. */
const rowsOf = ({ events }: ChannelFrame, field: string): readonly { readonly row: Record<string, unknown>; readonly snapshot: boolean }[] =>
  events.filter(isRecord).flatMap((event) => {
    const rows: unknown = event[field]
    return Array.isArray(rows) ? rows.filter(isRecord).map((row) => ({ row, snapshot: event['type'] === 'snapshot' })) : []
  })

const targetsOf = (targets: Targets, label: unknown): readonly string[] => (typeof label === 'string' ? targets.get(label) : undefined) ?? []

/** Ids are consecutive whole numbers as text: the longer one is the later one. */
const isLater = (id: string, than: string): boolean => (id.length === than.length ? id > than : id.length > than.length)

/** Each trade once, in order. A snapshot tells what is past, so it only says where the tape begins. */
export class TradeChannel implements MarketChannel {
  readonly name = 'market_trades'
  readonly label = 'market_trades'
  readonly #targets: Targets
  readonly #tell: (trade: PublicTrade) => void
  /** The last trade of each subscribed label. */
  readonly #last = new Map<string, string>()
  hasDelivered = false

  constructor(targets: Targets, tell: (trade: PublicTrade) => void) {
    this.#targets = targets
    this.#tell = tell
  }

  /** Newest comes first. */
  take(frame: ChannelFrame, isOpen: () => boolean): void {
    this.hasDelivered = true
    for (const { row, snapshot } of rowsOf(frame, 'trades').toReversed()) {
      const { product_id: label, trade_id: id } = row
      if (typeof label !== 'string' || typeof id !== 'string' || !this.#isNews(label, id) || snapshot) continue
      for (const instrument of targetsOf(this.#targets, label)) {
        const trade = tradeOf(row, instrument)
        if (trade !== undefined && isOpen()) this.#tell(trade)
      }
    }
  }

  #isNews(label: string, id: string): boolean {
    const last = this.#last.get(label)
    if (!this.#targets.has(label) || (last !== undefined && !isLater(id, last))) return false
    this.#last.set(label, id)
    return true
  }
}

/** Candles are always of five minutes. The snapshot repeats what is past. */
export class CandleChannel implements MarketChannel {
  readonly name = 'candles'
  readonly label = 'candles'
  readonly #targets: Targets
  readonly #tell: (instrument: string, candle: Candle) => void
  hasDelivered = false

  constructor(targets: Targets, tell: (instrument: string, candle: Candle) => void) {
    this.#targets = targets
    this.#tell = tell
  }

  take(frame: ChannelFrame, isOpen: () => boolean): void {
    this.hasDelivered = true
    for (const { row, snapshot } of rowsOf(frame, 'candles')) {
      const candle = snapshot ? undefined : candleOf(row)
      for (const instrument of targetsOf(this.#targets, row['product_id'])) if (candle !== undefined && isOpen()) this.#tell(instrument, candle)
    }
  }
}

export class ListingChannel implements MarketChannel {
  readonly name = 'status'
  readonly label = 'status'
  readonly #targets: Targets
  readonly #tell: (instrument: string, isOnline: boolean) => void
  hasDelivered = false

  constructor(targets: Targets, tell: (instrument: string, isOnline: boolean) => void) {
    this.#targets = targets
    this.#tell = tell
  }

  take(frame: ChannelFrame, isOpen: () => boolean): void {
    this.hasDelivered = true
    for (const { row } of rowsOf(frame, 'products')) for (const instrument of targetsOf(this.#targets, row['id'])) if (isOpen()) this.#tell(instrument, row['status'] === 'online')
  }
}
