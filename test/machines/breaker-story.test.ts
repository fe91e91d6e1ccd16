/** Stories of the breakers (docs/machines/breaker.md). The figures are worked out by hand. */
import { describe, expect, test } from 'vitest'
import { dayMs, hourMs } from '../../src/machines/breaker/period.ts'
import { begun, breaker, ended, marked, midnight, noon, refused, reset, stood, worsened } from './breaker-scenario.ts'

const minute = 60_000
const why = (story: ReturnType<typeof breaker>) => story.context.trip?.reason

describe('the loss of a day', () => {
  test('trips when round trips have lost the limit: -12.5 + 4 - 11.5 = -20, and says so with the numbers (X2)', () => {
    const story = breaker('dailyLoss').on(ended('-12.5')).on(ended('4')).on(ended('-11.49')).becomes('clear').on(ended('-0.01')).becomes('tripped.timed')
    expect(why(story)).toBe('the UTC day 2026-11-21 has lost 20 (realised), the limit is 20')
    expect(story.context.trip).toMatchObject({ evidence: { counted: '20', limit: '20', since: midnight - dayMs }, until: midnight })
    story.does(`setDeadline end 1 ${midnight}`, 'alert breaker.tripped')
  })

  test('counts what is held at the bid, from where the day began: 8 realised and -15 - -3 = -12 held is a loss of 20', () => {
    const story = breaker('dailyLoss').on(marked(noon, '0', '-3')).knows({ tally: expect.objectContaining({ opening: '-3' }) as never })
    story.on(ended('-8')).on(marked(noon, '-8', '-14.99')).becomes('clear').on(marked(noon, '-8', '-15')).becomes('tripped.timed')
    expect(why(story)).toBe('the UTC day 2026-11-21 has lost 20 (-8 realised and -12 marked to the bid), the limit is 20')
  })

  test('is not doubled by a mark that was taken before a round trip ended', () => {
    breaker('dailyLoss').on(marked(noon, '0', '0')).on(ended('-15')).on(marked(noon, '0', '-15')).becomes('clear')
  })

  test('ends with the day, which then counts from nothing', () => {
    breaker('dailyLoss').on(ended('-25')).due('end 1').becomes('clear').does('alert breaker.ended', 'clearDeadline end 1').on(ended('-19')).becomes('clear').knows({ tally: expect.objectContaining({ realised: '-19', period: Math.floor(midnight / dayMs) }) as never })
  })

  test('a late look at the clock counts the new day by its stamp, without any timer (X5)', () => {
    breaker('dailyLoss').on(ended('-19')).wait(dayMs).on(ended('-19')).becomes('clear').wait(1_000).on(ended('-1')).becomes('tripped.timed').knows({ trip: expect.objectContaining({ until: midnight + dayMs }) as never })
  })

  test('a clock that is set back neither ends a trip early nor begins a day again (X5)', () => {
    const story = breaker('dailyLoss').wait(dayMs).on(ended('-25')).becomes('tripped.timed').wait(-dayMs)
    story.on({ type: 'deadlineDue', name: 'end 1' } as { type: string }).becomes('tripped.timed').does(`setDeadline end 1 ${midnight + dayMs}`)
    story.on(ended('-5')).knows({ tally: expect.objectContaining({ realised: '-30', period: Math.floor(midnight / dayMs) }) as never })
    story.due('end 1').becomes('clear')
  })

  test('goes on into a day that has lost too much before its first trip has ended (X4)', () => {
    const story = breaker('dailyLoss').on(ended('-25')).wait(dayMs).on(ended('-21')).becomes('tripped.timed').waitsFor('end 2')
    story.on({ type: 'deadlineDue', name: 'end 1' } as { type: string }).becomes('tripped.timed').due('end 2').becomes('clear')
    expect(story.now).toBe(midnight + dayMs)
  })
})

