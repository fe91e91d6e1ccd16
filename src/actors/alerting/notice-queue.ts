/** What waits for one channel: bounded, the most severe first, and nothing is lost without being counted. */
import { severities } from '../../domain/alert-catalogue.ts'
import type { Told } from './told.ts'

export interface Waiting {
  readonly told: Told
  /** Attempts that came to nothing. */
  readonly tries: number
}

const rank = ({ told }: Waiting): number => severities.indexOf(told.severity)

export class NoticeQueue {
  readonly #most: number
  #waiting: readonly Waiting[] = []
  #dropped = 0

  /** @param most that wait; past it the least severe goes first, and of those the oldest */
  constructor(most: number) {
    this.#most = most
  }

  get size(): number {
    return this.#waiting.length
  }

  /** How many were lost and have not been told of yet. */
  get dropped(): number {
    return this.#dropped
  }

  push(...more: readonly Waiting[]): void {
    this.#keep([...this.#waiting, ...more])
  }

  /** Back to where they came from, before what has come since. */
  putBack(again: readonly Waiting[]): void {
    this.#keep([...again, ...this.#waiting])
  }

  /** The most severe first, otherwise in their order: an end never overtakes its beginning, because both are as severe. */
  take(most: number): readonly Waiting[] {
    const taken = [...this.#waiting].sort((a, b) => rank(b) - rank(a)).slice(0, most)
    this.#waiting = this.#waiting.filter((one) => !taken.includes(one))
    return taken
  }

  lose(count: number): void {
    this.#dropped += count
  }

  /** People have been told of so many lost ones. */
  own(count: number): void {
    this.#dropped -= count
  }

  #keep(all: readonly Waiting[]): void {
    const surplus = new Set([...all].sort((a, b) => rank(a) - rank(b)).slice(0, Math.max(0, all.length - this.#most)))
    this.#waiting = all.filter((one) => !surplus.has(one))
    this.#dropped += surplus.size
  }
}
