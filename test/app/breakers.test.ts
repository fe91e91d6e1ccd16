/** The breakers of a configuration (src/app/config/breakers.ts). */
import { expect, test } from 'vitest'
import { breakerPolicies, breakers } from '../../src/app/config/breakers.ts'

test('left out, they have sober limits: everything is on', () => {
  expect(breakerPolicies(breakers.parse({}))).toEqual([
    { kind: 'dailyLoss', maxLoss: '20' },
    { kind: 'drawdown', maxDrawdown: '60' },
    { kind: 'consecutiveLosses', losses: 5, pauseMs: 3_600_000 },
    { kind: 'cooldown', afterLossMs: 600_000, afterExitMs: 0 },
    { kind: 'hourlyOrders', orders: 300 },
    { kind: 'dailyOrders', orders: 3_000 },
    { kind: 'refusals', refusals: 5, pauseMs: 60_000, pauseMaxMs: 3_600_000 },
    { kind: 'errorRate', failures: 30, windowMs: 60_000 },
    { kind: 'staleData', staleMs: 60_000 },
    { kind: 'journalLag', commitMs: 5_000 },
  ])
})

test('0 switches each of them off', () => {
  const off = { maxDailyLossQuote: '0', maxDrawdownQuote: '0.00', consecutiveLosses: 0, cooldownAfterLossMs: 0, maxEntriesPerHour: 0, maxEntriesPerDay: 0, refusalsInARow: 0, failedCalls: 0, staleDataMs: 0, slowCommitMs: 0 }
  expect(breakerPolicies(breakers.parse(off))).toEqual([])
})

test.each([
  [{ maxDailyLossQuote: 20 }],
  [{ maxDailyLossQuote: '-1' }],
  [{ consecutiveLosses: 1.5 }],
  [{ failedCalls: 1_001 }],
  [{ maxDailyLoss: '20' }],
])('%j is refused', (settings) => {
  expect(breakers.safeParse(settings).success).toBe(false)
})
