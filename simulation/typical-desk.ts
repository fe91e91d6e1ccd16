/**
 * An ordinary desk at a venue that behaves: two ladders of ten rungs, every setting as a configuration has it that names none,
 * prices that move as BTC-USD did when it was recorded. What is measured on it is what a user's desk costs; the gate's worlds are another matter.
 */
import { defaultTuning } from '../src/actors/desk-options.ts'
import { coinbaseProof } from '../src/adapters/coinbase/options.ts'
import { money, rate, rateOfBps } from '../src/domain/decimal.ts'
import { plainExit } from '../src/domain/exits.ts'
import type { BreakerPolicy } from '../src/machines/breaker/breaker-context.ts'
import type { Scenario } from './scenario.ts'

const target = rateOfBps(20)
const ladder = { rungs: 10, spacing: rateOfBps(30), target, budget: money('1000') }

/** As a configuration has them by default, but for the two of money: a loss that ended the day would end what is measured. */
const breakers: readonly BreakerPolicy[] = [
  { kind: 'dailyLoss', maxLoss: money('2000') },
  { kind: 'drawdown', maxDrawdown: money('2000') },
  { kind: 'consecutiveLosses', losses: 5, pauseMs: 3_600_000 },
  { kind: 'cooldown', afterLossMs: 600_000, afterExitMs: 0 },
  { kind: 'hourlyOrders', orders: 300 },
  { kind: 'dailyOrders', orders: 3_000 },
  { kind: 'refusals', refusals: 5, pauseMs: 60_000, pauseMaxMs: 3_600_000 },
  { kind: 'errorRate', failures: 30, windowMs: 60_000 },
  { kind: 'staleData', staleMs: 60_000 },
  { kind: 'journalLag', commitMs: 5_000 },
]

/** A quote a second, and a price that moves some 0.2 % in ten minutes and 2.5 % in a day. */
const pace = { quotesPerSecond: 1, tradesPerSecond: 0.5, swingBps: 1, driftBps: 0.85 }

export const typicalDesk: Scenario = {
  safetyMs: 3_600_000,
  instruments: ['BTC-USD', 'ETH-USD'].map((id) => ({ id, ladder, adoptedTarget: target, exit: plainExit })),
  limits: {
    maxNotionalPerOrder: money('110'),
    maxExposure: money('2000'),
    minNotional: money('1'),
    maxInstrumentExposure: money('1000'),
    maxOpenOrders: 100,
    maxOrdersPerMinute: 120,
    maxSpread: rate('0.05'),
    maxSlippage: rate('0.005'),
    minDepth: money('0'),
    priceCollar: rate('0.1'),
    quoteMaxAgeMs: 5_000,
  },
  breakers,
  tuning: defaultTuning,
  proof: coinbaseProof,
  requestTimeoutMs: 10_000,
  privatePerSecond: 30,
  publicPerSecond: 10,
  foreignOrders: 'report',
  markets: [
    { product: 'BTC-USD', open: '61700', meanTrade: '0.004', meanQuote: '0.02', ...pace },
    { product: 'ETH-USD', open: '2500', meanTrade: '0.08', meanQuote: '0.5', ...pace },
  ],
  venue: {
    settings: { privatePerSecond: 30, publicPerSecond: 10, orderVisibleAfterMs: 50, fillVisibleAfterMs: 60, firstSubscribeMs: 5_000, idleMs: 75_000, duplicates: 'answerAgain' },
    makerBps: '0',
    takerBps: '5',
    cancelDelayMs: 20,
    balances: { USD: '100000' },
  },
  store: { latencyMs: 1 },
  networkMs: 20,
  signsInEarnest: true,
}
