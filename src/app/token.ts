/** The token that commands carry: made once, kept in the data directory, readable by its owner alone. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const fileIn = (home: string): string => path.join(home, 'token')

/** The token of a data directory; undefined when no desk has run there. */
export const readToken = (home: string): string | undefined => {
  try {
    const text = readFileSync(fileIn(home), 'utf8').trim()
    return text === '' ? undefined : text
  } catch {
    return undefined
  }
}

/** The same, made when there is none. */
export const ownToken = (home: string): string => {
  const known = readToken(home)
  if (known !== undefined) return known
  const token = randomBytes(32).toString('base64url')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  writeFileSync(`${fileIn(home)}.new`, `${token}\n`, { mode: 0o600 })
  renameSync(`${fileIn(home)}.new`, fileIn(home))
  return token
}
