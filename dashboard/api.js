/** Reading from the desk. */

const patienceMs = 5_000

/** The JSON at a path. Throws with the desk's own sentence when it refuses. */
export const read = async (path) => {
  const answer = await fetch(path, { signal: AbortSignal.timeout(patienceMs), headers: { accept: 'application/json' } })
  const body = await answer.json()
  if (answer.ok) return body
  const error = new Error(body.error ?? `the desk answered ${answer.status}`)
  error.status = answer.status
  throw error
}

/** The path of an actor; its address is made of plain segments. */
export const actorPath = (address) => `/debug/actors/${address.split('/').map(encodeURIComponent).join('/')}`
