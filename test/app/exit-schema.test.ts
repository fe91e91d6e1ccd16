/** The settings of an exit and what they mean (src/app/config/exit-schema.ts). */
import { expect, test } from 'vitest'
import { exitPlanOf, exitSchema } from '../../src/app/config/exit-schema.ts'
import { sum } from '../../src/domain/decimal.ts'
import { plainExit } from '../../src/domain/exits.ts'

const planOf = (settings: object) => exitPlanOf(exitSchema.parse(settings))

test('no settings are the plain exit', () => {
  expect(planOf({})).toEqual(plainExit)
})

test('every setting is taken over as an exact fraction', () => {
  expect(
    planOf({
      targets: [{ sharePct: 33.33, targetBps: 50 }, { sharePct: 33.33, targetBps: 80 }, { sharePct: 33.34, targetBps: 150 }],
      stopLossBps: 250,
      trailing: { activateBps: 60, distanceBps: 30 },
      tighten: [{ afterMs: 1_000, targetBps: 10 }, { afterMs: 2_000, targetBps: -20 }],
      closeAfterMs: 86_400_000,
      atLoss: true,
      partialBuy: 'wait',
    }),
  ).toEqual({
    targets: [{ share: '0.3333', target: '0.005' }, { share: '0.3333', target: '0.008' }, { share: '0.3334', target: '0.015' }],
    stop: { below: '0.025' },
    trailing: { activateAbove: '0.006', distance: '0.003' },
    tighten: [{ afterMs: 1_000, target: '0.001' }, { afterMs: 2_000, target: '-0.002' }],
    closeAfterMs: 86_400_000,
    atLoss: true,
    partialBuy: 'wait',
  })
})

test('shares that add up to 100 in decimals are taken, though they would not in binary', () => {
  const plan = planOf({ targets: Array.from({ length: 10 }, (_, index) => ({ sharePct: index < 9 ? 10.1 : 9.1, targetBps: index + 1 })) })
  expect(sum(plan.targets.map(({ share }) => share))).toBe('1')
})

test('a share with more than two decimals is refused', () => {
  expect(() => planOf({ targets: [{ sharePct: 33.333, targetBps: 1 }, { sharePct: 66.667, targetBps: 2 }] })).toThrow(/must have at most two decimals, such as 33\.34/)
})
