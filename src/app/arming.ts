/** Whether a person's word stands for a configuration: asked by a start, and by a look before it. */
import { Armings, type Arming } from '../adapters/postgres/armings.ts'
import type { Config } from './config/schema.ts'
import { exitCodes, Problem } from './problem.ts'
import type { OpenStore } from './store.ts'

/** A configuration, as a person armed it or did not. */
export interface Armed {
  readonly file: string
  readonly fingerprint: string
}

/** Only real money on a real venue wants a person's word. */
export const wantsArming = ({ mode, environment }: Config): boolean => mode === 'live' && environment === 'production'

/** Why the last word that was said does not stand for this configuration, and what to do; undefined when it does. */
export const unarmedBecause = ({ file, fingerprint }: Armed, last: Arming | undefined): string | undefined => {
  if (last?.armed === true && last.fingerprint === fingerprint) return undefined
  const was = last === undefined ? 'nobody has armed this desk' : last.armed ? `it was armed for another configuration (${last.fingerprint}; this one is ${fingerprint})` : `it was disarmed by ${last.who}: ${last.reason}`
  return `${was}: read what it would do with "nightdesk config check --config ${file}", then "nightdesk arm --config ${file} --reason ..."`
}

/** The last word that was said in a store. */
export const lastArming = async (locate: OpenStore['locate']): Promise<Arming | undefined> => {
  const armings = new Armings(locate)
  try {
    return await armings.last()
  } finally {
    await armings.close()
  }
}

/**
 * Refuses a start with real money that nobody armed, or that was armed for another configuration.
 * @throws Problem
 */
export const insistOnArming = async (config: Config, which: Armed, locate: OpenStore['locate']): Promise<void> => {
  const why = wantsArming(config) ? unarmedBecause(which, await lastArming(locate)) : undefined
  if (why !== undefined) throw new Problem(exitCodes.configuration, why)
}
