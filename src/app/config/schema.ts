/** The configuration's shape: strict, units in the names, money as text, the safest choice by default. */
import { z } from 'zod'
import { amount, anyAmount, anyBps, bps, count, millis, share } from './values.ts'
import { alertsSchema } from './alerts-schema.ts'
import { breakers } from './breakers.ts'
import { exitSchema } from './exit-schema.ts'
import { venueSchema } from './venue-schema.ts'

const bought = {
  budgetQuote: amount('an amount of quote money').describe('Quote money that the strategy may bind in all.'),
  targetBps: bps(10_000).describe('Net profit that a pair must make, after fees, as a part of its cost; also what an adopted buy is covered for.'),
  exit: exitSchema.optional(),
}

const ladder = z
  .strictObject({
    strategy: z.literal('ladder', { error: 'must be ladder, or the path of a module such as ./my-strategy.ts' }),
    rungs: count(1, 200).describe('Most trade pairs at once.'),
    spacingBps: bps(5_000).describe('Distance between two rungs.'),
    ...bought,
  })
  .describe('A ladder of resting buys below the market.')

const modulePath = z.string().regex(/^(\.{0,2}\/|[A-Za-z]:[\\/]).+\.(ts|mts|js|mjs|cjs)$/, { error: 'must be ladder, or the path of a module such as ./my-strategy.ts', abort: true })

const ownStrategy = z
  .strictObject({
    strategy: modulePath.describe('A module with a strategy of your own, relative to this file: docs/add-a-strategy.md.'),
    settings: z.record(z.string(), z.json(), { error: 'must be names and plain values' }).default({}).describe('What its strategy(settings, ...) is given.'),
    sampleEveryMs: count(1_000, 86_400_000).default(60_000).describe('How often the bid is noted for the `bids` of its view.'),
    ...bought,
  })
  .describe('A strategy of your own.')

export type LadderConfig = z.infer<typeof ladder>
export type ModuleConfig = z.infer<typeof ownStrategy>

const risk = z
  .strictObject({
    maxNotionalPerOrderQuote: amount('an amount of quote money').default('100').describe('No order is worth more.'),
    maxExposureQuote: amount('an amount of quote money').default('300').describe('Most quote money in working buys and in what was bought and not sold, in all.'),
    minNotionalQuote: amount('an amount of quote money').default('10').describe('No entry is worth less.'),
    maxInstrumentExposureQuote: amount('an amount of quote money').optional().describe('The same as maxExposureQuote on each instrument; as much as that when it is left out.'),
    maxOpenOrders: count(1, 10_000).default(200).describe('Most orders that work at once.'),
    maxOrdersPerMinute: count(1, 10_000).default(120).describe('Most entries begun in any minute.'),
    maxSpreadBps: bps(10_000).default(100).describe('No entry while bid and ask are further apart.'),
    maxSlippageBps: bps(10_000).default(50).describe('How far an entry that may take may go through the market.'),
    minDepthQuote: anyAmount('an amount of quote money').default('0').describe('Least quote money wanted at the bid; 0 does not ask.'),
    priceCollarBps: bps(10_000).default(1_000).describe('How far from the bid an entry may be.'),
    quoteMaxAgeMs: millis(600_000).default(5_000).describe('No entry on an older price.'),
    breakers: breakers.prefault({}),
  })
  .describe('The limits of the risk gate, which every order passes: docs/risk.md.')

const paper = z
  .strictObject({
    balances: z.record(z.string().regex(/^[A-Z0-9]+$/, { error: 'must be an asset, such as USD' }), anyAmount('an amount')).default({ USD: '1000', USDC: '1000', USDT: '1000' }).describe('What the simulated account begins with, by asset.'),
    makerBps: anyBps(1_000).default(60).describe('Fee of an order that rested.'),
    takerBps: anyBps(1_000).default(120).describe('Fee of an order that took.'),
    latencyMs: millis(2_000).default(150).describe('How late an order arrives.'),
    jitterMs: millis(2_000).default(250).describe('Up to so much later still, at random.'),
    participation: share().default(0.25).describe('The share of what trades at its price that an order may take.'),
  })
  .describe('What modes paper and dryRun begin with: balances, fee rates, how late an order arrives, and which share of what trades it may take.')

