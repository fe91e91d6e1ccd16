/** Where the desk remembers: whether it can be reached, how far its schema is, whether a confirmed commit is safe there. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { examineStore, type StoreHealth } from '../../adapters/postgres/health.ts'
import { Problem } from '../problem.ts'
import { openStore, placeOf } from '../store.ts'
import { halves, ok, problem, type Finding } from './finding.ts'

/** An embedded server is only made by a start; one that was made leaves these. */
const isMade = (home: string): boolean => ['postgres', 'postgres-elsewhere.json'].some((name) => existsSync(path.join(home, name)))

const judged = ({ serverVersion, unsafe, pending }: StoreHealth, description: string): readonly Finding[] => [
  ok('store', `${description}, PostgreSQL ${serverVersion}`),
  pending.length === 0 ? ok('schema', 'up to date') : ok('schema', `the next start brings it up to date: ${pending.join(', ')}`),
  unsafe.length === 0 ? ok('durability', 'a confirmed commit survives a power cut') : problem('durability', `a confirmed commit could vanish: ${unsafe.join(', ')}`, 'set them to on in postgresql.conf'),
]

const refused = (error: unknown, url: string): Finding => {
  if (error instanceof Problem) {
    const { found, remedy } = halves(error.message)
    return problem('store', found, remedy)
  }
  return problem('store', `${url === 'embedded' ? 'the embedded PostgreSQL' : `PostgreSQL at ${placeOf(url)}`} does not answer (${error instanceof Error ? error.name : 'unknown'})`, 'look at its log')
}

/** @param url what the configuration says; DATABASE_URL wins */
export const lookAtStore = async (url: string, home: string): Promise<readonly Finding[]> => {
  const wanted = process.env['DATABASE_URL'] ?? url
  if (wanted === 'embedded' && !isMade(home)) return [ok('store', `no embedded PostgreSQL in ${home} yet; the first start makes it`)]
  try {
    const store = await openStore(url, home)
    try {
      return judged(await examineStore(store.address), store.description)
    } finally {
      await store.leave()
    }
  } catch (error) {
    return [refused(error, wanted)]
  }
}
