/**
 * What a seed decides before anything happens: the desk's configuration, the venue's manners, the market's temper. Every
 * draw has its own stream, so that one figure more does not change the others.
 */
import { defaultTuning, type DeskTuning } from '../src/actors/desk-options.ts'
import { money, rate, rateOfBps } from '../src/domain/decimal.ts'
import { plainExit, type ExitPlan } from '../src/domain/exits.ts'
import type { ForeignPolicy } from '../src/domain/reconciliation.ts'
import type { BreakerPolicy } from '../src/machines/breaker/breaker-context.ts'
import type { ProofOfAbsence } from '../src/ports/venue.ts'
import type { RiskLimits } from '../src/risk/gate.ts'
import { seededRandom, type Random } from '../src/simulated-market/random.ts'
import type { LadderParameters } from '../src/strategies/ladder.ts'
import type { VenueSettings } from '../sandbox/coinbase/venue.ts'
import type { StoreTimes } from './store/store-weather.ts'
import type { MarketTraits } from './venue/market-path.ts'
import type { VenueTraits } from './venue/simulated-venue.ts'

export interface Scenario {
  /** How long faults fall, in simulated milliseconds. */
  readonly safetyMs: number
  readonly instruments: readonly { readonly id: string; readonly ladder: LadderParameters; readonly adoptedTarget: LadderParameters['target']; readonly exit: ExitPlan }[]
  readonly limits: RiskLimits
  readonly breakers: readonly BreakerPolicy[]
  readonly tuning: DeskTuning
  readonly proof: ProofOfAbsence
  readonly requestTimeoutMs: number
  /** Limits that the desk keeps, requests a second; 0 for none. */
  readonly privatePerSecond: number
  readonly publicPerSecond: number
  readonly foreignOrders: ForeignPolicy
  readonly markets: readonly MarketTraits[]
  readonly venue: VenueTraits
  readonly store: StoreTimes
  /** Mean time of one way to the venue. */
  readonly networkMs: number
  /** Real signatures: slow, and so for a share of the seeds. */
  readonly signsInEarnest: boolean
}

/** The venue's clock tolerance on tokens; the proof of absence must know of it. */
const venueLeewayMs = 5_000
const sandboxTakerBps = '5'

const pick = <T>(random: Random, ...values: readonly [T, ...T[]]): T => values[random.below(values.length)] ?? values[0]
const between = (random: Random, least: number, most: number): number => least + random.below(most - least + 1)

const books = {
  'BTC-USD': { open: '61700', meanTrade: '0.004', meanQuote: '0.02' },
  'ETH-USD': { open: '2500', meanTrade: '0.08', meanQuote: '0.5' },
  'SOL-USD': { open: '150', meanTrade: '1.5', meanQuote: '9' },
} as const

const marketOf = (random: Random, product: keyof typeof books): MarketTraits => ({
  product,
  ...books[product],
  quotesPerSecond: pick(random, 1, 2, 3),
  tradesPerSecond: pick(random, 1, 2, 3),
  swingBps: pick(random, 4, 6, 8, 12),
  driftBps: pick(random, 0.3, 1, 2),
})

const tuningOf = (random: Random): DeskTuning => ({
  ...defaultTuning,
  writer: { lostAfterMs: pick(random, 8_000, 20_000, 60_000), againMs: 100, againMaxMs: 1_000 },
  loop: { maxInbox: pick(random, 2_000, 20_000), maxTurnsPerBatch: pick(random, 1, 4, 512), maxTurnsAtOnce: pick(random, 1, 16, 128) },
  maxAwake: pick(random, 2, 8, 4_000),
  pairs: { partialBuyWaitMs: pick(random, 2_000, 10_000, 60_000), coverAgainMs: 250, coverMaxMs: 4_000, coverAttempts: 1_000 },
  connection: { ...defaultTuning.connection, openWithinMs: 3_000, subscribeWithinMs: 4_000, backoffMs: 250, backoffMaxMs: 3_000, healthyMs: 3_000, refusedMs: 5_000 },
  marketStaleness: { frameMs: 4_000, eventMs: 12_000 },
  accountStaleness: { frameMs: 4_000 },
  pricePollMs: pick(random, 1_000, 2_000),
  orderPollMs: pick(random, 2_000, 4_000),
  quoteStaleMs: pick(random, 4_000, 10_000),
  reconcileEveryMs: pick(random, 6_000, 12_000, 30_000),
  balancesEveryMs: pick(random, 12_000, 30_000),
  restarts: { ...defaultTuning.restarts, healthyAfterMs: 10_000, pauseAfter: 4, pauseMs: 500, pauseMaxMs: 4_000, observeAfter: 12, observeMs: 8_000 },
  disk: { ...defaultTuning.disk, everyMs: 3_000 },
  deadlineAgainMs: 5_000,
  // In a world that jumps about a person would be called for nothing.
  closing: { everyMs: 500, slippageBps: [5, 10, 20], mostPrices: 1_000 },
  strategistRestMs: pick(random, 50, 250),
  refusedMaxMs: 8_000,
  sendsAtOnce: pick(random, 1, 3, 8),
  startAttempts: 3,
})