export const configSchema = z.strictObject({
  mode: z.enum(['dryRun', 'paper', 'live'], { error: 'must be dryRun, paper or live' }).default('dryRun').describe('What happens to orders: dryRun logs them, paper simulates them on live prices, live sends them. docs/modes.md.'),
  environment: z.enum(['sandbox', 'testnet', 'production'], { error: 'must be sandbox, testnet or production' }).describe('Where: the exchange of "nightdesk sandbox", the venue\'s place for practice, or the venue.'),
  readOnly: z.boolean({ error: 'must be true or false' }).default(true).describe('While it is true no real order is sent: mode live needs readOnly: false.'),
  venue: venueSchema,
  paper: paper.prefault({}),
  store: z
    .strictObject({
      url: z.string().regex(/^(embedded|postgres(ql)?:\/\/.+)$/, { error: 'must be embedded or a postgres:// URL' }).default('embedded').describe('The embedded PostgreSQL, or the URL of your own. DATABASE_URL wins.'),
      allowEmbedded: z.boolean({ error: 'must be true or false' }).default(false).describe('Lets mode live on production keep its rows in the embedded PostgreSQL.'),
    })
    .prefault({})
    .describe('Where the desk remembers.'),
  instruments: z
    .record(z.string().regex(/^[A-Z0-9]+-[A-Z0-9]+$/, { error: 'must be named like BTC-USD' }), z.union([ladder, ownStrategy]))
    .refine((all) => Object.keys(all).length > 0, { error: 'must name at least one instrument' })
    .describe('What is traded, by the name of the market, such as BTC-USD.'),
  risk: risk.prefault({}),
  http: z
    .strictObject({
      host: z.union([z.literal('localhost'), z.ipv4(), z.ipv6()], { error: 'must be an address of this machine, such as 127.0.0.1' }).default('127.0.0.1').describe('Where it listens. Beyond loopback everything but /health/live and the files of the page needs a token, and names must say how others call it.'),
      port: count(0, 65_535).default(7_171).describe('Its port; 0 takes any that is free.'),
      names: z
        .array(z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?$/, { error: 'must be a name as browsers send it, such as desk.example or desk.example:7171' }))
        .max(10)
        .default([])
        .describe('Names under which others reach the desk, through a proxy with TLS: with any of them reading needs a token too.'),
    })
    .prefault({})
    .describe('The page, the API and the commands of this desk.'),
  retention: z
    .strictObject({ journalDays: count(1, 36_500).default(90).describe('Days that the events of ended orders and pairs are kept. Pairs, orders, fills and decisions are kept for ever.') })
    .prefault({})
    .describe('What is let go of when it has grown old.'),
  reconciliation: z
    .strictObject({ foreignOrders: z.enum(['report', 'adopt', 'ignore'], { error: 'must be report, adopt or ignore' }).default('report').describe('report, adopt or ignore them.') })
    .prefault({})
    .describe('What becomes of orders on the account that somebody else placed: told to a person, taken over as the buy of a trade pair, or left alone.'),
  alerts: alertsSchema.prefault({}).describe('What people are told unasked: docs/alerts.md.'),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('The least severity that is written.'),
      file: z.union([z.string().min(1), z.literal(false)], { error: 'must name a folder, or be false for none' }).optional().describe('The folder of the log files; without it "logs" in the data directory, and none next to a sandbox.'),
      maxFileMb: count(1, 1_000).default(20).describe('A file is rolled when it is so large, in megabytes.'),
      keepFiles: count(1, 1_000).default(10).describe('So many rolled files are kept.'),
    })
    .prefault({})
    .describe('The log: docs/alerts.md.'),
})

export type Config = z.infer<typeof configSchema>
