/** What a look at one thing has found. */

export interface Finding {
  /** What was looked at. */
  readonly what: string
  readonly state: 'ok' | 'warning' | 'problem'
  /** What was found, in one line. */
  readonly found: string
  /** What to do about it; left out where nothing is. */
  readonly remedy?: string
}

export const ok = (what: string, found: string): Finding => ({ what, state: 'ok', found })
export const warning = (what: string, found: string, remedy: string): Finding => ({ what, state: 'warning', found, remedy })
export const problem = (what: string, found: string, remedy: string): Finding => ({ what, state: 'problem', found, remedy })

/** A sentence of the form "what is wrong: how to mend it", in its two halves. */
export const halves = (sentence: string): { readonly found: string; readonly remedy: string } => {
  const at = sentence.lastIndexOf(': ')
  return at < 0 ? { found: sentence, remedy: 'see docs/troubleshooting.md' } : { found: sentence.slice(0, at), remedy: sentence.slice(at + 2) }
}
