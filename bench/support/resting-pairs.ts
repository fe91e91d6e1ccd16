/** A store with so many open pairs, each with a buy that rests at the venue: the rows of one real pair, told under other names. */
import { Desk } from '../../src/actors/desk.ts'
import { defaultTuning, type DeskOptions } from '../../src/actors/desk-options.ts'
import { PostgresJournal } from '../../src/adapters/postgres/postgres-journal.ts'
import type { PostgresAddress } from '../../src/adapters/postgres/connection.ts'
import { systemClock, systemRandom } from '../../src/adapters/system/system-clock.ts'
import { money, rate } from '../../src/domain/decimal.ts'
import { noFailpoints } from '../../src/ports/failpoints.ts'
import type { Batch, Lease, Turn } from '../../src/ports/journal.ts'
import { insist } from '../figure.ts'
import { install, loopOn, orderOf, pairInput, pairOf, stamp } from './order-lives.ts'
import { quietVenue, wideLimits } from './quiet-venue.ts'
import { silent } from './silent.ts'

const pairsABatch = 250

const leaseOn = async (journal: PostgresJournal): Promise<Lease> => {
  const taken = await journal.takeLease(stamp, install)
  if (taken.kind !== 'taken') throw new Error('the bench did not get its own store')
  return taken.lease
}

/** The turns of a pair until its buy is accepted, as the machines make them. */
const templateOn = async (journal: PostgresJournal, lease: Lease): Promise<readonly Turn[]> => {
  const turns: Turn[] = []
  const loop = loopOn(journal, lease)
  loop.committed.subscribe((turn) => turns.push(turn))
  await loop.ask({ to: `trade-pair/${pairOf(0)}`, create: { ...pairInput(pairOf(0)) }, event: { type: 'proposed' } })
  await loop.ask({ to: `order/${orderOf(pairOf(0), 'buy')}`, event: { type: 'accepted', venueOrderId: `v-${pairOf(0)}-buy` } as never })
  await loop.close()
  return turns
}

/** Fills an empty store. */
export const restPairs = async (address: PostgresAddress, pairs: number): Promise<void> => {
  const journal = await PostgresJournal.open(async () => address, 'bench', noFailpoints)
  const lease = await leaseOn(journal)
  const text = JSON.stringify(await templateOn(journal, lease))
  let position = JSON.parse(text).at(-1).events.at(-1).position as number
  for (let first = 1; first < pairs; first += pairsABatch) {
    const named = Array.from({ length: Math.min(pairsABatch, pairs - first) }, (_, index) => JSON.parse(text.replaceAll(pairOf(0), pairOf(first + index))) as readonly Turn[])
    const turns = named.flat().map((turn) => ({ ...turn, events: turn.events.map((event) => ({ ...event, position: ++position })) }))
    const batch: Batch = { id: `rest-${first}`, turns }
    const outcome = await journal.commit(batch)
    insist(outcome.kind === 'committed', `the rows were not taken: ${JSON.stringify(outcome)}`)
  }
  await journal.close()
}

const optionsOn = (journal: PostgresJournal, pairs: number): DeskOptions => ({
  environment: stamp.environment,
  venue: quietVenue(pairs),
  journal,
  clock: systemClock,
  random: systemRandom,
  log: silent,
  failpoints: noFailpoints,
  disk: { free: async () => ({ bytes: 1e12, share: 0.9 }) },
  instruments: [{ id: pairInput('').instrument.id, adoptedTarget: rate('0.0003'), strategy: { name: 'bench', budget: money('1000000000'), decide: () => ({ proposals: [], unwanted: [], wakeAt: {} }) } }],
  foreignOrders: 'report',
  limits: wideLimits,
  tuning: { ...defaultTuning, restarts: { ...defaultTuning.restarts, pauseAfter: 1_000, observeAfter: 1_000 } },
})

export interface RestingDesk {
  readonly desk: Desk
  /** From the first step of the start to "restored and reconciled". */
  readonly startedInMs: number
  stop(): Promise<void>
}

/** Starts a desk on such a store, as after a kill, and waits until it trades. */
export const startDesk = async (address: PostgresAddress, pairs: number): Promise<RestingDesk> => {
  const journal = await PostgresJournal.open(async () => address, 'bench', noFailpoints)
  const began = performance.now()
  const desk = await Desk.start(optionsOn(journal, pairs))
  while (desk.view.deskState !== 'trading') await new Promise((resolve) => setTimeout(resolve, 1))
  const startedInMs = performance.now() - began
  insist(desk.view.orders().length === pairs && desk.view.pairs().length === pairs, `${desk.view.pairs().length} pairs and ${desk.view.orders().length} orders came back of ${pairs}`)
  insist(desk.view.orders().every(({ inDoubt }) => !inDoubt), 'an order that rests is in doubt')
  return { desk, startedInMs, stop: () => desk.stop('the bench has what it wants', 5_000) }
}
