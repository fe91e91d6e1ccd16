/** The composition root: the only place where a configuration becomes technology. */
import { systemClock, systemRandom } from '../adapters/system/system-clock.ts'
import { defaultTuning, type DeskOptions, type DeskTuning } from '../actors/desk-options.ts'
import { money, rate, rateOfBps } from '../domain/decimal.ts'
import { noFailpoints, type Failpoints } from '../ports/failpoints.ts'
import type { BreakerPolicy } from '../machines/breaker/breaker-context.ts'
import type { AlertSink } from '../ports/alerts.ts'
import type { Disk } from '../ports/disk.ts'
import type { Journal } from '../ports/journal.ts'
import { noLog, type Log } from '../ports/log.ts'
import type { PaperLedger } from '../ports/paper-ledger.ts'
import type { AccountReads, FullVenue, MarketSide, Venue } from '../ports/venue.ts'
import type { Strategy } from '../strategies/strategy.ts'
import { breakerPolicies } from './config/breakers.ts'
import { exitPlanOf } from './config/exit-schema.ts'
import type { Config } from './config/schema.ts'
import { dryRunVenue } from '../adapters/dry-run/index.ts'
import { MemoryPaperLedger } from '../adapters/memory/memory-paper-ledger.ts'
import { paperVenue } from '../adapters/paper/index.ts'
import { binanceMaker } from './venues/binance.ts'
import { isModule } from './strategies/compose-strategies.ts'
import { ccxtMaker } from './venues/ccxt.ts'
import { coinbaseMaker } from './venues/coinbase.ts'
import type { VenueMaker, VenueParts } from './venues/venue-parts.ts'

const makerOf = async ({ venue, environment, instruments }: Config, parts: VenueParts): Promise<VenueMaker> => {
  const traded = Object.keys(instruments)
  if (venue.name === 'coinbase') return coinbaseMaker(venue, environment, parts)
  return venue.name === 'binance' ? binanceMaker(venue, environment, traded, parts) : ccxtMaker(venue, environment, traded, parts)
}

const nameOf = (venue: Config['venue']): string => (venue.name === 'ccxt' ? `ccxt-${venue.exchange}` : venue.name)

const imaginedFees = ({ makerBps, takerBps }: Config['paper']) => ({ maker: rateOfBps(makerBps), taker: rateOfBps(takerBps) })

/** What a mode may need besides a venue. */
export interface ModeParts extends VenueParts {
  /** The ledger of simulated orders, for a mode that has some. */
  readonly openLedger: () => PaperLedger
}

/** A mode is a choice of adapters, made here and nowhere else. */
const modes: Readonly<Record<Config['mode'], (maker: VenueMaker, config: Config, parts: ModeParts) => FullVenue>> = {
  live: (maker) => maker.whole(),
  paper: (maker, { venue, paper }, { log, failpoints, openLedger }) =>
    paperVenue({
      market: { ...maker.market(), capabilities: { venue: nameOf(venue) } },
      ledger: openLedger(),
      clock: systemClock,
      random: systemRandom,
      log,
      failpoints,
      opening: Object.fromEntries(Object.entries(paper.balances).map(([asset, amount]) => [asset, money(amount)])),
      fees: { ...imaginedFees(paper), feeIn: maker.feeIn },
      latency: { baseMs: paper.latencyMs, jitterMs: paper.jitterMs },
      participation: rate(String(paper.participation)),
    }),
  dryRun: (maker, { venue, paper }, { log }) =>
    dryRunVenue({ venue: nameOf(venue), market: maker.market(), balances: paper.balances, fees: imaginedFees(paper), clock: systemClock, log }),
}

/**
 * The venue of a configuration.
 * @throws Problem when the key cannot be used
 */
export const composeVenue = async (config: Config, parts: ModeParts): Promise<FullVenue> => modes[config.mode](await makerOf(config, parts), config, parts)

/** A venue as a look before the start needs it. */
export interface VenueToAsk {
  readonly market: MarketSide
  /** The account with a key, where the mode uses one. */
  readonly account: AccountReads | undefined
  /** What the venue is called in this mode: stores are stamped with it. */
  readonly name: string
  /** The fees of this mode, which may be imagined. */
  readonly feeRates: AccountReads['feeRates']
}

/** In the other modes the account is simulated, or imagined. */
const asksAnAccount: Readonly<Record<Config['mode'], boolean>> = { live: true, paper: false, dryRun: false }

/**
 * Puts together what can be asked in this mode; nothing is sent yet.
 * @throws Problem when the key cannot be used
 */
export const venueToAsk = async (config: Config): Promise<VenueToAsk> => {
  const venue = await composeVenue(config, { log: noLog, failpoints: noFailpoints, banned: () => undefined, openLedger: () => new MemoryPaperLedger() })
  return { market: venue, account: asksAnAccount[config.mode] ? venue : undefined, name: venue.capabilities.venue, feeRates: () => venue.feeRates() }
}

