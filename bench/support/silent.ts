/** A log that nobody reads: lines are no part of what is measured. */
import type { Log } from '../../src/ports/log.ts'

export const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
