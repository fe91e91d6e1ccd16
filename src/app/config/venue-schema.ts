/** The venues' parts of a configuration. */
import { z } from 'zod'
import { count, millis } from './values.ts'

const loopbackUrl = (protocol: 'http' | 'ws') =>
  z.string().refine((text) => new RegExp(`^${protocol}://(127\\.0\\.0\\.1|localhost|\\[::1\\]):\\d+$`).test(text), {
    error: `must be a loopback address of a sandbox, such as ${protocol}://127.0.0.1:4000`,
  })

const whereTheSandboxIs = 'Where the sandbox exchange listens; only for environment sandbox.'

/** @param leastSkewMs below this a request could still be admitted when it is believed absent, because of what the venue forgives */
const proofOfAbsence = (leastSkewMs: number, forgives: string) =>
  z
    .strictObject({
      windowMs: millis(300_000).describe('How long after signing the venue may still admit a request.'),
      engineMs: millis(300_000).describe('The longest time that it works on an admitted request before it shows.'),
      lookUpLagMs: millis(300_000).describe('How far look-ups may lag behind.'),
      skewMs: z
        .number({ error: 'must be a whole number of milliseconds' })
        .int({ error: 'must be a whole number of milliseconds' })
        .min(leastSkewMs, { error: `must be at least ${leastSkewMs}: the venue ${forgives}, and a clock is never exact` })
        .max(60_000, { error: 'must be at most 60000' })
        .describe('How far our clock may be from the venue\'s.'),
    })
    .describe('How long after a claim "not found" begins to prove that an order never existed.')

const keyFile = z
  .string({ error: 'must name the file with the API key' })
  .min(1, { error: 'must name the file with the API key' })
  .optional()
  .describe('The file with the API key; without it the key is taken from the environment variables.')

const coinbase = z.strictObject({
  name: z.literal('coinbase'),
  keyFile,
  sandbox: z.strictObject({ restUrl: loopbackUrl('http').describe('Requests over HTTP.'), marketUrl: loopbackUrl('ws').describe('Market stream.'), userUrl: loopbackUrl('ws').describe('Account stream.'), controlUrl: loopbackUrl('http').describe('The sandbox\'s own control.') }).describe(whereTheSandboxIs).optional(),
  proofOfAbsence: proofOfAbsence(5_100, 'takes a token for 5 s after its end').optional(),
})

const binance = z.strictObject({
  name: z.literal('binance'),
  keyFile,
  testnet: z.enum(['testnet', 'demo'], { error: 'must be testnet or demo' }).default('testnet').describe("Which of the venue's two places for practice; only for environment testnet."),
  sandbox: z.strictObject({ restUrl: loopbackUrl('http').describe('Requests over HTTP.'), streamsUrl: loopbackUrl('ws').describe('Market streams.'), wsApiUrl: loopbackUrl('ws').describe('WebSocket API.'), controlUrl: loopbackUrl('http').describe('The sandbox\'s own control.') }).describe(whereTheSandboxIs).optional(),
  proofOfAbsence: proofOfAbsence(1_100, 'takes a stamp that is 1 s ahead').optional(),
})

const exchangeId = { error: 'must name an exchange as ccxt spells it, such as kraken' }

const ccxt = z.strictObject({
  name: z.literal('ccxt'),
  exchange: z.string(exchangeId).regex(/^[a-z0-9]+$/, exchangeId).describe('The exchange, as ccxt spells it, such as kraken.'),
  keyFile,
  pollMs: count(250, 60_000).default(1_000).describe('How often prices and orders are read.'),
  acceptWeaker: z.literal(true, { error: 'must be true, or be left away: docs/ccxt.md says what is weaker' }).optional().describe('Lets mode live send real orders through ccxt: docs/ccxt.md says what is weaker.'),
  proofOfAbsence: proofOfAbsence(1_000, 'may tell its time in whole seconds').optional(),
})

export const venueSchema = z.discriminatedUnion('name', [coinbase, binance, ccxt], { error: 'must name a venue: coinbase, binance or ccxt' }).describe('The exchange, and the key for it.')
