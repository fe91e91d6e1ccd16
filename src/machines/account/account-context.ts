/** What the books expect the venue's account to hold, beyond the fills that explain it. */
import type { Amounts } from '../../domain/books.ts'
import type { Money } from '../../domain/decimal.ts'
import type { Millis } from '../../domain/time.ts'

export interface AccountContext {
  /** What the account held before the first fill, by asset. */
  readonly opening: Amounts
  /** What came and went without an order of this desk: deposits, withdrawals, other trading. Signed. */
  readonly external: Amounts
  readonly comparedAt: Millis | null
  /** A difference that may still be a fill on its way. */
  readonly doubt: { readonly since: Millis; readonly rounds: number; readonly differences: Amounts } | null
}

export const accountContext = (): AccountContext => ({ opening: {}, external: {}, comparedAt: null, doubt: null })

/** One asset as the venue tells it and as the fills explain it. */
export interface ComparedAsset {
  readonly asset: string
  /** Free and held together. */
  readonly total: Money
  /** What all booked fills did to it. */
  readonly booked: Money
  /** Less than this is rounding. */
  readonly unit: Money
}

/** How often, and for how long, the same difference must be seen before it is believed. */
export interface BeliefPolicy {
  readonly rounds: number
  readonly forMs: Millis
}

/** Events the account takes. The host adds `at`, the moment of the turn. */
export type AccountEvent = { readonly type: 'compared'; readonly assets: readonly ComparedAsset[]; readonly policy: BeliefPolicy }
