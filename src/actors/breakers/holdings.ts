/** What open pairs hold and what they have paid for it, summed by instrument: valued with one price each, however many pairs there are. */
import { compare, isZero, minus, money, notional, plus, quantity, zero, type Money, type Price, type Quantity } from '../../domain/decimal.ts'
import type { ActorRecord } from '../../domain/records.ts'
import { isEndedPair } from '../../machines/trade-pair/trade-pair-record.ts'

interface Held {
  readonly instrument: string
  /** Bought and not sold. */
  readonly rest: Quantity
  /** Paid for it, less what parts of it have brought already. */
  readonly spent: Money
}

const nothing = { rest: quantity('0'), spent: money('0') }

export class Holdings {
  readonly #pairs = new Map<string, Held>()
  readonly #sums = new Map<string, Omit<Held, 'instrument'>>()

  /** Folds one row in. */
  take({ address, state, tradePair }: ActorRecord): void {
    if (tradePair === undefined) return
    const before = this.#pairs.get(address)
    if (before !== undefined) this.#add(before.instrument, minus(quantity('0'), before.rest), minus(money('0'), before.spent))
    this.#pairs.delete(address)
    const { instrument, held, sold, cost, proceeds } = tradePair
    if (isEndedPair(state) || compare(held, zero) === 0) return
    const now = { instrument, rest: minus(held, sold), spent: minus(cost, proceeds) }
    this.#pairs.set(address, now)
    this.#add(instrument, now.rest, now.spent)
  }

  #add(instrument: string, rest: Quantity, spent: Money): void {
    const sum = this.#sums.get(instrument) ?? nothing
    this.#sums.set(instrument, { rest: plus(sum.rest, rest), spent: plus(sum.spent, spent) })
  }

  /** Profit that is not realised, in quote: everything held sold at the bid, less what was paid. Undefined when a bid is not known. */
  unrealised(bidOf: (instrument: string) => Price | undefined): Money | undefined {
    let total = money('0')
    for (const [instrument, { rest, spent }] of this.#sums) {
      if (isZero(rest) && isZero(spent)) continue
      const bid = bidOf(instrument)
      if (bid === undefined) return undefined
      total = plus(total, minus(notional(bid, rest), spent))
    }
    return total
  }
}
