/** The tokens of a desk, one that commands and one that only reads: made once, kept in the data directory, readable by its owner alone. */
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** The file's name is the token's. */
export type TokenName = 'token' | 'token-read'

const fileIn = (home: string, name: TokenName): string => path.join(home, name)

/** The token of a data directory; undefined when no desk has run there. */
export const readToken = (home: string, name: TokenName = 'token'): string | undefined => {
  try {
    const text = readFileSync(fileIn(home, name), 'utf8').trim()
    return text === '' ? undefined : text
  } catch {
    return undefined
  }
}

/** The same, made when there is none; of several processes that make one, the first has its way and all return that one. */
export const ownToken = (home: string, name: TokenName = 'token'): string => {
  const known = readToken(home, name)
  if (known !== undefined) return known
  const token = randomBytes(32).toString('base64url')
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const own = `${fileIn(home, name)}.${process.pid}`
  writeFileSync(own, `${token}\n`, { mode: 0o600 })
  try {
    // Never replaces one that is there, as a rename would.
    linkSync(own, fileIn(home, name))
  } catch {
    // An empty file is no token, and some file systems have no links.
    if (readToken(home, name) === undefined) renameSync(own, fileIn(home, name))
  } finally {
    rmSync(own, { force: true })
  }
  return readToken(home, name) ?? token
}
