/** Trouble with the store, the process and the machine it runs on. */
import { failpoints, type Failpoint } from '../../src/ports/failpoints.ts'
import type { Random } from '../../src/simulated-market/random.ts'
import type { FaultKind, FaultTargets } from './fault-kind.ts'

const within = (random: Random, least: number, most: number): number => least + random.uniform() * (most - least)

/** Moments that no process over the store in memory comes by. */
const elsewhere: ReadonlySet<Failpoint> = new Set(['start.migrating'])
const points = (Object.keys(failpoints) as Failpoint[]).filter((point) => !elsewhere.has(point))
/** A stop must be asked for before its moments can come. */
const ofStop: ReadonlySet<Failpoint> = new Set(['stop.asked', 'stop.drained'])
const ofStart: ReadonlySet<Failpoint> = new Set(['start.leased', 'start.restored'])

/** Makes the moment come where it would not come by itself. */
const bringAbout = (targets: FaultTargets, point: Failpoint): void => {
  const { current } = targets.host
  if (current === undefined) return
  if (ofStop.has(point)) targets.host.stop(current)
  if (ofStart.has(point)) targets.host.kill(current, `so that the next one comes to ${point}`)
}

const atPoint = (action: 'kill' | 'freeze', point: Failpoint, rows: readonly string[]): FaultKind => ({
  id: `${action}@${point}`,
  rows,
  rarity: 3,
  inject: (targets, random) => {
    targets.plan({ point, action, skip: ofStart.has(point) || ofStop.has(point) ? 0 : random.below(4), forMs: within(random, 500, 30_000) })
    bringAbout(targets, point)
  },
})

const atPoints: readonly FaultKind[] = points.flatMap((point) => [atPoint('kill', point, ['PR-01', 'OC-11']), atPoint('freeze', point, ['PR-03', 'PR-04'])])

const store: readonly FaultKind[] = [
  { id: 'store.away', rows: ['DB-01', 'DB-02', 'DB-04', 'DB-05', 'DB-06'], inject: (targets, random) => targets.trouble('away', within(random, 200, 10_000)) },
  { id: 'store.slow', rows: ['DB-12'], inject: (targets, random) => targets.trouble('slow', within(random, 500, 8_000)) },
  { id: 'store.doubtBefore', rows: ['DB-03'], inject: (targets) => targets.loseCommit('loseBefore') },
  { id: 'store.doubtAfter', rows: ['DB-07'], inject: (targets) => targets.loseCommit('loseAfter') },
  { id: 'store.full', rows: ['DB-09'], inject: (targets, random) => targets.trouble('full', within(random, 500, 6_000)) },
  {
    id: 'disk.low',
    rows: ['DB-09'],
    inject: ({ disk, clock, met }, random) => {
      disk.full = true
      met()
      clock.after(within(random, 3_000, 8_000), () => { disk.full = false })
    },
  },
]

const process: readonly FaultKind[] = [
  {
    id: 'process.killed',
    rows: ['PR-01'],
    rarity: 2,
    inject: ({ host, met }) => {
      if (host.current === undefined) return
      host.kill(host.current, 'at any moment')
      met()
    },
  },
  {
    id: 'process.frozen',
    rows: ['PR-03', 'PR-04'],
    rarity: 3,
    inject: ({ host, met }, random) => {
      const { current } = host
      if (current?.life.state !== 'awake') return
      host.freeze(current, within(random, 500, 20_000), 0, 'and loses the desk')
      host.succeed(current, within(random, 20, 400))
      met()
    },
  },
  {
    id: 'process.stalled',
    rows: ['PR-05', 'PR-21'],
    rarity: 2,
    inject: ({ host, met }, random) => {
      const { current } = host
      if (current?.life.state !== 'awake') return
      host.freeze(current, within(random, 500, 9_000), 0, 'its thread is busy')
      met()
    },
  },
  {
    id: 'process.overtaken',
    rows: ['PR-03'],
    rarity: 4,
    inject: ({ host, met }, random) => {
      const { current } = host
      if (current?.life.state !== 'awake') return
      host.succeed(current, within(random, 0, 100))
      met()
    },
  },
  {
    id: 'process.second',
    rows: ['PR-02'],
    rarity: 3,
    inject: ({ host, met }) => {
      host.launch('beside')
      met()
    },
  },
  {
    id: 'process.stopped',
    rows: ['PR-10'],
    rarity: 3,
    inject: ({ host, met }) => {
      if (host.current?.desk === undefined) return
      host.stop(host.current)
      met()
    },
  },
]

const clocks: readonly FaultKind[] = [
  {
    id: 'clock.setAhead',
    rows: ['CK-01', 'CK-04'],
    rarity: 2,
    inject: (targets, random) => {
      targets.setClock(Math.round(random.below(2) === 0 ? within(random, 5, 400) : within(random, 1_000, 3_700_000)))
      targets.met()
    },
  },
  {
    id: 'clock.setBack',
    rows: ['CK-01', 'CK-05'],
    rarity: 2,
    inject: (targets, random) => {
      targets.setClock(-Math.round(random.below(2) === 0 ? within(random, 5, 400) : within(random, 400, 3_600_000)))
      targets.met()
    },
  },
  {
    id: 'machine.asleep',
    rows: ['CK-03', 'PR-04'],
    rarity: 3,
    inject: ({ host, met }, random) => {
      const forMs = within(random, 1_000, 30_000)
      for (const one of host.processes) host.freeze(one, forMs, forMs, 'the machine sleeps')
      met()
    },
  },
]

export const processFaults: readonly FaultKind[] = [...store, ...process, ...clocks, ...atPoints]
