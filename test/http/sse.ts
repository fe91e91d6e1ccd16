/** A reader of server-sent events that remembers what it read. */

export interface Message {
  readonly id: number
  readonly event: string
  readonly data: string
}

const parse = (block: string): Message | undefined => {
  const fields = new Map(block.split('\n').filter((line) => !line.startsWith(':')).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]))
  const event = fields.get('event')
  return event === undefined ? undefined : { id: Number(fields.get('id') ?? 0), event, data: fields.get('data') ?? '' }
}

export class SseReader {
  readonly messages: Message[] = []
  readonly comments: string[] = []
  readonly #abort = new AbortController()
  ended = false
  headers: Headers = new Headers()

  /** Reads in the background until it is closed or the server ends it. */
  static async open(url: string, lastEventId?: string): Promise<SseReader> {
    const reader = new SseReader()
    const answer = await fetch(url, { signal: reader.#abort.signal, headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId } })
    reader.headers = answer.headers
    if (answer.body === null || answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
    void reader.#read(answer.body).catch(() => (reader.ended = true))
    return reader
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = ''
    for await (const part of body.pipeThrough(new TextDecoderStream())) {
      text += part
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const message = parse(block)
        if (message === undefined) this.comments.push(block)
        else this.messages.push(message)
      }
    }
    this.ended = true
  }

  get ids(): readonly number[] {
    return this.messages.filter((message) => message.event === 'transition').map((message) => message.id)
  }

  close(): void {
    this.#abort.abort()
  }
}

export const from1To = (last: number): readonly number[] => Array.from({ length: last }, (_, at) => at + 1)
