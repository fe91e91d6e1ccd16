/** Records for tests, small and valid. */
import { money, price, quantity } from '../../src/domain/decimal.ts'
import type { Fill, Leg } from '../../src/domain/order.ts'
import type { ActorRecord, EventRecord, FillRecord, LotRecord, OrderRecord, TradePairRecord } from '../../src/domain/records.ts'
import type { Batch, Turn } from '../../src/ports/journal.ts'

export const pairRecord = (pairId: string, over: Partial<TradePairRecord> = {}): ActorRecord => ({
  address: `trade-pair/${pairId}`,
  kind: 'trade-pair',
  version: 1,
  seq: 1,
  state: 'buying.pending',
  since: 1,
  context: { pairId },
  finished: false,
  tradePair: {
    pairId,
    instrument: 'BTC-USD',
    strategy: 'ladder',
    bought: quantity('0'),
    held: quantity('0'),
    sold: quantity('0'),
    cost: money('0'),
    proceeds: money('0'),
    fees: money('0'),
    minSellPrice: null,
    openedAt: 1,
    closedAt: null,
    heldBecause: null,
    ...over,
  },
})

export const orderRecordOf = (pairId: string, leg: Leg, attempt: number, over: Partial<OrderRecord> = {}): ActorRecord => {
  const clientOrderId = `nd0000-${pairId}-${leg === 'buy' ? 'b' : 's'}${attempt}`
  return {
    address: `order/${clientOrderId}`,
    kind: 'order',
    version: 1,
    seq: 1,
    state: 'submitting',
    since: 1,
    context: { clientOrderId },
    finished: over.live === false,
    order: {
      clientOrderId,
      pairId,
      leg,
      attempt,
      instrument: 'BTC-USD',
      side: leg,
      quantity: quantity('0.001'),
      price: price('60000'),
      filled: quantity('0'),
      venueOrderId: null,
      claimedAt: 1,
      live: true,
      reason: null,
      ...over,
    },
  }
}

export const fillOf = (tradeId: string, side: Leg, amount: string): Fill => ({
  tradeId,
  venueOrderId: `v-${side}`,
  instrument: 'BTC-USD',
  side,
  quantity: quantity(amount),
  price: price('60000'),
  fee: money('0'),
  feeAsset: 'USD',
  liquidity: 'maker',
  at: 1,
})

export const fillRecord = (pairId: string, order: ActorRecord, fill: Fill): FillRecord => ({
  venue: 'coinbase',
  fill,
  clientOrderId: order.order?.clientOrderId ?? '',
  pairId,
})

export const lotRecord = (pairId: string, fill: Fill): LotRecord => ({
  venue: 'coinbase',
  instrument: fill.instrument,
  tradeId: fill.tradeId,
  venueOrderId: fill.venueOrderId,
  pairId,
  net: fill.quantity,
})

export const eventRecord = (address: string, seq: number, position: number): EventRecord => ({
  position,
  address,
  seq,
  turn: '1-1',
  at: 1,
  type: 'created',
  body: { some: 'thing' },
  from: '',
  to: 'submitting',
})

export const turnOf = (over: Partial<Turn> = {}): Turn => ({
  id: '1-1',
  at: 1,
  events: [],
  actors: [],
  fills: [],
  lots: [],
  deadlines: [],
  cleared: [],
  ...over,
})

export const batchOf = (id: string, ...turns: Partial<Turn>[]): Batch => ({ id, turns: turns.map(turnOf) })
