import { admit, refuseTerms } from '../exchange/admission.ts'
import { feeOn, holdFor } from '../exchange/fees.ts'
import { products } from '../exchange/products.ts'
import type { VenueRules } from '../exchange/venue-rules.ts'

const OPEN_ORDERS_PER_PRODUCT = 500

/** The exchange as Coinbase Advanced Trade runs it: fees in quote, client order ids used once for ever. `newId` never gives the same name twice. */
export function coinbaseRules(newId: () => string): VenueRules {
  return {
    products,
    openOrdersPerProduct: OPEN_ORDERS_PER_PRODUCT,
    spendsQuoteSize: true,
    nameOrder: () => newId(),
    nameFill: () => ({ entryId: newId(), tradeId: newId() }),
    keepsClientId: () => true,
    refuseTerms,
    admit,
    holdFor: (side, product, worst, rates) => holdFor({ side }, product, worst, rates),
    spentBy: ({ value, fee }) => value + fee,
    charge: ({ product, value, liquidity }, rates) => ({ fee: feeOn(value, liquidity, rates), feeAsset: product.quote }),
    endOfRest: () => ({ status: 'CANCELLED', message: 'Remainder of an immediate order' }),
  }
}
