/** A venue's line on which the bench speaks for the market and hears when an order has left. */
import { SystemHttp, type HttpTransport } from '../../src/adapters/venue-kit/transport.ts'
import { openWebSocket, type OpenWebSocket, type WebSocketListener } from '../../src/adapters/venue-kit/web-socket.ts'
import { systemClock } from '../../src/adapters/system/system-clock.ts'

const beatMs = 1_000

/** The market's host, played by the bench: what it says is what the socket would have handed over. */
export class PlayedMarket {
  readonly #url: string
  #listener: WebSocketListener | undefined
  #sequence = 0
  #beats = 0
  readonly #timer = setInterval(() => this.#say('heartbeats', [{ heartbeat_counter: ++this.#beats }]), beatMs)

  constructor(url: string) {
    this.#url = url
  }

  /** Every other socket is a real one. */
  readonly open: OpenWebSocket = (url, listener) => {
    if (url !== this.#url) return openWebSocket(url, listener)
    this.#listener = listener
    this.#sequence = 0
    setImmediate(() => listener.opened())
    return { send: () => undefined, terminate: () => undefined }
  }

  /** The text of the next ticker, ready to be handed over. */
  ticker(bid: string, ask: string): string {
    return this.#frame('ticker', [{ type: 'update', tickers: [{ type: 'ticker', product_id: 'BTC-USD', price: bid, volume_24_h: '12345.678', best_bid: bid, best_bid_quantity: '1', best_ask: ask, best_ask_quantity: '1' }] }])
  }

  hand(text: string): void {
    this.#listener?.message(text)
  }

  #say(channel: string, events: readonly object[]): void {
    this.hand(this.#frame(channel, events))
  }

  #frame(channel: string, events: readonly object[]): string {
    return JSON.stringify({ channel, client_id: '', timestamp: new Date().toISOString(), sequence_num: this.#sequence++, events })
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

/** The system's own HTTP, and the moment at which each create was handed to the system whole. */
export class HeardHttp implements HttpTransport {
  readonly #http = new SystemHttp(systemClock)
  /** Called when a create is on the wire. */
  onCreate: (at: number) => void = () => undefined

  send(...[request]: Parameters<HttpTransport['send']>): ReturnType<HttpTransport['send']> {
    const isCreate = request.method === 'POST' && request.url.pathname.endsWith('/orders')
    const written = (): void => {
      if (isCreate) this.onCreate(performance.now())
      request.written()
    }
    return this.#http.send({ ...request, written })
  }

  close(): void {
    this.#http.close()
  }
}
