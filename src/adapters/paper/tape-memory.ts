/** Which trades of one tape were heard: a stream tells some of them again after a reconnect. */
import type { PublicTrade } from '../../domain/market-data.ts'
import type { Millis } from '../../domain/time.ts'

export const tradesRemembered = 5_000

export class TapeMemory {
  readonly #heard = new Map<string, Millis>()
  /** Of the newest trade that is no longer remembered: what is not younger may be one of those. */
  #forgottenAt: Millis = -Infinity

  /** True the first time that a trade is told. */
  isNew({ tradeId, at }: Pick<PublicTrade, 'tradeId' | 'at'>): boolean {
    if (this.#heard.has(tradeId) || at <= this.#forgottenAt) return false
    this.#heard.set(tradeId, at)
    const [oldest] = this.#heard
    if (this.#heard.size > tradesRemembered && oldest !== undefined) {
      this.#heard.delete(oldest[0])
      this.#forgottenAt = Math.max(this.#forgottenAt, oldest[1])
    }
    return true
  }
}