describe('equity below its peak', () => {
  const curve = ['1000', '1010', '1005', '1030', '1020']

  test('trips at the deepest point of the golden curve: 1030 - 1020 = 10, a fall of 0.97 %, and waits for a person', () => {
    const story = breaker('drawdown')
    for (const equity of curve) story.wait(minute).on(marked(story.now, equity, '0'))
    story.becomes('tripped.stopped').waitsFor()
    expect(why(story)).toBe('equity is 1020, which is 10 below its peak of 1030; the limit is 10')
    expect(story.context.trip?.evidence).toEqual({ counted: '10', limit: '10', since: noon + 4 * minute })
    story.wait(30 * dayMs).on(marked(story.now, '1100', '0')).becomes('tripped.stopped')
  })

  test('seeks its peak anew from where equity is once a person has reset it', () => {
    const story = breaker('drawdown').on(marked(noon, '30', '0')).on(marked(noon, '30', '-10')).becomes('tripped.stopped').on(reset).becomes('clear').does('alert breaker.ended', 'clearDeadline end 1')
    story.on(marked(noon, '30', '-10')).becomes('clear').knows({ tally: expect.objectContaining({ peak: '20' }) as never }).on(marked(noon, '30', '-20')).becomes('tripped.stopped')
  })
})

describe('losses in a row', () => {
  test('trip with the last of them, and end after their pause with nothing counted', () => {
    const story = breaker('consecutiveLosses').on(ended('-1')).on(ended('-1')).on(ended('0')).on(ended('-1')).on(ended('-2')).becomes('clear').on(ended('-0.5')).becomes('tripped.timed')
    expect(why(story)).toBe('losses in a row: 3, the limit is 3; the last round trip lost 0.5')
    story.due('end 1').becomes('clear').knows({ tally: expect.objectContaining({ count: 0 }) as never }).on(ended('-1')).on(ended('-1')).becomes('clear')
  })

  test('one more while they wait makes the wait longer (X4)', () => {
    const story = breaker('consecutiveLosses').on(ended('-1')).on(ended('-1')).on(ended('-1')).wait(40_000).on(ended('-1')).becomes('tripped.timed').does('clearDeadline end 1', `setDeadline end 2 ${noon + 100_000}`, 'alert breaker.tripped')
    story.on(ended('3')).becomes('tripped.timed').due('end 2').becomes('clear')
  })

  test('with no pause they wait for a person', () => {
    breaker('consecutiveLosses', { pauseMs: 0 }).on(ended('-1')).on(ended('-1')).on(ended('-1')).becomes('tripped.stopped').waitsFor().on(reset).becomes('clear')
  })

  test('a late fill of a round trip that had ended is no loss of its own', () => {
    breaker('consecutiveLosses').on(ended('-1')).on(ended('-1')).on({ type: 'profitBooked', change: '1', roundTrip: null } as { type: string }).becomes('clear').knows({ tally: expect.objectContaining({ count: 2 }) as never })
  })
})

describe('a rest after an exit', () => {
  test('is longer after a loss, and a deadline of an earlier rest ends no later one (X1)', () => {
    const story = breaker('cooldown').on(ended('1')).becomes('tripped.timed').does(`setDeadline end 1 ${noon + 5_000}`, 'alert breaker.cooldown')
    story.wait(4_999).on(ended('-2')).does('clearDeadline end 1', `setDeadline end 2 ${noon + 34_999}`, 'alert breaker.cooldown')
    story.wait(1).on({ type: 'deadlineDue', name: 'end 1' } as { type: string }).becomes('tripped.timed').due('end 2').becomes('clear')
  })

  test('is not made shorter by a smaller one', () => {
    breaker('cooldown').on(ended('-1')).wait(1_000).on(ended('1')).becomes('tripped.timed').waitsFor('end 1')
  })

  test('ends after its time, also when the wall clock was set back meanwhile', () => {
    const story = breaker('cooldown').on(ended('-1')).wait(-dayMs)
    story.on({ type: 'deadlineDue', name: 'end 1' } as { type: string }).becomes('clear')
  })
})

