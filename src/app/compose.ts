/** The composition root: the only place where a configuration becomes technology. */
import { readFileSync } from 'node:fs'
import { coinbaseVenue, KeyError, loadKey, readKeyFile, type SigningKey } from '../adapters/coinbase/index.ts'
import { systemClock, systemRandom } from '../adapters/system/system-clock.ts'
import { defaultTuning, type DeskOptions, type DeskTuning } from '../actors/desk-options.ts'
import { money, rateOfBps } from '../domain/decimal.ts'
import type { Failpoints } from '../ports/failpoints.ts'
import type { Disk } from '../ports/disk.ts'
import type { Journal } from '../ports/journal.ts'
import type { Log } from '../ports/log.ts'
import type { Venue } from '../ports/venue.ts'
import { ladder } from '../strategies/ladder.ts'
import type { Config } from './config/schema.ts'
import { exitCodes, Problem } from './problem.ts'

const readKey = (file: string): SigningKey => {
  try {
    return loadKey(readKeyFile(readFileSync(file, 'utf8')))
  } catch (error) {
    if (error instanceof KeyError) throw new Problem(exitCodes.credentials, `the API key in ${file} cannot be used: ${error.message}`)
    throw new Problem(exitCodes.credentials, `the API key file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): correct venue.keyFile, or download the key from the venue again`)
  }
}

/**
 * In the sandbox the venue's margins are known and short, so a proof of absence takes seconds. The skew holds the 5 s
 * that it, like the venue, admits a token after its end: a request that a frozen process sends then must not be thought absent.
 */
const sandboxProof = { windowMs: 4_000, engineMs: 500, lookUpLagMs: 500, skewMs: 5_250 } as const

/** The venue of a configuration. */
export const composeVenue = (config: Config, log: Log, failpoints: Failpoints): Venue => {
  const { sandbox, keyFile, proofOfAbsence } = config.venue
  if (sandbox === undefined) throw new Problem(exitCodes.configuration, 'venue.sandbox is missing')
  const { restUrl, marketUrl, userUrl } = sandbox
  return coinbaseVenue({
    restUrl,
    marketUrl,
    userUrl,
    key: readKey(keyFile),
    clock: systemClock,
    random: systemRandom,
    log,
    failpoints,
    proof: proofOfAbsence ?? sandboxProof,
  })
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
  instruments: Object.entries(config.instruments).map(([id, { rungs, spacingBps, targetBps, budgetQuote }]) => ({
    id,
    adoptedTarget: rateOfBps(targetBps),
    strategy: ladder({ rungs, spacing: rateOfBps(spacingBps), target: rateOfBps(targetBps), budget: money(budgetQuote) }),
  })),
  limits: {
    maxNotionalPerOrder: money(config.risk.maxNotionalPerOrderQuote),
    maxExposure: money(config.risk.maxExposureQuote),
    minNotional: money(config.risk.minNotionalQuote),
    priceCollar: rateOfBps(config.risk.priceCollarBps),
    quoteMaxAgeMs: config.risk.quoteMaxAgeMs,
  },
  tuning: sandboxTuning,
})
