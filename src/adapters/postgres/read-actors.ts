/**
 * The list of actors: the desk's own, then trade pairs, then orders, newest first. A pair's id, and so an order's, begins
 * with its time; whoever pages goes on after the last address that was seen.
 */
import type { Kysely } from 'kysely'
import { kindOf, type Address } from '../../domain/address.ts'
import type { ActorRecord } from '../../domain/records.ts'
import type { ActorQuery } from '../../ports/journal.ts'
import { orderOf, systemOf, tradePairOf } from './rows.ts'
import type { Tables } from './tables.ts'

type Db = Kysely<Tables>

/** In which of the three lists an address stands. */
const placeOf = (address: Address): number => ['trade-pair', 'order'].indexOf(kindOf(address) ?? '') + 1
const idOf = (address: Address): string => address.slice(address.indexOf('/') + 1)

const system = async (db: Db, { kind, states, finished, sinceBefore, after }: ActorQuery): Promise<readonly ActorRecord[]> => {
  const rows = await db.selectFrom('system_state').selectAll().orderBy('address').execute()
  return rows.map(systemOf).filter(
    (record) =>
      (kind === undefined || record.kind === kind) &&
      (states === undefined || states.includes(record.state)) &&
      (finished === undefined || record.finished === finished) &&
      (sinceBefore === undefined || record.since < sinceBefore) &&
      (after === undefined || record.address > after),
  )
}

const pairs = async (db: Db, { states, finished, sinceBefore, after, limit }: ActorQuery): Promise<readonly ActorRecord[]> => {
  let rows = db.selectFrom('trade_pairs').selectAll().orderBy('pair_id', 'desc').limit(limit)
  if (finished !== undefined) rows = rows.where('finished', '=', finished)
  if (states !== undefined) rows = rows.where('state', 'in', states)
  if (sinceBefore !== undefined) rows = rows.where('since', '<', String(sinceBefore))
  if (after !== undefined) rows = rows.where('pair_id', '<', idOf(after))
  return (await rows.execute()).map(tradePairOf)
}

const orders = async (db: Db, { states, finished, sinceBefore, after, limit }: ActorQuery): Promise<readonly ActorRecord[]> => {
  let rows = db.selectFrom('orders').selectAll().orderBy('client_order_id', 'desc').limit(limit)
  if (finished !== undefined) rows = rows.where('finished', '=', finished)
  if (states !== undefined) rows = rows.where('state', 'in', states)
  if (sinceBefore !== undefined) rows = rows.where('since', '<', String(sinceBefore))
  if (after !== undefined) rows = rows.where('client_order_id', '<', idOf(after))
  return (await rows.execute()).map(orderOf)
}

/** The lists, in their order, each with the kinds of actors that stand in it. */
const lists = [
  { read: system, has: (kind: ActorRecord['kind']) => kind !== 'trade-pair' && kind !== 'order' },
  { read: pairs, has: (kind: ActorRecord['kind']) => kind === 'trade-pair' },
  { read: orders, has: (kind: ActorRecord['kind']) => kind === 'order' },
] as const

export const readActors = async (db: Db, query: ActorQuery): Promise<readonly ActorRecord[]> => {
  const { after, ...whole } = query
  const from = after === undefined ? -1 : placeOf(after)
  const found: ActorRecord[] = []
  for (const [place, { read, has }] of lists.entries()) {
    if (place < from || found.length >= query.limit || (query.kind !== undefined && !has(query.kind))) continue
    found.push(...(await read(db, place === from ? query : whole)))
  }
  return found.slice(0, query.limit)
}
