/**
 * Brings the venue's words on our orders to the orders themselves, each word once: a stream repeats itself, and so
 * does a poll.
 */
import { orderAddress } from '../domain/address.ts'
import { parseClientOrderId } from '../domain/client-order-id.ts'
import type { OrderReport } from '../domain/order.ts'
import type { Message } from './turn.ts'

/** Most orders whose last word is remembered; the longest unheard is forgotten first, which costs one repeat. */
const maxRemembered = 10_000

export class OrderNews {
  readonly #install: string
  readonly #post: (message: Message) => void
  readonly #last = new Map<string, string>()

  constructor(install: string, post: (message: Message) => void) {
    this.#install = install
    this.#post = post
  }

  /** True when the report was news about one of this install's orders. */
  tell(report: OrderReport): boolean {
    if (parseClientOrderId(report.clientOrderId)?.install !== this.#install) return false
    const word = `${report.status} ${report.executed}`
    const { clientOrderId } = report
    if (this.#last.get(clientOrderId) === word) return false
    this.#last.delete(clientOrderId)
    this.#last.set(clientOrderId, word)
    if (this.#last.size > maxRemembered) this.#forgetOldest()
    this.#post({ to: orderAddress(clientOrderId), event: { type: 'reported', report } as Message['event'] })
    return true
  }

  #forgetOldest(): void {
    const [oldest] = this.#last.keys()
    if (oldest !== undefined) this.#last.delete(oldest)
  }
}

