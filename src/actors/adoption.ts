/** A buy that somebody placed at the venue by hand, as the beginning of a trade pair (FS-15). */
import { parseClientOrderId } from '../domain/client-order-id.ts'
import type { Rate } from '../domain/decimal.ts'
import type { Instrument } from '../domain/instrument.ts'
import { isFinished, type OrderReport } from '../domain/order.ts'
import { beginPair, type PairMakings } from './begin-pair.ts'
import type { Message } from './turn.ts'

/** What adopted pairs are filed under; no strategy reacts to them. */
const adoptedStrategy = 'adopted'

export interface AdoptionOptions extends PairMakings {
  /** The rules of now. */
  readonly instruments: ReadonlyMap<string, Instrument>
  /** The profit that an adopted buy is covered for, by instrument. */
  readonly targets: ReadonlyMap<string, Rate>
}

/** Ids that any venue takes and any address holds. */
const fitting = /^[\w.:-]{1,36}$/

/** The message that begins the pair; undefined for what is no plain limit buy on an instrument of the desk. */
export const adoption = (report: OrderReport, options: AdoptionOptions): Message | undefined => {
  const instrument = options.instruments.get(report.instrument)
  const target = options.targets.get(report.instrument)
  const { price, quantity } = report
  if (instrument === undefined || target === undefined || price === undefined || quantity === undefined) return undefined
  // Another desk's order is that desk's to cover.
  if (parseClientOrderId(report.clientOrderId) !== undefined) return undefined
  if (report.side !== 'buy' || isFinished(report.status) || !fitting.test(report.clientOrderId)) return undefined
  const wanted = { instrument, target, strategy: adoptedStrategy, buy: { quantity, price, postOnly: false } }
  return beginPair(options, wanted, { type: 'adopted', report } as Message['event'])
}
