/** Where the desk remembers: whether it can be reached, how far its schema is, whether a confirmed commit is safe there, who owns it. */
import { examineStore, type StoreHealth } from '../../adapters/postgres/health.ts'
import type { Arming } from '../../adapters/postgres/armings.ts'
import type { StoreStamp } from '../../ports/journal.ts'
import { lastArming, unarmedBecause, wantsArming, type Armed } from '../arming.ts'
import type { Config } from '../config/schema.ts'
import { Problem } from '../problem.ts'
import { isMade, placeOfStore } from '../store.ts'
import { openBeside } from '../visit-store.ts'
import { halves, ok, problem, type Finding } from './finding.ts'

/** What the store says. */
export interface StoreLook {
  readonly findings: readonly Finding[]
  /** Whose rows it holds; undefined when it holds none, or did not tell. */
  readonly owner: StoreStamp | undefined
}

/** A configuration that is to be started on it. */
export interface Starter extends Armed {
  readonly config: Config
}

const judged = ({ serverVersion, unsafe, pending }: StoreHealth, description: string): readonly Finding[] => [
  ok('store', `${description}, PostgreSQL ${serverVersion}`),
  pending.length === 0 ? ok('schema', 'up to date') : ok('schema', `the next start brings it up to date: ${pending.join(', ')}`),
  unsafe.length === 0 ? ok('durability', 'a confirmed commit survives a power cut') : problem('durability', `a confirmed commit could vanish: ${unsafe.join(', ')}`, 'set them to on in postgresql.conf'),
]

const judgedArming = (starter: Starter | undefined, last: Arming | undefined): readonly Finding[] => {
  if (starter === undefined || !wantsArming(starter.config)) return []
  const why = unarmedBecause(starter, last)
  if (why === undefined) return [ok('arming', `armed by ${last?.who ?? 'nobody'}: ${last?.reason ?? ''}`)]
  const { found, remedy } = halves(why)
  return [problem('arming', found, remedy)]
}

const refused = (error: unknown, place: string): Finding => {
  if (error instanceof Problem) {
    const { found, remedy } = halves(error.message)
    return problem('store', found, remedy)
  }
  return problem('store', `${place} does not answer (${error instanceof Error ? error.name : 'unknown'})`, 'look at its log')
}

/**
 * @param url what the configuration says; DATABASE_URL wins
 * @param starter left out where only the store is asked about
 */
export const lookAtStore = async (url: string, home: string, starter?: Starter): Promise<StoreLook> => {
  if (!isMade(url, home)) return { findings: [ok('store', `no embedded PostgreSQL in ${home} yet; the first start makes it`), ...judgedArming(starter, undefined)], owner: undefined }
  try {
    const store = await openBeside(url, home)
    try {
      const health = await examineStore(store.address)
      return { findings: [...judged(health, store.description), ...judgedArming(starter, await lastArming(() => store.locate()))], owner: health.owner }
    } finally {
      await store.leave()
    }
  } catch (error) {
    return { findings: [refused(error, placeOfStore(url, home))], owner: undefined }
  }
}
