/** The breakers of a configuration: what each is limited to, and 0 for off. */
import { z } from 'zod'
import { mostFailures } from '../../actors/breakers/call-meter.ts'
import { compare, money, zero } from '../../domain/decimal.ts'
import type { BreakerPolicy } from '../../machines/breaker/breaker-context.ts'
import { anyAmount, count } from './values.ts'

const dayMs = 86_400_000
const quote = () => anyAmount('an amount of quote money')

export const breakers = z
  .strictObject({
    maxDailyLossQuote: quote().default('20').describe('What a UTC day may lose: realised, and with what is held at the bid.'),
    maxDrawdownQuote: quote().default('60').describe('How far equity may fall below its peak; a person ends the trip.'),
    consecutiveLosses: count(0, 1_000).default(5).describe('Round trips in a row that lost.'),
    consecutiveLossesPauseMs: count(0, 7 * dayMs).default(3_600_000).describe('How long entries wait then; 0 waits for a person.'),
    cooldownAfterLossMs: count(0, 7 * dayMs).default(600_000).describe('Rest of an instrument after a round trip that lost.'),
    cooldownAfterExitMs: count(0, 7 * dayMs).default(0).describe('Rest of an instrument after any round trip.'),
    maxEntriesPerHour: count(0, 1_000_000).default(300).describe('Entries begun in a UTC hour.'),
    maxEntriesPerDay: count(0, 10_000_000).default(3_000).describe('Entries begun in a UTC day.'),
    refusalsInARow: count(0, 1_000).default(5).describe('Entries in a row that the venue refused, on an instrument.'),
    refusalsPauseMs: count(1, dayMs).default(60_000).describe('The first pause; it doubles until an entry stands.'),
    refusalsPauseMaxMs: count(1, dayMs).default(3_600_000).describe('The longest pause.'),
    failedCalls: count(0, mostFailures).default(30).describe('Calls to the venue that failed within the window.'),
    failedCallsWindowMs: count(1_000, 3_600_000).default(60_000).describe('That window.'),
    staleDataMs: count(0, dayMs).default(60_000).describe('The price of an instrument is not usable for so long.'),
    slowCommitMs: count(0, 600_000).default(5_000).describe('A commit of the store takes so long.'),
  })
  .describe('Locks on new entries. What was bought is sold whatever is tripped. 0 switches one off.')

type Settings = z.infer<typeof breakers>

/** Those that are switched on. */
export const breakerPolicies = (settings: Settings): readonly BreakerPolicy[] => {
  const { consecutiveLosses, cooldownAfterLossMs, cooldownAfterExitMs, maxEntriesPerHour, maxEntriesPerDay, refusalsInARow, failedCalls, staleDataMs, slowCommitMs } = settings
  const [maxLoss, maxDrawdown] = [money(settings.maxDailyLossQuote), money(settings.maxDrawdownQuote)]
  const all: readonly (readonly [boolean, BreakerPolicy])[] = [
    [compare(maxLoss, zero) > 0, { kind: 'dailyLoss', maxLoss }],
    [compare(maxDrawdown, zero) > 0, { kind: 'drawdown', maxDrawdown }],
    [consecutiveLosses > 0, { kind: 'consecutiveLosses', losses: consecutiveLosses, pauseMs: settings.consecutiveLossesPauseMs }],
    [cooldownAfterLossMs + cooldownAfterExitMs > 0, { kind: 'cooldown', afterLossMs: cooldownAfterLossMs, afterExitMs: cooldownAfterExitMs }],
    [maxEntriesPerHour > 0, { kind: 'hourlyOrders', orders: maxEntriesPerHour }],
    [maxEntriesPerDay > 0, { kind: 'dailyOrders', orders: maxEntriesPerDay }],
    [refusalsInARow > 0, { kind: 'refusals', refusals: refusalsInARow, pauseMs: settings.refusalsPauseMs, pauseMaxMs: settings.refusalsPauseMaxMs }],
    [failedCalls > 0, { kind: 'errorRate', failures: failedCalls, windowMs: settings.failedCallsWindowMs }],
    [staleDataMs > 0, { kind: 'staleData', staleMs: staleDataMs }],
    [slowCommitMs > 0, { kind: 'journalLag', commitMs: slowCommitMs }],
  ]
  return all.flatMap(([isOn, policy]) => (isOn ? [policy] : []))
}
