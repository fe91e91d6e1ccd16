/**
 * What people are told of a desk's starts and ends, over all the processes that it has been: one that is started again every
 * few seconds must not tell the same every few seconds. Pure: it is handed what was told before, and the wall time.
 *
 * W1  The same code with the same sentence is told once within `quietMs`, and counted; another code or sentence is told at once.
 * W2  What is told next, whatever it is, says how many were kept back.
 * W3  A start is told when people believe that no desk runs, and after every refused start: it is the end of the trouble.
 * W4  What no channel has delivered is tried again after `retryMs`: a service that is away hears of it, and is not stormed.
 * W5  At most `mostKept` sentences are remembered; the one told longest ago goes first.
 */
import { createHash } from 'node:crypto'
import type { AlertCode } from '../../domain/alert-catalogue.ts'
import type { Millis } from '../../domain/time.ts'

export const lifeCodes = ['desk.cannotStart', 'desk.ended', 'desk.restarted', 'desk.started'] as const satisfies readonly AlertCode[]
export type LifeCode = (typeof lifeCodes)[number]

export interface LifeNotice {
  readonly code: LifeCode
  /** A digest of the sentence. */
  readonly sentence: string
  /** When it was told last, in wall time. */
  readonly at: Millis
  /** False when no channel had delivered it before the process ended. */
  readonly delivered: boolean
  /** Raised so often since anything was told. */
  readonly keptBack: number
}

/** Told longest ago first. */
export type LifeNotices = readonly LifeNotice[]

export const mostKept = 20
const quietMs: Millis = 600_000
const retryMs: Millis = 60_000

/** What differs with every process: stamps, process ids. */
const passing = /\d{4}-\d\d-\d\d[T ][\d:.,]+|\b(?:pid|process) \d+|\[\d+\]/g

export const digestOf = (sentence: string): string => createHash('sha256').update(sentence.replace(passing, '')).digest('hex')

const isStart = ({ code }: LifeNotice): boolean => code === 'desk.started' || code === 'desk.restarted'

const isNewsThatItRuns = (notices: LifeNotices): boolean => {
  const last = notices.at(-1)
  return (last !== undefined && !isStart(last)) || notices.some(({ code, keptBack }) => code === 'desk.cannotStart' && keptBack > 0)
}

const isQuiet = ({ at, delivered }: LifeNotice, now: Millis): boolean => now >= at && now - at < (delivered ? quietMs : retryMs)

/** ` (kept back meanwhile: 3 × desk.cannotStart)`; nothing when nothing was. */
const keptBackIn = (notices: LifeNotices): string => {
  const counts = lifeCodes
    .map((code) => ({ code, times: notices.filter((one) => one.code === code).reduce((sum, { keptBack }) => sum + keptBack, 0) }))
    .filter(({ times }) => times > 0)
  return counts.length === 0 ? '' : ` (kept back meanwhile: ${counts.map(({ code, times }) => `${times} × ${code}`).join(', ')})`
}

/** What is known after something was raised, and what is told of it; undefined when it is kept back. */
export const weighLife = (notices: LifeNotices, code: LifeCode, detail: string, now: Millis): { readonly notices: LifeNotices; readonly told: string | undefined } => {
  const sentence = digestOf(detail)
  const isSame = (one: LifeNotice): boolean => one.code === code && one.sentence === sentence
  const known = notices.find(isSame)
  const own: LifeNotice = { code, sentence, at: now, delivered: true, keptBack: 0 }
  if (known !== undefined && isQuiet(known, now) && !(isStart(own) && isNewsThatItRuns(notices))) {
    return { notices: notices.map((one) => (isSame(one) ? { ...one, keptBack: one.keptBack + 1 } : one)), told: undefined }
  }
  const others = notices.filter((one) => !isSame(one)).map((one) => ({ ...one, keptBack: 0 }))
  return { notices: [...others, own].slice(-mostKept), told: `${detail}${keptBackIn(notices)}` }
}

/** W4: what was told last has reached nobody. */
export const undelivered = (notices: LifeNotices): LifeNotices => notices.map((one, index) => (index === notices.length - 1 ? { ...one, delivered: false } : one))
