/** Version 1 knew one clock only, and no doubt but that of a claim without an answer. */
import type { Upcaster } from './upcaster.ts'

export const orderFrom1: Upcaster = ({ missedAt: _missedAt, ...context }) => ({ ...context, openedAt: context['claimedAt'], doubtSince: null, missed: null })
