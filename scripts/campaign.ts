/**
 * `npm run campaign -- [--seconds N] [--seed S]`: the real desk on the real sandbox and real PostgreSQL, killed, cut off
 * and lied to for a while; then both books are compared. Exit 1 unless they agree. Not part of `npm test`: it is as long
 * as it is asked to be.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ownFolder, runToEnd, startDesk, startExchange, until, type RunningDesk } from '../test/support/program.ts'

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '120' }, seed: { type: 'string', default: '1' } } })

let state = Number(values.seed) >>> 0
/** A fraction from the seed: the blows are the same for the same seed, their moments are not. */
const chance = (): number => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return state / 2 ** 32
}
const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const lies: readonly object[] = [
  { name: 'loseNextAnswer', target: 'create', count: 2 },
  { name: 'loseNextAnswer', target: 'cancel', count: 2 },
  { name: 'loseNextRequest', target: 'create', count: 2 },
  { name: 'answer5xx', target: 'create', count: 2, variant: 'created' },
  { name: 'answer5xx', target: 'reads', count: 3 },
  { name: 'answer429', target: 'reads', count: 2 },
  { name: 'delay', target: 'create', count: 3, durationMs: 1_500 },
  { name: 'lateAdmission', target: 'create', count: 2, durationMs: 2_000 },
  { name: 'partialFills', count: 5 },
  { name: 'goSilent', durationMs: 6_000 },
  { name: 'sequenceGap', count: 1 },
  { name: 'duplicateFrames', count: 5 },
  { name: 'reorderFrames', count: 3 },
]

const folder = ownFolder()
const home = path.join(folder.path, 'home')
const exchange = await startExchange(folder.path, '--seed', values.seed, '--speed', '3')
const counts = { kills: 0, databaseKills: 0, droppedSockets: 0, lies: 0, freezes: 0, refusedStarts: 0 }
/** A start that meets a dying database ends with a sentence; whoever watches over a desk starts it again. */
const startAgain = async (): Promise<RunningDesk> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startDesk(exchange.config, home)
    } catch (error) {
      counts.refusedStarts++
      if (attempt === 5) throw error
    }
  }
}
let desk: RunningDesk = await startAgain()

const blows: Readonly<Record<string, () => Promise<void>>> = {
  kill: async () => {
    counts.kills++
    desk.child.kill('SIGKILL')
    await desk.ended
    desk = await startAgain()
  },
  killTheDatabase: async () => {
    counts.databaseKills++
    const postmaster = await until(async () => readFileSync(path.join(home, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0], (pid) => pid !== undefined).catch(() => undefined)
    if (postmaster !== undefined) process.kill(Number(postmaster), 'SIGKILL')
  },
  dropSockets: async () => {
    counts.droppedSockets++
    await exchange.fault({ name: 'dropSockets' })
  },
  freeze: async () => {
    counts.freezes++
    desk.child.kill('SIGSTOP')
    await sleep(500 + chance() * 5_000)
    desk.child.kill('SIGCONT')
  },
  lie: async () => {
    counts.lies++
    await exchange.fault(pick(lies))
  },
}

const end = Date.now() + Number(values.seconds) * 1_000
while (Date.now() < end) {
  await sleep(300 + chance() * 3_000)
  await pick([blows['kill'], blows['kill'], blows['killTheDatabase'], blows['dropSockets'], blows['freeze'], blows['lie'], blows['lie'], blows['lie']])?.()
}

await fetch(`${exchange.control}/faults`, { method: 'DELETE' })
await sleep(12_000)
const audited = await runToEnd(['audit', '--config', exchange.config, '--settle', '60', '--json'], { NIGHTDESK_HOME: home })
const rows = async (...args: readonly string[]): Promise<number> => {
  const { out } = await runToEnd([...args, '--json', '--limit', '100000'], { NIGHTDESK_HOME: home })
  return out.split('\n').filter((line) => line !== '').length
}
const result = {
  seed: values.seed,
  seconds: Number(values.seconds),
  ...counts,
  orders: await rows('orders', '--all'),
  closed: await rows('pairs', '--all', '--state', 'closed'),
  held: await rows('pairs', '--state', 'held'),
  audit: JSON.parse(audited.out) as unknown,
}
process.stdout.write(`${JSON.stringify(result)}\n`)
desk.child.kill('SIGTERM')
await desk.ended
await exchange.stop()
folder.remove()
process.exit(audited.code ?? 1)
