/** I6: an order's status and its filled quantity never go back, and no event of an actor is missing. */
import { amount } from '../../sandbox/exchange/amounts.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import type { Checker, Report } from './checker.ts'

const ranks: Readonly<Record<string, number>> = { submitting: 0, resolving: 0, pending: 1, partial: 2, cancelling: 3 }
const ended = 4

const rankOf = (state: string): number => ranks[state] ?? ended

export const forward = (report: Report): Checker => {
  const seen = new Map<string, { readonly state: string; readonly filled: bigint; readonly seq: number }>()
  const check = ({ address, order, state, seq }: ActorRecord): void => {
    const before = seen.get(address)
    const filled = order === undefined ? 0n : amount(order.filled)
    seen.set(address, { state, filled, seq })
    if (before === undefined) return
    if (seq < before.seq) report('I6', `${address} goes back from event ${before.seq} to ${seq}`)
    if (order === undefined) return
    if (rankOf(state) < rankOf(before.state)) report('I6', `${address} goes back from ${before.state} to ${state}`)
    if (rankOf(before.state) === ended && state !== before.state) report('I6', `${address} had ended as ${before.state} and becomes ${state}`)
    if (filled < before.filled) report('I6', `${address} has less filled than before`)
  }
  return {
    committed: ({ batch }) => {
      for (const turn of batch.turns) for (const record of turn.actors) check(record)
    },
  }
}
