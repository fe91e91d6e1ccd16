/** Everything of one seed: the exchange, the store, the machine, the desks that come and go, the faults and the judge. */
import type { DeskOptions } from '../src/actors/desk-options.ts'
import { MemoryStore } from '../src/adapters/memory/memory-journal.ts'
import { coinbaseVenue } from '../src/adapters/coinbase/index.ts'
import type { Log } from '../src/ports/log.ts'
import { seededRandom, type Random } from '../src/simulated-market/random.ts'
import { ladder } from '../src/strategies/ladder.ts'
import { FaultInjector } from './faults/injector.ts'
import { swarmOf } from './faults/swarm.ts'
import { bookings } from './judge/bookings.ts'
import { bounds } from './judge/bounds.ts'
import { cover } from './judge/cover.ts'
import { evidence } from './judge/evidence.ts'
import { forward } from './judge/forward.ts'
import { freshness } from './judge/freshness.ts'
import { Judge } from './judge/judge.ts'
import { limits } from './judge/limits.ts'
import { oneSend } from './judge/one-send.ts'
import { unrest } from './judge/peace.ts'
import { replay } from './judge/replay.ts'
import { secrets } from './judge/secrets.ts'
import { httpLine, type LeavingRequest } from './network/http-line.ts'
import { socketLine } from './network/socket-line.ts'
import { DeskHost, type DeskProcess } from './process/desk-host.ts'
import type { Machine } from './process/life.ts'
import { scenarioOf, type Scenario } from './scenario.ts'
import { storeLine } from './store/store-line.ts'
import { StoreWeather } from './store/store-weather.ts'
import { VirtualClock } from './time/virtual-clock.ts'
import { Tally } from './tally.ts'
import { Trace, type PrintLine } from './trace.ts'
import { lightKey, type KeyPair } from './venue/light-key.ts'
import { realKey } from './venue/real-key.ts'
import { MarketPath } from './venue/market-path.ts'
import { SimulatedVenue } from './venue/simulated-venue.ts'

export interface WorldOptions {
  readonly seed: string
  /** The desk and its venue; what the seed decides without it. */
  readonly scenario?: Scenario
  /** The only kinds of fault that may fall; all without it. */
  readonly only?: ReadonlySet<string>
  readonly print?: PrintLine
  /** Changes what every desk is made of: a planted bug that the judge must find. */
  readonly sabotage?: (options: DeskOptions) => DeskOptions
}

/** The world begins on a fixed day. */
const epochMs = 1_790_000_000_000
const keyName = 'organizations/simulation/apiKeys/one'
const urls = { restUrl: 'http://venue', marketUrl: 'ws://market', userUrl: 'ws://user' } as const
const plenty = { bytes: 1e12, share: 0.9 }
const nearlyFull = { bytes: 1e6, share: 0.001 }

export class World {
  readonly clock = new VirtualClock()
  readonly store = new MemoryStore()
  readonly scenario: Scenario
  readonly venue: SimulatedVenue<MarketPath>
  readonly host: DeskHost
  readonly faults: FaultInjector
  readonly judge: Judge
  readonly trace: Trace
  readonly tally = new Tally()
  readonly #options: WorldOptions
  readonly #machine: Machine = { epochMs, wallAheadMs: 0 }
  readonly #weather: StoreWeather
  readonly #network: Random
  readonly #disk = { full: false }
  readonly #key: KeyPair

