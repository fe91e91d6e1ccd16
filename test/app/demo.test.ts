/** The demo as a newcomer runs it. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { runToEnd, start, until } from '../support/program.ts'

const data = process.env['NIGHTDESK_DATA'] ?? '../shared/data'
const recording = path.join(data, 'ws', 'binance-spot-btcusdt_20240808.jsonl.gz')

const summaryOf = (out: string): Record<string, unknown> => JSON.parse(out.trim().split('\n').at(-1) ?? '') as Record<string, unknown>

const clean = { duplicates: 0, orphans: 0, missingFills: 0, phantomFills: 0, uncovered: 0, balanced: true, clean: true, restarts: 0, sandboxRestarts: 0 }

describe('demo --until-closed', () => {
  test.each([
    ['coinbase', { fees: '0' }],
    ['binance', { fees: expect.stringMatching(/^0\.\d*[1-9]/) as string }],
  ])('closes pairs on a synthetic market of %s at a profit, and both books agree', async (venue, fees) => {
    const { code, out, err } = await runToEnd(['demo', '--venue', venue, '--port', '0', '--seed', '7', '--until-closed', '3', '--json'])
    expect(err).toMatch(/the demo runs; look at http:\/\/127\.0\.0\.1:\d+\//)
    const summary = summaryOf(out)
    expect(summary).toMatchObject({ ...clean, ...fees })
    expect(summary['closed']).toBeGreaterThanOrEqual(3)
    expect(Number(summary['realisedProfit'])).toBeGreaterThan(0)
    expect(code).toBe(0)
  }, 150_000)

  test('starts a killed desk again, which goes on where it was', async () => {
    const demo = start(['demo', '--port', '0', '--seed', '7', '--until-closed', '6', '--json'])
    const home = await until(async () => /\(desk in (\S+),/.exec(demo.complaints())?.[1], (found) => found !== undefined, 60_000)
    const { pid } = JSON.parse(readFileSync(path.join(home ?? '', 'desk', 'desk.json'), 'utf8')) as { pid: number }
    process.kill(pid, 'SIGKILL')
    const { code, out, err } = await demo.ended
    expect(err).toMatch(/the desk ended by SIGKILL; starting it again/)
    expect(summaryOf(out)).toMatchObject({ ...clean, restarts: 1 })
    expect(code).toBe(0)
  }, 150_000)

  test.each(['coinbase', 'binance'])('goes on unattended when its exchange (%s), its database and its desk are killed', async (venue) => {
    const demo = start(['demo', '--venue', venue, '--port', '0', '--seed', '7', '--until-closed', '12', '--json'])
    const said = await until(async () => /\(desk in (\S+), sandbox control at (\S+);/.exec(demo.complaints()), (found) => found !== null, 90_000)
    const [, home = '', control = ''] = said ?? []
    const kill = (pid: unknown): void => void process.kill(Number(pid), 'SIGKILL')
    const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2_000))
    kill(((await (await fetch(`${control}/health`)).json()) as { pid: number }).pid)
    await moment()
    kill(readFileSync(path.join(home, 'desk', 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0])
    await moment()
    kill((JSON.parse(readFileSync(path.join(home, 'desk', 'desk.json'), 'utf8')) as { pid: number }).pid)
    const { code, out, err } = await demo.ended
    expect(err).toMatch(/the sandbox ended by SIGKILL; starting it again/)
    expect(err).toMatch(/the desk ended by SIGKILL; starting it again/)
    expect(summaryOf(out)).toMatchObject({ ...clean, restarts: 1, sandboxRestarts: 1 })
    expect(Number(summaryOf(out)['closed'])).toBeGreaterThanOrEqual(12)
    expect(code).toBe(0)
  }, 180_000)

  const recorded = existsSync(recording)
  if (!recorded) console.info(`skipped: the demo on recorded data needs ${recording} (set NIGHTDESK_DATA)`)
  test.skipIf(!recorded)('closes pairs on a recorded market', async () => {
    const { code, out } = await runToEnd(['demo', '--port', '0', '--replay', recording, '--speed', '20', '--until-closed', '5', '--json'])
    const summary = summaryOf(out)
    expect(summary).toMatchObject(clean)
    expect(summary['closed']).toBeGreaterThanOrEqual(5)
    expect(code).toBe(0)
  }, 180_000)
})
