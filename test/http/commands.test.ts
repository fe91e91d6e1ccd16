/** `POST /api/commands` over real sockets: who may command, and what is taken (src/adapters/http/command-routes.ts; SE-02 to SE-05). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HttpServing } from '../../src/adapters/http/index.ts'
import { FakeDesk, serve } from './fixture.ts'
import { ask } from './raw.ts'

let desk: FakeDesk
let http: HttpServing
beforeEach(async () => {
  desk = new FakeDesk()
  http = await serve(desk)
})
afterEach(() => http.close())

const pause = { id: 'c-1', kind: 'pause', who: 'ann', reason: 'lunch' }
const send = async (body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: { error?: string; field?: string } & Record<string, unknown> }> => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const { status, text: answer } = await ask(http.url, {
    path: '/api/commands',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer the-token', 'content-length': String(Buffer.byteLength(text)), ...headers },
    body: text,
  })
  return { status, body: JSON.parse(answer) as { error?: string } & Record<string, unknown> }
}

describe('who may command', () => {
  test('whoever holds the token, and nobody else (401)', async () => {
    expect((await send(pause)).status).toBe(202)
    for (const authorization of ['', 'Bearer ', 'Bearer the-toke', 'bearer the-token', 'the-token', 'Basic dGhlLXRva2Vu', `Bearer ${'x'.repeat(5_000)}`]) {
      const answer = await send(pause, { authorization })
      expect([authorization.slice(0, 20), answer.status, answer.body.error]).toEqual([authorization.slice(0, 20), 401, 'a command needs the token of this desk: "authorization: Bearer <token>"; it is in the file "token" of the data directory'])
    }
    expect(desk.commands).toHaveLength(1)
  })

  test('no page of another site, under no other name, also with the token (403)', async () => {
    const { port } = new URL(http.url)
    expect((await send(pause, { origin: 'http://evil.example' })).status).toBe(403)
    expect((await send(pause, { host: `evil.example:${port}` })).status).toBe(403)
    expect((await send(pause, { origin: http.url })).status).toBe(202)
    expect(desk.commands).toHaveLength(1)
  })

  test('no form: only JSON with its own type (415)', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16', 'text/json']) expect([type, (await send(pause, { 'content-type': type })).status]).toEqual([type, 415])
    expect((await send(pause, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(202)
  })

  test('nobody who is not told the token learns what a command looks like', async () => {
    expect((await send('{', { authorization: 'Bearer no' })).body.error).toContain('needs the token')
  })
})

describe('what is taken', () => {
  test.each([
    [pause],
    [{ ...pause, kind: 'resume' }],
    [{ ...pause, kind: 'reconcile' }],
    [{ ...pause, kind: 'kill', level: 'flatten' }],
    [{ ...pause, kind: 'unkill' }],
    [{ ...pause, kind: 'reset-breaker', breaker: 'cooldown:BTC-USD' }],
    [{ ...pause, kind: 'hold', pair: 'P-1' }],
    [{ ...pause, kind: 'release', pair: 'P-1' }],
    [{ ...pause, kind: 'close', pair: 'P-1' }],
    [{ ...pause, kind: 'close-externally', pair: 'P-1' }],
    [{ ...pause, kind: 'set-target', pair: 'P-1', price: '60000.5' }],
    [{ ...pause, kind: 'cancel', order: 'nd-1' }],
    [{ ...pause, kind: 'adopt', order: 'BTC-USDT:1' }],
    [{ ...pause, kind: 'buy', instrument: 'BTC-USD', quantity: '0.001', price: '60000', targetBps: 12.5 }],
  ])('%j arrives as it was sent, and its record is answered (202)', async (command) => {
    const answer = await send(command)
    expect(answer).toMatchObject({ status: 202, body: { id: 'c-1', again: false, record: { commandId: 'c-1', who: 'ann', reason: 'lunch' } } })
    expect(desk.commands).toEqual([command])
  })

  test('a program that says not who it is, is "api"', async () => {
    const { who: _who, ...unsigned } = pause
    await send(unsigned)
    expect(desk.commands).toEqual([{ ...pause, who: 'api' }])
  })

  test.each([
    ['no JSON', '{', 400],
    ['nothing', '', 400],
    ['an unknown kind', { ...pause, kind: 'sell-everything' }, 400],
    ['no reason', { ...pause, reason: ' ' }, 400],
    ['no id', { ...pause, id: '' }, 400],
    ['an id with a line in it', { ...pause, id: 'a\nb' }, 400],
    ['a field too many', { ...pause, force: true }, 400],
    ['a kill without its level', { ...pause, kind: 'kill' }, 400],
    ['a price as a number', { ...pause, kind: 'set-target', pair: 'P', price: 60_000 }, 400],
    ['a price of nothing', { ...pause, kind: 'set-target', pair: 'P', price: '0.00' }, 400],
    ['a price below nothing', { ...pause, kind: 'set-target', pair: 'P', price: '-5' }, 400],
    ['a price that is none', { ...pause, kind: 'set-target', pair: 'P', price: '1e5' }, 400],
    ['a buy without its target', { ...pause, kind: 'buy', instrument: 'BTC-USD', quantity: '0.001', price: '60000' }, 400],
    ['a buy of nothing', { ...pause, kind: 'buy', instrument: 'BTC-USD', quantity: '0', price: '60000', targetBps: 5 }, 400],
    ['an empty list', [], 400],
    ['a list that is too long', Array.from({ length: 21 }, (_, n) => ({ id: `c${n}`, kind: 'resume', reason: 'x' })), 400],
    ['a list with one that is none', [pause, { ...pause, kind: 'sing' }], 400],
    ['a pair that is a path', { ...pause, kind: 'hold', pair: '../desk' }, 400],
    ['a reason of kilobytes', { ...pause, reason: 'x'.repeat(3_000) }, 400],
    ['more than a command can be', { ...pause, reason: 'x'.repeat(70_000) }, 413],
  ])('%s is answered with a sentence and never arrives', async (_what, body, status) => {
    const answer = await send(body)
    expect([answer.status, typeof answer.body.error]).toEqual([status, 'string'])
    expect(desk.commands).toEqual([])
  })

  test('a refusal is 409 with its reason, a desk that cannot is 503', async () => {
    desk.outcome = () => ({ kind: 'refused', detail: 'there is no open trade pair P' })
    expect(await send(pause)).toEqual({ status: 409, body: { error: 'there is no open trade pair P' } })
    desk.outcome = () => ({ kind: 'failed', detail: 'the desk is stopping' })
    expect(await send(pause)).toEqual({ status: 503, body: { error: 'the desk is stopping' } })
  })

  test('nothing else can be posted anywhere', async () => {
    for (const path of ['/api/commands/', '/api/commands?x=1', '/API/commands', '/api/orders', '/']) {
      const answer = await ask(http.url, { path, method: 'POST', headers: { authorization: 'Bearer the-token', 'content-type': 'application/json', 'content-length': '2' }, body: '{}' })
      expect([path, answer.status]).toEqual([path, 405])
    }
  })
})

test('a list is carried out one after the other, each with its own outcome', async () => {
  desk.outcome = ({ id, kind, who, reason }) => {
    if (id === 'b') return { kind: 'refused', detail: 'there is no open trade pair P' }
    if (id === 'c') return { kind: 'failed', detail: 'the desk is stopping' }
    return { kind: 'done', again: id === 'd', record: { commandId: id, at: 1, kind, who, reason, target: 'desk', before: 'trading', after: 'paused', pairId: null, orderId: null, rule: null } }
  }
  const list = ['a', 'b', 'c', 'd'].map((id) => ({ ...pause, id }))
  const { status, body } = await send(list)
  expect([status, body]).toEqual([202, [{ id: 'a', again: false, record: expect.objectContaining({ commandId: 'a' }) as object }, { id: 'b', refused: 'there is no open trade pair P' }, { id: 'c', failed: 'the desk is stopping' }, { id: 'd', again: true, record: expect.objectContaining({ commandId: 'd' }) as object }]])
  expect(desk.commands.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
})

describe('questions', () => {
  const get = async (path: string): Promise<{ status: number; body: Record<string, unknown> }> => {
    const { status, text } = await ask(http.url, { path })
    return { status, body: JSON.parse(text) as Record<string, unknown> }
  }

  test('a preview is the gate’s word and the venue’s, and needs no token', async () => {
    expect(await get('/api/preview?instrument=BTC-USD&side=buy&quantity=0.0010&price=60000')).toEqual({ status: 200, body: { gate: { rule: 'spread', detail: 'too wide' }, venue: { kind: 'possible', fee: '0.1', total: '60.1' }, venueFailed: null } })
    expect(desk.previewed).toEqual([{ clientOrderId: 'preview', instrument: 'BTC-USD', side: 'buy', quantity: '0.001', price: '60000', postOnly: true }])
    desk.starting = true
    expect((await get('/api/preview?instrument=BTC-USD&side=buy&quantity=1&price=1')).status).toBe(503)
  })

  test.each(['instrument=BTC-USD&side=buy&quantity=1', 'instrument=btc&side=buy&quantity=1&price=1', 'instrument=BTC-USD&side=hold&quantity=1&price=1', 'instrument=BTC-USD&side=buy&quantity=-1&price=1', 'instrument=BTC-USD&side=buy&quantity=1e3&price=1', 'instrument=BTC-USD&side=buy&quantity=1&price=1&postOnly=yes', 'instrument=BTC-USD&side=buy&quantity=1&price=1&force=1'])('a preview of %s is a bad question', async (query) => {
    expect((await get(`/api/preview?${query}`)).status).toBe(400)
    expect(desk.previewed).toEqual([])
  })

  test('what closed round trips have earned is served for a span of time', async () => {
    expect(await get('/api/pnl?from=5&to=9')).toEqual({ status: 200, body: [{ day: '2026-11-21', instrument: 'BTC-USD', pairs: 3, wins: 2, profit: '0.5', fees: '0.1' }] })
    await get('/api/pnl')
    expect(desk.pnlAsked).toEqual([[5, 9], [0, Number.MAX_SAFE_INTEGER]])
  })

  test('an execution is served by its order; one that never was is 404', async () => {
    expect(await get('/api/executions/nd-k3f9-o-0001')).toMatchObject({ status: 200, body: { side: 'sell', wanted: '0.0004', filled: '0', averagePrice: null, arrival: { bid: '64250', ask: '64252' }, slippage: null } })
    expect(await get('/api/executions/nobody')).toEqual({ status: 404, body: { error: 'there is no order nobody' } })
    expect((await get('/api/executions/a%2Fb')).status).toBe(400)
  })
})

test('the audit log is served, newest first, and can be asked by pair, order, rule, kind and time', async () => {
  expect(JSON.parse((await ask(http.url, { path: '/api/audit?limit=5' })).text)).toEqual(desk.audits)
  await ask(http.url, { path: '/api/audit?pair=P-1&order=o-1&rule=spread&kind=denial&from=5&to=9' })
  expect(desk.auditQueries).toEqual([{ limit: 5 }, { limit: 100, pairId: 'P-1', orderId: 'o-1', rule: 'spread', kind: 'denial', from: 5, to: 9 }])
  expect((await ask(http.url, { path: "/api/audit?pair='" })).status).toBe(400)
})
