/** The machine's own time, timers and chance. */
import { randomInt } from 'node:crypto'
import type { Clock, Random } from '../../ports/clock.ts'

/** The longest wait that a timer of this runtime can hold. */
const longestMs = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(delayMs, longestMs))
    return { cancel: () => clearTimeout(timer) }
  },
  soon: (task) => void setImmediate(task),
}

export const systemRandom: Random = {
  fraction: () => randomInt(2 ** 47) / 2 ** 47,
  below: (bound) => randomInt(bound),
}
