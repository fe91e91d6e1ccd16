/** A turn loop over the in-memory journal, with everything it hands out written down. */
import { ActorDirectory } from '../../src/actors/actor-directory.ts'
import { RowReader } from '../../src/actors/row-reader.ts'
import { JournalWriter } from '../../src/actors/journal-writer.ts'
import type { CommittedTurn } from '../../src/actors/loop-options.ts'
import { TurnLoop } from '../../src/actors/turn-loop.ts'
import type { Message, TurnRules } from '../../src/actors/turn.ts'
import { MemoryJournal, MemoryStore } from '../../src/adapters/memory/memory-journal.ts'
import { money, price, quantity, rate } from '../../src/domain/decimal.ts'
import type { Instrument } from '../../src/domain/instrument.ts'
import type { OuterEffect } from '../../src/machines/effect.ts'
import type { OrderPolicy } from '../../src/machines/order/order-context.ts'
import type { TradePairInput } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import { ManualClock, recordingLog } from './clock.ts'

export const bitcoin: Instrument = {
  id: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  tick: price('0.01'),
  step: quantity('0.00000001'),
  minQuantity: quantity('0.00000001'),
  maxQuantity: quantity('3400'),
  minNotional: money('1'),
  status: 'online',
}

export const orderPolicy: OrderPolicy = {
  answerWithinMs: 4_000,
  absentAfterMs: 5_250,
  apartMs: 500,
  lookUpMs: 500,
  lookUpMaxMs: 5_000,
  flagAfterMs: 40_000,
  cancelAgainMs: 3_000,
}

export const pairInput = (pairId: string, over: Partial<TradePairInput> = {}): TradePairInput => ({
  pairId,
  install: 'ab12',
  instrument: bitcoin,
  strategy: 'ladder',
  buy: { quantity: quantity('0.001'), price: price('60000'), postOnly: true },
  target: { kind: 'rate', rate: rate('0.0003') },
  sellFee: rate('0'),
  sellPostOnly: true,
  policy: { partialBuyWaitMs: 60_000, coverAgainMs: 250, coverMaxMs: 15_000, coverAttempts: 20 },
  ...over,
})

export const propose = (pairId: string, over: Partial<TradePairInput> = {}): Message => ({
  to: `trade-pair/${pairId}`,
  create: { ...pairInput(pairId, over) },
  event: { type: 'proposed' },
})

export interface LoopHarness {
  readonly loop: TurnLoop
  readonly journal: MemoryJournal
  readonly clock: ManualClock
  readonly log: ReturnType<typeof recordingLog>
  readonly turns: CommittedTurn[]
  readonly effects: OuterEffect[]
  readonly ends: string[]
}

/** A process on a store: takes the lease and runs a loop. */
export const startLoop = async (store = new MemoryStore(), over: { maxInbox?: number; rules?: Partial<TurnRules>; fold?: (turn: CommittedTurn) => void } = {}): Promise<LoopHarness> => {
  const journal = new MemoryJournal(store)
  const taken = await journal.takeLease({ environment: 'sandbox', venue: 'coinbase', account: 'a' }, 'ab12')
  if (taken.kind !== 'taken') throw new Error('the lease was not taken')
  const clock = new ManualClock()
  const log = recordingLog()
  const turns: CommittedTurn[] = []
  const effects: OuterEffect[] = []
  const ends: string[] = []
  const deadlines = new Map<string, Set<string>>()
  for (const { address, name } of (await journal.liveRows()).deadlines) deadlines.set(address, (deadlines.get(address) ?? new Set()).add(name))
  const rows = new RowReader(journal, log)
  const loop = new TurnLoop({
    directory: new ActorDirectory({ actor: (address) => rows.read(address), deadlineNames: (address) => [...(deadlines.get(address) ?? [])] }, 100),
    writer: new JournalWriter({ journal, clock, log, policy: { lostAfterMs: 5_000, againMs: 100, againMaxMs: 1_000 }, failpoints: noFailpoints }),
    rules: { venue: 'coinbase', orderPolicy, judge: (order) => ({ order }), count: () => undefined, claimTime: () => clock.now(), consequences: () => [], baseOf: () => 'BTC', ...over.rules },
    clock,
    log,
    bounds: { maxInbox: over.maxInbox ?? 1_000, maxTurnsPerBatch: 64, maxTurnsAtOnce: 32 },
    epoch: taken.lease.epoch,
    lastPosition: taken.lease.lastPosition,
    fold: (turn) => {
      over.fold?.(turn)
      turns.push(turn)
      for (const { address, name } of turn.deadlines) deadlines.set(address, (deadlines.get(address) ?? new Set()).add(name))
      for (const { address, name } of turn.cleared) deadlines.get(address)?.delete(name)
    },
    perform: (effect) => void effects.push(effect),
    setAside: () => undefined,
    pairOfOrder: () => undefined,
    over: (end) => void ends.push(end),
  })
  return { loop, journal, clock, log, turns, effects, ends }
}
