/** Cancelling many, editing and previewing (coinbase-advanced-trade.md 5.9, 5.10). */
import { failed, ok, type CancelOutcome, type Result } from '../../domain/failure.ts'
import type { OrderRequest } from '../../domain/order.ts'
import type { Amendment, OrderPreview, OrderServices } from '../../ports/venue.ts'
import { cancelOutcome, editOutcome, failureOf, previewOf } from './failures.ts'
import { termsBody } from './order-entry.ts'
import type { Rest } from './rest.ts'

/** Most orders that one cancel may name (5.9). */
export const cancelBatch = 100

export class CoinbaseOrderServices implements OrderServices {
  readonly #rest: Rest

  constructor(rest: Rest) {
    this.#rest = rest
  }

  async cancelMany(venueOrderIds: readonly string[]): Promise<readonly CancelOutcome[]> {
    const outcomes: CancelOutcome[] = []
    for (let start = 0; start < venueOrderIds.length; start += cancelBatch) {
      const ids = venueOrderIds.slice(start, start + cancelBatch)
      const sent = await this.#rest.post({ path: '/orders/batch_cancel', body: { order_ids: ids }, lane: 'cancel' })
      outcomes.push(...ids.map((id): CancelOutcome => (sent.kind === 'answered' ? cancelOutcome(sent.answer, id) : { kind: 'unknown', failure: sent.failure })))
    }
    return outcomes
  }

  /** Both terms are always sent: an omitted size counts as 0 (5.10). */
  async amend(venueOrderId: string, { price, quantity }: Amendment): Promise<CancelOutcome> {
    const sent = await this.#rest.post({ path: '/orders/edit', body: { order_id: venueOrderId, price, size: quantity }, lane: 'cancel' })
    return sent.kind === 'answered' ? editOutcome(sent.answer) : { kind: 'unknown', failure: sent.failure }
  }

  async preview(request: OrderRequest): Promise<Result<OrderPreview>> {
    const sent = await this.#rest.post({ path: '/orders/preview', body: termsBody(request), lane: 'data' })
    if (sent.kind !== 'answered') return failed(sent.failure)
    if (sent.answer.status !== 200) return failed(failureOf(sent.answer))
    const preview = previewOf(sent.answer)
    return preview === undefined ? failed({ kind: 'malformed', detail: 'the preview cannot be read' }) : ok(preview)
  }
}
