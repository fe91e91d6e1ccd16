/** Records of the journal as they are shown. */
import { dustOf } from '../../domain/exits.ts'
import { realisedProfit } from '../../domain/profit.ts'
import type { ActorRecord } from '../../domain/records.ts'
import type { SupervisorInspection } from '../../ports/inspection.ts'

const common = ({ address, kind, version, state, since, finished }: ActorRecord) => ({ address, machine: kind, version, state, since, finished })

/** One line of the list of actors. */
export const viewActorRow = (record: ActorRecord) => ({
  ...common(record),
  seq: record.seq,
  ...(record.order === undefined ? {} : { order: record.order }),
  ...(record.tradePair === undefined ? {} : { tradePair: record.tradePair }),
})

/** The same of an actor that keeps a link alive. */
export const viewSupervisorRow = ({ name, state, since, events }: SupervisorInspection) => ({ address: `connection/${name}`, machine: 'connection', version: 0, state, since, finished: false, seq: events.at(-1)?.seq ?? 0 })

/** Orders, flat; a record that is no order gives nothing. */
export const viewOrders = (records: readonly ActorRecord[]) =>
  records.flatMap((record) => (record.order === undefined ? [] : [{ ...common(record), ...record.order }]))

/** What a pair leaves at its end is dust, but for what a person has sold or moved. */
const leaves = ({ finished, state }: ActorRecord): boolean => finished && state !== 'closedExternally'

/** Trade pairs, flat, with their profit and what they could not sell; a record that is no pair gives nothing. */
export const viewTradePairs = (records: readonly ActorRecord[]) =>
  records.flatMap((record) => (record.tradePair === undefined ? [] : [{ ...common(record), ...record.tradePair, profit: realisedProfit(record.tradePair), dust: leaves(record) ? dustOf(record.tradePair) : null }]))
