/** Amounts of quote money by what binds them, summed as they change. */
import { minus, money, plus, type Money } from '../domain/decimal.ts'

const none = money('0')

export class Bound {
  readonly #amounts = new Map<string, { readonly instrument: string; readonly amount: Money }>()
  readonly #byInstrument = new Map<string, Money>()
  #total: Money = none

  /** Binds so much, or nothing any more. */
  set(key: string, instrument: string, amount: Money | undefined): void {
    const before = this.#amounts.get(key)
    // Most changes of an order or a pair leave what it binds as it was.
    if (before?.amount === amount && (before === undefined || before.instrument === instrument)) return
    if (before !== undefined) this.#add(before.instrument, minus(none, before.amount))
    if (amount === undefined) this.#amounts.delete(key)
    else {
      this.#amounts.set(key, { instrument, amount })
      this.#add(instrument, amount)
    }
  }

  get(key: string): Money | undefined {
    return this.#amounts.get(key)?.amount
  }

  /** On one instrument, or in all. */
  total(instrument?: string): Money {
    return instrument === undefined ? this.#total : (this.#byInstrument.get(instrument) ?? none)
  }

  #add(instrument: string, amount: Money): void {
    this.#total = plus(this.#total, amount)
    this.#byInstrument.set(instrument, plus(this.total(instrument), amount))
  }
}
