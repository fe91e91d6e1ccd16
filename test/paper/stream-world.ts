/** A desk in virtual time on a stream of market events: at the sandbox, or on paper over the same venue. */
import { Desk } from '../../src/actors/desk.ts'
import { coinbaseVenue } from '../../src/adapters/coinbase/index.ts'
import { MemoryJournal, MemoryStore } from '../../src/adapters/memory/memory-journal.ts'
import { MemoryPaperLedger } from '../../src/adapters/memory/memory-paper-ledger.ts'
import { paperVenue } from '../../src/adapters/paper/index.ts'
import { tradeHash } from '../../src/app/performance.ts'
import { compare, minus, money, plus, price, quantity, rate, rateOfBps, type Price, type Rate } from '../../src/domain/decimal.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import type { FullVenue } from '../../src/ports/venue.ts'
import type { MarketEvent } from '../../src/simulated-market/market-event.ts'
import { seededRandom } from '../../src/simulated-market/random.ts'
import type { Strategy } from '../../src/strategies/strategy.ts'
import { amount } from '../../sandbox/exchange/amounts.ts'
import type { Exchange } from '../../sandbox/exchange/exchange.ts'
import { Market } from '../../sandbox/exchange/market.ts'
import { products } from '../../sandbox/exchange/products.ts'
import { httpLine } from '../../simulation/network/http-line.ts'
import { socketLine } from '../../simulation/network/socket-line.ts'
import { Life } from '../../simulation/process/life.ts'
import { VirtualClock } from '../../simulation/time/virtual-clock.ts'
import { lightKey } from '../../simulation/venue/light-key.ts'
import { SimulatedVenue, type VenuePath } from '../../simulation/venue/simulated-venue.ts'
import { recordingLog } from '../support/clock.ts'
import { limits, tuning } from '../support/desk.ts'

export type Where = { readonly kind: 'sandbox' } | { readonly kind: 'paper'; readonly participation: Rate }

export interface Traded {
  readonly hash: string
  /** Round trips that closed. */
  readonly trips: number
  readonly fills: number
  /** Side, price and quantity of everything that filled, by order. */
  readonly orders: readonly string[]
}

const epochMs = 1_790_000_000_000
const instrument = 'BTC-USD'
const fees = { maker: '1', taker: '5' } as const
const opening = { USD: '100000' } as const

/** Plays a list of events as time comes to them. */
const pathOf = (events: readonly MarketEvent[]): VenuePath => {
  const product = products.get(instrument)
  if (product === undefined) throw new Error(`${instrument} is not listed`)
  const market = new Market(instrument, { spacing: 100, meanSize: amount('1'), step: product.baseIncrement, levels: 3 }, 1_000)
  let next = 0
  return {
    markets: new Map([[instrument, market]]),
    play: (exchange: Exchange, nowMs) => {
      for (let event = events[next]; event !== undefined && event.atMs <= nowMs; event = events[++next]) exchange.onMarket(instrument, event)
    },
  }
}

export interface Stream {
  readonly events: readonly MarketEvent[]
  /** Prices at which the desk buys, each of them once. */
  readonly lines: readonly Price[]
  readonly minutes: number
}

/** Buys once at every line that the market is above, so that what is traded does not depend on the instant of a decision. */
const once = (lines: readonly Price[]): Strategy => {
  const taken = new Set<Price>()
  return {
    name: 'once',
    budget: money('20000'),
    decide: ({ bid }) => {
      const open = lines.filter((line) => !taken.has(line) && compare(line, bid) < 0)
      for (const line of open) taken.add(line)
      return { proposals: open.map((line) => ({ price: line, quantity: quantity('0.01'), target: rate('0.0003') })), unwanted: [], wakeAt: { falls: minus(bid, price('5')), rises: plus(bid, price('5')) } }
    },
  }
}

/** Trades the stream and says what was traded. */
export const tradeOver = async ({ events, lines, minutes }: Stream, where: Where): Promise<Traded> => {
  const clock = new VirtualClock()
  const life = new Life(1, clock, { epochMs, wallAheadMs: 0 })
  const key = lightKey('organizations/stream/apiKeys/one', 'secret')
  const settings = { privatePerSecond: 0, publicPerSecond: 0, orderVisibleAfterMs: 0, fillVisibleAfterMs: 0, firstSubscribeMs: 5_000, idleMs: 75_000, duplicates: 'answerAgain' } as const
  const venue = new SimulatedVenue({ path: pathOf(events), traits: { settings, makerBps: fees.maker, takerBps: fees.taker, cancelDelayMs: 0, balances: opening }, clock, epochMs, key: key.atVenue })
  const chance = seededRandom('stream')
  const random = { fraction: () => chance.uniform(), below: (bound: number) => chance.below(bound) }
  const log = recordingLog()
  const latencyMs = (): number => 1
  const sandbox = coinbaseVenue({
    restUrl: 'http://venue', marketUrl: 'ws://market', userUrl: 'ws://user', key: key.own, clock: life.clock, random, log, privatePerSecond: 0, publicPerSecond: 0,
    http: httpLine({ life, clock, handler: venue.rest, latencyMs, leaves: () => undefined, answered: () => undefined }),
    openWebSocket: socketLine({ life, clock, hosts: venue.hosts, latencyMs, heard: () => undefined }),
  })
  const simulated = ({ participation }: { readonly participation: Rate }): FullVenue =>
    paperVenue({ market: sandbox, ledger: new MemoryPaperLedger(), clock: life.clock, random, log, opening: { USD: money(opening.USD) }, fees: { maker: rateOfBps(Number(fees.maker)), taker: rateOfBps(Number(fees.taker)), feeIn: 'quote' }, latency: { baseMs: 1, jitterMs: 0 }, lookEveryMs: 0, participation })
  const store = new MemoryStore()
  const journal = new MemoryJournal(store)
  venue.start()
  const starting = Desk.start({
    environment: 'sandbox', venue: where.kind === 'paper' ? simulated(where) : sandbox, journal, clock: life.clock, random, log, failpoints: noFailpoints,
    instruments: [{ id: instrument, adoptedTarget: rate('0.0003'), strategy: once(lines) }],
    foreignOrders: 'report', disk: { free: async () => ({ bytes: 1e12, share: 0.9 }) }, limits: { ...limits, maxExposure: money('50000'), maxInstrumentExposure: money('50000') }, tuning,
  })
  await clock.run(minutes * 60_000)
  const desk = await starting
  const stopping = desk.stop('the stream has ended', 5_000)
  await clock.run(minutes * 60_000 + 30_000)
  await stopping
  const trips = await journal.endedTrips(0, Number.MAX_SAFE_INTEGER, 10_000)
  return { hash: tradeHash(trips), trips: trips.length, ...filledOf(store) }
}

const filledOf = ({ tables }: MemoryStore): Omit<Traded, 'hash' | 'trips'> => {
  const orders = [...tables.actors.values()].flatMap(({ order }) => (order === undefined || order.filled === quantity('0') ? [] : [`${order.side} ${order.filled} at ${order.price}`]))
  return { fills: tables.fills.size, orders: orders.toSorted() }
}
