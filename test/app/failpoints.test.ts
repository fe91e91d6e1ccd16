/** Failpoints are read from a plan, met at their time, and refused outside the sandbox (src/app/failpoints.ts). */
import { describe, expect, test } from 'vitest'
import { plannedFailpoints, readFailpointPlan } from '../../src/adapters/system/failpoints.ts'
import { composeFailpoints } from '../../src/app/failpoints.ts'
import { failpoints, noFailpoints } from '../../src/ports/failpoints.ts'

const problemOf = (environment: string, plan: string): unknown => {
  try {
    return composeFailpoints(environment, plan)
  } catch (error) {
    return error
  }
}

describe('a plan', () => {
  test('names moments, what to do there, and at which time', () => {
    expect(readFailpointPlan('send.signed=kill@3, commit.sent=freeze@1')).toEqual([
      { point: 'send.signed', action: 'kill', time: 3 },
      { point: 'commit.sent', action: 'freeze', time: 1 },
    ])
  })

  test('may name every moment there is', () => {
    const names = Object.keys(failpoints)
    expect(readFailpointPlan(names.map((name) => `${name}=kill@1`).join(',')).map(({ point }) => point)).toEqual(names)
  })

  test('is carried out once, at the time it names, and says where it stands first', () => {
    const done: string[] = []
    const planned = plannedFailpoints(readFailpointPlan('send.claimed=freeze@2,send.claimed=kill@3'), (signal) => void done.push(signal), (line) => void done.push(line))
    for (let time = 1; time <= 4; time++) planned.reach('send.claimed')
    planned.reach('send.signed')
    expect(done).toEqual(['failpoint send.claimed reached (2): freeze\n', 'SIGSTOP', 'failpoint send.claimed reached (3): kill\n', 'SIGKILL'])
  })
})

describe('the environment', () => {
  test.each([undefined, ''])('without a plan (%j) every moment passes', (plan) => {
    expect(composeFailpoints('production', plan)).toBe(noFailpoints)
  })

  test.each([
    ['production', 'send.signed=kill@1', /is for the sandbox only, and this is production: unset it/],
    ['testnet', 'send.signed=kill@1', /is for the sandbox only, and this is testnet/],
    ['sandbox', 'send.singed=kill@1', /there is no failpoint "send\.singed"; there are commit\.begin, /],
    ['sandbox', 'toString=kill@1', /there is no failpoint "toString"/],
    ['sandbox', 'send.signed=explode@1', /"explode" is not something to do at a failpoint; that is kill or freeze/],
    ['sandbox', 'send.signed=kill', /"send\.signed=kill" is not of the form point=action@time, such as send\.signed=kill@3/],
    ['sandbox', 'send.signed=kill@0', /is not of the form/],
    ['sandbox', 'send.signed=kill@1,', /"" is not of the form/],
  ])('%s, %s: refused with one sentence (78)', (environment, plan, sentence) => {
    const problem = problemOf(environment, plan)
    expect(problem).toMatchObject({ name: 'Problem', code: 78, message: expect.stringMatching(sentence) })
    expect((problem as Error).message).not.toContain('\n')
  })
})
