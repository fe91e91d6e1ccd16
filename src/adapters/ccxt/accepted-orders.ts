/** Orders that were just accepted, for the streams: one that is filled at once is in no list of working orders. */
export class AcceptedOrders {
  readonly #listeners = new Set<(venueOrderId: string) => void>()

  tell(venueOrderId: string): void {
    for (const listener of this.#listeners) listener(venueOrderId)
  }

  /** @returns what ends it; whoever opened a stream closes it, so there are as many listeners as open streams */
  listen(listener: (venueOrderId: string) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}
