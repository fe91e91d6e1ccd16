/** I15: every row is what its events lead to, folded again by the machine as it is. */
import { isDeepStrictEqual } from 'node:util'
import { refold } from '../../src/actors/refold.ts'
import type { ActorRecord, EventRecord } from '../../src/domain/records.ts'
import type { Books, Checker, Report } from './checker.ts'

/** As a database would give it back. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** The same text is the same row; another text may still be, in another order. */
const isSame = (a: ActorRecord, b: ActorRecord): boolean => JSON.stringify(a) === JSON.stringify(b) || isDeepStrictEqual(stored(a), stored(b))

export const replay = ({ store: { tables } }: Books, report: Report): Checker => ({
  atRest: () => {
    for (const row of tables.actors.values()) {
      const folded = folding(row, tables.historyOf(row.address))
      if (typeof folded === 'string') report('I15', `${row.address} cannot be folded again: ${folded}`)
      else if (!isSame(folded, row)) report('I15', `${row.address} is ${row.state} and its events lead to ${folded.state}`)
    }
  },
})

const folding = (row: ActorRecord, events: readonly EventRecord[]): ActorRecord | string => {
  try {
    return refold(row.address, stored(events))
  } catch (error) {
    return String(error)
  }
}
