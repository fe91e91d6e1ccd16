/**
 * A log that says the same thing at most so often a minute. What is kept back is counted, and said once when the minute is
 * over: the last such line, with `repeated`.
 *
 * The same thing is the same event with the same fields, but for `detail` and for numbers, which differ each time.
 */
import type { Clock } from '../../ports/clock.ts'
import type { Log, LogFields } from '../../ports/log.ts'

export interface RepeatBound {
  readonly mostPerMinute: number
}

type Level = keyof Log

interface Seen {
  readonly level: Level
  readonly event: string
  times: number
  last: LogFields | undefined
}

const minuteMs = 60_000
/** Different lines that are counted in one minute; further ones are all said. */
const mostSeen = 2_000

const keyOf = (level: Level, event: string, fields: LogFields | undefined): string =>
  [level, event, ...Object.entries(fields ?? {}).flatMap(([name, value]) => (typeof value === 'string' && name !== 'detail' ? [`${name}=${value}`] : []))].join(' ')

export const boundRepeats = (log: Log, clock: Clock, { mostPerMinute }: RepeatBound): Log => {
  let seen = new Map<string, Seen>()
  let isMinuteOpen = false
  const endMinute = (): void => {
    const over = seen
    seen = new Map()
    isMinuteOpen = false
    for (const { level, event, times, last } of over.values()) if (times > mostPerMinute) log[level](event, { ...last, repeated: times - mostPerMinute })
  }
  const say = (level: Level) => (event: string, fields?: LogFields): void => {
    if (!isMinuteOpen) {
      isMinuteOpen = true
      clock.after(minuteMs, endMinute)
    }
    const key = keyOf(level, event, fields)
    const known = seen.get(key)
    if (known === undefined) {
      if (seen.size < mostSeen) seen.set(key, { level, event, times: 1, last: fields })
      log[level](event, fields)
      return
    }
    known.times++
    known.last = fields
    if (known.times <= mostPerMinute) log[level](event, fields)
  }
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
}
