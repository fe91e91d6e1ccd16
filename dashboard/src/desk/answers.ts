/** What the desk answers, typed by the very schemas that check it before it is sent. */
import type { z } from 'zod'
import type * as markets from '../../../src/adapters/http/market-schemas.ts'
import type * as past from '../../../src/adapters/http/replay-schemas.ts'
import type * as schemas from '../../../src/adapters/http/schemas.ts'

export type Desk = z.infer<typeof schemas.desk>
export type Order = z.infer<typeof schemas.orderRows>[number]
export type TradePair = z.infer<typeof schemas.tradePairRows>[number]
export type Position = z.infer<typeof schemas.positions>[number]
export type Price = z.infer<typeof schemas.prices>[number]
export type Connection = z.infer<typeof schemas.connections>[number]
export type Realised = z.infer<typeof schemas.realised>[number]
export type Reconciliation = z.infer<typeof schemas.reconciliations>[number]
export type Audit = z.infer<typeof schemas.auditRecords>[number]
export type Why = z.infer<typeof schemas.why>
export type Actor = z.infer<typeof schemas.actor>
export type Replay = z.infer<typeof past.replay>
export type ReplayStep = Replay['steps'][number]
export type PricePoint = z.infer<typeof markets.priceHistory>[number]
export type Fill = z.infer<typeof markets.fills>[number]

/** A committed event, as the stream tells it. */
export interface Transition {
  readonly position: number
  readonly address: string
  readonly seq: number
  readonly at: number
  readonly type: string
  readonly from: string
  readonly to: string
}
