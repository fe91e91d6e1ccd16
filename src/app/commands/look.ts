/** The commands that only look: status, orders, pairs, inspect. */
import type { PostgresReads } from '../../adapters/postgres/reads.ts'
import type { ActorRecord } from '../../domain/records.ts'
import { realisedProfit } from '../../domain/profit.ts'
import { chartOf, machines } from '../../machines/chart.ts'
import type { ActorInspection } from '../../ports/inspection.ts'
import { inspectActor } from '../actor-inspection.ts'
import { readDeskFile } from '../desk-file.ts'
import { KillFile } from '../kill-file.ts'
import { moment, printJson, printLine, table } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { drawRoad, drawTree, terminalOf } from '../state-tree.ts'
import { homeFolder } from '../store.ts'
import { withRows } from '../with-rows.ts'

export interface LookOptions {
  readonly config?: string
  readonly json?: boolean
  readonly all?: boolean
  readonly state?: string
  readonly limit: number
}

const query = (options: LookOptions, kind: ActorRecord['kind']) => ({
  kind,
  limit: options.limit,
  ...(options.all !== true && options.state === undefined && { finished: false }),
  ...(options.state !== undefined && { states: [options.state] }),
})

/** A kill that the next start carries out: a letter in the data directory, or one in the store. */
const isKillWaiting = async (reads: PostgresReads): Promise<boolean> => new KillFile(homeFolder()).isThere || (await reads.waitingKills()).length > 0

const running = (desk: ActorRecord | undefined) => {
  const file = readDeskFile(homeFolder())
  return { running: file !== undefined, pid: file?.pid ?? null, url: file?.url ?? null, state: file === undefined ? 'stopped' : (desk?.state ?? 'unknown') }
}

export const status = (options: LookOptions): Promise<ExitCode> =>
  withRows(options.config, async (reads, store) => {
    const desk = await reads.actor('desk')
    const orders = await reads.actors({ kind: 'order', finished: false, limit: options.limit })
    const pairs = await reads.actors({ kind: 'trade-pair', finished: false, limit: options.limit })
    const answer = {
      ...running(desk),
      kill: (await reads.actor('kill-switch'))?.state ?? 'off',
      killWaiting: await isKillWaiting(reads),
      since: desk?.since ?? null,
      starts: (desk?.context['starts'] as number | undefined) ?? 0,
      liveOrders: orders.length,
      openPairs: pairs.length,
      heldPairs: pairs.filter((pair) => pair.state === 'held').length,
      store: store.place,
    }
    if (options.json === true) printJson(answer)
    else printLine(Object.entries(answer).map(([name, value]) => `${name.padEnd(11)} ${name === 'since' ? moment(value as number) : String(value ?? '-')}`).join('\n'))
    return exitCodes.fine
  })

export const orders = (options: LookOptions): Promise<ExitCode> =>
  withRows(options.config, async (reads) => {
    const records = await reads.actors(query(options, 'order'))
    if (options.json === true) for (const record of records) printJson({ address: record.address, state: record.state, since: record.since, ...record.order })
    else {
      const rows = records.map(({ order, state, since }) => [order?.clientOrderId ?? '', state, order?.side ?? '', order?.instrument ?? '', order?.quantity ?? '', order?.price ?? '', order?.filled ?? '', moment(since)])
      printLine(table(['order', 'state', 'side', 'instrument', 'quantity', 'price', 'filled', 'since'], rows))
    }
    return exitCodes.fine
  })

export const pairs = (options: LookOptions): Promise<ExitCode> =>
  withRows(options.config, async (reads) => {
    const records = await reads.actors(query(options, 'trade-pair'))
    if (options.json === true) for (const record of records) printJson({ address: record.address, state: record.state, since: record.since, ...record.tradePair })
    else {
      const rows = records.map(({ tradePair, state, since }) => [
        tradePair?.pairId ?? '', state, tradePair?.instrument ?? '', tradePair?.bought ?? '', tradePair?.sold ?? '', tradePair?.minSellPrice ?? '-',
        (tradePair && realisedProfit(tradePair)) ?? '-', moment(since),
      ])
      printLine(table(['pair', 'state', 'instrument', 'bought', 'sold', 'min sell', 'profit', 'since'], rows))
    }
    return exitCodes.fine
  })

/** The chart with where it stands, and how it got there; as wide as the terminal. */
const drawing = ({ machine, state, history }: ActorInspection): readonly string[] => {
  const terminal = terminalOf(process.stdout, process.env['NO_COLOR'])
  const known = machines[machine]
  return [...(known === undefined ? [] : drawTree(chartOf(known), state, terminal)), '', ...drawRoad(history, terminal), '']
}

export const inspect = (address: string, options: LookOptions): Promise<ExitCode> =>
  withRows(options.config, async (reads) => {
    const found = await inspectActor(reads, address, { before: Number.MAX_SAFE_INTEGER, limit: options.limit })
    if (found === undefined) throw new Problem(exitCodes.foundProblem, `there is no actor ${address}: "nightdesk orders --all" and "nightdesk pairs --all" list their ids, as in order/<id>, trade-pair/<id> and desk`)
    if (options.json === true) printJson(found)
    else {
      printLine(`${found.address} (${found.machine}, version ${found.version})`)
      printLine(`state      ${found.state} since ${moment(found.since)}`)
      printLine(`next       ${found.next.join(', ')}`)
      printLine(`waits for  ${found.waitsFor.join('; ') || 'nothing'}`)
      printLine(`deadlines  ${found.deadlines.map(({ name, dueAt }) => `${name} at ${moment(dueAt)}`).join(', ') || 'none'}\n`)
      printLine(drawing(found).join('\n'))
      printLine(table(['seq', 'at', 'event', 'from', 'to'], found.history.map((event) => [String(event.seq), moment(event.at), event.event, event.from || '-', event.to])))
    }
    return exitCodes.fine
  })

export const pnl = (options: LookOptions): Promise<ExitCode> =>
  withRows(options.config, async (reads) => {
    const rows = await reads.realised(0, Number.MAX_SAFE_INTEGER)
    if (options.json === true) for (const row of rows) printJson(row)
    else printLine(table(['day', 'instrument', 'pairs', 'wins', 'profit', 'fees'], rows.slice(0, options.limit).map((row) => [row.day, row.instrument, String(row.pairs), String(row.wins), row.profit, row.fees])))
    return exitCodes.fine
  })
