import type { Exchange } from '../exchange/exchange.ts'
import type { FaultRequest } from './fault-kinds.ts'

const ENDS = { cancelled: 'CANCELLED', expired: 'EXPIRED', failed: 'FAILED' } as const

/** Carries out the faults that change the exchange itself at the moment they are armed. */
export function actAtOnce(exchange: Exchange, { name, count, variant }: FaultRequest): void {
  if (name === 'partialFills') exchange.halveNextExecutions(count)
  if (name === 'wipe') exchange.wipe()
  if (name === 'endOrders') exchange.endOldest(count, ENDS[variant as keyof typeof ENDS])
}
