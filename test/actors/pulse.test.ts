/** The process's own pulse, and the disk it writes on (src/actors/pulse.ts, disk-watch.ts; PR-05, CK-03, DB-09). */
import { describe, expect, test } from 'vitest'
import { DiskWatch } from '../../src/actors/disk-watch.ts'
import { Pulse } from '../../src/actors/pulse.ts'
import type { FreeSpace } from '../../src/ports/disk.ts'
import { ManualClock, recordingLog } from '../support/clock.ts'

const beating = () => {
  const clock = new ManualClock()
  const said: string[] = []
  const pulse = new Pulse({ clock, policy: { beatMs: 250, stallMs: 2_000, leapMs: 2_000 }, onStall: (ms) => said.push(`stall ${ms}`), onLeap: (ms) => said.push(`leap ${ms}`) })
  pulse.start()
  return { clock, said, pulse }
}

describe('the pulse', () => {
  test('of a process that lives says nothing, for ever', async () => {
    const { clock, said, pulse } = beating()
    await clock.advance(60_000)
    expect([said, pulse.worstMs]).toEqual([[], 0])
  })

  test('feels a wall clock that is set, either way, once', async () => {
    const { clock, said } = beating()
    clock.jump(3_600_000)
    await clock.advance(1_000)
    clock.jump(-5_000)
    await clock.advance(1_000)
    clock.jump(1_000)
    await clock.advance(1_000)
    expect(said).toEqual(['leap 3600000', 'leap -5000'])
  })

  test('feels a thread that stood still', async () => {
    const { clock, said, pulse } = beating()
    clock.stall(8_000)
    await clock.advance(1_000)
    expect(said).toEqual(['stall 7750'])
    expect(pulse.worstMs).toBe(7_750)
  })

  test('stops when it is told to', async () => {
    const { clock, said, pulse } = beating()
    pulse.stop()
    clock.jump(60_000)
    await clock.advance(10_000)
    expect([said, clock.waiting]).toEqual([[], 0])
  })
})

const watching = (space: { now: FreeSpace | undefined | Error }) => {
  const clock = new ManualClock()
  const said: string[] = []
  const log = recordingLog()
  const watch = new DiskWatch({
    disk: { free: async () => { if (space.now instanceof Error) throw space.now; return space.now } },
    clock,
    log,
    policy: { everyMs: 1_000, leastShare: 0.1, leastBytes: 1_000 },
    onLow: (detail) => said.push(detail),
    onEnough: () => said.push('enough'),
  })
  watch.start()
  return { clock, said, log }
}

describe('the disk', () => {
  test('that fills is told once, and once more when there is room again, with some to spare', async () => {
    const space: { now: FreeSpace | undefined | Error } = { now: { bytes: 5_000, share: 0.5 } }
    const { clock, said } = watching(space)
    await clock.advance(2_000)
    space.now = { bytes: 900, share: 0.05 }
    await clock.advance(3_000)
    space.now = { bytes: 1_050, share: 0.09 }
    await clock.advance(2_000)
    expect(said).toEqual(["the store's disk has 0 MiB (5.0 %) left: make room"])
    space.now = { bytes: 5_000, share: 0.5 }
    await clock.advance(2_000)
    expect(said.at(-1)).toBe('enough')
  })

  test('that is full by its share but has room enough, or small but empty, is not low', async () => {
    const { clock, said } = watching({ now: { bytes: 5_000, share: 0.01 } })
    await clock.advance(2_000)
    const other = watching({ now: { bytes: 500, share: 0.9 } })
    await other.clock.advance(2_000)
    expect([said, other.said]).toEqual([[], []])
  })

  test('that cannot be told, or read, is no hindrance', async () => {
    const { clock, said, log } = watching({ now: new Error('EIO') })
    await clock.advance(2_000)
    const other = watching({ now: undefined })
    await other.clock.advance(2_000)
    expect([said, other.said, log.lines[0]?.event]).toEqual([[], [], 'disk.unreadable'])
  })
})
