/**
 * Writes one batch in one transaction, begun by the epoch check and ended by the cover check (J1, J2).
 *
 * C1  The epoch check comes first, and COMMIT is not sent before everything else has been answered: what was written under
 *     a lost epoch is rolled back, and told as that, whatever else failed behind it.
 * C2  A statement a table, each with all its rows, sent without waiting for the one before: a commit takes two round trips,
 *     however large its batch is.
 */
import type { QueryConfig, QueryResult } from 'pg'
import type { ActorRecord } from '../../domain/records.ts'
import type { Failpoints } from '../../ports/failpoints.ts'
import { reconciliationsKept, type Batch, type Turn } from '../../ports/journal.ts'
import type { AuditTail } from './audit-tail.ts'
import type { Send } from './connection.ts'
import { auditRow, eventRow, fillRow, orderRow, systemRow, tradePairRow } from './rows.ts'
import { writing, type Table } from './statements.ts'

/** Thrown inside the transaction when the lease has moved on. */
export class EpochLost extends Error {
  override readonly name = 'EpochLost'
}

/** Thrown inside the transaction when a pair would be sold or offered beyond what it bought. */
export class CoverBroken extends Error {
  override readonly name = 'CoverBroken'
}

/** The last row of each actor: earlier ones in the batch are history, which the events keep. */
const latest = (turns: readonly Turn[]): readonly ActorRecord[] => [
  ...new Map(turns.flatMap((turn) => turn.actors).map((record) => [record.address, record])).values(),
]

const epochCheck = (batch: Batch, epoch: number): QueryConfig => ({
  name: 'epoch check',
  text: `INSERT INTO batches (id, epoch) SELECT $1, epoch FROM lease WHERE name = 'desk' AND epoch = $2 FOR SHARE`,
  values: [batch.id, epoch],
})

/** Nothing where there is nothing to write. */
const rowsOf = (table: Table, rows: readonly object[]): readonly QueryConfig[] => (rows.length === 0 ? [] : [writing(table, rows)])

/** Keeps a comparison, and as many before it as are worth keeping. */
const reconciliationsOf = (turns: readonly Turn[]): readonly QueryConfig[] => {
  const records = turns.flatMap(({ reconciliation }) => reconciliation ?? [])
  if (records.length === 0) return []
  const kept = ([[true, reconciliationsKept.agreed], [false, reconciliationsKept.others]] as const).map(([agreed, most]) => ({
    text: `DELETE FROM reconciliations WHERE (outcome = 'agreed') = $1 AND number <= (
             SELECT number FROM reconciliations WHERE (outcome = 'agreed') = $1 ORDER BY number DESC OFFSET $2 LIMIT 1)`,
    values: [agreed, most],
  }))
  return [writing('reconciliations', records), ...kept]
}

/** Ended orders first: within one statement, the old order of a leg must let go before the new one is live. */
const orderRows = (records: readonly ActorRecord[]) =>
  records
    .flatMap((record) => (record.order === undefined ? [] : [orderRow(record, record.order)]))
    .sort((a, b) => Number(a.live) - Number(b.live))

const deadlinesOf = (turns: readonly Turn[]): readonly QueryConfig[] => {
  const last = new Map<string, { address: string; name: string; due_at: number | undefined; set_at?: number | null }>()
  for (const turn of turns) {
    for (const { address, name } of turn.cleared) last.set(`${address} ${name}`, { address, name, due_at: undefined })
    for (const { address, name, dueAt, setAt } of turn.deadlines) last.set(`${address} ${name}`, { address, name, due_at: dueAt, set_at: setAt ?? null })
  }
  const all = [...last.values()]
  const cleared = all.filter((row) => row.due_at === undefined)
  const clearing = {
    text: `DELETE FROM deadlines d USING jsonb_to_recordset($1::jsonb) AS r(address text, name text) WHERE d.address = r.address AND d.name = r.name`,
    values: [JSON.stringify(cleared)],
  }
  return [...rowsOf('deadlines', all.filter((row) => row.due_at !== undefined)), ...(cleared.length === 0 ? [] : [clearing])]
}

/** A sell that begins: in its first states nothing but its claim, and perhaps its answer, has happened to it. */
const isNewOffer = ({ order, state }: ActorRecord): boolean => order?.leg === 'sell' && order.live && (state === 'submitting' || order.venueOrderId === null)

