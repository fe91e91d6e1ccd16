/** The desk's two streams, prices and orders, each with its supervisor and its REST fallback. */
import { deskAddress } from '../domain/address.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { Quote } from '../domain/quote.ts'
import { ConnectionSupervisor, type SupervisorOptions } from './connection-supervisor.ts'
import type { DeskOptions } from './desk-options.ts'
import type { OrderNews } from './order-news.ts'
import type { PriceBoard } from './price-board.ts'
import type { Message } from './turn.ts'

export interface LinksOptions {
  readonly options: DeskOptions
  /** The rules of now; they change while the desk runs. */
  readonly instruments: ReadonlyMap<string, Instrument>
  readonly board: PriceBoard
  readonly news: OrderNews
  /** One round of asking the venue about our orders. */
  poll(): Promise<void>
  post(message: Message): void
}

export class Links {
  readonly supervisors: readonly ConnectionSupervisor[]
  readonly #down = new Set<string>()
  readonly #links: LinksOptions
  #everUp = false

  constructor(links: LinksOptions) {
    this.#links = links
    this.supervisors = [this.#market(), this.#account()]
    for (const { name } of this.supervisors.map((supervisor) => supervisor.status())) this.#down.add(name)
  }

  start(): void {
    for (const supervisor of this.supervisors) supervisor.start()
  }

  /** Everything said so far is old: both streams begin anew. */
  renew(detail: string): void {
    for (const supervisor of this.supervisors) supervisor.renew(detail)
  }

  stop(): void {
    for (const supervisor of this.supervisors) supervisor.stop()
  }

  #up(name: string): void {
    this.#down.delete(name)
    if (this.#down.size > 0) return
    this.#everUp = true
    this.#links.post({ to: deskAddress, event: { type: 'linkRestored' } })
  }

  /** Before both streams have been up once there is nothing to lose: start-up reconciles by REST. */
  #lost(name: string, detail: string): void {
    const first = this.#down.size === 0
    this.#down.add(name)
    if (first && this.#everUp) this.#links.post({ to: deskAddress, event: { type: 'linkLost', detail: `${name}: ${detail}` } as Message['event'] })
  }

  #shared(name: string): Pick<SupervisorOptions, 'name' | 'venue' | 'policy' | 'clock' | 'random' | 'log' | 'onLive' | 'onLost'> {
    const { venue, clock, random, log, tuning } = this.#links.options
    return {
      name,
      venue: venue.capabilities.venue,
      policy: tuning.connection,
      clock,
      random,
      log,
      onLive: () => this.#up(name),
      onLost: (detail) => this.#lost(name, detail),
    }
  }

  /** One that is listed no more would cost the others their stream. With none left all are named: no names at all mean everything to a venue. */
  #ids(): readonly string[] {
    const all = [...this.#links.instruments.values()]
    const listed = all.filter(({ status }) => status !== 'delisted')
    return (listed.length > 0 ? listed : all).map(({ id }) => id)
  }

  #market(): ConnectionSupervisor {
    const { options, board } = this.#links
    const { venue, tuning, log } = options
    const offer = (quote: Quote): void => {
      if (!board.offer(quote)) log.debug('price.rejected', { instrument: quote.instrument, bid: quote.bid, ask: quote.ask, problem: board.view(quote.instrument).lastProblem })
    }
    return new ConnectionSupervisor({
      ...this.#shared('market'),
      subscriptions: () => this.#ids(),
      staleness: tuning.marketStaleness,
      pollEveryMs: tuning.pricePollMs,
      open: (listener) =>
        venue.marketFeed.open(this.#ids(), {
          ...listener,
          quote: (quote) => {
            listener.heard(quote.instrument)
            offer(quote)
          },
        }),
      poll: async () => {
        const quotes = await venue.quotes(this.#ids())
        if (quotes.ok) for (const quote of quotes.value) offer(quote)
        else log.warn('price.pollFailed', { ...quotes.failure })
      },
      onGap: () => board.suspect(),
    })
  }

  #account(): ConnectionSupervisor {
    const { options, news } = this.#links
    const { venue, tuning, log } = options
    return new ConnectionSupervisor({
      ...this.#shared('account'),
      subscriptions: () => [],
      staleness: tuning.accountStaleness,
      pollEveryMs: tuning.orderPollMs,
      open: (listener) =>
        venue.accountFeed.open(this.#ids(), {
          ...listener,
          order: (report) => {
            listener.heard('user')
            news.tell(report)
          },
        }),
      poll: () => this.#links.poll(),
      onGap: (detail) => log.warn('orders.gap', { detail }),
    })
  }
}
