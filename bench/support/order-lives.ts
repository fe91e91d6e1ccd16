/**
 * Order lives as the venue's answers make them: a pair is proposed, its buy is accepted and filled, its sell is accepted
 * and filled, and the pair has closed. Five messages, each waited for until it is durable.
 */
import { ActorDirectory } from '../../src/actors/actor-directory.ts'
import { defaultTuning, orderPolicyOf } from '../../src/actors/desk-options.ts'
import { JournalWriter } from '../../src/actors/journal-writer.ts'
import { RowReader } from '../../src/actors/row-reader.ts'
import { TurnLoop } from '../../src/actors/turn-loop.ts'
import { systemClock } from '../../src/adapters/system/system-clock.ts'
import { formatClientOrderId, formatPairId } from '../../src/domain/client-order-id.ts'
import { money, price, quantity, rate } from '../../src/domain/decimal.ts'
import type { Instrument } from '../../src/domain/instrument.ts'
import type { Fill, Leg } from '../../src/domain/order.ts'
import type { TradePairInput } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import type { Journal, Lease } from '../../src/ports/journal.ts'
import type { ProofOfAbsence } from '../../src/ports/venue.ts'
import { silent } from './silent.ts'

export const install = 'be00'
export const stamp = { environment: 'sandbox', venue: 'bench', account: 'bench' } as const
export const turnsALife = 5

/** Margins of a venue that answers at once, so that a claim whose answer is never waited for is proven absent soon. */
export const proof: ProofOfAbsence = { windowMs: 4_000, engineMs: 250, lookUpLagMs: 500, skewMs: 500 }

export const bitcoin: Instrument = { id: 'BTC-USD', base: 'BTC', quote: 'USD', tick: price('0.01'), step: quantity('0.00000001'), minQuantity: quantity('0.00000001'), maxQuantity: quantity('3400'), minNotional: money('1'), status: 'online' }

/** The pair of a life, by its number. */
export const pairOf = (life: number): string => formatPairId(life + 1, Array.from({ length: 8 }, () => 0))

export const orderOf = (pairId: string, leg: Leg): string => formatClientOrderId({ install, pairId, leg, attempt: 1 })

export const pairInput = (pairId: string): TradePairInput => ({
  pairId,
  install,
  instrument: bitcoin,
  strategy: 'bench',
  buy: { quantity: quantity('0.001'), price: price('60000'), postOnly: true },
  target: { kind: 'rate', rate: rate('0.0003') },
  sellFee: rate('0'),
  sellPostOnly: true,
  policy: defaultTuning.pairs,
})

const fillOf = (pairId: string, side: Leg): Fill => ({
  tradeId: `${pairId}-${side}`,
  venueOrderId: `v-${pairId}-${side}`,
  instrument: bitcoin.id,
  side,
  quantity: quantity('0.001'),
  price: price(side === 'buy' ? '60000' : '60018'),
  fee: money('0'),
  feeAsset: 'USD',
  liquidity: 'maker',
  at: 1,
})

/** One whole life. */
export const live = async (loop: Pick<TurnLoop, 'ask'>, pairId: string): Promise<void> => {
  const tell = (leg: Leg, event: object) => loop.ask({ to: `order/${orderOf(pairId, leg)}`, event: event as never })
  await loop.ask({ to: `trade-pair/${pairId}`, create: { ...pairInput(pairId) }, event: { type: 'proposed' } })
  for (const leg of ['buy', 'sell'] as const) {
    await tell(leg, { type: 'accepted', venueOrderId: `v-${pairId}-${leg}` })
    await tell(leg, { type: 'fillsListed', fills: [fillOf(pairId, leg)] })
  }
}

/** The turn loop of a desk on this journal, with the tuning of every desk; nobody performs what it wants done outside. */
export const loopOn = (journal: Journal, lease: Lease): TurnLoop => {
  const rows = new RowReader(journal, silent)
  return new TurnLoop({
    directory: new ActorDirectory({ actor: (address) => rows.read(address), deadlineNames: () => [] }, defaultTuning.maxAwake),
    writer: new JournalWriter({ journal, clock: systemClock, log: silent, policy: defaultTuning.writer, failpoints: noFailpoints }),
    rules: { venue: stamp.venue, orderPolicy: orderPolicyOf(proof), judge: (order) => ({ order }), count: () => undefined, consequences: () => [], claimTime: () => systemClock.now(), baseOf: () => bitcoin.base },
    clock: systemClock,
    log: silent,
    bounds: defaultTuning.loop,
    epoch: lease.epoch,
    lastPosition: lease.lastPosition,
    fold: () => undefined,
    perform: () => undefined,
    setAside: (message, detail) => { throw new Error(`${message.event.type} for ${message.to} was set aside: ${detail}`) },
    pairOfOrder: () => undefined,
    over: (end) => { throw new Error(`the loop ended: ${end}`) },
  })
}

/** How many lives run side by side: two full batches, so that turns run while the store writes. */
const atOnce = 2 * defaultTuning.loop.maxTurnsPerBatch

/** So many lives to their ends. */
export const liveAll = async (loop: TurnLoop, { from, lives }: { readonly from: number; readonly lives: number }): Promise<void> => {
  const ids = Array.from({ length: lives }, (_, life) => pairOf(from + life))
  for (let first = 0; first < lives; first += atOnce) await Promise.all(ids.slice(first, first + atOnce).map((pairId) => live(loop, pairId)))
}
