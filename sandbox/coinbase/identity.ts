import { createHash } from 'node:crypto'

/** By name. The sandbox has one user and names few things: that user, a portfolio, an account for each asset that is listed. */
const known = new Map<string, string>()

/** A stable UUID-shaped id for a name of the sandbox's one user, the same in every life. */
export function uuidOf(name: string): string {
  const uuid = known.get(name) ?? made(name)
  known.set(name, uuid)
  return uuid
}

function made(name: string): string {
  const hex = createHash('sha256').update(`nightdesk sandbox ${name}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
