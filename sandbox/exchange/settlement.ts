import type { Taken } from '../../src/simulated-market/liquidity.ts'
import type { Admission } from './admission.ts'
import { multiply } from './amounts.ts'
import type { FeeRates } from './fees.ts'
import { productOf } from './ledger.ts'
import type { LedgerEvent } from './ledger-event.ts'
import { remaining, type Fill, type Order, type OrderTerms } from './order.ts'
import { priceAtoms, type Product } from './products.ts'
import type { VenueRules } from './venue-rules.ts'

export interface SettlementParts {
  readonly rules: VenueRules
  readonly rates: FeeRates
  /** Milliseconds since 1970. */
  readonly now: () => number
}

interface FillFacts {
  readonly orderId: string
  readonly terms: OrderTerms
  readonly product: Product
  readonly bite: Taken
  readonly liquidity: 'MAKER' | 'TAKER'
  readonly at: number
}

/** What executions cost and leave locked, as the ledger's events. Each event is made after the one before it was applied: a fee may hang on what that left. */
export class Settlement {
  readonly #parts: SettlementParts

  constructor(parts: SettlementParts) {
    this.#parts = parts
  }

  /** An order's admission, its fills at once and, unless it stays in the book, its end. */
  *admission(orderId: string, terms: OrderTerms, { taken, hold, whole }: Admission, product: Product): Generator<LedgerEvent> {
    const { rules, now } = this.#parts
    const at = now()
    yield { type: 'admitted', at, orderId, terms, hold }
    let left = hold
    let quantity = 0n
    // An order sized in quote is spent to the last digit: size + commission = quote_size (coinbase-advanced-trade.md 5.13).
    const spends = terms.quoteSize !== undefined && whole && rules.spendsQuoteSize
    for (const bite of taken) {
      const plain = this.#newFill({ orderId, terms, product, bite, liquidity: 'TAKER', at })
      const fill = spends && bite === taken.at(-1) ? { ...plain, fee: left - plain.value } : plain
      quantity += bite.quantity
      left = this.#holdAfter(terms, product, { before: left, fill, rest: (terms.quantity ?? 0n) - quantity })
      yield { type: 'filled', at, fill, holdAfter: left }
    }
    if (whole) yield { type: 'ended', at, orderId, status: 'FILLED', message: '' }
    else if (terms.timeInForce === 'IOC' || terms.timeInForce === 'FOK') yield { type: 'ended', at, orderId, ...rules.endOfRest(terms) }
  }

  /** One execution of a resting order and, when nothing is left, its end. */
  *execution(order: Order, bite: Taken): Generator<LedgerEvent> {
    const { terms, orderId } = order
    const product = productOf(order)
    const at = this.#parts.now()
    const rest = remaining(order) - bite.quantity
    const fill = this.#newFill({ orderId, terms, product, bite, liquidity: 'MAKER', at })
    yield { type: 'filled', at, fill, holdAfter: this.#holdAfter(terms, product, { before: order.hold, fill, rest }) }
    if (rest === 0n) yield { type: 'ended', at, orderId, status: 'FILLED', message: '' }
  }

  #holdAfter(terms: OrderTerms, product: Product, step: { before: bigint; fill: Fill; rest: bigint }): bigint {
    const { rules, rates } = this.#parts
    if (terms.side === 'SELL') return step.before - step.fill.quantity
    if (terms.limitTicks === undefined) return step.before - rules.spentBy(step.fill, product)
    return rules.holdFor(terms.side, product, { quantity: step.rest, ticks: terms.limitTicks }, rates)
  }

  #newFill({ orderId, terms, product, bite, liquidity, at }: FillFacts): Fill {
    const { rules, rates } = this.#parts
    const price = priceAtoms(product, bite.price)
    const value = multiply(price, bite.quantity)
    return {
      ...rules.nameFill(product.id),
      orderId,
      productId: product.id,
      side: terms.side,
      price,
      quantity: bite.quantity,
      value,
      ...rules.charge({ product, side: terms.side, quantity: bite.quantity, value, liquidity }, rates),
      liquidity,
      sizeInQuote: terms.quoteSize !== undefined,
      at,
    }
  }
}
