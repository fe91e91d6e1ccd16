/** The channels of a configuration, made from their settings and secrets; what carries alerts to people. */
import { Alerting, defaultAlertingPolicy } from '../../actors/alerting/alerting.ts'
import { httpHeartbeat } from '../../adapters/notifiers/dead-man.ts'
import { emailNotifier } from '../../adapters/notifiers/email.ts'
import { ntfyNotifier } from '../../adapters/notifiers/ntfy.ts'
import { systemResolve } from '../../adapters/notifiers/outbound.ts'
import { telegramNotifier } from '../../adapters/notifiers/telegram.ts'
import { webhookNotifier } from '../../adapters/notifiers/webhook.ts'
import { redact } from '../../adapters/pino/redact.ts'
import { systemClock, systemRandom } from '../../adapters/system/system-clock.ts'
import type { Severity } from '../../domain/alert-catalogue.ts'
import type { Log } from '../../ports/log.ts'
import type { Heartbeat, Notifier } from '../../ports/notifier.ts'
import { isHttpUrl, nameOf, type AlertsConfig, type ChannelConfig } from '../config/alerts-schema.ts'
import type { Config } from '../config/schema.ts'
import { exitCodes, Problem } from '../problem.ts'
import { neededSecret, secretIn, type SecretPlace } from './secrets.ts'

export interface ConfiguredChannel {
  readonly notifier: Notifier
  readonly kind: ChannelConfig['kind']
  readonly least: Severity
}

/** One attempt of a notifier; the channel's own bound is a little later. */
const timeoutMs = 15_000

interface Making {
  readonly setting: string
  readonly env: NodeJS.ProcessEnv
  readonly shared: { readonly name: string; readonly private: boolean; readonly clock: typeof systemClock; readonly timeoutMs: number; readonly resolve: typeof systemResolve }
}

type Of<K extends ChannelConfig['kind']> = Extract<ChannelConfig, { readonly kind: K }>

const tokenPlace = ({ tokenFile, tokenEnv }: { readonly tokenFile?: string | undefined; readonly tokenEnv?: string | undefined }, setting: string): SecretPlace => ({ setting: `${setting}.token`, file: tokenFile, variable: tokenEnv })
const urlPlace = ({ url, urlFile, urlEnv }: { readonly url?: string | undefined; readonly urlFile?: string | undefined; readonly urlEnv?: string | undefined }, setting: string): SecretPlace => ({ setting: `${setting}.url`, file: urlFile, variable: urlEnv, plain: url })

/** A secret address is as strict as one in the configuration, and is not quoted. */
const neededUrl = (place: SecretPlace, env: NodeJS.ProcessEnv): string => {
  const url = neededSecret(place, env)
  if (!isHttpUrl(url)) throw new Problem(exitCodes.configuration, `${place.setting} must be an https:// address without a user or a password in it; what ${place.file ?? place.variable ?? 'the configuration'} holds is none`)
  return url
}

const makers: { readonly [K in ChannelConfig['kind']]: (channel: Of<K>, making: Making) => Notifier } = {
  webhook: (channel, { setting, env, shared }) => webhookNotifier({ ...shared, url: neededUrl(urlPlace(channel, setting), env), token: secretIn(tokenPlace(channel, setting), env) }),
  telegram: (channel, { setting, env, shared }) => telegramNotifier({ ...shared, baseUrl: channel.baseUrl, chat: channel.chat, token: neededSecret(tokenPlace(channel, setting), env) }),
  ntfy: ({ server, topic, topicFile, topicEnv, ...channel }, { setting, env, shared }) =>
    ntfyNotifier({ ...shared, server, topic: neededSecret({ setting: `${setting}.topic`, file: topicFile, variable: topicEnv, plain: topic }, env), token: secretIn(tokenPlace(channel, setting), env) }),
  email: ({ host, port, security, from, to, user, passwordFile, passwordEnv }, { setting, env, shared }) => {
    const password = secretIn({ setting: `${setting}.password`, file: passwordFile, variable: passwordEnv }, env)
    if ((user === undefined) !== (password === undefined)) throw new Problem(exitCodes.configuration, `${setting} has ${user === undefined ? 'a password and no user' : 'a user and no password'}: a login is both, or neither`)
    return emailNotifier({ ...shared, host, port, security, from, to, login: user === undefined || password === undefined ? undefined : { user, password } })
  },
}

/**
 * The channels, each ready to deliver; nothing is sent.
 * @throws Problem (78) that says which setting, and how to mend it
 */
export const composeChannels = ({ channels }: AlertsConfig, env: NodeJS.ProcessEnv): readonly ConfiguredChannel[] =>
  channels.map((channel, index) => {
    const making = { setting: `alerts.channels.${index}`, env, shared: { name: nameOf(channel, index), private: channel.private, clock: systemClock, timeoutMs, resolve: systemResolve } }
    const make = makers[channel.kind] as (channel: ChannelConfig, making: Making) => Notifier
    return { notifier: make(channel, making), kind: channel.kind, least: channel.least }
  })

/** Which desk speaks, for people who have several. */
export const deskName = ({ mode, environment, venue }: Config): string => `nightdesk (${mode}, ${venue.name === 'ccxt' ? venue.exchange : venue.name}${environment === 'production' ? '' : `, ${environment}`})`

/**
 * What carries alerts to people; started by its user.
 * @throws Problem (78)
 */
export const composeAlerting = (config: Config, log: Log): Alerting =>
  new Alerting({
    channels: composeChannels(config.alerts, process.env),
    policy: { ...defaultAlertingPolicy, mostPerMinute: config.alerts.mostPerMinute, repeatMs: config.alerts.repeatEveryMs },
    desk: deskName(config),
    redact,
    clock: systemClock,
    random: systemRandom,
    log,
  })

/**
 * The dead man's ping; undefined when none is configured.
 * @throws Problem (78)
 */
export const composeHeartbeat = ({ deadMan }: AlertsConfig, env: NodeJS.ProcessEnv): Heartbeat | undefined =>
  deadMan && httpHeartbeat({ url: neededUrl(urlPlace(deadMan, 'alerts.deadMan'), env), private: deadMan.private, clock: systemClock, timeoutMs: deadMan.timeoutMs, resolve: systemResolve })
