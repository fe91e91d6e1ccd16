/**
 * The two tokens of a desk: one to read with, where reading is not open, and one that commands and reads.
 *
 * K1  How long a comparison takes tells nothing about where another token differs.
 * K2  Whoever guesses is slowed down, each address by itself; who holds a token is not.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'

export interface Tokens {
  readonly control: string
  /** Opens the reads of a desk that others can reach; undefined where only this machine can, and reading is open. */
  readonly read?: string
}

const digest = (value: string): Buffer => createHash('sha256').update(value).digest()

const holds = (header: string | undefined, token: string): boolean => timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`))

export const mayCommand = (header: string | undefined, { control }: Tokens): boolean => holds(header, control)

/** True for the token that reads and does nothing else. */
export const isReader = (header: string | undefined, { read }: Tokens): boolean => read !== undefined && holds(header, read)

export const mayRead = (header: string | undefined, tokens: Tokens): boolean => {
  const [asReader, asController] = [tokens.read === undefined || holds(header, tokens.read), holds(header, tokens.control)]
  return asReader || asController
}

/** Wrong tokens of one address within a minute, before it is told to wait. */
const mostWrong = 10
const windowMs = 60_000
/** Most addresses that are remembered; the one that erred longest ago goes first. */
const mostAddresses = 1_000

export class WrongTokens {
  readonly #clock: Clock
  readonly #seen = new Map<string, { readonly since: Millis; readonly count: number }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Notes one more; true when the address has been wrong too often. */
  note(address: string): boolean {
    const now = this.#clock.monotonic()
    const before = this.#seen.get(address)
    const entry = before === undefined || now - before.since > windowMs ? { since: now, count: 1 } : { since: before.since, count: before.count + 1 }
    this.#seen.delete(address)
    this.#seen.set(address, entry)
    const [oldest] = this.#seen.keys()
    if (this.#seen.size > mostAddresses && oldest !== undefined) this.#seen.delete(oldest)
    return entry.count > mostWrong
  }
}
