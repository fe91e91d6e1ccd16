/**
 * The stranger's walk: everything that docs/guide.md says up to paper trading, done as it is written there, in an empty
 * folder and against the sandbox. Each step is timed; the first that fails ends it with 1.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse, stringify } from 'yaml'
import { blockOf } from './blocks.ts'

const entry = path.join(import.meta.dirname, '..', 'bin', 'nightdesk.js')
const folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-walk-'))
const config = path.join(folder, 'desk.yaml')
const running: ChildProcess[] = []
/** No step may take longer. */
const stepMs = 180_000

const begin = (args: readonly string[]): { readonly child: ChildProcess; readonly said: () => string; readonly ended: Promise<string> } => {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, DATABASE_URL: undefined, NIGHTDESK_HOME: path.join(folder, 'home') } })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString() })
  child.stderr.on('data', (chunk: Buffer) => { err = `${err}${chunk.toString()}`.slice(-4_000) })
  const ended = new Promise<string>((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`nightdesk ${args.join(' ')} ended with ${code}: ${err}${out.slice(-2_000)}`))))
  })
  ended.catch(() => undefined)
  running.push(child)
  return { child, said: () => out, ended }
}

const nightdesk = (...args: readonly string[]): Promise<string> => begin(args).ended

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

/** The first line of a command that goes on running. */
const firstLine = async ({ said, ended }: ReturnType<typeof begin>): Promise<string> => {
  const state = { over: false }
  ended.then(() => { state.over = true }, () => { state.over = true })
  while (!said().includes('\n')) {
    if (state.over) throw new Error(await ended)
    await pause(50)
  }
  return said().split('\n')[0] ?? ''
}

const times: { readonly step: string; readonly seconds: number }[] = []

const step = async <T>(name: string, task: () => Promise<T>): Promise<T> => {
  const from = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => reject(new Error(`it took longer than ${stepMs / 1_000} s`)), stepMs) })
  try {
    const result = await Promise.race([task(), late])
    const seconds = Math.round((performance.now() - from) / 100) / 10
    times.push({ step: name, seconds })
    process.stdout.write(`${seconds.toFixed(1).padStart(6)} s  ${name}\n`)
    return result
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

const insist = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new Error(otherwise)
}

/** The ladder makes room for the strategy of docs/add-a-strategy.md, at figures for a market that moves little. */
const putStrategyInPlace = async (): Promise<void> => {
  writeFileSync(path.join(folder, 'dip-buyer.ts'), blockOf('docs/add-a-strategy.md', 'dip-buyer.ts'))
  const settings = parse(readFileSync(config, 'utf8')) as { instruments: Record<string, object> }
  settings.instruments = { 'BTC-USD': { strategy: './dip-buyer.ts', settings: { window: 5, dipBps: 1, pairs: 3 }, sampleEveryMs: 1_000, budgetQuote: '3000', targetBps: 1 } }
  writeFileSync(config, stringify(settings))
  await nightdesk('config', 'check', '--config', config)
}

const untilTraded = async (): Promise<string> => {
  for (;;) {
    const [closed] = (await nightdesk('pairs', '--all', '--state', 'closed', '--json')).trim().split('\n')
    if (closed !== undefined && closed !== '') return (JSON.parse(closed) as { address: string }).address
    await pause(500)
  }
}

const walk = async (): Promise<void> => {
  await step('demo, until one pair has closed', async () => insist((await nightdesk('demo', '--until-closed', '1', '--seed', '7', '--port', '0', '--json')).includes('"clean":true'), 'the books differ'))
  const sandbox = begin(['sandbox', '--home', path.join(folder, 'exchange'), '--seed', 'walk', '--speed', '20'])
  const { control } = await step('sandbox', async () => JSON.parse(await firstLine(sandbox)) as { control: string })
  await step('init, for paper on the sandbox', () => nightdesk('init', '--sandbox', control, '--mode', 'paper', '--out', config))
  await step('a strategy of your own, and config check', putStrategyInPlace)
  await step('doctor', async () => insist((await nightdesk('doctor', '--config', config, '--json')).includes('"problems":0'), 'it has found a problem'))
  const desk = begin(['run', '--config', config, '--port', '0', '--json'])
  await step('run, until it answers', () => firstLine(desk))
  await step('why', async () => insist((await nightdesk('why', '--json')).includes('"instruments":[{'), 'it names no instrument'))
  const pair = await step('run, until a pair has closed', untilTraded)
  await step('inspect', async () => insist((await nightdesk('inspect', pair)).includes('-> closed'), 'the road does not end at closed'))
  await step('pnl', async () => insist((await nightdesk('pnl', '--json')).includes('"instrument":"BTC-USD"'), 'nothing was earned'))
  await step('stop', async () => {
    desk.child.kill('SIGTERM')
    await desk.ended
  })
  sandbox.child.kill('SIGTERM')
  await sandbox.ended
}

const from = performance.now()
try {
  await walk()
  process.stdout.write(`${((performance.now() - from) / 1_000).toFixed(1).padStart(6)} s  the whole walk, ${times.length} steps\n`)
} catch (error) {
  process.stderr.write(`the walk ends here: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  for (const child of running) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
  await pause(500)
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 })
}
process.exit()
