/** What every venue adapter is put together with. */
import { readFileSync } from 'node:fs'
import type { Millis } from '../../domain/time.ts'
import type { Failpoints } from '../../ports/failpoints.ts'
import type { Log } from '../../ports/log.ts'
import { exitCodes, Problem } from '../problem.ts'

export interface VenueParts {
  readonly log: Log
  readonly failpoints: Failpoints
  /** The end of a ban that an earlier process was told of. */
  readonly bannedUntil?: Millis
  /** Told the end of every ban. */
  readonly banned: (until: Millis) => void
}

/**
 * The key in a file, read by the venue's own reader.
 * @param isKeyError tells the reader's own complaint about the key from everything else
 * @throws Problem that names the file and how to mend it
 */
export const readKey = <K>(file: string, read: (text: string) => K, isKeyError: (error: unknown) => error is Error): K => {
  try {
    return read(readFileSync(file, 'utf8'))
  } catch (error) {
    if (isKeyError(error)) throw new Problem(exitCodes.credentials, `the API key in ${file} cannot be used: ${error.message}`)
    throw new Problem(exitCodes.credentials, `the API key file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): correct venue.keyFile, or download the key from the venue again`)
  }
}
