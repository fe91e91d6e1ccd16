/** What can be read of a desk at any moment, as gauges. */
import type { Desk } from '../../actors/desk.ts'
import type { DeskInspection } from '../../ports/inspection.ts'
import type { Gauges } from '../../ports/metrics.ts'
import type { BudgetReading } from '../../ports/venue.ts'

const seconds = (ms: number): number => ms / 1_000

const countBy = <T>(items: Iterable<T>, key: (item: T) => string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1)
  return counts
}

/** What is known before there is a desk, and of every desk. */
export const readGlance = (gauges: Gauges, glance: DeskInspection, version: string): void => {
  const { mode, environment, venue, ready, state, trading, kill, breakers, startedAt, starts, backlog, exposure } = glance
  gauges.set('nightdesk_info', { version, mode, environment, venue }, 1)
  gauges.set('nightdesk_ready', {}, ready ? 1 : 0)
  gauges.set('nightdesk_desk_state', { state }, 1)
  gauges.set('nightdesk_trading_state', { state: trading.state }, 1)
  gauges.set('nightdesk_kill_switch', { level: kill }, 1)
  for (const { name } of breakers) gauges.set('nightdesk_breaker_tripped', { breaker: name }, 1)
  gauges.set('nightdesk_started_seconds', {}, seconds(startedAt))
  gauges.total('nightdesk_starts_total', {}, starts)
  gauges.set('nightdesk_exposure_quote', {}, Number(exposure))
  gauges.set('nightdesk_journal_lag_messages', {}, backlog.turns)
  gauges.set('nightdesk_journal_away', {}, backlog.storeAway ? 1 : 0)
  gauges.set('nightdesk_deadlines', {}, backlog.deadlines)
  gauges.set('nightdesk_calls_in_flight', {}, backlog.calls)
}

/** @param now wall time */
export const readDesk = (gauges: Gauges, desk: Desk, now: number): void => {
  const orders = desk.view.orders()
  for (const [state, count] of countBy(orders, (order) => order.state)) gauges.set('nightdesk_orders', { state }, count)
  const doubts = orders.flatMap(({ doubtSince }) => doubtSince ?? [])
  gauges.set('nightdesk_unknown_outcomes', {}, doubts.length)
  gauges.set('nightdesk_unknown_outcome_age_seconds', {}, doubts.length === 0 ? 0 : seconds(now - Math.min(...doubts)))
  for (const [state, count] of countBy(desk.view.pairs(), (pair) => pair.state)) gauges.set('nightdesk_pairs', { state }, count)
  readMarket(gauges, desk, now)
  readPositions(gauges, desk)
}

const readMarket = (gauges: Gauges, desk: Desk, now: number): void => {
  for (const { instrument, ageMs, state, rejected } of desk.prices) {
    if (ageMs !== null) gauges.set('nightdesk_price_age_seconds', { instrument }, seconds(ageMs))
    gauges.set('nightdesk_price_usable', { instrument }, state === 'live' ? 1 : 0)
    gauges.total('nightdesk_rejected_ticks_total', { instrument }, rejected)
  }
  for (const { name: connection, state, lastFrameAt, reconnects, gaps, polls } of desk.connections) {
    gauges.set('nightdesk_connection_up', { connection }, state === 'live' ? 1 : 0)
    if (lastFrameAt !== null) gauges.set('nightdesk_connection_frame_age_seconds', { connection }, seconds(Math.max(0, now - lastFrameAt)))
    gauges.total('nightdesk_reconnects_total', { connection }, reconnects)
    gauges.total('nightdesk_gaps_total', { connection }, gaps)
    gauges.total('nightdesk_polls_total', { connection }, polls)
  }
}

const readPositions = (gauges: Gauges, desk: Desk): void => {
  const sums = new Map<string, number | null>()
  for (const { instrument, unrealised } of desk.positions) {
    const before = sums.get(instrument) ?? (sums.has(instrument) ? null : 0)
    sums.set(instrument, before === null || unrealised === null ? null : before + Number(unrealised))
  }
  for (const [instrument, sum] of sums) if (sum !== null) gauges.set('nightdesk_unrealised_quote', { instrument }, sum)
}

/** What the venue's limits have left. */
export const readBudgets = (gauges: Gauges, budgets: readonly BudgetReading[]): void => {
  for (const { class: name, left } of budgets) if (left !== null) gauges.set('nightdesk_rate_budget_left', { class: name }, left)
}
