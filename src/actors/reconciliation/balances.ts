/**
 * Balances: what the venue's account holds against opening, fills and what came from outside (I5).
 *
 * Q4  A comparison counts only when nothing was booked while the balances were on their way.
 */
import { accountAddress } from '../../domain/address.ts'
import { amountOf } from '../../domain/books.ts'
import { money, plus } from '../../domain/decimal.ts'
import type { Balance } from '../../domain/order.ts'
import { difference } from '../../domain/reconciliation.ts'
import type { Difference } from '../../domain/records.ts'
import type { AccountContext, ComparedAsset } from '../../machines/account/account-context.ts'
import { differencesOf, expectedOf, verdictOf, type Verdict } from '../../machines/account/account-rules.ts'
import { told, type ReconcilerOptions, type Stage } from './stage.ts'

const done: Readonly<Record<Exclude<Verdict, 'agrees'>, string>> = {
  differs: 'seen for the first time: it may be a fill on its way, and is looked at again',
  differsStill: 'seen again; not yet believed',
  believed: 'booked as external; a person was told',
}

export class BalanceStage {
  readonly #options: ReconcilerOptions

  constructor(options: ReconcilerOptions) {
    this.#options = options
  }

  async run(): Promise<Stage> {
    const { venue, view, clock, belief, ask } = this.#options
    const before = view.booked
    const balances = await venue.balances()
    if (!balances.ok) return { ok: false, detail: told(balances.failure) }
    if (view.booked !== before) return { ok: true, compared: 0, differences: [] }
    const assets = this.#compared(balances.value)
    const { account } = view
    const event = { type: 'compared', assets, policy: belief } as const
    await ask({ to: accountAddress, ...(account === undefined && { create: {} }), event })
    if (account === undefined) return { ok: true, compared: assets.length, differences: [] }
    return { ok: true, compared: assets.length, differences: differencesIn(account, assets, verdictOf(account, event, clock.now())) }
  }

  #compared(balances: readonly Balance[]): readonly ComparedAsset[] {
    const { assets, view } = this.#options
    const totals = new Map(balances.map(({ asset, free, held }) => [asset, money(plus(free, held))]))
    return assets.map(({ asset, unit }) => ({ asset, total: totals.get(asset) ?? money('0'), booked: amountOf(view.booked, asset), unit: money(unit) }))
  }
}

const differencesIn = (account: AccountContext, assets: readonly ComparedAsset[], verdict: Verdict): readonly Difference[] => {
  if (verdict === 'agrees') return []
  const differing = differencesOf(account, assets)
  return assets
    .filter(({ asset }) => asset in differing)
    .map((one) => difference.balance(one.asset, `${expectedOf(account, one)} ${one.asset}`, `${one.total} ${one.asset}, which is ${amountOf(differing, one.asset)} more than explained`, done[verdict]))
}

