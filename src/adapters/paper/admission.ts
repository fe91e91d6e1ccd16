/** Whether the venue would take an order at all: the instrument's rules, its status, the account's funds. Pure. */
import { compare } from '../../domain/decimal.ts'
import type { RefusalReason } from '../../domain/failure.ts'
import { sizeProblem, type Instrument, type SizeProblem } from '../../domain/instrument.ts'
import type { OrderRequest } from '../../domain/order.ts'
import type { PaperOrder } from '../../ports/paper-ledger.ts'
import type { PaperAccount } from './account.ts'

export interface Refusal {
  readonly reason: RefusalReason
  readonly detail: string
}

const sizeReasons: Readonly<Record<SizeProblem, RefusalReason>> = {
  priceOffTick: 'badPrecision',
  quantityOffStep: 'badPrecision',
  belowMinQuantity: 'badSize',
  aboveMaxQuantity: 'badSize',
  belowMinNotional: 'badSize',
}

/** Statuses in which an order may be admitted, and whether it must be post-only. */
const admits: Readonly<Record<Instrument['status'], 'all' | 'postOnly' | 'none'>> = {
  online: 'all',
  limitOnly: 'all',
  postOnly: 'postOnly',
  cancelOnly: 'none',
  halted: 'none',
  delisted: 'none',
}

/** What the instrument has against an order of these terms. */
export const refusedBy = (instrument: Instrument, { price, quantity, postOnly }: Pick<OrderRequest, 'price' | 'quantity' | 'postOnly'>): Refusal | undefined => {
  const { id, status } = instrument
  if (admits[status] === 'none' || (admits[status] === 'postOnly' && !postOnly)) return { reason: 'instrumentUnavailable', detail: `${id} is ${status}` }
  const problem = sizeProblem(instrument, price, quantity)
  return problem && { reason: sizeReasons[problem], detail: `${problem}: ${quantity} at ${price} on ${id}` }
}

/** What the account has against locking so much for an order, beyond what it has locked already. */
export const unfunded = (account: PaperAccount, { side, base, quote }: Pick<PaperOrder, 'side' | 'base' | 'quote'>, more: PaperOrder['hold']): Refusal | undefined => {
  const asset = side === 'buy' ? quote : base
  const free = account.free(asset)
  return compare(free, more) < 0 ? { reason: 'insufficientFunds', detail: `${more} ${asset} needed, ${free} free` } : undefined
}
