/**
 * The closed catalogue of what can be measured, and how it is told. A name that is not here cannot be told (docs/metrics.md is made
 * from it), and every label takes its values from a bounded set.
 */

interface MetricKind {
  /** One sentence, with the unit. */
  readonly help: string
  readonly labels: readonly string[]
}

const counter = <const L extends readonly string[]>(help: string, ...labels: L) => ({ type: 'counter', help, labels }) as const
const gauge = <const L extends readonly string[]>(help: string, ...labels: L) => ({ type: 'gauge', help, labels }) as const
/** Seconds. */
const histogram = (help: string) => ({ type: 'histogram', help, labels: [] }) as const

export const metricCatalogue = {
  nightdesk_info: gauge('Always 1; who this is.', 'version', 'mode', 'environment', 'venue'),
  nightdesk_ready: gauge('1 while the desk has recovered and does its work.'),
  nightdesk_desk_state: gauge('1 for the state that the desk is in.', 'state'),
  nightdesk_trading_state: gauge('1 for what the desk may do now: active, reducing or halted.', 'state'),
  nightdesk_kill_switch: gauge('1 for the position of the kill switch and its ramp: off, entries, orders, flatten, quarter or half.', 'level'),
  nightdesk_breaker_tripped: gauge('1 for each breaker that is tripped; the series is gone when it is not.', 'breaker'),
  nightdesk_started_seconds: gauge('When the process began, seconds since 1970.'),
  nightdesk_starts_total: counter('Starts of a desk on these rows, this one included.'),

  nightdesk_orders: gauge('Orders that are not at an end, by state.', 'state'),
  nightdesk_order_ends_total: counter('Orders that came to an end since the process began.', 'leg', 'end'),
  nightdesk_orders_begun_total: counter('Orders claimed since the process began.', 'leg'),
  nightdesk_fills_total: counter('Fills booked since the process began.', 'side', 'liquidity'),
  nightdesk_unknown_outcomes: gauge('Orders of which nobody knows now whether the venue has them.'),
  nightdesk_unknown_outcome_age_seconds: gauge('How long the longest of them has been unknown; 0 without one.'),
  nightdesk_unknown_outcomes_total: counter('Orders whose outcome became unknown since the process began.'),
  nightdesk_denials_total: counter('Proposals that the risk gate denied since the process began.', 'rule'),

  nightdesk_pairs: gauge('Open trade pairs, by state.', 'state'),
  nightdesk_pairs_closed_total: counter('Round trips that closed since the process began.', 'instrument'),
  nightdesk_profit_today_quote: gauge('Realised profit of the UTC day, in quote.', 'instrument'),
  nightdesk_exposure_quote: gauge('Cost of what is held and price of what is being bought, in quote.'),
  nightdesk_unrealised_quote: gauge('Market value at the bid less cost of what is held, in quote; no series without a fresh price.', 'instrument'),

  nightdesk_reconciliations_total: counter('Comparisons of the rows with the venue since the process began.', 'outcome'),
  nightdesk_repairs_total: counter('Differences that a comparison found and repaired since the process began.'),

  nightdesk_price_age_seconds: gauge('Age of the newest price; no series before the first.', 'instrument'),
  nightdesk_price_usable: gauge('1 while the price may be decided on.', 'instrument'),
  nightdesk_rejected_ticks_total: counter('Ticks that were stopped at the edge.', 'instrument'),
  nightdesk_connection_up: gauge('1 while the stream is subscribed and heard.', 'connection'),
  nightdesk_connection_frame_age_seconds: gauge('Since the last frame of the stream; no series before the first.', 'connection'),
  nightdesk_reconnects_total: counter('How often a stream was opened again.', 'connection'),
  nightdesk_gaps_total: counter('Gaps in a stream.', 'connection'),
  nightdesk_polls_total: counter('Polls while a stream was away.', 'connection'),
  nightdesk_venue_failures_total: counter('Calls to the venue that failed or were left without an answer.'),
  nightdesk_rate_budget_left: gauge('Calls (or weight) that may leave at once, by class; no series without a limit.', 'class'),

  nightdesk_journal_commit_seconds: histogram('Duration of a commit, waits for a store that is away included.'),
  nightdesk_journal_lag_messages: gauge('Messages that are not durable yet.'),
  nightdesk_journal_away: gauge('1 while the store does not answer.'),
  nightdesk_turn_seconds: histogram('Duration of a turn without its commit.'),
  nightdesk_durable_seconds: histogram('From the decision of a turn until it is durable.'),
  nightdesk_deadlines: gauge('Deadlines that are armed.'),
  nightdesk_calls_in_flight: gauge('Calls to the venue that are under way or wait.'),
  nightdesk_alerts_total: counter('Alerts raised since the process began.', 'severity'),
} as const satisfies Readonly<Record<string, MetricKind & { readonly type: 'counter' | 'gauge' | 'histogram' }>>

type Catalogue = typeof metricCatalogue
export type MetricName = keyof Catalogue
type NamesOf<Type extends string> = { [Name in MetricName]: Catalogue[Name]['type'] extends Type ? Name : never }[MetricName]
export type CounterName = NamesOf<'counter'>
export type GaugeName = NamesOf<'gauge'>
export type HistogramName = NamesOf<'histogram'>
/** A value for each of the labels that the series has. */
export type LabelsOf<Name extends MetricName> = Readonly<Record<Catalogue[Name]['labels'][number], string>>

/** Takes measurements as they happen. Must cost next to nothing and never throw. */
export interface Meter {
  count<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, by?: number): void
  /** @param seconds a duration */
  observe(name: HistogramName, seconds: number): void
}

/** Takes what can be read at any moment, all at once: what is not told again is gone. */
export interface Gauges {
  set<Name extends GaugeName>(name: Name, labels: LabelsOf<Name>, value: number): void
  /** A counter whose total is kept elsewhere. */
  total<Name extends CounterName>(name: Name, labels: LabelsOf<Name>, value: number): void
}

export const noMeter: Meter = { count: () => undefined, observe: () => undefined }

/** Everything that is measured, as text for whoever collects it. */
export interface MetricsText {
  readonly contentType: string
  text(): Promise<string>
}
