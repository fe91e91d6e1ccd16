/** What a request may ask with, checked before its route sees it. */
import { z } from 'zod'
import { parseDecimal, type Decimal, type Price, type Quantity } from '../../domain/decimal.ts'
import type { ActorRecord } from '../../domain/records.ts'
import type { ActorQuery } from '../../ports/journal.ts'

const mostRows = 1_000

/**
 * One value a field: fields left empty are as if not sent, a field sent twice means both values.
 */
export const parseQuery = (text: string): Record<string, string> => {
  const fields = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (value === '') continue
    const before = fields.get(name)
    fields.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(fields)
}

const limit = (usual: number) => {
  const error = `must be a whole number from 1 to ${mostRows}`
  return z.coerce.number({ error }).int({ error }).min(1, { error }).max(mostRows, { error }).default(usual).describe('At most so many.')
}

/** A place in a sequence: 0 is before the first. */
export const position = z.coerce.number({ error: 'must be a whole number, 0 or above' }).int({ error: 'must be a whole number, 0 or above' }).min(0, { error: 'must be a whole number, 0 or above' })

const rowsFields = {
  state: z
    .string()
    .regex(/^[A-Za-z.]{1,40}(,[A-Za-z.]{1,40}){0,19}$/, { error: 'must be one state or several with commas between, such as pending,partial' })
    .optional()
    .describe('Only those in one of these states, with commas between.'),
  finished: z.enum(['true', 'false'], { error: 'must be true or false' }).optional().describe('Only those that have, or have not, come to an end.'),
  limit: limit(100),
}

const durable = ['order', 'trade-pair', 'desk', 'account', 'kill-switch', 'breaker'] as const
const oneOfDurable = 'must be order, trade-pair, desk, account, kill-switch or breaker'

/** Of `/api/orders` and `/api/trade-pairs`. */
export const rowsQuery = z.strictObject(rowsFields)
/** Of `/debug/actors`. */
export const actorsQuery = z.strictObject({
  machine: z.enum([...durable, 'connection'], { error: `${oneOfDurable.replace(' or breaker', ', breaker')} or connection` }).optional().describe('Only actors of this machine.'),
  kind: z.enum(durable, { error: oneOfDurable }).optional().describe('The same as `machine`, for those who learned it so.'),
  ...rowsFields,
  olderThanMs: position.optional().describe('Only those that have been in their state for longer.'),
  after: z.string().max(200).optional().describe('Only those that come after this address in the list.'),
})
/** Of one actor: which part of its history. */
export const historyQuery = z.strictObject({
  after: position.optional().describe('The oldest events with a greater `seq`.'),
  before: position.optional().describe('The newest events with a smaller `seq`; it goes before `after`.'),
  limit: limit(200),
})
/** Of the replay of one actor. */
export const replayQuery = z.strictObject({ after: position.default(0).describe('Only steps with a greater `seq`.'), limit: limit(100) })

const forms = ['json', 'mermaid', 'svg'] as const
/** How a statechart is shown. */
export type ChartForm = (typeof forms)[number]
/** Of one statechart. */
export const chartQuery = z.strictObject({
  form: z.enum(forms, { error: 'must be json, mermaid or svg' }).optional(),
  actor: z.string().max(200).optional().describe('Address of an actor of this machine: its state is marked, and what it has taken is counted.'),
})
/** Of `/api/fills`. */
export const fillsQuery = z.strictObject({ limit: limit(100) })
/** Of `/api/reconciliations`. */
export const reconciliationsQuery = z.strictObject({
  outcome: z.enum(['agreed', 'repaired', 'failed'], { error: 'must be agreed, repaired or failed' }).optional().describe('Only those that ended so.'),
  limit: limit(50),
})
/** An instrument such as BTC-USD. */
export const instrumentName = z.string().regex(/^[A-Z0-9]{1,20}-[A-Z0-9]{1,20}$/, { error: 'must be an instrument such as BTC-USD' })

/** An exact decimal above zero, as text. */
export const positive = <D extends Decimal>(what: string, example: string) =>
  z
    .string()
    .refine((value) => /^[^-]*[1-9]/.test(parseDecimal(value) ?? '-'), { error: `must be ${what} as text, such as "${example}"` })
    .transform((value) => parseDecimal(value) as D)

/** Of `/api/preview`. */
export const previewQuery = z.strictObject({
  instrument: instrumentName,
  side: z.enum(['buy', 'sell'], { error: 'must be buy or sell' }),
  quantity: positive<Quantity>('a quantity', '0.01'),
  price: positive<Price>('a price', '60000.5'),
  postOnly: z.enum(['true', 'false'], { error: 'must be true or false' }).default('true'),
})
/** Of `/api/pnl`. */
export const pnlQuery = z.strictObject({ from: position.default(0).describe('Milliseconds since 1970: closed not before.'), to: position.default(Number.MAX_SAFE_INTEGER).describe('Milliseconds since 1970: closed before.') })

const name = z.string().regex(/^[\w.:-]{1,100}$/, { error: 'must be an id or a name' }).optional()
/** Of `/api/audit`. */
export const auditQuery = z.strictObject({
  pair: name.describe('Only decisions about this trade pair.'),
  order: name.describe('Only decisions about this order.'),
  rule: name.describe("Only where this rule of the gate has decided."),
  kind: name.describe('Only of this kind, such as kill or denial.'),
  from: position.optional().describe('Milliseconds since 1970: not before.'),
  to: position.optional().describe('Milliseconds since 1970: before.'),
  limit: limit(100),
})
/** Of `/api/why`. */
export const whyQuery = z.strictObject({
  instrument: z.string().regex(/^[A-Z0-9]{1,20}-[A-Z0-9]{1,20}$/, { error: 'must be named like BTC-USD' }).optional().describe('Only this instrument.'),
})
/** Of the event stream. */
export const streamQuery = z.strictObject({
  after: position.optional().describe('Begin after this position; the header Last-Event-ID goes before it. Neither: from now on.'),
})
/** For routes that ask nothing. */
export const noQuery = z.strictObject({})

/** The rows asked for, in the port's words. */
export const actorQueryOf = (query: z.infer<typeof rowsQuery>, kind?: ActorRecord['kind']): ActorQuery => ({
  limit: query.limit,
  ...(kind === undefined ? {} : { kind }),
  ...(query.state === undefined ? {} : { states: query.state.split(',') }),
  ...(query.finished === undefined ? {} : { finished: query.finished === 'true' }),
})
