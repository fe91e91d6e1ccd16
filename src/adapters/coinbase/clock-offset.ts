/** How far the venue's clock is from ours, by GET /time (coinbase-advanced-trade.md 5.1). */
import { failed, ok, type Result } from '../../domain/failure.ts'
import { parseTimestamp, type Millis } from '../../domain/time.ts'
import type { Clock } from '../../ports/clock.ts'
import { medianOf } from '../venue-kit/median.ts'
import type { ReadCall, Rest } from './rest.ts'
import { readPayload } from './wire.ts'

/** Round trips of one measurement: the median forgives two bad ones. */
const samples = 5

export const measureOffset = (rest: Rest, clock: Clock): Promise<Result<Millis>> => medianOf(samples, () => sampleOffset(rest, clock))

/** The venue's stamp is taken to be of the middle of the round trip; waiting for room in the rate budget is no part of it. */
const sampleOffset = async (rest: Rest, clock: Clock): Promise<Result<Millis>> => {
  const call: ReadCall = { path: '/time', access: 'public' }
  const answer = await rest.get(call)
  if (!answer.ok) return answer
  const middle = clock.now() - answer.value.tookMs / 2
  if (answer.value.status !== 200) return failed(rest.failure(call, answer.value))
  const { epochMillis, iso } = readPayload('time', answer.value.text) ?? {}
  const venue = epochMillis === undefined ? parseTimestamp(iso ?? '') : Number(epochMillis)
  if (venue === undefined || !Number.isSafeInteger(venue)) return failed({ kind: 'malformed', detail: 'GET /time: no time in the answer' })
  return ok(Math.round(venue - middle))
}
