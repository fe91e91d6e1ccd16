/** `alerts`: the channels to people and the dead man's ping. Secrets are named here, never written here. */
import { z } from 'zod'
import { severities } from '../../domain/alert-catalogue.ts'
import { count, millis } from './values.ts'

const text = (what: string) => z.string({ error: `must be ${what}` }).min(1, { error: `must be ${what}` })
const file = (what: string) => text(`the name of the file that holds ${what}`).describe(`The file that holds ${what}.`)
const variable = (what: string) => z.string({ error: `must name the environment variable that holds ${what}` }).regex(/^[A-Z][A-Z0-9_]*$/, { error: `must name the environment variable that holds ${what}, such as NIGHTDESK_SECRET` }).describe(`The environment variable that holds ${what}.`)

const least = z.enum(severities, { error: 'must be info, warning or critical' }).default('warning').describe('The least severity that this channel hears of.')
const isPrivate = z.boolean({ error: 'must be true or false' }).default(false).describe('Lets the address be in a private network. Plain http is for this machine only all the same.')

export const isHttpUrl = (value: string): boolean => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && new URL(value).username === '' && new URL(value).hash === ''
const isBase = (value: string): boolean => isHttpUrl(value) && new URL(value).search === '' && !value.endsWith('/')
const url = z.string({ error: 'must be an https:// address' }).refine(isHttpUrl, { error: 'must be an https:// address without a user or a password in it (http:// for this machine only)' })
const baseUrl = (example: string) => z.string({ error: `must be the address of a server, such as ${example}` }).refine(isBase, { error: `must be the address of a server without a slash at the end, such as ${example}` })

const name = z.string({ error: 'must be a name' }).regex(/^[\w-]{1,40}$/, { error: 'must be a name of letters, digits, - and _' }).optional().describe('What the channel is called; its kind and a number without it.')
const shared = { name, least, private: isPrivate }
const token = { tokenFile: file('the token').optional(), tokenEnv: variable('the token').optional() }

const webhook = z.strictObject({ kind: z.literal('webhook'), ...shared, url: url.describe('Where notices are posted as JSON, when the address is no secret.').optional(), urlFile: file('the address').optional(), urlEnv: variable('the address').optional(), ...token })
const telegram = z.strictObject({ kind: z.literal('telegram'), ...shared, chat: z.string({ error: 'must be a chat id in quotes, such as "-1001234567890", or "@channel"' }).regex(/^(-?\d{1,20}|@\w{3,64})$/, { error: 'must be a chat id in quotes, such as "-1001234567890", or "@channel"' }).describe('Who is written to.'), ...token, baseUrl: baseUrl('https://api.telegram.org').default('https://api.telegram.org').describe('A bot API server of your own.') })
const ntfy = z.strictObject({
  kind: z.literal('ntfy'),
  ...shared,
  server: baseUrl('https://ntfy.sh').default('https://ntfy.sh').describe('The server.'),
  topic: z.string({ error: 'must be a topic' }).regex(/^[\w-]{1,64}$/, { error: 'must be a topic of letters, digits, - and _' }).optional().describe('The topic, when it is no secret.'),
  topicFile: file('the topic').optional(),
  topicEnv: variable('the topic').optional(),
  ...token,
})
const address = z.string({ error: 'must be an e-mail address' }).regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, { error: 'must be an e-mail address, such as desk@example.org' })
const email = z.strictObject({
  kind: z.literal('email'),
  ...shared,
  host: text("the mail server's name").regex(/^[\w.:-]+$/, { error: "must be the mail server's name, such as mail.example.org" }).describe('The mail server.'),
  port: count(1, 65_535).default(465).describe('Its port.'),
  security: z.enum(['tls', 'starttls', 'none'], { error: 'must be tls, starttls, or none for a server on this machine' }).default('tls').describe('How the connection is protected.'),
  from: address.describe('The sender.'),
  to: z.array(address, { error: 'must be a list of e-mail addresses' }).min(1, { error: 'must name at least one e-mail address' }).max(20, { error: 'must name at most 20 e-mail addresses' }).describe('The receivers.'),
  user: text('the name that the mail server knows you by').optional().describe('The name that the mail server knows you by.'),
  passwordFile: file('the password').optional(),
  passwordEnv: variable('the password').optional(),
})

const channel = z.discriminatedUnion('kind', [webhook, telegram, ntfy, email], { error: 'must be of kind webhook, telegram, ntfy or email' })
export type ChannelConfig = z.infer<typeof channel>

/** How a channel is called where it has no name of its own. */
export const nameOf = ({ kind, name: own }: ChannelConfig, index: number): string => own ?? `${kind}-${index + 1}`

export const alertsSchema = z.strictObject({
  channels: z
    .array(channel, { error: 'must be a list of channels' })
    .max(20, { error: 'must name at most 20 channels' })
    .refine((all) => new Set(all.map(nameOf)).size === all.length, { error: 'must each have a name of their own' })
    .default([])
    .describe('Where notices go.'),
  mostPerMinute: count(1, 60).default(10).describe('Most notices a minute and channel; the rest come together in one summary.'),
  repeatEveryMs: count(60_000, 86_400_000).default(1_800_000).describe('A condition that lasts is told again after so long.'),
  deadMan: z
    .strictObject({ url: url.describe('The address, when it is no secret.').optional(), urlFile: file('the address').optional(), urlEnv: variable('the address').optional(), everyMs: count(5_000, 3_600_000).default(60_000).describe('How often.'), timeoutMs: millis(60_000).default(10_000).describe('How long an answer is waited for.'), private: isPrivate })
    .optional()
    .describe('A GET while the desk is well, for a service that calls a person when it hears nothing.'),
})

export type AlertsConfig = z.infer<typeof alertsSchema>
