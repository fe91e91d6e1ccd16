/** How pairs of an instrument are left: the settings, and their meaning as an exit plan (docs/exits.md). */
import { z } from 'zod'
import { dividedBy, rate, rateOfBps, sum, type Rate } from '../../domain/decimal.ts'
import type { ExitPlan } from '../../domain/exits.ts'
import { bps, millis } from './values.ts'

const sharePct = z
  .number({ error: 'must be a share of what was bought in percent' })
  .positive({ error: 'must be above zero percent' })
  .max(100, { error: 'must be at most 100 percent' })
  .multipleOf(0.01, { error: 'must have at most two decimals, such as 33.34' })
const percent = (value: number): Rate => rate(String(value))
const days = 30
const longestMs = days * 86_400_000
/** Less than nothing: what may be lost. */
const signedBps = z.number({ error: 'must be a number of basis points (50 is 0.5 %)' }).min(-9_999, { error: 'must be at least -9999 basis points' }).max(10_000, { error: 'must be at most 10000 basis points' })

const rises = (values: readonly number[]): boolean => values.every((value, index) => index === 0 || value > (values[index - 1] ?? 0))

const targets = z
  .array(z.strictObject({ sharePct: sharePct.describe('Share of what was bought, in percent; all of them make 100.'), targetBps: bps(10_000).describe('Net profit of this part, after fees.') }), { error: 'must be a list of shares and targets' })
  .min(1, { error: 'must name at least one part, or be left out' })
  .max(10, { error: 'must name at most 10 parts' })
  .refine((parts) => sum(parts.map(({ sharePct: share }) => percent(share))) === rate('100'), { error: 'must share out all that was bought: make the values of sharePct add up to 100' })
  .refine((parts) => rises(parts.map(({ targetBps }) => targetBps)), { error: 'must rise from part to part: the cheapest target comes first' })

const trailing = z
  .strictObject({ activateBps: bps(10_000).describe('It begins to follow when the bid is so far above the cost.'), distanceBps: bps(5_000).describe('The rest is sold when the bid is so far below its highest since.') })
  .refine(({ activateBps, distanceBps }) => distanceBps < activateBps, { error: 'must not lie below what was paid when it begins to follow: make distanceBps smaller than activateBps' })

const tighten = z
  .array(z.strictObject({ afterMs: millis(longestMs).describe('So long after the first fill.'), targetBps: signedBps.describe('No target asks more from then on; below zero only with atLoss.') }), { error: 'must be a list of moments and targets' })
  .min(1, { error: 'must name at least one step, or be left out' })
  .max(10, { error: 'must name at most 10 steps' })
  .refine((steps) => rises(steps.map(({ afterMs }) => afterMs)), { error: 'must name later moments in later steps: sort them by afterMs' })
  .refine((steps) => rises(steps.map(({ targetBps }) => -targetBps)), { error: 'must ask less from step to step: make targetBps fall' })

export const exitSchema = z
  .strictObject({
    targets: targets.optional().describe('Parts, each with a net target of its own, the cheapest first; without it one part, at targetBps of the instrument.'),
    stopLossBps: bps(9_999).optional().describe('Sells the rest at once when the bid is so far below what a unit cost, fees included.'),
    trailing: trailing.optional().describe('A stop that follows the highest bid.'),
    tighten: tighten.optional().describe('Targets that ask less with age.'),
    closeAfterMs: millis(longestMs).optional().describe('So long after the first fill the rest is offered at break-even or, with atLoss, sold at once.'),
    atLoss: z.boolean({ error: 'must be true or false' }).default(false).describe('Lets age, and nothing else, take a target below break-even.'),
    partialBuy: z.enum(['sellWhatIsFilled', 'wait'], { error: 'must be sellWhatIsFilled or wait' }).default('sellWhatIsFilled').describe('What becomes of a buy that stays filled in part: called off and sold, or waited for.'),
  })
  .refine(({ atLoss, tighten: steps = [] }) => atLoss || steps.every(({ targetBps }) => targetBps >= 0), { error: 'must not ask less than break-even: raise tighten.targetBps to at least 0, or set "atLoss: true"' })
  .describe('How what was bought is sold: in parts, by a stop, by its age. Without it everything is sold at targetBps.')

export type ExitConfig = z.infer<typeof exitSchema>

const hundred = rate('100')
/** Percent as a fraction, exactly: the digits that were written count, not the number's own. */
const shareOf = (pct: number): Rate => dividedBy(percent(pct), hundred) as string as Rate

/** The plan that the settings mean. */
export const exitPlanOf = ({ targets: parts, stopLossBps, trailing: follow, tighten: steps, closeAfterMs, atLoss, partialBuy }: ExitConfig): ExitPlan => ({
  targets: (parts ?? []).map(({ sharePct: share, targetBps }) => ({ share: shareOf(share), target: rateOfBps(targetBps) })),
  ...(stopLossBps !== undefined && { stop: { below: rateOfBps(stopLossBps) } }),
  ...(follow !== undefined && { trailing: { activateAbove: rateOfBps(follow.activateBps), distance: rateOfBps(follow.distanceBps) } }),
  ...(steps !== undefined && { tighten: steps.map(({ afterMs, targetBps }) => ({ afterMs, target: rateOfBps(targetBps) })) }),
  ...(closeAfterMs !== undefined && { closeAfterMs }),
  ...(atLoss && { atLoss }),
  ...(partialBuy === 'wait' && { partialBuy }),
})
