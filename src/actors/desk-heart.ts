/** A desk's turn loop and its executor, over the parts that they share. */
import type { Instrument } from '../domain/instrument.ts'
import type { ActorRecord } from '../domain/records.ts'
import type { Lease } from '../ports/journal.ts'
import { noMeter } from '../ports/metrics.ts'
import { ActorDirectory } from './actor-directory.ts'
import type { Alarm } from './alarm.ts'
import type { DeskGate } from './desk-gate.ts'
import { orderPolicyOf, type DeskOptions } from './desk-options.ts'
import type { DeskView } from './desk-view.ts'
import type { JournalWriter } from './journal-writer.ts'
import { OrderExecutor } from './order-executor.ts'
import { RowReader } from './row-reader.ts'
import type { Message, TurnRules } from './turn.ts'
import type { LoopOptions } from './loop-options.ts'
import { TurnLoop } from './turn-loop.ts'

export interface HeartParts {
  readonly options: DeskOptions
  /** The rules of now; they change while the desk runs. */
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly lease: Lease
  /** The desk's own rows, as the start has read them. */
  readonly own: readonly ActorRecord[]
  readonly alarm: Alarm
  readonly view: DeskView
  readonly writer: JournalWriter
  readonly gate: DeskGate
}

/** What the rest of the desk does with a turn. */
export type LoopHooks = Pick<LoopOptions, 'fold' | 'perform' | 'setAside' | 'over'> & Pick<TurnRules, 'consequences'>

export const makeLoop = ({ options, instruments, lease, own, alarm, view, writer, gate }: HeartParts, { consequences, ...hooks }: LoopHooks): TurnLoop => {
  const { venue, journal, clock, log, meter = noMeter, tuning } = options
  const rows = new RowReader(journal, log, own)
  return new TurnLoop({
    directory: new ActorDirectory({ actor: (address) => rows.read(address), deadlineNames: (address) => alarm.namesOf(address) }, tuning.maxAwake),
    writer,
    rules: {
      venue: venue.capabilities.venue,
      orderPolicy: orderPolicyOf(venue.capabilities.proofOfAbsence),
      judge: (order) => gate.open(order),
      count: (order) => gate.count(order),
      claimTime: () => venue.now(),
      consequences,
      baseOf: (instrument) => instruments.get(instrument)?.base ?? '',
    },
    clock,
    log,
    meter,
    bounds: tuning.loop,
    epoch: lease.epoch,
    lastPosition: lease.lastPosition,
    pairOfOrder: (id) => view.order(id)?.pairId,
    ...hooks,
  })
}

export const makeExecutor = ({ options, writer, gate }: HeartParts, { post, isOver }: { readonly post: (message: Message) => void; readonly isOver: () => boolean }): OrderExecutor => {
  const { venue, clock, log, tuning, failpoints } = options
  return new OrderExecutor({
    venue,
    clock,
    log,
    failpoints,
    post,
    sendWithinMs: venue.capabilities.proofOfAbsence.windowMs / 2,
    maxAtOnce: tuning.sendsAtOnce,
    maxWaiting: tuning.sendsWaiting,
    judge: (request) => gate.judge(request),
    mayWrite: () => writer.awaySince === undefined && !isOver(),
  })
}
