/** Noticing what a connection lost (coinbase-advanced-trade.md 9.2, 9.3). */

export type Place = 'next' | 'stale' | 'gap'

/**
 * `sequence_num` counts over all channels of a connection, by one. The first number seen is the start: a lost first
 * message shows itself as a subscription that never completes.
 */
export class SequenceWatch {
  #last: number | undefined

  /** Where a message stands. Error frames carry no number and stand anywhere. */
  place(sequence: number | undefined): Place {
    if (sequence === undefined) return 'next'
    const last = this.#last
    if (last !== undefined && sequence <= last) return 'stale'
    this.#last = sequence
    return last === undefined || sequence === last + 1 ? 'next' : 'gap'
  }
}

/**
 * The counter is seen to be the server's uptime in whole seconds and beats come every second or a little later, so two
 * neighbours may be two apart without a loss; more is one.
 */
const furthestNeighbour = 2

export class HeartbeatWatch {
  #last: number | undefined

  get seen(): boolean {
    return this.#last !== undefined
  }

  /** How many beats are missing before this one. */
  missed(counter: number): number {
    const step = this.#last === undefined ? 1 : counter - this.#last
    this.#last = counter
    return step > furthestNeighbour ? step - 1 : 0
  }
}