const proofOf = (random: Random): ProofOfAbsence => ({
  windowMs: pick(random, 2_000, 3_000, 5_000),
  engineMs: 250,
  lookUpLagMs: pick(random, 400, 900),
  skewMs: venueLeewayMs + pick(random, 300, 800),
})

const settingsOf = (random: Random, limit: number): VenueSettings => ({
  privatePerSecond: limit,
  publicPerSecond: limit === 0 ? 0 : 10,
  orderVisibleAfterMs: pick(random, 0, 50, 200),
  fillVisibleAfterMs: pick(random, 0, 60, 500),
  firstSubscribeMs: 5_000,
  idleMs: 75_000,
  duplicates: pick(random, 'answerAgain', 'refuse'),
})

/** Half of the instruments are left plainly; the others in parts, by a stop, by their age, or by all of it. */
const exitOf = (random: Random): ExitPlan => {
  const wanted = pick(random, '', '', '', '', 'parts', 'stop', 'age', 'parts stop age')
  const bps = (...of: readonly [number, ...number[]]) => rateOfBps(pick(random, ...of))
  return {
    ...plainExit,
    ...(wanted.includes('parts') && { targets: [{ share: rate('0.5'), target: bps(1, 2) }, { share: rate('0.3'), target: bps(3, 4) }, { share: rate('0.2'), target: bps(5, 8) }] }),
    ...(wanted.includes('stop') && { stop: { below: bps(10, 20, 40) }, trailing: { activateAbove: bps(4, 8), distance: bps(2, 3) } }),
    ...(wanted.includes('age') && { tighten: [{ afterMs: 4_000, target: bps(1, 2) }], closeAfterMs: pick(random, 8_000, 20_000), atLoss: pick(random, true, false) }),
  }
}

/** The venue's own limit: none, as documented, or so tight that the desk's budget queues. */
const rateLimits = [0, 0, 30, 12] as const

export const scenarioOf = (seed: string): Scenario => {
  const random = (label: string): Random => seededRandom(`${seed}/${label}`)
  const [first, second] = pick(random('instruments'), ['BTC-USD', undefined], ['ETH-USD', undefined], ['BTC-USD', 'ETH-USD'], ['SOL-USD', 'BTC-USD']) as readonly [keyof typeof books, (keyof typeof books)?]
  const ids = second === undefined ? [first] : [first, second]
  const plan = random('ladder')
  const rungs = between(plan, 2, ids.length === 1 ? 7 : 4)
  const budget = between(plan, 60, 160) * rungs
  const ladder = { rungs, spacing: rateOfBps(pick(plan, 2, 3, 5, 8)), target: rateOfBps(pick(plan, 1, 2, 4)), budget: money(String(budget)) }
  const limit = rateLimits[random('limits').below(rateLimits.length)] ?? 0
  const funds = random('funds')
  const gate = random('gate')
  const spare = pick(funds, 100_000, 100_000, 100_000, budget, Math.floor(budget * 0.7))
  return {
    safetyMs: between(random('length'), 30, 70) * 1_000,
    instruments: ids.map((id) => ({ id, ladder, adoptedTarget: ladder.target, exit: exitOf(random(`exit ${id}`)) })),
    limits: {
      maxNotionalPerOrder: money(String(Math.ceil((budget / rungs) * pick(funds, 1, 2)))),
      maxExposure: money(String(Math.ceil(budget * ids.length * pick(funds, 1, 1, 0.6)))),
      minNotional: money('1'),
      maxInstrumentExposure: money(String(Math.ceil(budget * pick(gate, 1, 1, 1, 0.8)))),
      maxOpenOrders: pick(gate, 1_000, 1_000, 1_000, rungs * ids.length),
      maxOrdersPerMinute: pick(gate, 10_000, 10_000, 10_000, 120),
      maxSpread: rate('0.05'),
      maxSlippage: rate('0.005'),
      minDepth: money('0'),
      priceCollar: rate('0.1'),
      quoteMaxAgeMs: pick(funds, 3_000, 5_000, 10_000),
    },
    breakers: [],
    tuning: tuningOf(random('tuning')),
    proof: proofOf(random('proof')),
    requestTimeoutMs: pick(random('timeout'), 1_000, 2_500),
    privatePerSecond: limit,
    publicPerSecond: limit === 0 ? 0 : 10,
    foreignOrders: pick(random('foreign'), 'report', 'adopt', 'ignore'),
    markets: ids.map((id) => marketOf(random(`market ${id}`), id)),
    venue: {
      settings: settingsOf(random('settings'), limit),
      makerBps: pick(random('fees'), '0', '0', '0.5', '2'),
      takerBps: sandboxTakerBps,
      cancelDelayMs: pick(random('cancels'), 0, 20, 300),
      balances: { USD: String(spare * ids.length) },
    },
    store: { latencyMs: pick(random('store'), 0.3, 1, 5, 20) },
    networkMs: pick(random('network'), 1, 5, 20, 60),
    signsInEarnest: random('key').below(8) === 0,
  }
}
