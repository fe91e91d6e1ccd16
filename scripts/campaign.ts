/**
 * `npm run campaign -- [--kills N] [--seconds N] [--seed S] [--speed X] [--audit-every N]`: the real desk on the real
 * sandbox and real PostgreSQL, killed, frozen, succeeded, cut off and lied to until it was killed often enough (50 times,
 * if no bound is named); both books are compared on the way and at the end. Prints one JSON line; exit 1 unless
 * everything is clean, and then the folder stays. Not part of `npm test`: it is as long as it is asked to be.
 */
import { parseArgs } from 'node:util'
import { Client } from 'pg'
import { finish, Stand } from '../test/support/stand.ts'
import { until } from '../test/support/program.ts'
import { Chance } from './campaign/chance.ts'
import { Lives } from './campaign/lives.ts'
import { Tally } from './campaign/tally.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    speed: { type: 'string', default: '8' },
    'audit-every': { type: 'string', default: '50' },
  },
})

const enough = { kills: Number(values.kills ?? (values.seconds === undefined ? 50 : Infinity)), seconds: Number(values.seconds ?? Infinity) }
const settleMs = 120_000
const note = (text: string): void => void process.stderr.write(`${new Date().toISOString()} ${text}\n`)

const countOf = async (stand: Stand, table: 'quarantine' | 'orders' | 'fills' | 'batches'): Promise<number> => {
  const client = new Client(await stand.serverAddress())
  await client.connect()
  try {
    const { rows } = await client.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`)
    return rows[0]?.count ?? 0
  } finally {
    await client.end()
  }
}

const stand = await Stand.open({ seed: values.seed, speed: Number(values.speed) })
const tally = new Tally()
const lives = new Lives(stand, new Chance(values.seed), tally)

/** Lets the world be, waits until everything has come to rest, and compares the books. */
const judge = async () => {
  await lives.rest()
  await stand.exchange.calm()
  const desk = await lives.serving()
  await stand.trades(1, settleMs)
  const audit = await stand.audit(settleMs)
  const held = await until(() => stand.pairs('held'), (pairs) => pairs.length === 0, settleMs).catch(() => stand.pairs('held'))
  const result = { ...audit, held: held.length, falseAbsences: await stand.falseAbsences(), quarantined: await countOf(stand, 'quarantine') }
  const complaints = desk.complaints().slice(-4_000)
  await finish(desk)
  tally.count('kills', 'at a random instant')
  const clean = result.clean && result.held + result.falseAbsences.length + result.quarantined === 0
  return { clean, result, complaints }
}

const began = Date.now()
const isOver = (): boolean => tally.killed >= enough.kills || Date.now() - began > enough.seconds * 1_000
let audits = 0
let last: Awaited<ReturnType<typeof judge>> | undefined
try {
  await finish(await lives.serving())
  while (!isOver() && tally.faults.length === 0 && last?.clean !== false) {
    const next = tally.killed + Number(values['audit-every'])
    while (!isOver() && tally.killed < next && tally.faults.length === 0) await lives.next()
    last = await judge()
    audits++
    note(`${tally.killed} kills, audit ${audits}: ${JSON.stringify(last.result)}`)
  }
} catch (error) {
  tally.fault(error instanceof Error ? (error.stack ?? error.message) : String(error))
}

const isClean = last?.clean === true && tally.faults.length === 0
const figures = {
  seed: values.seed,
  seconds: Math.round((Date.now() - began) / 1_000),
  sigkills: tally.killed,
  ...tally.figures(),
  audits,
  orders: await countOf(stand, 'orders').catch(() => null),
  fills: await countOf(stand, 'fills').catch(() => null),
  commits: await countOf(stand, 'batches').catch(() => null),
  closed: (await stand.pairs('closed').catch(() => [])).length,
  dust: (await stand.pairs('dust').catch(() => [])).length,
  audit: last?.result,
}
process.stdout.write(`${JSON.stringify(figures)}\n`)
if (!isClean) note(`not clean; everything is kept in ${stand.folder}${last === undefined ? '' : `; the last desk said: ${last.complaints}`}`)
await stand.close({ keep: !isClean })
process.exit(isClean ? 0 : 1)
