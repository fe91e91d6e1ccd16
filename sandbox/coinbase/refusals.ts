import type { Refusal } from '../exchange/admission.ts'

/** The venue's words for a refusal (coinbase-advanced-trade.md 6.1, 6.2): the order reason and its preview twin, without the prefix. */
interface Spelling {
  readonly reason: string
  /** The three places the real reason has been seen in (5.7): new_order_failure_reason, error, or preview_failure_reason only. */
  readonly field: 'new' | 'error' | 'preview'
  readonly message: string
}

const SPELLINGS: Readonly<Record<Refusal, Spelling>> = {
  unknownProduct: { reason: 'INVALID_PRODUCT_ID', field: 'new', message: '' },
  closed: { reason: 'ORDER_ENTRY_DISABLED', field: 'new', message: 'Order entry is disabled' },
  limitOnly: { reason: 'NOT_ALLOWED_BY_MARKET_STATE', field: 'preview', message: 'Only limit orders are accepted' },
  sizePrecision: { reason: 'INVALID_SIZE_PRECISION', field: 'error', message: '' },
  quotePrecision: { reason: 'INVALID_QUOTE_SIZE_PRECISION', field: 'preview', message: '' },
  baseTooSmall: { reason: 'INVALID_BASE_SIZE_TOO_SMALL', field: 'preview', message: '' },
  baseTooLarge: { reason: 'INVALID_BASE_SIZE_TOO_LARGE', field: 'preview', message: '' },
  quoteTooSmall: { reason: 'INVALID_QUOTE_SIZE_TOO_SMALL', field: 'preview', message: '' },
  quoteTooLarge: { reason: 'INVALID_QUOTE_SIZE_TOO_LARGE', field: 'preview', message: '' },
  wouldCross: { reason: 'INVALID_LIMIT_PRICE_POST_ONLY', field: 'error', message: '' },
  endInPast: { reason: 'END_TIME_IS_IN_THE_PAST', field: 'new', message: '' },
  noLiquidity: { reason: 'INVALID_NO_LIQUIDITY', field: 'new', message: '' },
  cannotFillWhole: { reason: 'INVALID_NO_LIQUIDITY', field: 'new', message: 'Order cannot be filled whole' },
  insufficientFunds: { reason: 'INSUFFICIENT_FUND', field: 'error', message: 'Insufficient balance in source account' },
  tooManyOrders: { reason: 'COMMANDER_REJECTED_NEW_ORDER', field: 'new', message: 'Too many open orders' },
}

export function spellingOf(refusal: Refusal): Spelling {
  return SPELLINGS[refusal]
}

/** A reason the dialect's own reading found. */
export function plainSpelling(reason: string): Spelling {
  return { reason, field: reason.endsWith('PRECISION') ? 'error' : 'new', message: '' }
}

/** The `error_response` of a refused create; the reason sits in one to three of its fields, the others say UNKNOWN. */
export function errorResponse({ reason, field, message }: Spelling): Record<string, string> {
  const unknown = 'UNKNOWN_FAILURE_REASON'
  return {
    error: field === 'error' ? reason : unknown,
    message,
    error_details: message,
    preview_failure_reason: field === 'new' ? 'UNKNOWN_PREVIEW_FAILURE_REASON' : `PREVIEW_${reason}`,
    new_order_failure_reason: field === 'new' ? reason : unknown,
  }
}
