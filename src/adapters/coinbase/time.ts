/** The venue's time, by GET /time (coinbase-advanced-trade.md 5.1). */
import { failed, ok, type Result } from '../../domain/failure.ts'
import { parseTimestamp } from '../../domain/time.ts'
import type { TimeAnswer } from '../venue-kit/venue-clock.ts'
import type { ReadCall, Rest } from './rest.ts'
import { readPayload } from './wire.ts'

/** Waiting for room in the rate budget is no part of the round trip. */
export const readTime = async (rest: Rest): Promise<Result<TimeAnswer>> => {
  const call: ReadCall = { path: '/time', access: 'public', lane: 'reconcile' }
  const answer = await rest.get(call)
  if (!answer.ok) return answer
  if (answer.value.status !== 200) return failed(rest.failure(call, answer.value))
  const { epochMillis, iso } = readPayload('time', answer.value.text) ?? {}
  const at = epochMillis === undefined ? parseTimestamp(iso ?? '') : Number(epochMillis)
  if (at === undefined || !Number.isSafeInteger(at)) return failed({ kind: 'malformed', detail: 'GET /time: no time in the answer' })
  return ok({ at, tookMs: answer.value.tookMs })
}
