/** Version 1 counted its starts and nothing of how they ended; what it cannot tell is taken to have been well. */
import type { Upcaster } from './upcaster.ts'

export const deskFrom1: Upcaster = ({ missedUntil: _missedUntil, ...context }) => ({ ...context, asked: 0, shortLives: 0, proven: true, observeUntil: null, hindrances: {} })
