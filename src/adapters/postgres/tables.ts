/** The tables as Kysely sees them. Numeric and bigint columns are read as text; see `rows.ts`. */
import type { ColumnType, Generated } from 'kysely'
import type { ReconciliationRecord } from '../../domain/records.ts'

type Big = ColumnType<string, number | string, number | string>
type Json = ColumnType<Record<string, unknown>, string, string>

interface ActorColumns {
  state: string
  since: Big
  seq: Big
  version: number
  finished: boolean
  snapshot: Json
}

export interface Tables {
  lease: {
    name: string
    epoch: Big
    starts: Big
    install: string
    environment: string
    venue: string
    account: string
  }
  batches: { id: string; epoch: Big }
  journal: {
    position: Big
    address: string
    seq: Big
    turn: string
    at: Big
    type: string
    body: Json
    from_state: string
    to_state: string
  }
  trade_pairs: ActorColumns & {
    pair_id: string
    instrument: string
    strategy: string
    bought: string
    held: string
    sold: string
    cost: string
    proceeds: string
    fees: string
    min_sell_price: string | null
    opened_at: Big | null
    closed_at: Big | null
    held_because: string | null
  }
  orders: ActorColumns & {
    client_order_id: string
    pair_id: string
    leg: 'buy' | 'sell'
    attempt: number
    instrument: string
    side: 'buy' | 'sell'
    quantity: string
    price: string
    filled: string
    venue_order_id: string | null
    claimed_at: Big
    live: boolean
    reason: string | null
  }
  fills: {
    venue: string
    instrument: string
    trade_id: string
    venue_order_id: string
    client_order_id: string
    pair_id: string
    side: 'buy' | 'sell'
    quantity: string
    price: string
    fee: string
    fee_asset: string
    liquidity: 'maker' | 'taker' | 'unknown'
    at: Big
  }
  lots: { venue: string; instrument: string; trade_id: string; venue_order_id: string; pair_id: string; net: string }
  system_state: ActorColumns & { address: string }
  deadlines: { address: string; name: string; due_at: Big; set_at: Big | null }
  reconciliations: {
    number: Generated<string>
    id: string
    began: Big
    ended: Big
    reason: string
    outcome: ReconciliationRecord['outcome']
    compared: Json
    differences: Json
    omitted: number
    detail: string | null
  }
  venue_bans: { venue: string; until: Big }
  armings: { id: Generated<string>; at: Big; armed: boolean; fingerprint: string; who: string; reason: string }
  audit_log: {
    number: string
    at: Big
    kind: string
    who: string
    reason: string
    target: string
    before_state: string
    after_state: string
    pair_id: string | null
    order_id: string | null
    rule: string | null
    command_id: string | null
    hash: string
  }
  /** Kills that wait for the next start. */
  waiting_kills: { id: string; level: 'entries' | 'orders' | 'flatten'; who: string; reason: string }
  /** The last life of each kind whose events were let go of. */
  let_go: { kind: 'order' | 'trade-pair'; ended: Big; id: string }
  paper_ledger: { ledger: string; position: Big; event: Json }
  paper_client_order_ids: { ledger: string; client_order_id: string }
  quarantine: { id: string; at: Big; address: string; event: Json; detail: string }
}