const coverCheck = (turns: readonly Turn[], records: readonly ActorRecord[]): QueryConfig => {
  const pairs = new Set([
    ...turns.flatMap((turn) => turn.fills.map((fill) => fill.pairId)),
    ...records.flatMap((record) => record.order?.pairId ?? record.tradePair?.pairId ?? []),
  ])
  const offering = records.flatMap((record) => (isNewOffer(record) ? [record.order?.pairId] : []))
  return { name: 'cover check', text: 'SELECT uncovered_pair($1::text[], $2::text[]) AS broken', values: [[...pairs], offering] }
}

/** Everything but COMMIT, the rows in the order in which the tables refer to each other; each statement is written when it is asked for. */
function* statementsOf(batch: Batch, { epoch, tail }: Pick<Commitment, 'epoch' | 'tail'>): Generator<QueryConfig> {
  yield { text: 'BEGIN' }
  yield epochCheck(batch, epoch)
  const { turns } = batch
  const records = latest(turns)
  yield* rowsOf('trade_pairs', records.flatMap((record) => (record.tradePair === undefined ? [] : [tradePairRow(record, record.tradePair)])))
  yield* rowsOf('orders', orderRows(records))
  yield* rowsOf('system_state', records.filter(({ order, tradePair }) => order === undefined && tradePair === undefined).map(systemRow))
  yield* rowsOf('fills', turns.flatMap((turn) => turn.fills.map(fillRow)))
  yield* rowsOf('lots', turns.flatMap((turn) => turn.lots.map(({ tradeId, venueOrderId, pairId, ...lot }) => ({ ...lot, trade_id: tradeId, venue_order_id: venueOrderId, pair_id: pairId }))))
  yield* rowsOf('journal', turns.flatMap((turn) => turn.events.map(eventRow)))
  yield* rowsOf('quarantine', turns.flatMap((turn) => (turn.quarantined === undefined ? [] : [turn.quarantined])))
  yield* rowsOf('audit_log', tail.chained(turns.flatMap(({ audit }) => audit ?? [])).map(auditRow))
  yield* reconciliationsOf(turns)
  yield* deadlinesOf(turns)
  yield coverCheck(turns, records)
}

type Answer = { readonly result: QueryResult } | { readonly error: unknown }

const answerTo = (sent: Promise<QueryResult>): Promise<Answer> => sent.then((result) => ({ result }), (error: unknown) => ({ error }))

/** Sends each as soon as it is written, so that the server works on it while the next one is, and waits for every answer. */
const answersTo = (send: Send, queries: Iterable<QueryConfig>): Promise<readonly Answer[]> => Promise.all(Array.from(queries, (query) => answerTo(send(query))))

const resultOf = (answer: Answer | undefined): QueryResult => {
  if (answer === undefined) throw new Error('a statement was not answered')
  if ('error' in answer) throw answer.error
  return answer.result
}

/**
 * Everything but its COMMIT.
 * @throws EpochLost, CoverBroken, or what the first failed statement said: those behind it only say that the transaction is over
 */
const write = async (send: Send, batch: Batch, commitment: Pick<Commitment, 'epoch' | 'tail'>): Promise<void> => {
  const [begun, checked, ...written] = await answersTo(send, statementsOf(batch, commitment))
  resultOf(begun)
  if (resultOf(checked).rowCount !== 1) throw new EpochLost(`epoch ${commitment.epoch} is not the lease's any more`)
  const results = written.map(resultOf)
  const [covered] = (results.at(-1)?.rows ?? []) as { readonly broken: string | null }[]
  if (covered === undefined) throw new Error('the cover check was not answered')
  if (covered.broken !== null) throw new CoverBroken(covered.broken)
}

interface Commitment {
  readonly epoch: number
  readonly tail: AuditTail
  readonly failpoints: Failpoints
}

/**
 * Commits the batch.
 * @throws EpochLost, CoverBroken, or the database's own error; unless the connection died, nothing was written
 */
export const commitBatch = async (send: Send, batch: Batch, { epoch, tail, failpoints }: Commitment): Promise<void> => {
  try {
    if (batch.turns.some(({ audit }) => audit !== undefined)) await tail.find(send)
    await write(send, batch, { epoch, tail })
    failpoints.reach('commit.written')
    await send({ text: 'COMMIT' })
  } catch (error) {
    tail.lose()
    await send({ text: 'ROLLBACK' }).catch(() => undefined)
    throw error
  }
}
