/** The configuration's shape: strict, units in the names, money as text. */
import { z } from 'zod'
import { parseDecimal } from '../../domain/decimal.ts'

const amount = (what: string) =>
  z
    .string({ error: `must be ${what} as text in quotes, such as "300"` })
    .refine((text) => (parseDecimal(text) ?? '').length > 0 && !text.startsWith('-') && Number(text) > 0, { error: `must be ${what} above zero, such as "300"` })

const count = (least: number, most: number) =>
  z
    .number({ error: `must be a whole number from ${least} to ${most}` })
    .int({ error: `must be a whole number from ${least} to ${most}` })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` })

const bps = (most: number) =>
  z
    .number({ error: 'must be a number of basis points (50 is 0.5 %)' })
    .positive({ error: 'must be above zero basis points (50 is 0.5 %)' })
    .max(most, { error: `must be at most ${most} basis points` })

const millis = (most: number) => count(1, most)

const loopbackUrl = (protocol: 'http' | 'ws') =>
  z.string().refine((text) => new RegExp(`^${protocol}://(127\\.0\\.0\\.1|localhost|\\[::1\\]):\\d+$`).test(text), {
    error: `must be a loopback address of a sandbox, such as ${protocol}://127.0.0.1:4000`,
  })

const whereTheSandboxIs = 'Where the sandbox exchange listens; only for environment sandbox.'

/** @param leastSkewMs below this a request could still be admitted when it is believed absent, because of what the venue forgives */
const proofOfAbsence = (leastSkewMs: number, forgives: string) =>
  z
    .strictObject({
      windowMs: millis(300_000),
      engineMs: millis(300_000),
      lookUpLagMs: millis(300_000),
      skewMs: z
        .number({ error: 'must be a whole number of milliseconds' })
        .int({ error: 'must be a whole number of milliseconds' })
        .min(leastSkewMs, { error: `must be at least ${leastSkewMs}: the venue ${forgives}, and a clock is never exact` })
        .max(60_000, { error: 'must be at most 60000' }),
    })
    .describe('How long after a claim "not found" begins to prove that an order never existed.')

const keyFile = z.string({ error: 'must name the file with the API key' }).min(1, { error: 'must name the file with the API key' })

const coinbase = z.strictObject({
  name: z.literal('coinbase'),
  keyFile,
  sandbox: z.strictObject({ restUrl: loopbackUrl('http'), marketUrl: loopbackUrl('ws'), userUrl: loopbackUrl('ws'), controlUrl: loopbackUrl('http') }).describe(whereTheSandboxIs).optional(),
  proofOfAbsence: proofOfAbsence(5_100, 'takes a token for 5 s after its end').optional(),
})

const binance = z.strictObject({
  name: z.literal('binance'),
  keyFile,
  sandbox: z.strictObject({ restUrl: loopbackUrl('http'), streamsUrl: loopbackUrl('ws'), wsApiUrl: loopbackUrl('ws'), controlUrl: loopbackUrl('http') }).describe(whereTheSandboxIs).optional(),
  proofOfAbsence: proofOfAbsence(1_100, 'takes a stamp that is 1 s ahead').optional(),
})

const ladder = z.strictObject({
  strategy: z.literal('ladder', { error: 'must be ladder, the one strategy there is' }),
  rungs: count(1, 200),
  spacingBps: bps(5_000),
  targetBps: bps(10_000),
  budgetQuote: amount('an amount of quote money'),
})

const risk = z.strictObject({
  maxNotionalPerOrderQuote: amount('an amount of quote money').default('100'),
  maxExposureQuote: amount('an amount of quote money').default('300'),
  minNotionalQuote: amount('an amount of quote money').default('10'),
  priceCollarBps: bps(10_000).default(1_000),
  quoteMaxAgeMs: millis(600_000).default(5_000),
})

export const configSchema = z.strictObject({
  mode: z.enum(['dryRun', 'paper', 'live'], { error: 'must be dryRun, paper or live' }).default('dryRun'),
  environment: z.enum(['sandbox', 'testnet', 'production'], { error: 'must be sandbox, testnet or production' }),
  venue: z.discriminatedUnion('name', [coinbase, binance], { error: 'must name a venue: coinbase or binance' }),
  store: z.strictObject({ url: z.string().regex(/^(embedded|postgres(ql)?:\/\/.+)$/, { error: 'must be embedded or a postgres:// URL' }).default('embedded') }).prefault({}),
  instruments: z
    .record(z.string().regex(/^[A-Z0-9]+-[A-Z0-9]+$/, { error: 'must be named like BTC-USD' }), ladder)
    .refine((all) => Object.keys(all).length > 0, { error: 'must name at least one instrument' }),
  risk: risk.prefault({}),
  http: z
    .strictObject({
      host: z.enum(['127.0.0.1', '::1', 'localhost'], { error: 'must be a loopback address: 127.0.0.1, ::1 or localhost' }).default('127.0.0.1'),
      port: count(0, 65_535).default(7_171),
    })
    .prefault({}),
  reconciliation: z
    .strictObject({ foreignOrders: z.enum(['report', 'adopt', 'ignore'], { error: 'must be report, adopt or ignore' }).default('report') })
    .prefault({})
    .describe('What becomes of orders on the account that somebody else placed: told to a person, taken over as the buy of a trade pair, or left alone.'),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info') }).prefault({}),
})

export type Config = z.infer<typeof configSchema>
