/**
 * Brings the venue's words on our orders to the orders themselves, each word once: a stream repeats itself, and so
 * does a poll.
 */
import { orderAddress } from '../domain/address.ts'
import type { OrderReport } from '../domain/order.ts'
import type { Message } from './turn.ts'

/** Most orders whose last word is remembered; the longest unheard is forgotten first, which costs one repeat. */
const maxRemembered = 10_000

export class OrderNews {
  readonly #isOurs: (clientOrderId: string) => boolean
  readonly #post: (message: Message) => void
  readonly #last = new Map<string, string>()

  /** @param isOurs tells this desk's orders, adopted ones among them, from anybody else's */
  constructor(isOurs: (clientOrderId: string) => boolean, post: (message: Message) => void) {
    this.#isOurs = isOurs
    this.#post = post
  }

  /** True when the report was news about one of this desk's orders. */
  tell(report: OrderReport): boolean {
    if (!this.#isOurs(report.clientOrderId)) return false
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

