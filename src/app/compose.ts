/** The composition root: the only place where a configuration becomes technology. */
import { systemClock, systemRandom } from '../adapters/system/system-clock.ts'
import { defaultTuning, type DeskOptions, type DeskTuning } from '../actors/desk-options.ts'
import { money, rateOfBps } from '../domain/decimal.ts'
import { noFailpoints, type Failpoints } from '../ports/failpoints.ts'
import type { Disk } from '../ports/disk.ts'
import type { Journal } from '../ports/journal.ts'
import { noLog, type Log } from '../ports/log.ts'
import type { Venue } from '../ports/venue.ts'
import { ladder } from '../strategies/ladder.ts'
import { exitPlanOf } from './config/exit-schema.ts'
import type { Config } from './config/schema.ts'
import { exitCodes, Problem } from './problem.ts'
import { dryRunVenue } from '../adapters/dry-run/index.ts'
import { binanceMaker } from './venues/binance.ts'
import { coinbaseMaker } from './venues/coinbase.ts'
import type { VenueMaker, VenueParts } from './venues/venue-parts.ts'

const makerOf = ({ venue, environment, instruments }: Config, parts: VenueParts): VenueMaker =>
  venue.name === 'coinbase' ? coinbaseMaker(venue, environment, parts) : binanceMaker(venue, environment, Object.keys(instruments), parts)

/** A mode is a choice of adapters, made here and nowhere else. */
const modes: Readonly<Record<Config['mode'], (maker: VenueMaker, config: Config, parts: VenueParts) => Venue>> = {
  live: (maker) => maker.whole(),
  paper: () => {
    throw new Problem(exitCodes.configuration, 'mode paper is not in this version')
  },
  dryRun: (maker, { venue, paper }, { log }) =>
    dryRunVenue({ venue: venue.name, market: maker.market(), balances: paper.balances, fees: { maker: rateOfBps(paper.makerBps), taker: rateOfBps(paper.takerBps) }, clock: systemClock, log }),
}

/**
 * The venue of a configuration.
 * @throws Problem when the key cannot be used
 */
export const composeVenue = (config: Config, parts: VenueParts): Venue => modes[config.mode](makerOf(config, parts), config, parts)

/**
 * Reads the key that the mode would use; nothing is sent.
 * @throws Problem when there is none and the mode needs one, or it cannot be used
 */
export const checkCredentials = (config: Config): void => {
  const maker = makerOf(config, { log: noLog, failpoints: noFailpoints, banned: () => undefined })
  if (config.mode === 'live') maker.whole().close()
  else maker.market().close()
}

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

/** Everything a desk is made of. */
export const composeDesk = (config: Config, parts: { readonly venue: Venue; readonly journal: Journal; readonly log: Log; readonly failpoints: Failpoints; readonly disk: Disk }): DeskOptions => ({
  environment: config.environment,
  ...parts,
  clock: systemClock,
  random: systemRandom,
  foreignOrders: config.reconciliation.foreignOrders,
  instruments: Object.entries(config.instruments).map(([id, { rungs, spacingBps, targetBps, budgetQuote, exit }]) => ({
    id,
    adoptedTarget: rateOfBps(targetBps),
    ...(exit !== undefined && { exit: exitPlanOf(exit) }),
    strategy: ladder({ rungs, spacing: rateOfBps(spacingBps), target: rateOfBps(targetBps), budget: money(budgetQuote) }),
  })),
  limits: {
    maxNotionalPerOrder: money(config.risk.maxNotionalPerOrderQuote),
    maxExposure: money(config.risk.maxExposureQuote),
    minNotional: money(config.risk.minNotionalQuote),
    priceCollar: rateOfBps(config.risk.priceCollarBps),
    quoteMaxAgeMs: config.risk.quoteMaxAgeMs,
  },
  insistOnFees: config.environment !== 'sandbox',
  tuning: config.environment === 'sandbox' ? sandboxTuning : defaultTuning,
})
