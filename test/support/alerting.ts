/** Channels that a test listens to, and a whole alerting over them. */
import { Alerting, defaultAlertingPolicy, type AlertingPolicy } from '../../src/actors/alerting/alerting.ts'
import type { Severity } from '../../src/domain/alert-catalogue.ts'
import { failed, ok, type Failure, type Result } from '../../src/domain/failure.ts'
import type { Notice, Notifier } from '../../src/ports/notifier.ts'
import { seededRandom } from '../../src/simulated-market/random.ts'
import { ManualClock, recordingLog } from './clock.ts'

type Answer = Failure | 'delivered' | 'hangs'

/** A channel that notes what it was given, and when; it answers as it is told to. */
export class HeardChannel implements Notifier {
  readonly name: string
  readonly heard: { readonly at: number; readonly notice: Notice }[] = []
  readonly attempts: number[] = []
  answer: Answer = 'delivered'
  readonly #clock: ManualClock

  constructor(clock: ManualClock, name = 'phone') {
    this.#clock = clock
    this.name = name
  }

  async deliver(notice: Notice): Promise<Result<undefined>> {
    this.attempts.push(this.#clock.monotonic())
    if (this.answer === 'hangs') return new Promise(() => undefined)
    if (this.answer !== 'delivered') return failed(this.answer)
    this.heard.push({ at: this.#clock.monotonic(), notice })
    return ok(undefined)
  }

  get texts(): readonly string[] {
    return this.heard.map(({ notice }) => notice.text)
  }
}

export const alertingWith = (over: { policy?: Partial<AlertingPolicy>; channels?: readonly { readonly name: string; readonly least?: Severity }[]; redact?: (text: string) => string } = {}) => {
  const clock = new ManualClock()
  const log = recordingLog()
  const random = seededRandom('alerting')
  const channels = (over.channels ?? [{ name: 'phone' }]).map(({ name, least = 'warning' as const }) => ({ notifier: new HeardChannel(clock, name), least }))
  const alerting = new Alerting({
    channels,
    policy: { ...defaultAlertingPolicy, ...over.policy },
    desk: 'desk one',
    redact: over.redact ?? ((text) => text),
    clock,
    random: { fraction: () => random.uniform(), below: (bound) => random.below(bound) },
    log,
  })
  alerting.start()
  const [phone, ...others] = channels.map(({ notifier }) => notifier)
  if (phone === undefined) throw new Error('an alerting without a channel tells nobody')
  return { alerting, clock, log, phone, others }
}
