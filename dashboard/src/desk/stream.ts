/**
 * A stream of the desk, read by `fetch`: the browser's own EventSource cannot carry a token.
 *
 * S1  It is followed for as long as the page is open. After a cut it comes back after the pause that the stream asked for,
 *     twice as long after each failure more, within bounds.
 * S2  It goes on after the last id that it saw.
 * S3  A connection on which nothing comes for three heartbeats is lost, whatever the network says.
 */
import { ask } from './api.ts'
import { SseParser, type SseMessage } from './sse-parser.ts'

export interface Listener {
  readonly opened: () => void
  /** Answers true when the ids so far mean nothing any more. */
  readonly took: (message: SseMessage) => boolean
  readonly lost: () => void
}

const leastPauseMs = 250
const mostPauseMs = 10_000
/** A connection that has held for so long was none of a row of failures. */
const steadyMs = 5_000
/** The desk says every 15 s that it is there (`streamBounds` of its door). */
const silentMs = 45_000

/** Calls once nothing has been heard for a while. */
class Silence {
  readonly #over: () => void
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(over: () => void) {
    this.#over = over
  }

  heard(): void {
    this.end()
    this.#timer = setTimeout(this.#over, silentMs)
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}

const hear = async (body: ReadableStream<Uint8Array>, parser: SseParser, { listener, silence }: { readonly listener: Listener; readonly silence: Silence }): Promise<void> => {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    silence.heard()
    const { done, value } = await reader.read()
    if (done) return
    for (const message of parser.take(decoder.decode(value, { stream: true }))) if (listener.took(message)) parser.forgetId()
  }
}

/** One connection, to its end; how long it was open, in milliseconds. */
const connect = async (path: string, parser: SseParser, listener: Listener): Promise<number> => {
  const cut = new AbortController()
  const silence = new Silence(() => cut.abort())
  let openedAt: number | undefined
  try {
    parser.begin()
    const answer = await ask(path, { accept: 'text/event-stream', ...(parser.lastId !== '' && { 'last-event-id': parser.lastId }) }, () => {
      silence.heard()
      return cut.signal
    })
    if (answer.status === 200 && answer.body !== null && answer.headers.get('content-type')?.startsWith('text/event-stream') === true) {
      openedAt = performance.now()
      listener.opened()
      await hear(answer.body, parser, { listener, silence })
    }
  } catch {
    // However it was lost, it comes back.
  }
  silence.end()
  cut.abort()
  return openedAt === undefined ? 0 : performance.now() - openedAt
}

/** Follows the stream at a path; never ends. */
export const followStream = async (path: string, listener: Listener): Promise<never> => {
  const parser = new SseParser()
  for (let failures = 0; ; ) {
    const openMs = await connect(path, parser, listener)
    listener.lost()
    failures = openMs < steadyMs ? failures + 1 : 0
    const pauseMs = Math.min(Math.max(parser.retryMs, leastPauseMs) * 2 ** Math.max(0, failures - 1), mostPauseMs)
    await new Promise((resolve) => void setTimeout(resolve, pauseMs))
  }
}
