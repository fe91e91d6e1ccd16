/** The bytes of one server-sent-event stream, and how far its reader has fallen behind. */
import type { ServerResponse } from 'node:http'

const reconnectMs = 1_000

export class SseOutlet {
  readonly #response: ServerResponse
  readonly #mostUnflushed: number
  #writtenAtLook = 0

  constructor(response: ServerResponse, mostUnflushed: number) {
    this.#response = response
    this.#mostUnflushed = mostUnflushed
  }

  open(): void {
    this.#response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    this.#response.write(`retry: ${reconnectMs}\n\n`)
  }

  /** Writes; false when more lies unread than is allowed. */
  write(text: string): boolean {
    this.#response.write(text)
    return this.#response.writableLength <= this.#mostUnflushed
  }

  /** Resolves when the reader has taken what was written, or is gone. */
  async drained(): Promise<void> {
    if (!this.#response.writableNeedDrain || this.#response.destroyed) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#response.off('drain', done).off('close', done)
        resolve()
      }
      this.#response.on('drain', done).on('close', done)
    })
  }

  /** True when bytes wait and the reader has taken none since the last look. */
  stalled(): boolean {
    const taken = (this.#response.socket?.bytesWritten ?? 0) - (this.#response.socket?.writableLength ?? 0)
    const stalled = this.#response.writableLength > 0 && taken === this.#writtenAtLook
    this.#writtenAtLook = taken
    return stalled
  }

  end(): void {
    this.#response.end()
  }

  destroy(): void {
    this.#response.destroy()
  }
}