/**
 * Reads the key that the mode would use; nothing is sent.
 * @throws Problem when there is none and the mode needs one, or it cannot be used
 */
export const checkCredentials = async (config: Config): Promise<void> => (await venueToAsk(config)).market.close()

/** Next to a local exchange, waits meant for the open internet would only be slow. */
const sandboxTuning: DeskTuning = {
  ...defaultTuning,
  connection: { ...defaultTuning.connection, openWithinMs: 3_000, subscribeWithinMs: 5_000, backoffMs: 400, backoffMaxMs: 5_000, refusedMs: 10_000 },
  pairs: { ...defaultTuning.pairs, partialBuyWaitMs: 60_000, coverAgainMs: 250, coverMaxMs: 15_000 },
  marketStaleness: { frameMs: 4_000, eventMs: 15_000 },
  accountStaleness: { frameMs: 4_000 },
  writer: { ...defaultTuning.writer, lostAfterMs: 20_000 },
  reconcileEveryMs: 15_000,
  belief: { rounds: 3, forMs: 30_000 },
  balancesEveryMs: 15_000,
  instrumentsEveryMs: 15_000,
  // A local exchange is there to be tried out on: a desk that is killed again and again is a lesson, not a fault.
  restarts: { healthyAfterMs: 1_000, pauseAfter: 10, pauseMs: 250, pauseMaxMs: 2_000, observeAfter: 200, observeMs: 60_000 },
}

/** A polled venue delivers as often as it is asked: its streams are not dead between two polls. */
const tuningOf = ({ environment, venue }: Config): DeskTuning => {
  if (environment === 'sandbox') return sandboxTuning
  if (venue.name !== 'ccxt') return defaultTuning
  const frameMs = Math.max(20_000, 10 * venue.pollMs)
  return { ...defaultTuning, connection: { ...defaultTuning.connection, openWithinMs: frameMs, subscribeWithinMs: 2 * frameMs }, marketStaleness: { frameMs, eventMs: 3 * frameMs }, accountStaleness: { frameMs }, quoteStaleMs: frameMs }
}

/** A dry run refuses every order itself: that is no trouble at the venue. */
const isWatchedIn: Readonly<Record<Config['mode'], (policy: BreakerPolicy) => boolean>> = { live: () => true, paper: () => true, dryRun: ({ kind }) => kind !== 'refusals' }

/** What is wanted of the venue, to be held against its rules and fees before a start, and by it. */
export const wishesOf = (config: Config, strategies: ReadonlyMap<string, Strategy>): Pick<DeskOptions, 'instruments' | 'limits' | 'insistOnFees'> => ({
  instruments: Object.entries(config.instruments).flatMap(([id, settings]) => {
    const strategy = strategies.get(id)
    const { targetBps, exit } = settings
    return strategy === undefined ? [] : [{ id, strategy, adoptedTarget: rateOfBps(targetBps), ...(exit !== undefined && { exit: exitPlanOf(exit) }), ...(isModule(settings) && { sampleEveryMs: settings.sampleEveryMs }) }]
  }),
  limits: {
    maxNotionalPerOrder: money(config.risk.maxNotionalPerOrderQuote),
    maxExposure: money(config.risk.maxExposureQuote),
    maxInstrumentExposure: money(config.risk.maxInstrumentExposureQuote ?? config.risk.maxExposureQuote),
    maxOpenOrders: config.risk.maxOpenOrders,
    maxOrdersPerMinute: config.risk.maxOrdersPerMinute,
    maxSpread: rateOfBps(config.risk.maxSpreadBps),
    maxSlippage: rateOfBps(config.risk.maxSlippageBps),
    minDepth: money(config.risk.minDepthQuote),
    minNotional: money(config.risk.minNotionalQuote),
    priceCollar: rateOfBps(config.risk.priceCollarBps),
    quoteMaxAgeMs: config.risk.quoteMaxAgeMs,
  },
  insistOnFees: config.environment !== 'sandbox',
})

/** Everything a desk is made of; `strategies` are by instrument. */
export const composeDesk = (config: Config, parts: { readonly venue: Venue; readonly journal: Journal; readonly log: Log; readonly alerts: AlertSink; readonly failpoints: Failpoints; readonly disk: Disk }, strategies: ReadonlyMap<string, Strategy>): DeskOptions => ({
  environment: config.environment,
  ...parts,
  clock: systemClock,
  random: systemRandom,
  foreignOrders: config.reconciliation.foreignOrders,
  ...wishesOf(config, strategies),
  breakers: breakerPolicies(config.risk.breakers).filter(isWatchedIn[config.mode]),
  tuning: tuningOf(config),
})
