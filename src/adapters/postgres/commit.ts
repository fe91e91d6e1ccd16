/**
 * Writes one batch in one transaction, begun by the epoch check and ended by the cover check (J1, J2).
 *
 * C1  The epoch check comes first: a batch of a lost epoch is told as that, whatever rule it breaks besides.
 * C2  A commit is one call of a function in the store (migrations/0008-write-batch.ts), which is a transaction of its own: it
 *     takes one round trip, however large its batch is, and no transaction is ever open while the desk does something else.
 */
import type { QueryConfig } from 'pg'
import type { ActorRecord } from '../../domain/records.ts'
import type { Failpoints } from '../../ports/failpoints.ts'
import { reconciliationsKept, type Batch, type Turn } from '../../ports/journal.ts'
import type { AuditTail } from './audit-tail.ts'
import type { Send } from './connection.ts'
import { auditRow, deadlineRow, eventRow, fillRow, lotRow, orderRow, systemRow, tradePairRow } from './rows.ts'

/** The last row of each actor: earlier ones in the batch are history, which the events keep. */
const latest = (turns: readonly Turn[]): readonly ActorRecord[] => [
  ...new Map(turns.flatMap((turn) => turn.actors).map((record) => [record.address, record])).values(),
]

/** Ended orders first: within one statement, the old order of a leg must let go before the new one is live. */
const orderRows = (records: readonly ActorRecord[]) =>
  records
    .flatMap((record) => (record.order === undefined ? [] : [orderRow(record, record.order)]))
    .sort((a, b) => Number(a.live) - Number(b.live))

/** What became of each deadline in the end. */
const deadlinesOf = (turns: readonly Turn[]) => {
  const set = new Map<string, ReturnType<typeof deadlineRow>>()
  const cleared = new Map<string, { readonly address: string; readonly name: string }>()
  for (const turn of turns) {
    for (const { address, name } of turn.cleared) {
      set.delete(`${address} ${name}`)
      cleared.set(`${address} ${name}`, { address, name })
    }
    for (const deadline of turn.deadlines) {
      cleared.delete(`${deadline.address} ${deadline.name}`)
      set.set(`${deadline.address} ${deadline.name}`, deadlineRow(deadline))
    }
  }
  return { deadlines: [...set.values()], cleared: [...cleared.values()] }
}

/** The rows of a batch by their tables, and the deadlines that are cleared; nothing where there is nothing to write. */
const rowsOf = ({ turns }: Batch, records: readonly ActorRecord[], tail: AuditTail): Readonly<Record<string, readonly object[]>> => {
  const all: Readonly<Record<string, readonly object[]>> = {
    trade_pairs: records.flatMap((record) => (record.tradePair === undefined ? [] : [tradePairRow(record, record.tradePair)])),
    orders: orderRows(records),
    system_state: records.filter(({ order, tradePair }) => order === undefined && tradePair === undefined).map(systemRow),
    fills: turns.flatMap((turn) => turn.fills.map(fillRow)),
    lots: turns.flatMap((turn) => turn.lots.map(lotRow)),
    journal: turns.flatMap((turn) => turn.events.map(eventRow)),
    quarantine: turns.flatMap((turn) => turn.quarantined ?? []),
    audit_log: tail.chained(turns.flatMap(({ audit }) => audit ?? [])).map(auditRow),
    reconciliations: turns.flatMap(({ reconciliation }) => reconciliation ?? []),
    ...deadlinesOf(turns),
  }
  return Object.fromEntries(Object.entries(all).filter(([, rows]) => rows.length > 0))
}

/** A sell that begins: in its first states nothing but its claim, and perhaps its answer, has happened to it. */
const isNewOffer = ({ order, state }: ActorRecord): boolean => order?.leg === 'sell' && order.live && (state === 'submitting' || order.venueOrderId === null)

/** Thrown when a batch is more than one text can hold; half of it may not be. */
export class BatchTooLarge extends Error {
  override readonly name = 'BatchTooLarge'
}

const written = (rows: object): string => {
  try {
    return JSON.stringify(rows)
  } catch (error) {
    throw error instanceof RangeError ? new BatchTooLarge(`the batch is too large to be written down: ${error.message}`) : error
  }
}

const writing = (batch: Batch, epoch: number, tail: AuditTail): QueryConfig => {
  const records = latest(batch.turns)
  const pairs = new Set([
    ...batch.turns.flatMap((turn) => turn.fills.map((fill) => fill.pairId)),
    ...records.flatMap((record) => record.order?.pairId ?? record.tradePair?.pairId ?? []),
  ])
  const offering = records.flatMap((record) => (isNewOffer(record) ? [record.order?.pairId] : []))
  return { name: 'write batch', text: 'SELECT write_batch($1, $2, $3, $4, $5, $6, $7)', values: [batch.id, epoch, written(rowsOf(batch, records, tail)), [...pairs], offering, reconciliationsKept.agreed, reconciliationsKept.others] }
}

interface Commitment {
  readonly epoch: number
  readonly tail: AuditTail
  readonly failpoints: Failpoints
}

/**
 * Commits the batch.
 * @throws BatchTooLarge, or the database's own error (`outcome.ts` says what it means); unless the connection died, nothing was written
 */
export const commitBatch = async (send: Send, batch: Batch, { epoch, tail, failpoints }: Commitment): Promise<void> => {
  try {
    if (batch.turns.some(({ audit }) => audit !== undefined)) await tail.find(send)
    const answer = send(writing(batch, epoch, tail))
    failpoints.reach('commit.sent')
    await answer
  } catch (error) {
    tail.lose()
    throw error
  }
}
