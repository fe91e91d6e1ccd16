import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { money, price, quantity } from '../../src/domain/decimal.ts'
import type { HttpServing } from '../../src/adapters/http/index.ts'
import { busyDesk, serve, type FakeDesk } from './fixture.ts'

let desk: FakeDesk
let http: HttpServing
beforeAll(async () => {
  desk = busyDesk()
  http = await serve(desk)
})
afterAll(() => http.close())

const get = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${http.url}${path}`, { headers })
  const text = await answer.text()
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text, json: answer.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : undefined }
}

describe('health', () => {
  test('is live whatever the desk does, and ready when the desk is', async () => {
    expect(await get('/health/live')).toMatchObject({ status: 200, json: { live: true } })
    expect(await get('/health/ready')).toMatchObject({ status: 200, json: { ready: true, state: 'trading' } })
    desk.ready = false
    desk.state = 'recovering'
    expect(await get('/health/ready')).toMatchObject({ status: 503, json: { ready: false, state: 'recovering' } })
    expect((await get('/health/live')).status).toBe(200)
    desk.ready = true
    desk.state = 'trading'
  })
})

describe('rows', () => {
  test('the desk at a glance', async () => {
    const { json } = await get('/api/desk')
    expect(json).toEqual(desk.desk())
  })

  test('orders are flat rows with their state', async () => {
    const { json } = await get('/api/orders?state=partial&finished=false&limit=1')
    expect(json).toHaveLength(1)
    expect(json[0]).toMatchObject({ address: 'order/nd-k3f9-o-0001', machine: 'order', state: 'partial', finished: false, clientOrderId: 'nd-k3f9-o-0001', leg: 'sell', price: '64290', filled: '0.0001' })
  })

  test('several states, with commas or as several fields', async () => {
    const commas = await get('/api/orders?state=partial,resolving')
    const twice = await get('/api/orders?state=partial&state=resolving')
    expect(commas.json).toHaveLength(3)
    expect(twice.json.map((row: { address: string }) => row.address)).toEqual(commas.json.map((row: { address: string }) => row.address))
  })

  test('trade pairs carry an exact profit once they are closed', async () => {
    const { json } = await get('/api/trade-pairs?state=closed')
    expect(json.map((row: { profit: string }) => row.profit)).toEqual(['0.0093', '0.0193', '-0.018948', '0.0393'])
    const open = await get('/api/trade-pairs?finished=false')
    expect(open.json.map((row: { profit: string | null }) => row.profit)).toEqual([null, null, null])
  })

  test('trade pairs tell what they could not sell, once they have ended', async () => {
    const { json } = await get('/api/trade-pairs')
    const told = json.map(({ finished, held, sold, dust }: { finished: boolean; held: string; sold: string; dust: string | null }) => [finished, dust === null ? null : Number(held) - Number(sold) - Number(dust)])
    expect(new Set(told.map(String))).toEqual(new Set(['true,0', 'false,']))
  })
})

describe('actors', () => {
  test('the list has the columns of each kind', async () => {
    const { json } = await get('/debug/actors?kind=order&limit=1')
    expect(Object.keys(json[0]).sort()).toEqual(['address', 'finished', 'machine', 'order', 'seq', 'since', 'state', 'version'])
    expect((await get('/debug/actors?kind=desk')).json).toMatchObject([{ address: 'desk', machine: 'desk', state: 'trading' }])
    expect((await get('/debug/actors')).json).toHaveLength(desk.records.length + desk.supervisors.length)
  })

  test('one actor: state, history, what comes next and what it waits for', async () => {
    const { json } = await get('/debug/actors/order/nd-k3f9-o-0001')
    expect(Object.keys(json).sort()).toEqual(['address', 'context', 'deadlines', 'history', 'machine', 'next', 'pending', 'since', 'state', 'version', 'waitsFor'])
    expect(json.history[0]).toMatchObject({ seq: 1, event: 'placed', from: '', to: 'submitting', turn: 'turn-1', body: { status: 'open' } })
    expect(json.deadlines).toEqual([{ name: 'look again', dueAt: expect.any(Number) }])
    expect(json.pending).toEqual([{ type: 'fetchFills', clientOrderId: 'nd-k3f9-o-0001', venueOrderId: 'venue-1' }])
    expect(json.waitsFor).toContain('the market to reach its price')
  })

  test('history is read in pages', async () => {
    const { json } = await get('/debug/actors/order/nd-k3f9-o-0001?after=1&limit=1')
    expect(json.history.map((entry: { seq: number }) => entry.seq)).toEqual([2])
    const seqs = async (query: string): Promise<number[]> => (await get(`/debug/actors/order/nd-k3f9-o-0001?${query}`)).json.history.map((entry: { seq: number }) => entry.seq)
    expect(await seqs('before=3&limit=1')).toEqual([2])
    expect(await seqs('before=99&limit=2')).toEqual([2, 3])
    expect(await seqs('before=1')).toEqual([])
  })

  test('the list is asked by machine, state and age, and goes on after an address', async () => {
    const addresses = async (query: string): Promise<string[]> => (await get(`/debug/actors?${query}`)).json.map((row: { address: string }) => row.address)
    expect(await addresses('machine=trade-pair&state=held')).toEqual(['trade-pair/p-0003'])
    expect(await addresses('machine=desk')).toEqual(await addresses('kind=desk'))
    expect([await addresses('machine=connection'), await addresses('machine=connection&state=live'), (await addresses('limit=1'))]).toEqual([['connection/market'], [], ['connection/market']])
    const old = await addresses('machine=trade-pair&olderThanMs=60000')
    expect(old).toContain('trade-pair/p-0001')
    expect(old).not.toContain('trade-pair/p-0002')
    const first = await addresses('machine=order&limit=3')
    const next = await addresses(`machine=order&limit=3&after=${encodeURIComponent(first[2] ?? '')}`)
    expect([...first, ...next]).toEqual((await addresses('machine=order')).slice(0, 6))
    expect(await get('/debug/actors?olderThanMs=old')).toMatchObject({ status: 400, json: { field: 'olderThanMs' } })
  })

  test('an unknown actor and an unknown kind are told apart', async () => {
    expect(await get('/debug/actors/order/never')).toMatchObject({ status: 404, json: { error: 'there never was an actor at order/never; /debug/actors lists those that are' } })
    expect((await get('/debug/actors/wizard/1')).json.error).toContain('order/<client order id>')
    expect((await get('/debug/actors/desk')).status).toBe(200)
  })
})

describe('machines', () => {
  test('all of them, and one as data', async () => {
    const all = await get('/debug/machines')
    expect(all.json.map((one: { id: string }) => one.id)).toEqual(['order', 'trade-pair', 'desk', 'account', 'kill-switch', 'breaker', 'connection'])
    const { json } = await get('/debug/machines/order')
    expect(json).toMatchObject({ id: 'order', initial: 'begun' })
    expect(json.states.map((state: { path: string }) => state.path)).toContain('resolving')
    expect(json.mermaid).toMatch(/^stateDiagram-v2/)
  })

  test('one as a drawing, by ending or by what is accepted', async () => {
    const ending = await get('/debug/machines/order.mmd')
    const accepted = await get('/debug/machines/order', { accept: 'text/vnd.mermaid' })
    expect(ending).toMatchObject({ status: 200, type: 'text/vnd.mermaid; charset=utf-8' })
    expect(ending.text).toMatch(/^stateDiagram-v2\n/)
    expect(accepted.text).toBe(ending.text)
    expect((await get('/debug/machines/order?form=mermaid')).text).toBe(ending.text)
    expect((await get('/debug/machines/lathe')).json.error).toContain('order, trade-pair, desk, account, kill-switch, breaker, connection')
  })
})

describe('a chart with an actor on it', () => {
  test('is an SVG document that marks where the actor is and counts what it has taken, and holds no script and no style', async () => {
    const { status, type, text } = await get('/debug/machines/order?form=svg&actor=order/nd-k3f9-o-0001')
    expect([status, type]).toEqual([200, 'image/svg+xml; charset=utf-8'])
    expect(text).toMatch(/<g class="state active" id="state-partial">/)
    expect(text.match(/class="state active"/g)).toHaveLength(1)
    expect(text).toMatch(/<g class="arrow taken"><title>submitting to pending: accepted, reported, fillsListed, taken once</)
    expect(text).not.toMatch(/<script|<style|style=|javascript:|onload/i)
    expect((await get('/debug/machines/order.svg')).text).not.toContain('state active')
  })

  test('is data too: the arrows it took, with how often', async () => {
    const { json } = await get('/debug/machines/order?actor=order/nd-k3f9-o-0001')
    expect(json.actor).toEqual({ address: 'order/nd-k3f9-o-0001', state: 'partial', taken: [{ from: 'begun', to: 'submitting', times: 1 }, { from: 'submitting', to: 'pending', times: 1 }, { from: 'pending', to: 'partial', times: 1 }] })
    expect(json.mermaid).toContain('class partial active')
    expect((await get('/debug/machines/order')).json.actor).toBeNull()
  })

  test('is refused in a sentence when the actor is another machine’s, or never was', async () => {
    for (const actor of ['trade-pair/p-0001', 'order/never', '<svg>']) expect(await get(`/debug/machines/order?form=svg&actor=${encodeURIComponent(actor)}`)).toMatchObject({ status: 404, json: { field: 'actor' } })
    expect(await get('/debug/machines/order?form=png')).toMatchObject({ status: 400, json: { error: 'form must be json, mermaid or svg' } })
  })
})

describe('the past of an actor', () => {
  const lived = '/debug/replay/order/nd-k3f9-o-0001'

  test('is told to be unlike its row, in sentences, when its journal does not hold it', async () => {
    const { status, json } = await get(lived)
    expect(status).toBe(200)
    expect(json).toMatchObject({ address: 'order/nd-k3f9-o-0001', machine: 'order', agrees: false, from: null, ends: null, steps: [], row: { state: 'partial', seq: 3 } })
    expect(json.differences[0]).toContain('event 1 (placed) cannot be taken: the journal does not hold the whole life')
  })

  test('is not folded in the process that trades when it is too long', async () => {
    const at = desk.records.findIndex(({ address }) => address === 'order/nd-k3f9-o-0002')
    const before = desk.records[at]!
    desk.records[at] = { ...before, seq: 1_001 }
    expect(await get('/debug/replay/order/nd-k3f9-o-0002')).toMatchObject({ status: 422, json: { error: 'order/nd-k3f9-o-0002 has lived 1001 events, and no more than 1000 are replayed here: "nightdesk replay order/nd-k3f9-o-0002" replays them all' } })
    desk.records[at] = before
  })

  test('of nobody is 404, and a page of it is asked for with whole numbers', async () => {
    expect((await get('/debug/replay/order/never')).status).toBe(404)
    expect((await get('/debug/replay/wizard/1')).json.error).toContain('is no address')
    expect(await get(`${lived}?after=x`)).toMatchObject({ status: 400, json: { field: 'after' } })
    expect((await get(`${lived}?limit=0`)).status).toBe(400)
  })
})

test('a market’s last hour and the booked executions are lists', async () => {
  expect((await get('/api/prices/BTC-USD/history')).json).toEqual(desk.points)
  expect(await get('/api/prices/DOGE-USD/history')).toMatchObject({ status: 404, json: { error: 'this desk does not trade DOGE-USD' } })
  expect((await get('/api/prices/btc/history')).status).toBe(400)
  desk.booked = [{ venue: 'coinbase', clientOrderId: 'o-1', pairId: 'p-1', fill: { tradeId: 't-1', venueOrderId: 'v-1', instrument: 'BTC-USD', side: 'buy', price: price('64250'), quantity: quantity('0.0004'), fee: money('0'), feeAsset: 'USD', at: 5, liquidity: 'maker' } as never }]
  expect((await get('/api/fills?limit=5')).json).toEqual([{ tradeId: 't-1', clientOrderId: 'o-1', pairId: 'p-1', instrument: 'BTC-USD', side: 'buy', price: '64250', quantity: '0.0004', fee: '0', feeAsset: 'USD', at: 5 }])
})

test('connections and prices are lists', async () => {
  const connections = await get('/debug/connections')
  expect(connections.json[0]).toMatchObject({ name: 'market', venue: 'coinbase', state: 'live', attempt: 0, fallback: 'off', gaps: 0, reconnects: 2, lastEnd: 'socket closed (1006)' })
  const prices = await get('/debug/prices')
  expect(Object.keys(prices.json[0]).sort()).toEqual(['ageMs', 'ask', 'at', 'bid', 'instrument', 'lastProblem', 'rejected', 'source', 'state'])
})

describe('what is wrong is said in a sentence', () => {
  test.each([
    ['/api/orders?limit=0', 'limit', 'limit must be a whole number from 1 to 1000'],
    ['/api/orders?limit=ten', 'limit', 'limit must be a whole number from 1 to 1000'],
    ['/api/trade-pairs?finished=maybe', 'finished', 'finished must be true or false'],
    ['/debug/actors?kind=wizard', 'kind', 'kind must be order, trade-pair, desk, account, kill-switch or breaker'],
    ['/debug/actors/desk?after=-1', 'after', 'after must be a whole number, 0 or above'],
    ['/debug/stream?after=soon', 'after', 'after must be a whole number, 0 or above'],
    ["/api/orders?state=open';drop", 'state', 'state must be one state or several with commas between, such as pending,partial'],
    ['/api/desk?verbose=1', 'verbose', 'there is no query field verbose'],
  ])('%s', async (path, field, error) => {
    expect(await get(path)).toMatchObject({ status: 400, json: { error, field } })
  })

  test('an unknown path', async () => {
    expect(await get('/api/nothing')).toMatchObject({ status: 404, json: { error: 'nothing is served at /api/nothing; /openapi.json lists what is' } })
    expect(await get('/%ff')).toMatchObject({ status: 400, json: { error: 'that request cannot be understood' } })
  })

  test('a fault of ours is told without its text', async () => {
    desk.failing = true
    const answer = await get('/api/orders')
    desk.failing = false
    expect(answer).toMatchObject({ status: 500, json: { error: 'the desk could not answer this; its log says why' } })
  })

  test('empty fields are as if not sent', async () => {
    expect((await get('/debug/actors?kind=&state=&finished=&limit=')).status).toBe(200)
  })
})

test('comparisons with the venue are shown in sentences, and can be asked for by how they ended', async () => {
  const all = await get('/api/reconciliations')
  expect(all.json.map((one: { id: string; outcome: string }) => [one.id, one.outcome])).toEqual([['3-2', 'repaired'], ['3-1', 'agreed']])
  expect(all.json[0].differences).toEqual([{ kind: 'order', about: 'ndab12-01JD5MZX8K4T7WQ2AB-b1', expected: 'pending, 0 of 0.001 booked', found: 'filled at the venue as v-1, 0.001 of 0.001 executed', done: 'the order was told and reads its fills' }])
  expect((await get('/api/reconciliations?outcome=agreed&limit=5')).json).toHaveLength(1)
  expect(await get('/api/reconciliations?outcome=fine')).toMatchObject({ status: 400, json: { field: 'outcome' } })
})

describe('why entries are taken or not', () => {
  const tripped = { name: 'refusals:BTC-USD', instrument: 'BTC-USD', reason: 'the venue has refused 5 entries in a row', since: 1_000, ends: 'time', until: 61_000 } as const

  test('every tripped breaker is shown with the desk, and with the answer', async () => {
    expect((await get('/api/desk')).json.breakers).toEqual([])
    expect((await get('/api/why')).json).toMatchObject({ entries: true, breakers: [], instruments: [{ instrument: 'BTC-USD', because: [] }], denials: [{ rule: 'exposure', times: 3 }] })
    desk.breakers = [tripped]
    expect((await get('/api/desk')).json.breakers).toEqual([tripped])
    expect((await get('/api/why?instrument=BTC-USD')).json).toMatchObject({ entries: false, breakers: [tripped], instruments: [{ entries: false, because: ['refusals:BTC-USD is tripped: the venue has refused 5 entries in a row'] }] })
  })

  test('an instrument that is not traded, and one that is none', async () => {
    expect(await get('/api/why?instrument=DOGE-USD')).toMatchObject({ status: 404, json: { error: 'this desk does not trade DOGE-USD' } })
    expect(await get('/api/why?instrument=doge')).toMatchObject({ status: 400, json: { field: 'instrument' } })
  })
})

describe('an actor that keeps a link alive', () => {
  test('is looked at like every other, with its history page by page, though it has no row', async () => {
    const { status, json } = await get('/debug/actors/connection/market')
    expect([status, json.machine, json.version, json.state, json.waitsFor]).toEqual([200, 'connection', 0, 'connecting', ['its socket to open']])
    expect(json.next).toEqual(['drained', 'ended', 'gap', 'opened', 'refused', 'stop'])
    expect(json.history.map(({ seq, event, from, to }: { seq: number; event: string; from: string; to: string }) => [seq, event, from, to]).at(-1)).toEqual([5, 'after backoff', 'backingOff', 'connecting'])
    expect((await get('/debug/actors/connection/market?before=3&limit=1')).json.history.map(({ seq }: { seq: number }) => seq)).toEqual([2])
    expect((await get('/debug/actors/connection/market?after=3')).json.history.map(({ seq }: { seq: number }) => seq)).toEqual([4, 5])
    expect((await get('/debug/actors/connection/nothing')).status).toBe(404)
  })

  test('is on its chart, with the arrows that it took', async () => {
    const { json } = await get('/debug/machines/connection?actor=connection/market')
    expect(json.actor.state).toBe('connecting')
    expect(json.actor.taken).toContainEqual({ from: 'backingOff', to: 'connecting', times: 1 })
    expect(json.actor.taken).toContainEqual({ from: 'subscribing', to: 'live', times: 1 })
    expect((await get('/debug/machines/connection?actor=connection/nothing')).status).toBe(404)
  })
})

test('the OpenAPI document describes every route of data', async () => {
  const { json } = await get('/openapi.json')
  expect(json.openapi).toBe('3.1.0')
  expect(Object.keys(json.paths)).toEqual([
    '/health/live',
    '/health/ready',
    '/api/desk',
    '/api/why',
    '/api/orders',
    '/api/trade-pairs',
    '/api/positions',
    '/api/pnl',
    '/api/reconciliations',
    '/api/audit',
    '/api/executions/{order}',
    '/api/preview',
    '/api/prices/{instrument}/history',
    '/api/fills',
    '/debug/actors',
    '/debug/actors/{address}',
    '/debug/replay/{address}',
    '/debug/machines',
    '/debug/machines/{id}',
    '/metrics',
    '/api/commands',
    '/debug/connections',
    '/debug/prices',
    '/debug/stream',
  ])
  const references = [...JSON.stringify(json).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? '')
  expect(references.length).toBeGreaterThan(5)
  expect(references.filter((name) => json.components.schemas[name] === undefined)).toEqual([])
})
