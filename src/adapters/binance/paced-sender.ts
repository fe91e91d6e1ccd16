/**
 * Messages to a socket, few enough: the venue cuts a connection that sends more than five a second, pongs included
 * (binance-spot.md 6.1).
 */
import type { Millis } from '../../domain/time.ts'
import type { Clock, Timer } from '../../ports/clock.ts'

/** Four a second, and room for a pong. */
const apartMs: Millis = 250
/** Several times what one connection ever has to say at once; what is beyond is not sent. */
const mostWaiting = 64

export class PacedSender {
  readonly #clock: Clock
  readonly #send: (text: string) => void
  readonly #waiting: string[] = []
  #freeAt: Millis = -Infinity
  #timer: Timer | undefined

  constructor(clock: Clock, send: (text: string) => void) {
    this.#clock = clock
    this.#send = send
  }

  /** False when too much waits already: the text is not sent. */
  send(text: string): boolean {
    if (this.#waiting.length >= mostWaiting) return false
    this.#waiting.push(text)
    this.#serve()
    return true
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#waiting.length = 0
  }

  #serve(): void {
    if (this.#timer !== undefined) return
    const now = this.#clock.monotonic()
    if (now >= this.#freeAt) {
      const text = this.#waiting.shift()
      if (text === undefined) return
      this.#freeAt = now + apartMs
      this.#send(text)
    }
    if (this.#waiting.length === 0) return
    this.#timer = this.#clock.after(this.#freeAt - now, () => {
      this.#timer = undefined
      this.#serve()
    })
  }
}
