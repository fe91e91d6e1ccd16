/** I15: every row is what its events lead to, lived again by the machine as it is, each event from and to where the journal says. */
import { Replay } from '../../src/actors/replay.ts'
import type { EventRecord } from '../../src/domain/records.ts'
import type { Books, Checker, Report } from './checker.ts'

/** As a database would give it back. */
const stored = (events: readonly EventRecord[]): readonly EventRecord[] => JSON.parse(JSON.stringify(events)) as readonly EventRecord[]

export const replay = ({ store: { tables } }: Books, report: Report): Checker => ({
  atRest: () => {
    for (const row of tables.actors.values()) {
      const events = stored(tables.historyOf(row.address))
      const life = new Replay(row)
      for (const event of events) life.live(event)
      for (const difference of life.verdict(events.length - row.seq).differences) report('I15', `${row.address}: ${difference}`)
    }
  },
})
