/** The configuration's shape: strict, units in the names, money as text, the safest choice by default. */
import { z } from 'zod'
import { amount, anyAmount, anyBps, bps, count, millis, share } from './values.ts'
import { alertsSchema } from './alerts-schema.ts'
import { breakers } from './breakers.ts'
import { exitSchema } from './exit-schema.ts'
import { venueSchema } from './venue-schema.ts'

const ladder = z.strictObject({
  strategy: z.literal('ladder', { error: 'must be ladder, the one strategy there is' }),
  rungs: count(1, 200),
  spacingBps: bps(5_000),
  targetBps: bps(10_000),
  budgetQuote: amount('an amount of quote money'),
  exit: exitSchema.optional(),
})

const risk = z.strictObject({
  maxNotionalPerOrderQuote: amount('an amount of quote money').default('100'),
  maxExposureQuote: amount('an amount of quote money').default('300'),
  minNotionalQuote: amount('an amount of quote money').default('10'),
  maxInstrumentExposureQuote: amount('an amount of quote money').optional(),
  maxOpenOrders: count(1, 10_000).default(200),
  maxOrdersPerMinute: count(1, 10_000).default(120),
  maxSpreadBps: bps(10_000).default(100),
  maxSlippageBps: bps(10_000).default(50),
  minDepthQuote: anyAmount('an amount of quote money').default('0'),
  priceCollarBps: bps(10_000).default(1_000),
  quoteMaxAgeMs: millis(600_000).default(5_000),
  breakers: breakers.prefault({}),
})

const paper = z
  .strictObject({
    balances: z.record(z.string().regex(/^[A-Z0-9]+$/, { error: 'must be an asset, such as USD' }), anyAmount('an amount')).default({ USD: '1000', USDC: '1000', USDT: '1000' }),
    makerBps: anyBps(1_000).default(60),
    takerBps: anyBps(1_000).default(120),
    latencyMs: millis(2_000).default(150),
    jitterMs: millis(2_000).default(250),
    participation: share().default(0.25),
  })
  .describe('What modes paper and dryRun begin with: balances, fee rates, how late an order arrives, and which share of what trades it may take.')

export const configSchema = z.strictObject({
  mode: z.enum(['dryRun', 'paper', 'live'], { error: 'must be dryRun, paper or live' }).default('dryRun'),
  environment: z.enum(['sandbox', 'testnet', 'production'], { error: 'must be sandbox, testnet or production' }),
  readOnly: z.boolean({ error: 'must be true or false' }).default(true).describe('While it is true no real order is sent: mode live needs readOnly: false.'),
  venue: venueSchema,
  paper: paper.prefault({}),
  store: z
    .strictObject({
      url: z.string().regex(/^(embedded|postgres(ql)?:\/\/.+)$/, { error: 'must be embedded or a postgres:// URL' }).default('embedded'),
      allowEmbedded: z.boolean({ error: 'must be true or false' }).default(false).describe('Lets mode live on production keep its rows in the embedded PostgreSQL.'),
    })
    .prefault({}),
  instruments: z
    .record(z.string().regex(/^[A-Z0-9]+-[A-Z0-9]+$/, { error: 'must be named like BTC-USD' }), ladder)
    .refine((all) => Object.keys(all).length > 0, { error: 'must name at least one instrument' }),
  risk: risk.prefault({}),
  http: z
    .strictObject({
      host: z.union([z.literal('localhost'), z.ipv4(), z.ipv6()], { error: 'must be an address of this machine, such as 127.0.0.1' }).default('127.0.0.1').describe('Where it listens. Beyond loopback everything but /health/live needs a token, and names must say how others call it.'),
      port: count(0, 65_535).default(7_171),
      names: z
        .array(z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?$/, { error: 'must be a name as browsers send it, such as desk.example or desk.example:7171' }))
        .max(10)
        .default([])
        .describe('Names under which others reach the desk, through a proxy with TLS: with any of them reading needs a token too.'),
    })
    .prefault({}),
  retention: z
    .strictObject({ journalDays: count(1, 36_500).default(90).describe('Days that the events of ended orders and pairs are kept. Pairs, orders, fills and decisions are kept for ever.') })
    .prefault({}),
  reconciliation: z
    .strictObject({ foreignOrders: z.enum(['report', 'adopt', 'ignore'], { error: 'must be report, adopt or ignore' }).default('report') })
    .prefault({})
    .describe('What becomes of orders on the account that somebody else placed: told to a person, taken over as the buy of a trade pair, or left alone.'),
  alerts: alertsSchema.prefault({}),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
      file: z.union([z.string().min(1), z.literal(false)], { error: 'must name a folder, or be false for none' }).optional().describe('The folder of the log files; without it "logs" in the data directory, and none next to a sandbox.'),
      maxFileMb: count(1, 1_000).default(20),
      keepFiles: count(1, 1_000).default(10),
    })
    .prefault({}),
})

export type Config = z.infer<typeof configSchema>
