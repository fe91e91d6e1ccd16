/** The token that commands carry: made once, kept in the data directory, readable by its owner alone. */
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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

/** The same, made when there is none; of several processes that make one, the first has its way and all return that one. */
export const ownToken = (home: string): string => {
  const known = readToken(home)
  if (known !== undefined) return known
  const token = randomBytes(32).toString('base64url')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const own = `${fileIn(home)}.${process.pid}`
  writeFileSync(own, `${token}\n`, { mode: 0o600 })
  try {
    // Never replaces one that is there, as a rename would.
    linkSync(own, fileIn(home))
  } catch {
    // An empty file is no token, and some file systems have no links.
    if (readToken(home) === undefined) renameSync(own, fileIn(home))
  } finally {
    rmSync(own, { force: true })
  }
  return readToken(home) ?? token
}
