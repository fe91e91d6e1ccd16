import { describe, expect, test } from 'vitest'
import { EndlessMoment, VirtualClock } from '../../simulation/time/virtual-clock.ts'
import { Life } from '../../simulation/process/life.ts'
import { seededRandom } from '../../src/simulated-market/random.ts'

describe('a virtual clock', () => {
  test('runs what is due in the order of its moments, and of one moment in the order of asking (V1)', async () => {
    const clock = new VirtualClock()
    const ran: string[] = []
    for (const [delayMs, name] of [[5, 'e'], [1, 'a'], [3, 'c'], [1, 'b'], [3, 'd'], [9, 'late']] as const) clock.after(delayMs, () => ran.push(name))
    await clock.run(5)
    expect({ ran, now: clock.now, waiting: clock.waiting }).toEqual({ ran: ['a', 'b', 'c', 'd', 'e'], now: 5, waiting: 1 })
  })

  test('keeps the order of thousands, whatever is cancelled between', async () => {
    const clock = new VirtualClock()
    const random = seededRandom('clock')
    const ran: number[] = []
    const timers = Array.from({ length: 5_000 }, () => {
      const at = random.below(1_000)
      return { at, timer: clock.after(at, () => ran.push(at)) }
    })
    const cancelled = timers.filter(() => random.below(3) === 0)
    for (const { timer } of cancelled) timer.cancel()
    await clock.run(1_000)
    expect(ran).toEqual(ran.toSorted((a, b) => a - b))
    expect(ran).toHaveLength(timers.length - cancelled.length)
  })

  test('lets every promise go on before the next event, however long its chain (V2)', async () => {
    const clock = new VirtualClock()
    const seen: string[] = []
    const chain = async (): Promise<void> => {
      for (let step = 0; step < 1_000; step++) await Promise.resolve()
      seen.push('the chain has ended')
    }
    clock.after(1, () => void chain())
    clock.after(1, () => seen.push('the next event'))
    await clock.run(1)
    expect(seen).toEqual(['the chain has ended', 'the next event'])
  })

  test('stops after the event that makes it done, and tells what an event throws', async () => {
    const clock = new VirtualClock()
    clock.after(1, () => undefined)
    clock.after(2, () => { throw new Error('a fault') })
    await clock.run(10, () => clock.now === 1)
    expect(clock.now).toBe(1)
    await expect(clock.run(10)).rejects.toThrow('a fault')
  })

  test('does not wait for a moment that never ends (V4), and moves on for the smallest wait', async () => {
    const clock = new VirtualClock()
    const again = (): void => void clock.after(0, again)
    again()
    await expect(clock.run(1)).rejects.toThrow(EndlessMoment)
    const other = new VirtualClock()
    await other.run(185_000)
    let rings = 0
    const creep = (): void => void (++rings < 10 && other.after(1e-12, creep))
    creep()
    await other.run(185_001)
    expect(rings).toBe(10)
  })
})

describe('a process', () => {
  const world = () => {
    const clock = new VirtualClock()
    const heard: string[] = []
    return { clock, heard, life: new Life(1, clock, { epochMs: 0, wallAheadMs: 0 }) }
  }

  test('hears and says nothing once it is dead (P1)', async () => {
    const { clock, heard, life } = world()
    life.clock.after(5, () => heard.push('a timer'))
    life.kill()
    life.hear(() => heard.push('an answer'))
    await clock.run(10)
    expect(heard).toEqual([])
  })

  test('that is frozen hears everything, in order, when it wakes (P2)', async () => {
    const { clock, heard, life } = world()
    life.clock.after(5, () => heard.push('a timer'))
    life.freeze()
    life.hear(() => heard.push('an answer'))
    await clock.run(10)
    expect(heard).toEqual([])
    life.thaw()
    await clock.run(11)
    expect(heard).toEqual(['an answer', 'a timer'])
  })

  test('does not count the time that the machine slept (P3)', async () => {
    const { clock, heard, life } = world()
    life.clock.after(5, () => heard.push(`at ${life.clock.monotonic()}, wall ${life.clock.now()}`))
    life.freeze()
    await clock.run(100)
    life.thaw(100)
    await clock.run(200)
    expect(heard).toEqual(['at 5, wall 105'])
  })
})
