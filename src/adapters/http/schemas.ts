/** The shapes of every answer, once: they check what is sent, type the routes and become the OpenAPI document. */
import { z } from 'zod'

const millis = z.number().describe('Milliseconds since 1970-01-01T00:00:00Z.')
const decimal = z.string().describe('An exact decimal as text.')
const texts = z.array(z.string()).readonly()
const anything = z.record(z.string(), z.unknown())

/** Any answer that is not what was asked for. */
export const problem = z.object({ error: z.string().describe('One sentence.'), field: z.string().optional() }).meta({ id: 'Problem' })

export const live = z.object({ live: z.literal(true) }).meta({ id: 'Live' })
export const ready = z.object({ ready: z.boolean(), state: z.string() }).meta({ id: 'Ready' })

export const order = z
  .object({
    clientOrderId: z.string(),
    pairId: z.string(),
    leg: z.enum(['buy', 'sell']),
    attempt: z.number(),
    instrument: z.string(),
    side: z.enum(['buy', 'sell']),
    quantity: decimal,
    price: decimal,
    filled: decimal,
    venueOrderId: z.string().nullable(),
    claimedAt: millis,
    live: z.boolean(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Order' })

export const tradePair = z
  .object({
    pairId: z.string(),
    instrument: z.string(),
    strategy: z.string(),
    bought: decimal,
    held: decimal,
    sold: decimal,
    cost: decimal,
    proceeds: decimal,
    fees: decimal,
    minSellPrice: decimal.nullable(),
    openedAt: millis.nullable(),
    closedAt: millis.nullable(),
    heldBecause: z.string().nullable(),
  })
  .meta({ id: 'TradePair' })

const row = { address: z.string(), machine: z.string(), version: z.number(), state: z.string(), since: millis, finished: z.boolean() }

export const actorRow = z.object({ ...row, seq: z.number(), order: order.optional(), tradePair: tradePair.optional() }).meta({ id: 'ActorRow' })
export const actorRows = z.array(actorRow).readonly()
export const orderRows = z.array(z.object({ ...row, ...order.shape }).meta({ id: 'OrderRow' })).readonly()
export const tradePairRows = z
  .array(
    z
      .object({ ...row, ...tradePair.shape, profit: decimal.nullable().describe('Proceeds less cost, fees of both legs included; null until it is closed.'), dust: decimal.nullable().describe('Base quantity that it could not sell and that stays in the account, at no value; null until it has ended, and for one that a person closed.') })
      .meta({ id: 'TradePairRow' }),
  )
  .readonly()

export const actor = z
  .object({
    address: z.string(),
    machine: z.string(),
    version: z.number(),
    state: z.string(),
    since: millis,
    context: anything,
    history: z
      .array(z.object({ seq: z.number(), at: millis, event: z.string(), from: z.string(), to: z.string(), turn: z.string(), body: anything }))
      .readonly(),
    next: texts.describe('Event types that this state answers with a change.'),
    deadlines: z.array(z.object({ name: z.string(), dueAt: millis })).readonly(),
    waitsFor: texts,
  })
  .meta({ id: 'Actor' })

export const auditRecord = z
  .object({ commandId: z.string(), at: millis, kind: z.string(), who: z.string(), reason: z.string(), target: z.string(), before: z.string(), after: z.string() })
  .meta({ id: 'AuditRecord' })
export const auditRecords = z.array(auditRecord).readonly()

export const connections = z
  .array(
    z
      .object({
        name: z.string(),
        venue: z.string(),
        state: z.string(),
        since: millis,
        attempt: z.number(),
        lastFrameAt: millis.nullable(),
        lastEventAt: millis.nullable(),
        fallback: z.enum(['off', 'polling']),
        gaps: z.number(),
        reconnects: z.number(),
        polls: z.number(),
        lastEnd: z.string().nullable(),
      })
      .meta({ id: 'Connection' }),
  )
  .readonly()

export const prices = z
  .array(
    z
      .object({
        instrument: z.string(),
        bid: decimal.nullable(),
        ask: decimal.nullable(),
        at: millis.nullable(),
        ageMs: z.number().nullable(),
        source: z.enum(['stream', 'rest']).nullable(),
        state: z.enum(['live', 'stale', 'suspect', 'none']),
        rejected: z.number(),
        lastProblem: z.string().nullable(),
      })
      .meta({ id: 'Price' }),
  )
  .readonly()

const difference = z.object({ kind: z.string(), about: z.string(), expected: z.string(), found: z.string(), done: z.string() }).meta({ id: 'Difference' })

export const reconciliations = z
  .array(
    z
      .object({
        id: z.string(),
        began: millis,
        ended: millis,
        reason: z.string().describe('Why it was run.'),
        outcome: z.enum(['agreed', 'repaired', 'failed']),
        compared: z.object({ orders: z.number(), fills: z.number(), assets: z.number() }),
        differences: z.array(difference).readonly(),
        omitted: z.number().describe('Differences beyond those that are kept.'),
        detail: z.string().nullable().describe('Why it failed.'),
      })
      .meta({ id: 'Reconciliation' }),
  )
  .readonly()

const transition = z.object({ event: z.string(), guard: z.string().nullable(), target: z.string().nullable(), actions: texts })
const chartState = z.object({ path: z.string(), initial: z.string().nullable(), entry: texts, transitions: z.array(transition).readonly() })

export const machine = z
  .object({ id: z.string(), version: z.number().nullable(), initial: z.string(), states: z.array(chartState).readonly(), mermaid: z.string() })
  .meta({ id: 'Machine' })
export const machines = z.array(machine).readonly()

const alert = z.object({ at: millis, severity: z.string(), code: z.string(), detail: z.string() })

export const desk = z
  .object({
    pid: z.number(),
    mode: z.string(),
    environment: z.string(),
    venue: z.string(),
    state: z.string(),
    ready: z.boolean(),
    trading: z.object({ state: z.enum(['active', 'reducing', 'halted']), because: z.string().nullable() }).describe('What the desk may do now, and why no more.'),
    kill: z.string().describe('State of the kill switch.'),
    startedAt: millis,
    epoch: z.number(),
    starts: z.number(),
    install: z.string(),
    store: z.string(),
    fees: z.object({ maker: decimal, taker: decimal }),
    openPairs: z.number(),
    liveOrders: z.number(),
    exposure: decimal,
    backlog: z.object({ turns: z.number(), calls: z.number(), deadlines: z.number(), storeAway: z.boolean() }),
    alerts: z.array(alert).readonly(),
  })
  .meta({ id: 'Desk' })
