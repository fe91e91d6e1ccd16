/**
 * Whether the desk lets this page read.
 *
 * A1  One read goes first and alone; the others wait until the desk has let the page in. Whoever has no token yet is refused
 *     once, not by every part of the page.
 * A2  A token is kept only after the desk has taken it.
 * A3  A read that is refused later, because the desk has another token now, shuts the page until a person has given that one.
 */
import { storeOf } from './store.ts'
import { bearer, forgetToken, isToken, keepToken, token } from './token.ts'

/** A token is wanted of a person: at first without a reason, then with the sentence that says what was wrong with the last one. */
export type Access = { readonly state: 'unknown' | 'granted' } | { readonly state: 'wanted'; readonly because: string }

export const access = storeOf<Access>({ state: 'unknown' })

type Answer = 'granted' | 'refused' | 'slowedDown' | 'noAnswer'

const patienceMs = 8_000
const againMs = 1_000

const sentences: Readonly<Record<Exclude<Answer, 'granted'>, string>> = {
  refused: 'That is not a token of this desk.',
  slowedDown: 'Too many wrong tokens came from here: wait a minute.',
  noAnswer: 'The desk did not answer.',
}

let open: () => void = () => undefined
let gate = new Promise<void>((resolve) => void (open = resolve))

/** Resolves once the desk lets this page read. */
export const admitted = (): Promise<void> => gate

const letIn = (): void => {
  access.set({ state: 'granted' })
  open()
}

const want = (because: string): void => access.set({ state: 'wanted', because })

const knock = async (text: string): Promise<Answer> => {
  try {
    const { status, body } = await fetch('/api/desk', { headers: bearer(text), signal: AbortSignal.timeout(patienceMs) })
    await body?.cancel()
    return status === 401 ? 'refused' : status === 429 ? 'slowedDown' : 'granted'
  } catch {
    return 'noAnswer'
  }
}

/** Asks the desk with the token of this tab, or without one; for a token that it refuses, and for none, a person is asked. */
export const seekAccess = async (): Promise<void> => {
  const carried = token()
  const answer = await knock(carried)
  if (answer === 'granted') return letIn()
  if (answer === 'noAnswer') return void setTimeout(() => void seekAccess(), againMs)
  forgetToken()
  want(carried === '' ? '' : sentences[answer])
}

/** What a person has typed. */
export const offerToken = async (text: string): Promise<void> => {
  const answer = isToken(text) ? await knock(text) : 'refused'
  if (answer !== 'granted') return want(sentences[answer])
  keepToken(text)
  letIn()
}

/** A read that carried this was refused. */
export const turnedAway = (carried: string): void => {
  // What another read has been through already, or a person has mended meanwhile, is over.
  if (carried !== token() || access.get().state !== 'granted') return
  forgetToken()
  gate = new Promise((resolve) => void (open = resolve))
  want(carried === '' ? '' : sentences.refused)
}
