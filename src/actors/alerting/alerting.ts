/**
 * Carries alerts to people: the rules say what, the channels how fast. It outlives the desk, so that starts that failed and
 * ends are told too.
 *
 * T1  Raising and clearing return at once; whatever a channel does, nobody waits for it.
 * T2  A channel that keeps failing is told by the others, once, and again when it delivers.
 */
import type { Severity } from '../../domain/alert-catalogue.ts'
import type { Millis } from '../../domain/time.ts'
import type { AlertKey, AlertSink, RaisedAlert } from '../../ports/alerts.ts'
import type { Clock, Random, Timer } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Notifier } from '../../ports/notifier.ts'
import { AlertRules, type RulesPolicy } from './alert-rules.ts'
import { Channel, type ChannelPolicy } from './channel.ts'
import type { Told } from './told.ts'

export interface AlertingPolicy extends RulesPolicy, ChannelPolicy {
  readonly tickMs: Millis
  /** So many failures in a row, and the other channels tell of it. */
  readonly failuresToTell: number
}

/** Half an hour of an internet that is away loses nothing: thirty attempts, the later ones two minutes apart. */
export const defaultAlertingPolicy: AlertingPolicy = {
  repeatMs: 1_800_000,
  quietMs: 600_000,
  mostPerMinute: 10,
  mostWaiting: 200,
  attempts: 30,
  deliverWithinMs: 20_000,
  backoffMs: 1_000,
  backoffMaxMs: 120_000,
  tickMs: 1_000,
  failuresToTell: 3,
}

export interface AlertingOptions {
  readonly channels: readonly { readonly notifier: Notifier; readonly least: Severity }[]
  readonly policy: AlertingPolicy
  /** Which desk says it, in a few words. */
  readonly desk: string
  /** Strikes out what must reach nobody. */
  readonly redact: (text: string) => string
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

const drainStepMs = 20

export class Alerting implements AlertSink {
  readonly #options: AlertingOptions
  readonly #rules: AlertRules
  readonly #channels: readonly Channel[]
  readonly #failing = new Set<string>()
  /** The channels whose last attempt was delivered. */
  readonly #delivering = new Set<string>()
  #timer: Timer | undefined

  constructor(options: AlertingOptions) {
    const { channels, policy, ...rest } = options
    this.#options = options
    this.#rules = new AlertRules(policy)
    this.#channels = channels.map(({ notifier, least }) => new Channel({ notifier, least, policy, ...rest, onAttempt: (failures, detail) => this.#weigh(notifier.name, failures, detail) }))
  }

  start(): void {
    const { clock, policy } = this.#options
    this.#timer = clock.after(policy.tickMs, () => {
      for (const told of this.#rules.tick(clock.monotonic(), clock.now())) this.#tell(told)
      this.start()
    })
  }

  raise(alert: RaisedAlert): void {
    this.#tell(this.#rules.raise(alert, this.#options.clock.monotonic()))
  }

  clear(key: AlertKey & { readonly at: Millis; readonly detail?: string }): void {
    this.#tell(this.#rules.clear(key, this.#options.clock.monotonic()))
  }

  /** Lets what waits go out, within the bound, and ends. True when one channel at least has delivered all that it was offered. */
  async close(withinMs: Millis): Promise<boolean> {
    const { clock } = this.#options
    this.#timer?.cancel()
    const until = clock.monotonic() + withinMs
    while (clock.monotonic() < until && this.#channels.some(({ isIdle }) => !isIdle)) await new Promise<void>((resolve) => void clock.after(drainStepMs, resolve))
    for (const channel of this.#channels) channel.stop()
    return this.#channels.some(({ isIdle, name }) => isIdle && this.#delivering.has(name))
  }

  #tell(told: Told | undefined): void {
    if (told === undefined) return
    for (const channel of this.#channels) if (told.code !== 'alerts.failing' || told.subject !== channel.name) channel.offer(told)
  }

  #weigh(channel: string, failures: number, detail: string): void {
    const { clock, log, policy } = this.#options
    if (failures === 0) this.#delivering.add(channel)
    else this.#delivering.delete(channel)
    const key = { code: 'alerts.failing', subject: channel, at: clock.now() } as const
    if (failures === 0 && this.#failing.delete(channel)) {
      log.info('alerts.deliversAgain', { channel })
      this.clear({ ...key, detail: `${channel} delivers again` })
    }
    if (failures !== policy.failuresToTell || this.#failing.has(channel)) return
    this.#failing.add(channel)
    this.raise({ ...key, detail: `the channel ${channel} does not deliver alerts: ${detail}` })
  }
}
