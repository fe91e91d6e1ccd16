/** Why a desk is, or is not, taking entries now: everything that the gate would look at, told without an order to judge. */
import type { Desk } from '../actors/desk.ts'
import type { TrippedBreaker } from '../domain/breaker.ts'
import type { Instrument } from '../domain/instrument.ts'
import { formatTimestamp, type Millis } from '../domain/time.ts'
import type { InstrumentWhy, PriceInspection, WhyInspection } from '../ports/inspection.ts'

/** States of the desk in which it waits to be up to date with the venue. */
const catchingUp: ReadonlySet<string> = new Set(['recovering', 'reconciling', 'cutOff'])
/** Those on which no entry rests. */
const closed: ReadonlySet<Instrument['status']> = new Set(['cancelOnly', 'halted', 'delisted'])

const priceProblem = ({ state, ageMs }: PriceInspection, maxAgeMs: Millis): readonly string[] => {
  if (state === 'none') return ['there is no price yet']
  if (state === 'suspect') return ['the price is from before a gap in the stream']
  return state === 'stale' || (ageMs ?? 0) > maxAgeMs ? [`the price is ${ageMs} ms old, the limit is ${maxAgeMs} ms`] : []
}

const breakerSentence = ({ name, reason, until }: TrippedBreaker): string => `${name} is tripped: ${reason}${until === null ? '' : `; until ${formatTimestamp(until)}`}`

const ofInstrument = (desk: Desk, { id, status }: Instrument, maxAgeMs: Millis): InstrumentWhy => {
  const { tradingState } = desk.view
  const price = desk.board.view(id)
  const because = [
    ...(tradingState.state === 'active' ? [] : [tradingState.because]),
    ...desk.view.tripped(id).map(breakerSentence),
    ...(closed.has(status) ? [`${id} is ${status} at the venue`] : []),
    ...priceProblem(price, maxAgeMs),
    ...desk.troubles.flatMap(({ instrument, times, detail }) => (instrument === id ? [`its strategy has failed ${times} times in a row: ${detail}`] : [])),
  ]
  return { instrument: id, entries: because.length === 0, because, status, price: { state: price.state, ageMs: price.ageMs, maxAgeMs } }
}

/** Undefined when the desk does not trade that instrument. */
export const whyOf = (desk: Desk, maxAgeMs: Millis, instrument?: string): WhyInspection | undefined => {
  const { tradingState, kill, deskState, desk: memory } = desk.view
  const asked = [...desk.instruments.values()].filter(({ id }) => instrument === undefined || id === instrument)
  if (asked.length === 0) return undefined
  const instruments = asked.map((one) => ofInstrument(desk, one, maxAgeMs))
  return {
    entries: instruments.some(({ entries }) => entries),
    trading: { state: tradingState.state, because: tradingState.state === 'active' ? null : tradingState.because },
    desk: { state: deskState, waitsBecause: catchingUp.has(deskState) ? (memory?.waitsBecause ?? null) : null, pausedBecause: memory?.pausedBecause ?? null, hindrances: memory?.hindrances ?? {} },
    kill: { state: kill.state, because: kill.state === 'off' ? null : kill.because },
    breakers: desk.view.tripped(instrument),
    instruments,
    denials: desk.denials.filter((denial) => instrument === undefined || denial.instrument === instrument),
  }
}

export const whyBeforeTheStart: WhyInspection = {
  entries: false,
  trading: { state: 'reducing', because: 'the desk is starting' },
  desk: { state: 'starting', waitsBecause: 'the desk is starting', pausedBecause: null, hindrances: {} },
  kill: { state: 'off', because: null },
  breakers: [],
  instruments: [],
  denials: [],
}
