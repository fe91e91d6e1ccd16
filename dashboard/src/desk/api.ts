/** Asking the desk. Whatever it refuses with is its own sentence. */
import { admitted, turnedAway } from './access.ts'
import { bearer, token } from './token.ts'

const patienceMs = 8_000

/** The desk answered, and not with what was asked for. */
export class Refused extends Error {
  readonly status: number
  /** The token is the desk's, and does not reach so far. */
  readonly onlyReads: boolean
  constructor({ status, headers }: Response, sentence: string) {
    super(sentence)
    this.status = status
    this.onlyReads = headers.get('www-authenticate')?.includes('insufficient_scope') === true
  }
}

const errorOf = (body: unknown, status: number): string => {
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as { error?: unknown }
  return typeof error === 'string' ? error : `the desk answered ${status}`
}

/**
 * The answer to a read, with the token of this tab. It waits for a person where the desk wants a token, and then asks again.
 * Throws what a lost connection throws.
 */
export const ask = async (path: string, headers: Readonly<Record<string, string>>, signal: () => AbortSignal): Promise<Response> => {
  for (;;) {
    await admitted()
    const carried = token()
    const answer = await fetch(path, { headers: { ...headers, ...bearer(carried) }, signal: signal() })
    if (answer.status !== 401) return answer
    turnedAway(carried)
  }
}

const patience = (): AbortSignal => AbortSignal.timeout(patienceMs)

/** The JSON at a path. Throws `Refused`, or what a lost connection throws. */
export const read = async <T>(path: string): Promise<T> => {
  const answer = await ask(path, { accept: 'application/json' }, patience)
  const body: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok) throw new Refused(answer, errorOf(body, answer.status))
  return body as T
}

/** The text at a path. */
export const readText = async (path: string): Promise<string> => {
  const answer = await ask(path, {}, patience)
  if (!answer.ok) throw new Refused(answer, `the desk answered ${answer.status}`)
  return answer.text()
}

/** Posts a command with the token. Throws `Refused`, or what a lost connection throws: the same id may then be sent again. */
export const command = async <T>(body: Readonly<Record<string, unknown>>, token: string): Promise<T> => {
  const headers = { 'content-type': 'application/json', ...bearer(token) }
  const answer = await fetch('/api/commands', { method: 'POST', headers, body: JSON.stringify(body), signal: patience() })
  const said: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok) throw new Refused(answer, errorOf(said, answer.status))
  return said as T
}

/** An address as the segments of a path. */
export const pathOf = (address: string): string => address.split('/').map(encodeURIComponent).join('/')
