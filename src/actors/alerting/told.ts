/** One thing that people are told, and how it is put into words. */
import { ruleOf, severities, type AlertCode, type Severity } from '../../domain/alert-catalogue.ts'
import type { Millis } from '../../domain/time.ts'
import type { Notice } from '../../ports/notifier.ts'

export interface Told {
  readonly at: Millis
  readonly severity: Severity
  readonly code: AlertCode
  readonly subject?: string
  readonly text: string
  /** Reaches channels that want no news otherwise: trading comes back after a kill. */
  readonly closer: boolean
}

const titleLength = 120
const textLength = 1_000
/** Twenty of these and the heads between them fit into the least that every channel can carry. */
const lineLength = 160
/** Most that one summary tells. */
export const mostInSummary = 20

const cut = (text: string, length: number): string => (text.length <= length ? text : `${text.slice(0, length - 1)}…`)

/** A venue's words must not steer a terminal or a mail client. */
const plain = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')

/** A duration for people: `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export const inWords = (ms: Millis): string => {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

const droppedLine = (dropped: number): readonly string[] => (dropped === 0 ? [] : [`${dropped} more could not be told: too many came at once, or this channel was away for too long. The log has them.`])

/**
 * What one delivery carries: one alert with what to do, or a summary of several.
 * @param desk which desk says it, in a few words
 * @param dropped how many this channel has lost since its last delivery
 * @param redact strikes out what must reach nobody
 */
export const noticeOf = (told: readonly [Told, ...Told[]], { desk, dropped, redact }: { readonly desk: string; readonly dropped: number; readonly redact: (text: string) => string }): Notice => {
  const clean = (text: string, length: number): string => cut(plain(redact(text)), length)
  const [first, ...more] = told
  const { at } = told.at(-1) ?? first
  const severity = severities.findLast((one) => told.some((each) => each.severity === one)) ?? first.severity
  const codes = [...new Set(told.map(({ code }) => code))]
  const head = `${desk}: ${severity}`
  if (more.length === 0) {
    const { remedy } = ruleOf(first.code)
    return { at, severity, title: clean(`${head}, ${first.code}`, titleLength), text: [clean(first.text, textLength), ...(first.severity === 'info' ? [] : [`What to do: ${remedy}`]), ...droppedLine(dropped)].join('\n'), codes }
  }
  const lines = told.map(({ severity: own, text }) => clean(`${own}: ${text}`, lineLength))
  return { at, severity, title: clean(`${head}, ${told.length} alerts`, titleLength), text: [...lines, ...droppedLine(dropped)].join('\n'), codes }
}
