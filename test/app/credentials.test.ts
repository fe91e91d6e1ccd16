/** Which key a desk uses, and what it says when there is none, half of one, or one of another environment (SE-02, SE-03). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { binanceKeys, coinbaseKeys, findKey, noKey, type Environment } from '../../src/app/venues/credentials.ts'
import { Problem } from '../../src/app/problem.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nightdesk-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

class Unreadable extends Error {}

/** A reader as the venues have them: two halves, and a complaint about a bad one. */
const reading = {
  ofFile: (text: string) => (JSON.parse(text) as { key: string }).key,
  ofVariables: (id: string, secret: string) => `${id}:${secret}`,
  load: (text: string) => {
    if (text.includes('bad')) throw new Unreadable('the PEM key is cut off')
    return { of: text }
  },
  isKeyError: (error: unknown): error is Error => error instanceof Unreadable,
}

const file = (content: object): string => {
  const name = path.join(folder, 'key.json')
  writeFileSync(name, JSON.stringify(content))
  return name
}
const find = (keyFile: string | undefined, environment: Environment, env: NodeJS.ProcessEnv = {}) => {
  try {
    return findKey(coinbaseKeys, reading, { keyFile, environment, env })
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, message: error.message.replaceAll(folder, '.') }
    throw error
  }
}
const variables = { COINBASE_KEY_NAME: 'name', COINBASE_PRIVATE_KEY: 'secret' }
const permission = 'The key must be allowed to view and to trade, and must not be allowed to transfer or withdraw.'

describe('a key', () => {
  test('in the file that is named wins over the environment’s; a downloaded one is for production', () => {
    expect(find(file({ key: 'k' }), 'production', variables)).toEqual({ of: 'k' })
    expect(find(undefined, 'production', variables)).toEqual({ of: 'name:secret' })
    expect(find(undefined, 'production')).toBeUndefined()
  })

  test.each<[string, object, Environment, string]>([
    ['a sandbox key on production', { key: 'k', environment: 'sandbox' }, 'production', 'the API key in ./key.json is for sandbox, and the configuration\'s environment is production: use a key of that environment; one that is says so with "environment": "production" in the file'],
    ['a production key in the sandbox', { key: 'k' }, 'sandbox', 'the API key in ./key.json is for production, and the configuration\'s environment is sandbox: use a key of that environment; one that is says so with "environment": "sandbox" in the file'],
    ['a production key on the testnet', { key: 'k' }, 'testnet', 'the API key in ./key.json is for production, and the configuration\'s environment is testnet: use a key of that environment; one that is says so with "environment": "testnet" in the file'],
  ])('%s is refused', (_what, content, environment, message) => {
    expect(find(file(content), environment)).toEqual({ code: 77, message })
  })

  test('of the environment carries its environment in a variable', () => {
    expect(find(undefined, 'testnet', { ...variables, COINBASE_KEY_ENVIRONMENT: 'testnet' })).toEqual({ of: 'name:secret' })
    expect(find(undefined, 'sandbox', variables)).toEqual({ code: 77, message: 'the API key in COINBASE_KEY_NAME and COINBASE_PRIVATE_KEY is for production, and the configuration\'s environment is sandbox: use a key of that environment; one that is says so with COINBASE_KEY_ENVIRONMENT=sandbox' })
  })

  test('of which half is missing is told by the half, and what it must be allowed', () => {
    expect(find(undefined, 'production', { COINBASE_KEY_NAME: 'name' })).toEqual({ code: 77, message: `COINBASE_KEY_NAME is set and COINBASE_PRIVATE_KEY is not: a key of coinbase is both. ${permission}` })
    expect(find(undefined, 'production', { COINBASE_PRIVATE_KEY: 'secret' })).toEqual({ code: 77, message: `COINBASE_PRIVATE_KEY is set and COINBASE_KEY_NAME is not: a key of coinbase is both. ${permission}` })
  })

  test('that cannot be used is told by where it is, in which form it should be, and never by itself', () => {
    expect(find(file({ key: 'bad' }), 'production')).toEqual({ code: 77, message: `the API key in ./key.json cannot be used: the PEM key is cut off. The file holds {"name": "organizations/...", "privateKey": "..."}. ${permission}` })
    expect(find(undefined, 'production', { ...variables, COINBASE_PRIVATE_KEY: 'bad' })).toEqual({ code: 77, message: `the API key in COINBASE_KEY_NAME and COINBASE_PRIVATE_KEY cannot be used: the PEM key is cut off. COINBASE_KEY_NAME and COINBASE_PRIVATE_KEY are the two halves as the venue shows them. ${permission}` })
    expect(find('/nowhere/key.json', 'production')).toEqual({ code: 77, message: 'the API key file /nowhere/key.json cannot be read (ENOENT): correct venue.keyFile; the file holds {"name": "organizations/...", "privateKey": "..."}' })
  })

  test('that is not there at all is asked for, with both ways of giving it', () => {
    expect(noKey(binanceKeys).message).toBe(`there is no API key for binance: name a file with {"apiKey": "...", "secret": "..."} as venue.keyFile, or set BINANCE_API_KEY and BINANCE_SECRET. ${permission}`)
  })
})
