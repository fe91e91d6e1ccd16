import type { Level } from '../../src/simulated-market/depth.ts'
import type { Admission, Refusal } from './admission.ts'
import type { FeeRates } from './fees.ts'
import type { FinalStatus, Order, OrderTerms } from './order.ts'
import type { Product } from './products.ts'

/** What a fee is taken from, decided when the execution happens. Amounts in atoms. */
export interface Charge {
  readonly fee: bigint
  readonly feeAsset: string
}

/** An execution whose fee is still to be decided. `value` = price x quantity, in quote atoms. */
export interface Chargeable {
  readonly product: Product
  readonly side: 'BUY' | 'SELL'
  readonly quantity: bigint
  readonly value: bigint
  readonly liquidity: 'MAKER' | 'TAKER'
}

/** Everything in which one venue's exchange differs from another's. */
export interface VenueRules {
  readonly products: ReadonlyMap<string, Product>
  readonly openOrdersPerProduct: number
  /** True: a fully filled order sized in quote costs exactly that size, the fee included. */
  readonly spendsQuoteSize: boolean
  /** A name for a new order; never the same twice. */
  nameOrder(productId: string): string
  /** The names of a new execution: the account's entry and the trade. */
  nameFill(productId: string): { readonly entryId: string; readonly tradeId: string }
  /** Whether that order still keeps others from using its client order id. */
  keepsClientId(order: Order): boolean
  /** Rules about the terms alone. */
  refuseTerms(terms: OrderTerms, product: Product, nowMs: number): Refusal | undefined
  /** What the order would take and lock, or why it cannot be. Funds are the exchange's question. */
  admit(terms: OrderTerms, product: Product, offered: readonly Level[], rates: FeeRates): Admission | Refusal
  /** What an order of that side must lock for `quantity` at `ticks`. */
  holdFor(side: 'BUY' | 'SELL', product: Product, worst: { readonly quantity: bigint; readonly ticks: number }, rates: FeeRates): bigint
  /** What one execution takes out of the hold of a buy without a limit price. */
  spentBy(fill: Charge & Pick<Chargeable, 'value'>, product: Product): bigint
  /** The fee of an execution. */
  charge(execution: Chargeable, rates: FeeRates): Charge
  /** How the unfilled rest of an order that does not stay in the book ends. */
  endOfRest(terms: OrderTerms): { readonly status: FinalStatus; readonly message: string }
}
