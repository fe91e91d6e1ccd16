/** What people are told while trading comes back after a kill: every entry, fill, denial and closed pair. Pure. */
import { realisedProfit } from '../../domain/profit.ts'
import type { WantedAlert } from '../alerts.ts'
import type { CommittedTurn } from '../loop-options.ts'

/** True at the steps at which only a share of the limits may be used. */
export const isOnRamp = (killState: string): boolean => killState === 'quarter' || killState === 'half'

/** The news of one committed turn. */
export const rampNews = ({ id, actors, events, fills, audit = [] }: CommittedTurn): readonly WantedAlert[] => {
  const begun = new Set(events.flatMap(({ address, type }) => (type === 'created' ? [address] : [])))
  const closed = new Set(events.flatMap(({ address, from, to }) => (to === 'closed' && from !== to ? [address] : [])))
  return [
    ...actors.flatMap(({ address, order }): WantedAlert[] =>
      order?.side === 'buy' && begun.has(address) ? [{ code: 'ramp.entry', subject: order.clientOrderId, detail: `entry: buy ${order.quantity} ${order.instrument} at ${order.price} (${order.clientOrderId})` }] : [],
    ),
    ...fills.map(({ fill, clientOrderId }): WantedAlert => ({ code: 'ramp.fill', subject: fill.tradeId, detail: `fill: ${fill.side} ${fill.quantity} ${fill.instrument} at ${fill.price} (${clientOrderId})` })),
    ...audit.flatMap(({ kind, rule, reason }, index): WantedAlert[] => (kind === 'denial' || kind === 'withdrawal' ? [{ code: 'ramp.denied', subject: `${id}/${index}`, detail: `${kind} by ${rule ?? 'the gate'}: ${reason}` }] : [])),
    ...actors.flatMap(({ address, tradePair }): WantedAlert[] =>
      tradePair !== undefined && closed.has(address) ? [{ code: 'ramp.closed', subject: tradePair.pairId, detail: `closed: ${tradePair.pairId} on ${tradePair.instrument}, profit ${realisedProfit(tradePair) ?? 'unknown'}` }] : [],
    ),
  ]
}
