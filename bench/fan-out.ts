/**
 * Fan-out: what one tick costs past 10, 1,000 and 100,000 armed triggers that it does not cross, against the 10; and what
 * each crossed trigger costs where 1 % are crossed.
 *
 * Fair: the same index, the same ticks, half of the lines above the price and half below; a trigger that fires where none is
 * crossed fails the bench. The crossed ones are armed again outside the measured time.
 */
import { TriggerIndex } from '../src/actors/trigger-index.ts'
import { insist, median, nanosecondsOf, type Figure, type Measure, type Scale } from './figure.ts'

const middle = 2_000_000
const rounds = 9
const calls: Readonly<Record<Scale, number>> = { tiny: 100, quick: 100_000, full: 1_000_000 }
const sizes: Readonly<Record<Scale, readonly number[]>> = { tiny: [10, 100], quick: [10, 1_000, 100_000], full: [10, 1_000, 100_000] }

/** Half of the lines below the price and half above, none near it. */
const armed = (triggers: number): TriggerIndex => {
  const index = new TriggerIndex()
  for (let id = 0; id < triggers / 2; id++) {
    index.arm({ id: `f${id}`, crossing: 'falls', ticks: middle / 2 - id, wake: () => undefined })
    index.arm({ id: `r${id}`, crossing: 'rises', ticks: middle * 1.5 + id, wake: () => undefined })
  }
  return index
}

const uncrossed = (triggers: number, ticks: number): number => {
  const index = armed(triggers)
  const before = index.size
  const cost = nanosecondsOf(ticks, rounds, (call) => index.move(middle + (call % 100)))
  insist(index.size === before, 'a trigger fired that was not crossed')
  return cost
}

/** Nanoseconds for each trigger that one tick crosses, 1 % of those armed. */
const crossed = (triggers: number): number => {
  const index = armed(triggers)
  const share = Math.max(1, Math.floor(triggers / 100))
  let woken = 0
  const costs = Array.from({ length: rounds }, () => {
    woken = 0
    for (let id = 0; id < share; id++) index.arm({ id: `c${id}`, crossing: 'falls', ticks: middle - 1_000 - (id % 100), wake: () => { woken++ } })
    const start = process.hrtime.bigint()
    index.move(middle - 2_000)
    const took = Number(process.hrtime.bigint() - start)
    insist(woken === share, `${woken} of ${share} crossed triggers fired`)
    return took / share
  })
  return median(costs)
}

const fanOut = async (scale: Scale): Promise<readonly Figure[]> => {
  const [few = 10, ...more] = sizes[scale]
  uncrossed(few, calls[scale])
  const base = uncrossed(few, calls[scale])
  return [
    ...more.map((triggers) => ({ measure: `one tick past ${triggers.toLocaleString('en')} triggers`, value: uncrossed(triggers, calls[scale]), unit: 'ns', against: { what: `ns past ${few}`, value: base }, aim: { atMost: 1.5 } })),
    ...more.map((triggers) => ({ measure: `each crossed trigger, 1 % of ${triggers.toLocaleString('en')}`, value: crossed(triggers), unit: 'ns' })),
  ]
}

export const fanOutMeasure: Measure = { name: 'fan-out', about: 'a tick past resting triggers, against one past ten', aloneAt: [], run: fanOut }
