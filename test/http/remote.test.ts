/** A desk that others can reach: everything but what is public needs a token, and each token opens what it is for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveHttp, type HttpServing } from '../../src/adapters/http/index.ts'
import { ManualClock } from '../support/clock.ts'
import { busyDesk, optionsOf } from './fixture.ts'
import { ask } from './raw.ts'

const clock = new ManualClock()
let http: HttpServing
let refused = 0

beforeAll(async () => {
  http = await serveHttp({ ...optionsOf(busyDesk()), token: 'control-token', remote: { names: ['desk.example', 'desk.example:8443'], readToken: 'read-token' }, onRefused: () => { refused++ }, clock })
})
afterAll(() => http.close())

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const get = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> => (await ask(http.url, { path, headers })).status
const command = (headers: Readonly<Record<string, string>>): ReturnType<typeof ask> =>
  ask(http.url, { path: '/api/commands', method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ id: 'c1', kind: 'pause', reason: 'test' }) })

const reads = ['/?x=1', '//', '/index.html', '/icon.svg?x=1', '/icon.svg/', '/./icon.svg', '/%69con.svg', '/assets', '/assets/', '/assets/nothing.js', '/api/desk', '/api/orders', '/debug/actors', '/debug/stream', '/metrics', '/openapi.json', '/health/ready', '/nowhere', '/page/main.js', '/health/live?x=1', '/health/live/']

describe('reading', () => {
  test.each(reads)('%s needs a token', async (path) => {
    await clock.advance(61_000)
    expect(await get(path)).toBe(401)
    expect(await get(path, bearer('read-token-'))).toBe(401)
    expect(await get(path, { authorization: 'Basic read-token' })).toBe(401)
    expect(await get(`${path}${path.includes('?') ? '&' : '?'}token=read-token`)).toBe(401)
  })

  test('that the process answers is everybody’s to know, and no more than that', async () => {
    const answer = await ask(http.url, { path: '/health/live' })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { live: true }])
  })

  test('the page’s own files are everybody’s to have, where host and origin are right', async () => {
    const page = await ask(http.url, { path: '/' })
    const named = [...page.text.matchAll(/(?:href|src)="(\/[^"#]+)"/g)].map((match) => match[1] ?? '').filter((path) => !path.startsWith('/api/'))
    expect(named.map((path) => path.split('.').at(-1) ?? '').toSorted()).toEqual(['css', 'css', 'js', 'svg'])
    for (const path of ['/', ...named]) {
      expect([path, await get(path)]).toEqual([path, 200])
      expect([path, await get(path, { host: 'evil.example' })]).toEqual([path, 403])
      expect([path, await get(path, { origin: 'https://evil.example' })]).toEqual([path, 403])
      expect([path, (await ask(http.url, { path, method: 'POST' })).status]).toEqual([path, 405])
    }
  })

  test('without any token is a guess at nothing: it is refused as often as it is tried, and nobody is told', async () => {
    await clock.advance(61_000)
    const before = refused
    for (let tries = 0; tries < 12; tries++) expect(await get('/api/desk')).toBe(401)
    expect(refused - before).toBe(0)
    expect(await get('/api/desk', bearer('guess'))).toBe(401)
    expect(refused - before).toBe(1)
  })

  test('either token reads', async () => {
    for (const token of ['read-token', 'control-token']) expect(await get('/api/desk', bearer(token))).toBe(200)
  })
})

describe('commanding', () => {
  test('the token that reads does not command, and nothing is changed', async () => {
    await clock.advance(61_000)
    for (const headers of [{}, bearer('read-token'), bearer('control-token2'), bearer('')]) expect((await command(headers)).status).toBe(401)
    expect((await command(bearer('control-token'))).status).not.toBe(401)
  })

  test('with the token that reads is answered with what it lacks, and with no other', async () => {
    await clock.advance(61_000)
    const [reader, nobody] = [await command(bearer('read-token')), await command(bearer('guess'))]
    expect([reader.headers['www-authenticate'], JSON.parse(reader.text)]).toEqual(['Bearer error="insufficient_scope"', { error: 'this token only reads: a command needs the one in the file "token" of the data directory' }])
    expect([nobody.headers['www-authenticate'], nobody.text.includes('only reads')]).toEqual(['Bearer', false])
  })
})

describe('names', () => {
  test('are the ones that were given, with either scheme, and this machine’s own', async () => {
    for (const host of ['desk.example', 'desk.example:8443', new URL(http.url).host]) expect(await get('/api/desk', { ...bearer('read-token'), host })).toBe(200)
    for (const host of ['desk.example:80', 'evil.example', 'desk.example.evil', 'xdesk.example']) expect(await get('/api/desk', { ...bearer('control-token'), host })).toBe(403)
    for (const origin of ['https://desk.example', 'http://desk.example:8443']) expect(await get('/api/desk', { ...bearer('read-token'), origin })).toBe(200)
    for (const origin of ['https://desk.example:1', 'https://evil.example', 'null']) expect(await get('/api/desk', { ...bearer('read-token'), origin })).toBe(403)
  })
})

describe('guessing', () => {
  test('is told to wait after ten wrong tokens in a minute; whoever holds one is let in all the same, and a minute later all begins anew', async () => {
    await clock.advance(61_000)
    const before = refused
    const answers = []
    for (let guess = 0; guess < 12; guess++) answers.push(await ask(http.url, { path: '/api/desk', headers: bearer(`guess-${guess}`) }))
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429])
    expect(answers.at(-1)?.headers['retry-after']).toBe('60')
    expect(refused - before).toBe(12)
    expect(await get('/api/desk', bearer('read-token'))).toBe(200)
    await clock.advance(61_000)
    expect(await get('/api/desk', bearer('wrong'))).toBe(401)
  })

  test('says the same to no token and to a wrong one (SE-09)', async () => {
    await clock.advance(61_000)
    const [none, wrong] = [await ask(http.url, { path: '/api/desk' }), await ask(http.url, { path: '/api/desk', headers: bearer('wrong') })]
    expect([none.status, none.text]).toEqual([wrong.status, wrong.text])
  })
})