describe('entries in an hour and in a day', () => {
  test('the one above the limit trips until the hour is over; the next hour counts anew', () => {
    const story = breaker('hourlyOrders').wait(10 * minute).on(begun).on(begun).becomes('clear').on(begun).becomes('tripped.timed')
    expect(why(story)).toBe('3 entries have begun in the hour from 2026-11-21 12:00 UTC, the limit is 2')
    story.due('end 1').becomes('clear').on(begun).on(begun).becomes('clear')
    expect(story.now).toBe(noon + hourMs)
  })

  test('of a day likewise', () => {
    const story = breaker('dailyOrders').on(begun).wait(hourMs).on(begun).on(begun).becomes('clear').on(begun).becomes('tripped.timed')
    expect(why(story)).toBe('4 entries have begun in the UTC day 2026-11-21, the limit is 3')
  })
})

describe('refusals in a row', () => {
  const three = (story: ReturnType<typeof breaker>) => story.on(refused).on(refused).becomes('clear').on(refused).becomes('tripped.timed')

  test('trip for a pause that doubles, up to the longest, until an entry stands (OC-15)', () => {
    const story = three(breaker('refusals'))
    expect(why(story)).toBe("refusals in a row: 3, the limit is 3; the venue's last reason was insufficientFunds, pause 1 is 10 s")
    const pauses = [10_000]
    for (let round = 2; round < 6; round++) {
      story.due(`end ${round - 1}`).becomes('clear').on(refused).becomes('tripped.timed')
      pauses.push((story.context.trip?.until ?? 0) - story.now)
    }
    expect(pauses).toEqual([10_000, 20_000, 30_000, 30_000, 30_000])
    story.due('end 5').on(stood).knows({ tally: expect.objectContaining({ count: 0, pauses: 0 }) as never })
    three(story)
    expect((story.context.trip?.until ?? 0) - story.now).toBe(10_000)
  })

  test('several inside one pause are one', () => {
    three(breaker('refusals')).on(refused).on(refused).becomes('tripped.timed').waitsFor('end 1')
  })

  test('one that stands between them begins the row anew', () => {
    breaker('refusals').on(refused).on(refused).on(stood).on(refused).on(refused).becomes('clear')
  })
})

describe('trouble that others see', () => {
  test.each(['staleData', 'errorRate', 'journalLag'] as const)('%s is tripped for as long as it is told, and ends with its own word only', (kind) => {
    const story = breaker(kind).on(worsened).becomes('tripped.lasting').waitsFor().does('alert breaker.tripped')
    expect(why(story)).toBe('no price for 11000 ms, the limit is 10000 ms')
    story.wait(dayMs).on({ type: 'deadlineDue', name: 'end 1' } as { type: string }).becomes('tripped.lasting').on({ type: 'recovered' }).becomes('clear')
  })
})

describe('the limits of the configuration', () => {
  test('a higher limit ends no trip; a person may, and the breaker goes on by the new one (X6)', () => {
    breaker('dailyLoss').on(ended('-25')).on({ type: 'configured', policy: { kind: 'dailyLoss', maxLoss: '50' } } as { type: string }).becomes('tripped.timed').on(reset).becomes('clear').on(ended('-24')).becomes('clear').on(ended('-1')).becomes('tripped.timed')
  })

  test('a breaker that is switched off lets go, and counts nothing (X6)', () => {
    breaker('dailyLoss').on(ended('-25')).on({ type: 'configured', policy: null } as { type: string }).becomes('clear').does('alert breaker.ended', 'clearDeadline end 1').on(ended('-100')).becomes('clear').knows({ policy: null })
  })
})

test('every trip and every end calls a person, with who has reset it (X3)', () => {
  const story = breaker('dailyLoss').on(ended('-25'))
  expect(story.effects).toContainEqual({ type: 'alert', code: 'breaker.tripped', subject: 'dailyLoss', detail: 'no new entries (dailyLoss): the UTC day 2026-11-21 has lost 25 (realised), the limit is 20; until 2026-11-22T00:00:00.000Z' })
  story.on(reset)
  expect(story.effects).toContainEqual({ type: 'alert', code: 'breaker.ended', subject: 'dailyLoss', detail: 'dailyLoss keeps no entries back any more: ann has reset it: looked at' })
})
