/** What a campaign does to a desk's world while the desk lives. */
import type { Stand } from '../../test/support/stand.ts'
import { sleep, type Chance } from './chance.ts'
import type { Tally } from './tally.ts'

const lies: readonly object[] = [
  { name: 'loseNextAnswer', target: 'create', count: 2 },
  { name: 'loseNextAnswer', target: 'cancel', count: 2 },
  { name: 'loseNextRequest', target: 'create', count: 2 },
  { name: 'answer5xx', target: 'create', count: 2, variant: 'created' },
  { name: 'answer5xx', target: 'reads', count: 3 },
  { name: 'answer429', target: 'reads', count: 2 },
  { name: 'delay', target: 'create', count: 3, durationMs: 1_000 },
  { name: 'lateAdmission', target: 'create', count: 2, durationMs: 1_500 },
  { name: 'partialFills', count: 5 },
  { name: 'goSilent', durationMs: 4_000 },
  { name: 'sequenceGap', count: 1 },
  { name: 'duplicateFrames', count: 5 },
  { name: 'reorderFrames', count: 3 },
  { name: 'refuseConnections', target: 'user', durationMs: 3_000 },
]

interface Blow {
  readonly name: string
  /** How likely, beside the others. */
  readonly weight: number
  strike(stand: Stand, chance: Chance): Promise<void>
}

const blows: readonly Blow[] = [
  { name: 'lie', weight: 8, strike: ({ exchange }, chance) => exchange.fault(chance.pick(lies)) },
  { name: 'market runs away', weight: 4, strike: (stand, chance) => stand.push(chance.pick([-20, -10, 15, 30])) },
  { name: 'sockets cut', weight: 4, strike: ({ exchange }) => exchange.fault({ name: 'dropSockets' }) },
  { name: 'database killed', weight: 2, strike: (stand) => stand.endDatabase('SIGKILL') },
  { name: 'database restarted', weight: 1, strike: (stand) => stand.endDatabase('SIGINT') },
  { name: 'database session cut', weight: 2, strike: (stand) => stand.cutSession() },
  { name: 'sandbox killed', weight: 1, strike: ({ exchange }) => exchange.restart() },
]

const drawn = blows.flatMap((blow) => Array.from({ length: blow.weight }, () => blow))

/** Strikes one blow. One that meets something dead already has missed, and is counted so. */
export const strike = async (stand: Stand, chance: Chance, tally: Tally): Promise<void> => {
  const blow = chance.pick(drawn)
  const { name } = blow
  try {
    await blow.strike(stand, chance)
    tally.count('blows', name)
  } catch {
    tally.count('blows', `${name}, missed`)
  }
  await sleep(chance.fraction() * 600)
}
