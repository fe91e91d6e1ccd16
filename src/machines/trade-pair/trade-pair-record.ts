/** A trade pair's typed columns, from its memory. */
import type { TradePairRecord } from '../../domain/records.ts'
import type { TradePairContext } from './trade-pair-context.ts'

const ended: ReadonlySet<string> = new Set(['closed', 'abandoned', 'dust', 'closedExternally'])

/** The pair has come to an end; only late news can bring it back. */
export const isEndedPair = (state: string): boolean => ended.has(state)

export const tradePairRecord = (context: TradePairContext): TradePairRecord => ({
  pairId: context.pairId,
  instrument: context.instrument.id,
  strategy: context.strategy,
  bought: context.bought,
  held: context.held,
  sold: context.sold,
  cost: context.cost,
  proceeds: context.proceeds,
  fees: context.fees,
  minSellPrice: context.minSellPrice,
  openedAt: context.openedAt,
  closedAt: context.closedAt,
  heldBecause: context.heldBecause,
})
