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
    pending: z.array(anything).readonly().describe('What it has asked of the outside and has no answer to yet.'),
    waitsFor: texts,
  })
  .meta({ id: 'Actor' })

export const positions = z
  .array(
    z
      .object({
        pairId: z.string(),
        instrument: z.string(),
        strategy: z.string(),
        state: z.string(),
        quantity: decimal,
        cost: decimal.describe('Fees included: the share of what is left.'),
        breakEven: decimal,
        target: decimal.describe('The price at which it is, or will be, offered.'),
        boughtAt: millis.nullable(),
        ageMs: z.number().nullable(),
        stop: decimal.nullable().describe('The falling bid at which it is sold at once; null where its plan has no stop.'),
        marketValue: decimal.nullable().describe('At the bid, before the fee of a sell; null while there is no fresh price.'),
        unrealised: decimal.nullable(),
        distanceToTarget: decimal.nullable().describe('How far the bid is below the target, as a fraction of the bid.'),
      })
      .meta({ id: 'Position' }),
  )
  .readonly()

export const realised = z
  .array(z.object({ day: z.string().describe('UTC.'), instrument: z.string(), pairs: z.number(), wins: z.number(), profit: decimal, fees: decimal }).meta({ id: 'RealisedTotal' }))
  .readonly()

export const execution = z
  .object({
    clientOrderId: z.string(),
    state: z.string(),
    side: z.enum(['buy', 'sell']),
    wanted: decimal,
    filled: decimal,
    averagePrice: decimal.nullable(),
    value: decimal,
    fees: z.record(z.string(), decimal).describe('What was paid, by asset.'),
    fills: z.number(),
    makerFills: z.number(),
    arrival: z.object({ bid: decimal, ask: decimal }).nullable().describe('Best bid and ask when the order was decided.'),
    slippage: decimal.nullable().describe('How much worse than the middle at its arrival it was filled, as a fraction; below zero is better.'),
  })
  .meta({ id: 'Execution' })

export const preview = z
  .object({
    gate: z.object({ rule: z.string(), detail: z.string() }).nullable().describe('Why the risk gate would deny it; null when it would not.'),
    venue: z.union([z.object({ kind: z.literal('possible'), fee: decimal, total: decimal }), z.object({ kind: z.literal('refused'), reason: z.string(), detail: z.string() })]).nullable(),
    venueFailed: z.string().nullable().describe('Why the venue did not say.'),
  })
  .meta({ id: 'Preview' })

export const auditRecord = z
  .object({
    at: millis,
    kind: z.string().describe('A command such as kill, or proposal, denial, withdrawal, repair, ramp, breaker.'),
    who: z.string(),
    reason: z.string(),
    target: z.string(),
    before: z.string(),
    after: z.string(),
    pairId: z.string().nullable(),
    orderId: z.string().nullable(),
    rule: z.string().nullable(),
    commandId: z.string().nullable(),
  })
  .meta({ id: 'AuditRecord' })
export const auditRecords = z.array(auditRecord.extend({ number: z.number(), hash: z.string().describe('SHA-256 over the hash before it and all that the row says.') }).meta({ id: 'KeptAudit' })).readonly()

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

const alert = z.object({ at: millis, severity: z.string(), code: z.string(), detail: z.string() })

const trading = z.object({ state: z.enum(['active', 'reducing', 'halted']), because: z.string().nullable() }).describe('What the desk may do now, and why no more.')

const breaker = z
  .object({
    name: z.string(),
    instrument: z.string().nullable().describe('Null when it guards the whole desk.'),
    reason: z.string().describe('One sentence with the numbers.'),
    since: millis,
    ends: z.enum(['time', 'period', 'condition', 'person']).describe('What ends it: a time, the UTC day or hour, the trouble itself, or a person.'),
    until: millis.nullable(),
  })
  .meta({ id: 'TrippedBreaker' })
const breakers = z.array(breaker).readonly().describe('Tripped breakers: what keeps entries back.')

export const why = z
  .object({
    entries: z.boolean().describe('True when the desk takes entries on at least one of the instruments.'),
    trading,
    desk: z.object({ state: z.string(), waitsBecause: z.string().nullable(), pausedBecause: z.string().nullable(), hindrances: z.record(z.string(), z.string()) }),
    kill: z.object({ state: z.string(), because: z.string().nullable() }),
    breakers,
    instruments: z
      .array(
        z.object({
          instrument: z.string(),
          entries: z.boolean(),
          because: texts.describe('One sentence for each thing that keeps entries back.'),
          status: z.string(),
          price: z.object({ state: z.enum(['live', 'stale', 'suspect', 'none']), ageMs: z.number().nullable(), maxAgeMs: z.number() }),
        }),
      )
      .readonly(),
    denials: z
      .array(z.object({ at: millis, rule: z.string(), instrument: z.string(), side: z.string(), times: z.number(), detail: z.string() }))
      .readonly()
      .describe('The latest denial of each rule, the newest first, since the desk was started.'),
  })
  .meta({ id: 'Why' })

export const desk = z
  .object({
    pid: z.number(),
    mode: z.string(),
    environment: z.string(),
    venue: z.string(),
    state: z.string(),
    ready: z.boolean(),
    trading,
    kill: z.string().describe('State of the kill switch.'),
    breakers,
    startedAt: millis,
    epoch: z.number(),
    starts: z.number(),
    install: z.string(),
    store: z.string(),
    fees: z.object({ maker: decimal, taker: decimal }),
    openPairs: z.number(),
    liveOrders: z.number(),
    exposure: decimal,
    backlog: z.object({ turns: z.number(), calls: z.number(), deadlines: z.number(), storeAway: z.boolean(), commitMs: z.number().describe('How long the commit under way has taken so far, or the last one took.') }),
    alerts: z.array(alert).readonly(),
  })
  .meta({ id: 'Desk' })
