/** The pure sentences that the account chart is written with. */
import { amountOf, plusAmount, type Amounts } from '../../domain/books.ts'
import { absolute, compare, isZero, minus, plus, type Money } from '../../domain/decimal.ts'
import type { Millis } from '../../domain/time.ts'
import type { AccountContext, AccountEvent, ComparedAsset } from './account-context.ts'

/** What the books expect the venue to hold of an asset: opening, fills and what came from outside. */
export const expectedOf = (context: AccountContext, { asset, booked }: ComparedAsset): Money =>
  plus(plus(amountOf(context.opening, asset), amountOf(context.external, asset)), booked)

/** The venue's total less what is expected, for every asset where that is more than rounding. */
export const differencesOf = (context: AccountContext, assets: readonly ComparedAsset[]): Amounts =>
  Object.fromEntries(
    assets.flatMap((one) => {
      // Compared for the first time: what it holds now is its opening (B3).
      if (!(one.asset in context.opening)) return []
      const difference = minus(one.total, expectedOf(context, one))
      return compare(absolute(difference), one.unit) >= 0 && !isZero(difference) ? [[one.asset, difference]] : []
    }),
  )

const isEmpty = (amounts: Amounts): boolean => Object.keys(amounts).length === 0
const isSame = (a: Amounts, b: Amounts): boolean => Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([asset, amount]) => b[asset] === amount)

/** What a comparison means: all agrees, something new differs, the same differs again, or it has differed long enough to be believed. */
export type Verdict = 'agrees' | 'differs' | 'differsStill' | 'believed'

export const verdictOf = (context: AccountContext, { assets, policy }: AccountEvent, at: Millis): Verdict => {
  const differences = differencesOf(context, assets)
  if (isEmpty(differences)) return 'agrees'
  const { doubt } = context
  if (doubt === null || !isSame(doubt.differences, differences)) return 'differs'
  return doubt.rounds + 1 >= policy.rounds && at - doubt.since >= policy.forMs ? 'believed' : 'differsStill'
}

/** The openings, with those of assets that are compared for the first time. */
export const withOpenings = (context: AccountContext, assets: readonly ComparedAsset[]): Amounts => ({ ...openingOf(assets), ...context.opening })

/** The opening that makes the first comparison agree. */
export const openingOf = (assets: readonly ComparedAsset[]): Amounts => Object.fromEntries(assets.map(({ asset, total, booked }) => [asset, minus(total, booked)]))

export const withExternal = (context: AccountContext, differences: Amounts): Amounts =>
  Object.entries(differences).reduce((external, [asset, amount]) => plusAmount(external, asset, amount), context.external)
