/** The sandbox's own exchange and its Coinbase dialect, driven by the virtual clock instead of sockets and timers. */
import { actAtOnce } from '../../sandbox/control/act-at-once.ts'
import { FaultBoard } from '../../sandbox/control/faults.ts'
import { RequestLog } from '../../sandbox/control/request-log.ts'
import { FeedHost } from '../../sandbox/coinbase/feed-host.ts'
import type { FeedHostName } from '../../sandbox/coinbase/feed-connection.ts'
import { RestHandler } from '../../sandbox/coinbase/rest-handler.ts'
import { coinbaseRules } from '../../sandbox/coinbase/rules.ts'
import type { Venue, VenueSettings } from '../../sandbox/coinbase/venue.ts'
import { amount } from '../../sandbox/exchange/amounts.ts'
import { Exchange } from '../../sandbox/exchange/exchange.ts'
import type { Market } from '../../sandbox/exchange/market.ts'
import { rateFromBps } from '../../sandbox/exchange/fees.ts'
import { forgetfulJournal } from '../../sandbox/exchange/journal-file.ts'
import { Ledger } from '../../sandbox/exchange/ledger.ts'
import type { ApiKey } from '../../sandbox/coinbase/keys.ts'
import type { VirtualClock } from '../time/virtual-clock.ts'

/** Markets, and whatever moves them. */
export interface VenuePath {
  readonly markets: ReadonlyMap<string, Market>
  /** Plays everything up to that moment of market time, in milliseconds since the beginning of the world. */
  play(exchange: Exchange, nowMs: number): void
}

export interface VenueTraits {
  readonly settings: VenueSettings
  readonly makerBps: string
  readonly takerBps: string
  readonly cancelDelayMs: number
  readonly balances: Readonly<Record<string, string>>
}

export interface VenueParts<Path extends VenuePath> {
  readonly path: Path
  readonly traits: VenueTraits
  readonly clock: VirtualClock
  /** Wall time at the beginning of the world. */
  readonly epochMs: number
  readonly key: ApiKey
}

/** How often the venue looks at its market, its cancels and its feeds. */
const pulseMs = 100

export class SimulatedVenue<Path extends VenuePath = VenuePath> {
  readonly exchange: Exchange
  readonly faults: FaultBoard
  readonly rest: RestHandler
  readonly hosts: Readonly<Record<FeedHostName, FeedHost>>
  readonly path: Path
  readonly #clock: VirtualClock
  readonly #venue: Venue

  constructor({ path, traits, clock, epochMs, key }: VenueParts<Path>) {
    const now = (): number => Math.floor(epochMs + clock.now)
    let ids = 0
    this.#clock = clock
    this.faults = new FaultBoard(now)
    this.path = path
    const balances = Object.fromEntries(Object.entries(traits.balances).map(([asset, text]) => [asset, amount(text)]))
    this.exchange = new Exchange({
      ledger: new Ledger(forgetfulJournal(), balances, now()),
      markets: this.path.markets,
      rates: { maker: rateFromBps(traits.makerBps), taker: rateFromBps(traits.takerBps) },
      now,
      rules: coinbaseRules(() => `v-${String(++ids).padStart(6, '0')}`),
      cancelDelayMs: traits.cancelDelayMs,
      isClosed: () => this.faults.active('closeMarkets', 'all') !== undefined,
    })
    this.faults.onArm((fault) => actAtOnce(this.exchange, fault))
    this.#venue = this.#dialect(traits.settings, key, now)
    this.rest = new RestHandler(this.#venue)
    this.hosts = { market: new FeedHost('market', this.#venue), user: new FeedHost('user', this.#venue) }
  }

  /** The venue's clock, milliseconds since 1970. */
  get now(): number {
    return this.#venue.now()
  }

  start(): void {
    this.path.play(this.exchange, this.#clock.now)
    this.exchange.tick()
    this.hosts.market.tick()
    this.hosts.user.tick()
    this.#clock.after(pulseMs, () => this.start())
  }

  #dialect(settings: VenueSettings, key: ApiKey, now: () => number): Venue {
    return {
      exchange: this.exchange,
      ring: { keyFile: '', keys: new Map([[key.name, key]]) },
      settings,
      faults: this.faults,
      requests: new RequestLog(),
      now: () => now() + (this.faults.active('clockSkew', 'all')?.skewMs ?? 0),
      monotonic: () => this.#clock.now,
      after: (delayMs, task) => void this.#clock.after(delayMs, task),
    }
  }
}
