/** The kinds of value that settings hold, each with a sentence that says what it must be. */
import { z } from 'zod'
import { parseDecimal } from '../../domain/decimal.ts'

const isAmount = (text: string): boolean => (parseDecimal(text) ?? '').length > 0 && !text.startsWith('-')

export const amount = (what: string) =>
  z.string({ error: `must be ${what} as text in quotes, such as "300"` }).refine((text) => isAmount(text) && Number(text) > 0, { error: `must be ${what} above zero, such as "300"` })

/** Zero is an amount too. */
export const anyAmount = (what: string) => z.string({ error: `must be ${what} as text in quotes, such as "0.5"` }).refine((text) => isAmount(text), { error: `must be ${what}, such as "0.5"` })

export const count = (least: number, most: number) =>
  z
    .number({ error: `must be a whole number from ${least} to ${most}` })
    .int({ error: `must be a whole number from ${least} to ${most}` })
    .min(least, { error: `must be at least ${least}` })
    .max(most, { error: `must be at most ${most}` })

export const bps = (most: number) =>
  z
    .number({ error: 'must be a number of basis points (50 is 0.5 %)' })
    .positive({ error: 'must be above zero basis points (50 is 0.5 %)' })
    .max(most, { error: `must be at most ${most} basis points` })

/** Zero basis points are possible. */
export const anyBps = (most: number) =>
  z
    .number({ error: 'must be a number of basis points (50 is 0.5 %)' })
    .min(0, { error: 'must not be below zero basis points' })
    .max(most, { error: `must be at most ${most} basis points` })

export const millis = (most: number) => count(1, most)

/** A share from 0, left out, to 1. */
export const share = () => z.number({ error: 'must be a number above 0, at most 1' }).gt(0, { error: 'must be above 0' }).max(1, { error: 'must be at most 1' })
