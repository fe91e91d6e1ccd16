/** What a tick costs with 10, 1,000 and 100,000 resting triggers that it does not cross. */
import { TriggerIndex } from '../src/actors/trigger-index.ts'
import { nanosecondsOf, type Figure } from './figure.ts'

const tickCost = (triggers: number, calls: number): number => {
  const index = new TriggerIndex()
  for (let id = 0; id < triggers; id++) {
    index.arm({ id: `f${id}`, crossing: 'falls', ticks: 1_000_000 - id, wake: () => undefined })
    index.arm({ id: `r${id}`, crossing: 'rises', ticks: 3_000_000 + id, wake: () => undefined })
  }
  const cost = nanosecondsOf(calls, 9, (call) => index.move(2_000_000 + (call % 100)))
  if (index.size !== triggers * 2) throw new Error('a trigger fired that was not crossed')
  return cost
}

export const fanOut = (quick: boolean): readonly Figure[] => {
  const calls = quick ? 50_000 : 1_000_000
  tickCost(10, calls)
  const base = tickCost(10, calls)
  return [1_000, 100_000].map((triggers) => {
    const cost = tickCost(triggers, calls)
    return { measure: `one tick past ${triggers.toLocaleString('en')} triggers`, figure: `${cost.toFixed(0)} ns`, against: `10 triggers: ${base.toFixed(0)} ns`, ratio: cost / base }
  })
}
