/** Sends what a dialogue says, once, and tells in a sentence what came of it. */
import { command, Refused } from '../desk/api.ts'
import { hasten } from '../desk/live.ts'
import { forgetToken, keepToken, keepWho, noteReader, token } from '../desk/token.ts'
import { words } from '../desk/words.ts'
import type { Kind } from './catalogue.ts'

export interface Filled {
  readonly id: string
  readonly kind: Kind
  readonly fields: Readonly<Record<string, string>>
  readonly reason: string
  readonly who: string
  readonly token: string
}

export interface Outcome {
  readonly kind: 'done' | 'refused' | 'unknown'
  readonly sentence: string
  /** The token was not the desk's, or only reads: another one is asked for. */
  readonly badToken?: true
}

interface Done {
  readonly again: boolean
  readonly record: { readonly before: string; readonly after: string; readonly target: string }
}

const bodyOf = ({ id, kind, fields, reason, who }: Filled): Readonly<Record<string, unknown>> => {
  const { targetBps, ...texts } = fields
  return { id, kind, ...texts, ...(targetBps !== undefined && { targetBps: Number(targetBps) }), reason, ...(who === '' ? { who: 'page' } : { who }) }
}

const told = ({ again, record: { before, after, target } }: Done): string =>
  `${again ? 'It had been carried out before' : 'Done'}: ${target} ${before === after ? `stays ${words(after)}` : before === '' ? `is ${words(after)}` : `went from ${words(before)} to ${words(after)}`}.`

export const send = async (filled: Filled): Promise<Outcome> => {
  try {
    const done = await command<Done>(bodyOf(filled), filled.token)
    keepToken(filled.token)
    keepWho(filled.who)
    hasten()
    return { kind: 'done', sentence: told(done) }
  } catch (error) {
    if (!(error instanceof Refused)) return { kind: 'unknown', sentence: 'The desk did not answer. It may have been carried out: sending again is safe, it carries the same id.' }
    if (error.status !== 401) return { kind: 'refused', sentence: error.message }
    if (error.onlyReads) {
      noteReader(filled.token)
      return { kind: 'refused', sentence: error.message, badToken: true }
    }
    if (filled.token === token()) forgetToken()
    return { kind: 'refused', sentence: 'That is not the token of this desk.', badToken: true }
  }
}
