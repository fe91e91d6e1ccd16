/** Version 1 counted its starts and nothing of how they ended; what it cannot tell is taken to have been well. */
import type { RestartPolicy } from '../desk/desk-context.ts'
import type { EventUpcaster, Upcaster } from './upcaster.ts'

export const deskFrom1: Upcaster = ({ missedUntil: _missedUntil, ...context }) => ({ ...context, asked: 0, shortLives: 0, proven: true, observeUntil: null, hindrances: {} })

/** A restart of version 1 never began a pause. */
const noPause: RestartPolicy = { healthyAfterMs: 0, pauseAfter: Number.MAX_SAFE_INTEGER, pauseMs: 0, pauseMaxMs: 0, observeAfter: Number.MAX_SAFE_INTEGER, observeMs: 0 }

export const deskEventFrom1: EventUpcaster = (type, body) => (type === 'restarted' && body['policy'] === undefined ? { ...body, policy: noPause } : body)
