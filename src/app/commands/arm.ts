/** `arm` and `disarm`: a person's word that this very configuration may trade real money. */
import { Armings } from '../../adapters/postgres/armings.ts'
import { systemClock } from '../../adapters/system/system-clock.ts'
import { loadConfig } from '../config/load-config.ts'
import type { Config } from '../config/schema.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { printJson, printLine } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { composeStrategies, isModule, type Strategies } from '../strategies/compose-strategies.ts'
import { visitStore } from '../visit-store.ts'
import { whoAmI } from './steer.ts'

export interface ArmOptions {
  readonly config: string
  readonly reason: string
  readonly confirm?: string
  readonly json?: boolean
}

/** What is armed, as a person reads it before saying yes. */
const summary = ({ mode, environment, venue, instruments, risk }: Config): string =>
  [
    `mode ${mode}, environment ${environment}, venue ${venue.name}`,
    ...Object.entries(instruments).map(([id, settings]) => `${id}: ${settings.strategy}${isModule(settings) ? '' : `, ${settings.rungs} rungs`}, at most ${settings.budgetQuote} of quote money`),
    `no order above ${risk.maxNotionalPerOrderQuote}, no more than ${risk.maxExposureQuote} bound at once`,
  ].join('\n')

const say = (file: string, fingerprint: string, { armed, reason }: { readonly armed: boolean; readonly reason: string }): Promise<void> =>
  visitStore(file, 'makes', async (store) => {
    const armings = new Armings(() => store.locate())
    try {
      await armings.say({ at: systemClock.now(), armed, fingerprint, who: whoAmI(), reason })
    } finally {
      await armings.close()
    }
  })

const insistOnReason = (reason: string): void => {
  if (reason.trim() === '') throw new Problem(exitCodes.usage, 'the reason is empty: say in a few words why, with --reason')
}

/**
 * Arms a configuration, when its fingerprint is repeated; shows what it stands for otherwise.
 * @throws Problem
 */
export const arm = async (options: ArmOptions): Promise<ExitCode> => {
  insistOnReason(options.reason)
  const config = loadConfig(options.config)
  const fingerprint = fingerprintOf(config, composeStrategies(config, options.config).digests)
  if (config.mode !== 'live') throw new Problem(exitCodes.configuration, `${options.config} has mode ${config.mode}, which sends no real order: there is nothing to arm`)
  if (options.confirm !== fingerprint) {
    const why = options.confirm === undefined ? 'nothing is armed yet' : `${options.confirm} is not the fingerprint of this configuration, so nothing is armed`
    throw new Problem(exitCodes.usage, `${why}. It would be:\n${summary(config)}\nIf that is meant, say so with: nightdesk arm --config ${options.config} --reason "${options.reason}" --confirm ${fingerprint}`)
  }
  await say(options.config, fingerprint, { armed: true, reason: options.reason })
  if (options.json === true) printJson({ armed: true, fingerprint })
  else printLine(`armed: ${fingerprint}\n${summary(config)}`)
  return exitCodes.fine
}

/** Taking back is never refused: a module that is broken now was another when it was armed. */
const digestsOrNone = (config: Config, file: string): Strategies['digests'] => {
  try {
    return composeStrategies(config, file).digests
  } catch {
    return {}
  }
}

/** Disarms whatever was armed: the next start is refused. A desk that runs is stopped with a signal, or by the kill switch. */
export const disarm = async (options: ArmOptions): Promise<ExitCode> => {
  insistOnReason(options.reason)
  const config = loadConfig(options.config)
  const fingerprint = fingerprintOf(config, digestsOrNone(config, options.config))
  await say(options.config, fingerprint, { armed: false, reason: options.reason })
  if (options.json === true) printJson({ armed: false, fingerprint })
  else printLine('disarmed: the next start is refused until it is armed again')
  return exitCodes.fine
}
