/** An open trade pair as its strategy sees it. */
import { minus, notional } from '../domain/decimal.ts'
import type { PairSummary } from '../strategies/strategy.ts'
import type { OpenPair } from './desk-view.ts'

/** @param unwanted whether a wish to call its buy off is under way */
export const summaryOf = ({ pairId, context, state }: OpenPair, unwanted: boolean): PairSummary => {
  const { buy, held, sold } = context
  const open = state.startsWith('buying') ? buy.quantity : held
  return { pairId, phase: state === 'buying.pending' ? 'buying' : 'covering', buyPrice: buy.price, bound: notional(buy.price, minus(open, sold)), unwanted }
}
