/** How far the heap of a process that runs for weeks may grow. */
import { setFlagsFromString } from 'node:v8'

/**
 * Between two full collections the heap may grow by so many hundredths of what was in use after the last one. V8's own choice on
 * a large machine is fourfold, and resident memory follows the largest heap there ever was and is given back late
 * (docs/performance.md has the figures, and what still grows).
 */
const growthPercent = 50

/** From now on; a start, which reads many rows at once, comes before. */
export const holdHeap = (): void => setFlagsFromString(`--heap-growing-percent=${growthPercent}`)
