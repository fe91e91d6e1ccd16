/** What booked fills did to the account, asset by asset: one side of "opening + ledger = venue" (I5). */
import { minus, money, plus, type Money } from './decimal.ts'
import type { Instrument } from './instrument.ts'
import type { BookedTotal } from './records.ts'

/** Signed amounts by asset; an asset that is not named has none. */
export type Amounts = Readonly<Record<string, Money>>

const none = money('0')

export const amountOf = (amounts: Amounts, asset: string): Money => amounts[asset] ?? none

export const plusAmount = (amounts: Amounts, asset: string, amount: Money): Amounts => ({ ...amounts, [asset]: plus(amountOf(amounts, asset), amount) })

/** The amounts with fills of one side added: a buy brings base and costs quote, a sell the reverse; the fee goes from its own asset. */
export const withBooked = (amounts: Amounts, { base, quote }: Pick<Instrument, 'base' | 'quote'>, booked: Omit<BookedTotal, 'instrument'>): Amounts => {
  const { side, quantity, value, fee, feeAsset } = booked
  const [got, amount, paid, price] = side === 'buy' ? [base, money(quantity), quote, value] : [quote, value, base, money(quantity)]
  return plusAmount(plusAmount(plusAmount(amounts, got, amount), paid, minus(none, price)), feeAsset, minus(none, fee))
}
