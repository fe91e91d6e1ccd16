/**
 * `text/event-stream`, as the HTML standard reads it (html.spec.whatwg.org, 9.2.6 "Interpreting an event stream"), from texts
 * that are cut anywhere.
 *
 * P1  A line ends with CR LF, LF or CR; how the text was cut into parts changes nothing.
 * P2  The last id and the pause outlive a connection; a message that was not whole when it ended does not.
 * P3  What is not whole is kept up to a bound: a stream beyond it is refused.
 */

export interface SseMessage {
  readonly type: string
  readonly data: string
}

/** The desk lets go of a reader before so much waits for it. */
const mostKept = 2 * 1024 * 1024
/** Until the stream says another. */
const firstRetryMs = 1_000

export class SseParser {
  #lastId = ''
  #retryMs = firstRetryMs
  #rest = ''
  #afterReturn = false
  #id = ''
  #type = ''
  #data: string[] = []

  /** The id of the newest message that has an end; empty before there is one. */
  get lastId(): string {
    return this.#lastId
  }

  /** How long to wait before coming back, in milliseconds. */
  get retryMs(): number {
    return this.#retryMs
  }

  /** Another connection begins (P2). */
  begin(): void {
    this.#rest = ''
    this.#afterReturn = false
    this.#id = this.#lastId
    this.#type = ''
    this.#data = []
  }

  /** The ids before belong to a stream that is no more. */
  forgetId(): void {
    this.#lastId = ''
    this.#id = ''
  }

  /**
   * Yields the messages that this part of the text ends.
   * @throws Error beyond the bound (P3)
   */
  *take(part: string): Generator<SseMessage> {
    if (part === '') return
    const text = this.#afterReturn && part.startsWith('\n') ? part.slice(1) : part
    this.#afterReturn = part.endsWith('\r')
    const lines = `${this.#rest}${text}`.split(/\r\n|\n|\r/)
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line !== '') this.#field(line)
      else {
        const message = this.#end()
        if (message !== undefined) yield message
      }
    }
    if (this.#rest.length + this.#data.reduce((sum, { length }) => sum + length, 0) > mostKept) throw new Error('an event of the stream has no end')
  }

  #field(line: string): void {
    const [name = '', ...more] = line.split(':')
    const value = more.join(':').replace(/^ /, '')
    if (name === 'data') this.#data.push(value)
    else if (name === 'event') this.#type = value
    else if (name === 'id' && !value.includes('\0')) this.#id = value
    else if (name === 'retry' && /^\d+$/.test(value)) this.#retryMs = Number(value)
  }

  #end(): SseMessage | undefined {
    const [data, type] = [this.#data, this.#type]
    this.#lastId = this.#id
    this.#data = []
    this.#type = ''
    return data.length === 0 ? undefined : { type: type === '' ? 'message' : type, data: data.join('\n') }
  }
}
