/**
 * Whether the exchange has been seen to keep and show the desk's names for its orders. A ccxt class may drop a client order
 * id without a word, and then no list ever proves that an order is not there.
 */
import { parseClientOrderId } from '../../domain/client-order-id.ts'

export class ShownNames {
  #areShown: boolean

  constructor(areShown: boolean) {
    this.#areShown = areShown
  }

  get areShown(): boolean {
    return this.#areShown
  }

  /** A name in one of the exchange's own rows. */
  saw(clientOrderId: string | undefined): void {
    if (clientOrderId !== undefined && parseClientOrderId(clientOrderId) !== undefined) this.#areShown = true
  }
}