  constructor(options: WorldOptions) {
    const { seed, print } = options
    const { clock } = this
    this.#options = options
    this.scenario = options.scenario ?? scenarioOf(seed)
    this.trace = new Trace(() => clock.now, print)
    this.judge = new Judge(() => clock.now)
    this.#network = seededRandom(`${seed}/network`)
    this.#key = (this.scenario.signsInEarnest ? realKey : lightKey)(keyName, `secret of ${seed}`)
    this.venue = new SimulatedVenue({ path: new MarketPath(this.scenario.markets, seed), traits: this.scenario.venue, clock, epochMs, key: this.#key.atVenue })
    this.#weather = new StoreWeather({ clock, random: seededRandom(`${seed}/weather`), times: this.scenario.store, met: (trouble) => this.faults.storeMet(trouble) })
    this.host = new DeskHost({
      clock,
      machine: this.#machine,
      store: this.store,
      random: seededRandom(`${seed}/host`),
      optionsOf: (process) => this.#deskOptions(process),
      say: (text) => this.trace.note('host', text),
      failed: (detail) => this.judge.report('I12', `a desk threw at its start: ${detail}`),
    })
    this.faults = new FaultInjector({
      clock,
      venue: this.venue,
      weather: this.#weather,
      host: this.host,
      machine: this.#machine,
      proof: this.scenario.proof,
      disk: this.#disk,
      say: (text) => this.trace.note('fault', text),
      clockSet: () => this.judge.show('clockSet'),
    })
    this.#appointJudges()
  }

  /** Lets the venue, the first desk and the faults begin. */
  begin(): void {
    this.venue.start()
    this.host.launch()
    for (const drawn of swarmOf(this.#options.seed, this.#options.only)) this.faults.begin(drawn)
  }

  /** What keeps the world from being at peace. */
  unrest(): readonly (readonly [invariant: string, detail: string])[] {
    return unrest(this.host.current?.desk, this.store, this.venue.exchange.ledger)
  }

  #appointJudges(): void {
    const { judge, store, scenario, clock } = this
    const { exchange } = this.venue
    const books = { store, ledger: exchange.ledger }
    const { report } = judge
    judge.add(
      oneSend(books, report),
      bookings(books, report),
      cover(books, report),
      forward(report),
      evidence(books, report),
      freshness(() => clock.now, scenario.limits.quoteMaxAgeMs, report),
      limits(scenario.limits, report),
      bounds(scenario.tuning, () => this.#load(), report),
      secrets(this.#key.secret, report),
      replay(books, report),
    )
    exchange.watch((order) => judge.show('venueChanged', order))
  }

  #load() {
    const { current } = this.host
    if (current?.desk === undefined) return undefined
    const liveActors = current.desk.view.orders().length + current.desk.view.pairs().length
    return { backlog: current.desk.backlog, timers: current.life.timers, waiting: this.clock.waiting, liveActors }
  }

  #deskOptions(process: DeskProcess): DeskOptions {
    const { seed, sabotage = (options) => options } = this.#options
    const { life } = process
    const { scenario } = this
    const random = seededRandom(`${seed}/process/${life.number}`)
    const log = this.#log(life.number)
    const failpoints = this.faults.failpointsOf(process)
    const chance = { fraction: () => random.uniform(), below: (bound: number) => random.below(bound) }
    const latencyMs = (): number => this.#network.exponential(scenario.networkMs)
    return sabotage({
      environment: 'sandbox',
      venue: coinbaseVenue({
        ...urls,
        key: this.#key.own,
        clock: life.clock,
        random: chance,
        log,
        failpoints,
        proof: scenario.proof,
        requestTimeoutMs: scenario.requestTimeoutMs,
        privatePerSecond: scenario.privatePerSecond,
        publicPerSecond: scenario.publicPerSecond,
        http: httpLine({ life, clock: this.clock, handler: this.venue.rest, latencyMs, leaves: (request) => this.judge.show('leaves', request), answered: (request, outcome) => this.#answered(request, outcome) }),
        openWebSocket: socketLine({ life, clock: this.clock, hosts: this.venue.hosts, latencyMs, heard: (hearer, host) => { if (host === 'market') this.judge.show('priced', hearer.number) } }),
      }),
      journal: storeLine({ life, clock: this.clock, journal: process.journal, weather: this.#weather, failpoints, leased: (epoch) => { process.epoch = epoch }, committed: (batch) => this.#committed(process, batch) }),
      clock: life.clock,
      random: chance,
      log,
      failpoints,
      disk: { free: async () => (this.#disk.full ? nearlyFull : plenty) },
      instruments: scenario.instruments.map(({ id, ladder: parameters, adoptedTarget, exit }) => ({ id, strategy: ladder(parameters), adoptedTarget, exit })),
      foreignOrders: scenario.foreignOrders,
      limits: scenario.limits,
      breakers: scenario.breakers,
      tuning: scenario.tuning,
    })
  }

  #answered({ life, method, url, body }: LeavingRequest, outcome: number | string): void {
    const about = method === 'POST' ? ` ${String(body['client_order_id'] ?? body['order_ids'])}` : ''
    this.tally.request(method, url.pathname)
    if (url.pathname.endsWith('/best_bid_ask')) this.judge.show('priced', life.number)
    this.trace.note('venue', `${method} ${url.pathname}${about} of process ${life.number}: ${outcome}`)
  }

  #committed({ life, epoch }: DeskProcess, batch: Parameters<Trace['batch']>[1]): void {
    this.judge.show('committed', { batch, epoch, life: life.number, worldTimeOf: (wall) => life.worldTimeOf(wall) })
    this.judge.show('told', 'an event', this.trace.batch(life.number, batch))
  }

  #log(life: number): Log {
    const line = (event: string, fields?: Readonly<Record<string, unknown>>): void => {
      const text = `${event} ${fields === undefined ? '' : JSON.stringify(fields)}`
      this.judge.show('told', 'a line of the log', text)
      this.trace.say(`log ${life}`, text)
    }
    return { debug: line, info: line, warn: line, error: line }
  }
}
