/** Asking the desk. Whatever it refuses with is its own sentence. */

const patienceMs = 8_000

/** The desk answered, and not with what was asked for. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, sentence: string) {
    super(sentence)
    this.status = status
  }
}

const errorOf = (body: unknown, status: number): string => {
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as { error?: unknown }
  return typeof error === 'string' ? error : `the desk answered ${status}`
}

/** The JSON at a path. Throws `Refused`, or what a lost connection throws. */
export const read = async <T>(path: string): Promise<T> => {
  const answer = await fetch(path, { signal: AbortSignal.timeout(patienceMs), headers: { accept: 'application/json' } })
  const body: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok) throw new Refused(answer.status, errorOf(body, answer.status))
  return body as T
}

/** The text at a path. */
export const readText = async (path: string): Promise<string> => {
  const answer = await fetch(path, { signal: AbortSignal.timeout(patienceMs) })
  if (!answer.ok) throw new Refused(answer.status, `the desk answered ${answer.status}`)
  return answer.text()
}

/** Posts a command with the token. Throws `Refused`, or what a lost connection throws: the same id may then be sent again. */
export const command = async <T>(body: Readonly<Record<string, unknown>>, token: string): Promise<T> => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const answer = await fetch('/api/commands', { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(patienceMs) })
  const said: unknown = await answer.json().catch(() => undefined)
  if (!answer.ok) throw new Refused(answer.status, errorOf(said, answer.status))
  return said as T
}

/** An address as the segments of a path. */
export const pathOf = (address: string): string => address.split('/').map(encodeURIComponent).join('/')
