/** What callers may do with orders beside the order's own life; of most, the unified API has nothing that could be relied on. */
import { failed, type CancelOutcome, type Result } from '../../domain/failure.ts'
import type { Amendment, OrderPreview, OrderServices } from '../../ports/venue.ts'

/** A cancel names one order: of several, the library tells only that one of them failed. */
export const cancelBatch = 1

export class CcxtOrderServices implements OrderServices {
  readonly #cancel: (venueOrderId: string) => Promise<CancelOutcome>

  constructor(cancel: (venueOrderId: string) => Promise<CancelOutcome>) {
    this.#cancel = cancel
  }

  async cancelMany(venueOrderIds: readonly string[]): Promise<readonly CancelOutcome[]> {
    const outcomes: CancelOutcome[] = []
    for (const id of venueOrderIds) outcomes.push(await this.#cancel(id))
    return outcomes
  }

  /** On most exchanges the library's edit is a cancel and a new order of another name, which no claim stands for. */
  async amend(_venueOrderId: string, _to: Amendment): Promise<CancelOutcome> {
    return { kind: 'refused', detail: 'not asked for: through ccxt an order is cancelled and placed anew, not amended' }
  }

  async preview(): Promise<Result<OrderPreview>> {
    return failed({ kind: 'badRequest', detail: 'ccxt offers no preview of an order' })
  }
}
