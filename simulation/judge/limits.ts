/** I10: whenever a buy is claimed, what it binds and what is bound altogether stay within the limits, whoever decided before. */
import { amount, formatAmount, multiply } from '../../sandbox/exchange/amounts.ts'
import type { ActorRecord } from '../../src/domain/records.ts'
import type { Turn } from '../../src/ports/journal.ts'
import type { RiskLimits } from '../../src/risk/gate.ts'
import type { Checker, Report } from './checker.ts'

export const limits = ({ maxNotionalPerOrder, maxExposure }: Pick<RiskLimits, 'maxNotionalPerOrder' | 'maxExposure'>, report: Report): Checker => {
  const bound = new Map<string, bigint>()
  let exposure = 0n
  const bind = (key: string, atoms: bigint): void => {
    exposure += atoms - (bound.get(key) ?? 0n)
    if (atoms === 0n) bound.delete(key)
    else bound.set(key, atoms)
  }
  const take = ({ address, order, tradePair, context, finished }: ActorRecord): void => {
    if (order?.side === 'buy') bind(address, order.live ? multiply(amount(order.price), amount(order.quantity) - amount(order.filled)) : 0n)
    if (tradePair === undefined) return
    const rest = amount(tradePair.held) - amount(tradePair.sold)
    const { price } = context['buy'] as { price: string }
    bind(address, finished || rest <= 0n ? 0n : multiply(amount(price), rest))
  }
  const claims = ({ events }: Turn): boolean => events.some(({ type, body }) => type === 'created' && body['leg'] === 'buy' && body['adopted'] === undefined)
  return {
    committed: ({ batch }) => {
      for (const turn of batch.turns) {
        for (const record of turn.actors) take(record)
        if (!claims(turn)) continue
        if (exposure > amount(maxExposure)) report('I10', `turn ${turn.id} claims a buy with ${formatAmount(exposure)} bound, of ${maxExposure}`)
        for (const { order, state } of turn.actors) {
          if (order?.leg !== 'buy' || state !== 'submitting') continue
          const value = multiply(amount(order.price), amount(order.quantity))
          if (value > amount(maxNotionalPerOrder)) report('I10', `${order.clientOrderId} is worth ${formatAmount(value)}, of ${maxNotionalPerOrder}`)
        }
      }
    },
  }
}
