/** The decisions of a turn as the audit log keeps them: what was wanted, by whom, what the gate said, what was mended. Pure. */
import { kindOf, type ActorKind } from '../domain/address.ts'
import type { ActorRecord, AuditRecord, EventRecord, ReconciliationRecord } from '../domain/records.ts'
import type { BreakerContext } from '../machines/breaker/breaker-context.ts'
import type { TradePairContext } from '../machines/trade-pair/trade-pair-context.ts'
import type { Millis } from '../domain/time.ts'

type Happened = Omit<EventRecord, 'position'>

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** `rule: detail`, as the gate's word is carried by a withdrawal. */
const ruleOf = (reason: string): string | null => /^([a-zA-Z]+): /.exec(reason)?.[1] ?? null

/** Most repairs of one comparison that are kept; the comparison itself says how many there were. */
const mostRepairs = 100

const proposal = (event: Happened, pair: ActorRecord | undefined): Partial<AuditRecord> => {
  const { buy, instrument, target, strategy, pairId, install, buys } = (pair?.context ?? {}) as unknown as TradePairContext
  const wanted = target.kind === 'rate' ? target.rate : target.kind === 'money' ? target.money : target.price
  return { kind: 'proposal', who: strategy, reason: `buy ${buy.quantity} ${instrument.id} at ${buy.price}, covered for ${wanted}`, pairId, orderId: event.type === 'adopted' ? null : `nd${install}-${pairId}-b${buys}` }
}

type Decides = (event: Happened, record: ActorRecord | undefined) => Partial<AuditRecord> | undefined

/** A closing that the pair's own plan began: its stop, its trailing stop or its time limit. */
const plannedClosing: Decides = ({ type, body }, record) => {
  const { closing, pairId } = (record?.context ?? {}) as unknown as TradePairContext
  const begins = type === 'stopReached' || (type === 'deadlineDue' && body['name'] === 'closeAfter')
  return begins && closing?.planned === true ? { kind: 'closing', who: 'exit plan', reason: closing.reason, pairId } : undefined
}

const ofPair: Decides = (event, record) => {
  const { type, body } = event
  if (type === 'proposed' || type === 'adopted') return proposal(event, record)
  if (type !== 'denied') return plannedClosing(event, record)
  return { kind: 'denial', who: 'gate', reason: textOf(body['detail']), rule: textOf(body['rule']), pairId: record?.tradePair?.pairId ?? null }
}

const ofOrder: Decides = ({ type, body }, record) => {
  if (type !== 'withdrawn' || record?.order === undefined) return undefined
  const { pairId, clientOrderId: orderId } = record.order
  const reason = textOf(body['reason'])
  return { kind: 'withdrawal', who: 'gate', reason, rule: ruleOf(reason), pairId, orderId }
}

const ofKillSwitch: Decides = ({ type, from, to }) => (type === 'tradeClosed' && from !== to ? { kind: 'ramp', who: 'kill switch', reason: 'trades without a loss have raised the limits' } : undefined)

/** Its first row decides nothing; a reset by a person is that person's command. */
const ofBreaker: Decides = ({ address, type, from, to }, record) => {
  if (from === to || type === 'created' || type === 'reset') return undefined
  const { trip } = (record?.context ?? {}) as unknown as BreakerContext
  return { kind: 'breaker', who: address, reason: trip?.reason ?? `${type}: it has ended` }
}

/** What of an actor's events is a decision; the rest only happened. */
const decides: Partial<Record<ActorKind, Decides>> = { 'trade-pair': ofPair, order: ofOrder, 'kill-switch': ofKillSwitch, breaker: ofBreaker }

const nobody = { pairId: null, orderId: null, rule: null, commandId: null } as const

/** The decisions among the events of a turn, in order. */
export const decisionsOf = (events: readonly Happened[], actors: readonly ActorRecord[], at: Millis): readonly AuditRecord[] => {
  const records = new Map(actors.map((record) => [record.address, record]))
  return events.flatMap((event) => {
    const kind = kindOf(event.address)
    const decision = kind && decides[kind]?.(event, records.get(event.address))
    return decision === undefined ? [] : [{ ...nobody, at, kind: event.type, who: 'desk', reason: '', target: event.address, before: event.from, after: event.to, ...decision }]
  })
}

/** What a comparison with the venue found and mended. */
export const repairsOf = ({ differences, outcome }: ReconciliationRecord, at: Millis): readonly AuditRecord[] =>
  differences.slice(0, mostRepairs).map(({ kind, about, expected, found, done }) => ({ ...nobody, at, kind: 'repair', who: 'reconciliation', reason: `${kind} ${about}: expected ${expected}; found ${found}; ${done}`, target: about, before: '', after: outcome }))
