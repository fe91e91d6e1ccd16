/** A person's hand on a running desk: the kill switch and the commands (src/actors/kill-watch.ts, W1 to W3; src/actors/commands.ts, M1 to M3). */
import { describe, expect, test } from 'vitest'
import type { Command } from '../../src/domain/command.ts'
import type { CommandOutcome } from '../../src/ports/steering.ts'
import { verifyChain } from '../../src/app/audit-chain.ts'
import type { ActorRecord, KeptAudit } from '../../src/domain/records.ts'
import { compare, money, price, quantity } from '../../src/domain/decimal.ts'
import type { TradePairContext } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { DeskWorld, tradingDesk } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

let ids = 0
type Wish = Command extends infer C ? (C extends Command ? Omit<C, 'id' | 'who' | 'reason'> & { readonly id?: string } : never) : never
const say = (world: DeskWorld, wish: Wish): Promise<CommandOutcome> => world.during(world.desk.command({ id: `c${++ids}`, who: 'ann', reason: 'a drill', ...wish }))
const done = async (world: DeskWorld, wish: Wish): Promise<void> => {
  const outcome = await say(world, wish)
  expect(outcome).toMatchObject({ kind: 'done', again: false })
}
const refusal = async (world: DeskWorld, wish: Wish): Promise<string> => {
  const outcome = await say(world, wish)
  return outcome.kind === 'refused' ? outcome.detail : outcome.kind
}
const killState = (world: DeskWorld): string | undefined => world.store.tables.actors.get('kill-switch')?.state
const sides = (world: DeskWorld): readonly string[] => world.venue.working().map(({ side }) => side).toSorted()
const commandsKept = (world: DeskWorld): readonly string[] => world.store.tables.audit.flatMap(({ commandId }) => commandId ?? [])
const pairsIn = (world: DeskWorld, state: string): readonly string[] => world.pairRows().filter((pair) => pair.state === state).map(({ tradePair }) => tradePair?.pairId ?? '')

/** A desk with two buys filled and covered, and two resting. */
const halfBought = async (options: Parameters<typeof tradingDesk>[0] = {}): Promise<DeskWorld> => {
  const world = await tradingDesk(options)
  world.venue.moveTo('59900')
  await world.until(() => sides(world).filter((side) => side === 'sell').length >= 1)
  await world.clock.advance(500)
  return world
}
const bought = (world: DeskWorld): string => pairsIn(world, 'sellPlaced.pending')[0] ?? ''

describe('the kill switch', () => {
  test('at level entries: nothing new is bought, what was bought is still offered, and sold', async () => {
    const world = await halfBought()
    await done(world, { kind: 'kill', level: 'entries' })
    const creates = world.venue.creates()
    const selling = pairsIn(world, 'sellPlaced.pending').length
    world.venue.moveTo('60500')
    await world.clock.advance(120_000)
    expect(pairsIn(world, 'closed')).toHaveLength(selling)
    expect(world.venue.creates()).toBe(creates)
    expect(differences(world)).toEqual([])
  })

  test('at level orders: every working order is cancelled and none is placed, exits included, until it is lifted; then what was bought is offered again', async () => {
    const world = await halfBought()
    const selling = pairsIn(world, 'sellPlaced.pending')
    await done(world, { kind: 'kill', level: 'orders' })
    await world.until(() => world.venue.working().length === 0)
    const creates = world.venue.creates()
    for (const bid of ['59000', '60500', '59900']) {
      world.venue.moveTo(bid)
      await world.clock.advance(30_000)
    }
    expect([world.venue.creates(), sides(world), pairsIn(world, 'held')]).toEqual([creates, [], []])
    await done(world, { kind: 'unkill' })
    await world.until(() => sides(world).filter((side) => side === 'sell').length === selling.length, 10_000)
    await world.clock.advance(30_000)
    expect(differences(world)).toEqual([])
  })

  test('ends an order too whose answer comes only after the switch was thrown (W1)', async () => {
    const world = new DeskWorld()
    world.venue.isSlow(1_500, 'create')
    world.venue.tellsNobodyOfOrders()
    await world.start()
    await world.until(() => world.venue.creates() > 0)
    await done(world, { kind: 'kill', level: 'orders' })
    world.venue.recovers()
    await world.until(() => world.venue.working().length > 0, 10_000)
    await world.until(() => world.venue.working().length === 0, 20_000)
    await world.clock.advance(30_000)
    expect(differences(world)).toEqual([])
  })

  test('at level flatten: what was bought is sold at once, at the market, whatever it earns; nothing is left', async () => {
    const world = await halfBought()
    await done(world, { kind: 'kill', level: 'flatten' })
    await world.until(() => compare(world.venue.baseHeld, price('0')) === 0, 30_000)
    await world.clock.advance(30_000)
    expect([sides(world), pairsIn(world, 'sellPlaced.pending'), pairsIn(world, 'held')]).toEqual([[], [], []])
    expect(differences(world)).toEqual([])
    const closed = world.pairRows().filter(({ state }) => state === 'closed').map(({ tradePair }) => Number(tradePair?.proceeds) - Number(tradePair?.cost))
    expect(closed.length).toBeGreaterThan(0)
    expect(Math.max(...closed)).toBeLessThan(0)
  })

  test('follows a market that falls away while it sells (W3)', async () => {
    const world = await halfBought()
    world.venue.delaysLookUps(0)
    world.venue.isSlow(3_000, 'create')
    await done(world, { kind: 'kill', level: 'flatten' })
    await world.clock.advance(1_000)
    world.venue.moveTo('58000')
    await world.clock.advance(10_000)
    world.venue.recovers()
    await world.until(() => compare(world.venue.baseHeld, price('0')) === 0, 120_000)
    await world.clock.advance(20_000)
    expect(differences(world)).toEqual([])
  })

  test('is still on after a sudden death, and an order of before it is ended then (W1, K2)', async () => {
    const world = await halfBought()
    world.diesAt('afterCommit', 'kill-switch kill')
    void world.desk.command({ id: 'last-words', kind: 'kill', level: 'orders', who: 'ann', reason: 'smoke' })
    await world.until(() => !world.isAlive)
    expect(world.venue.working().length).toBeGreaterThan(0)
    await world.clock.advance(1_000)
    await world.start()
    await world.until(() => world.venue.working().length === 0)
    const creates = world.venue.creates()
    await world.clock.advance(120_000)
    expect([killState(world), world.venue.creates()]).toEqual(['orders', creates])
    expect(await say(world, { id: 'last-words', kind: 'kill', level: 'orders' })).toMatchObject({ kind: 'done', again: true, record: { who: 'ann', reason: 'smoke', before: '', after: 'orders' } })
  })

  test('is recorded before it is true: a death before the commit leaves nothing of it', async () => {
    const world = await halfBought()
    world.diesAt('beforeCommit', 'kill-switch kill')
    void world.desk.command({ id: 'lost', kind: 'kill', level: 'orders', who: 'ann', reason: 'smoke' })
    await world.until(() => !world.isAlive)
    await world.start()
    await world.until(() => world.deskState() === 'trading')
    expect([killState(world), commandsKept(world)]).toEqual([undefined, []])
    await done(world, { id: 'lost', kind: 'kill', level: 'entries' })
  })

  test('after it was lifted, limits come back by a quarter, a half and the whole, earned by clean trades (K3)', async () => {
    const world = await tradingDesk({ tuning: { cleanTrades: 2 } })
    await done(world, { kind: 'kill', level: 'orders' })
    await world.until(() => world.venue.working().length === 0)
    await done(world, { kind: 'unkill' })
    await world.until(() => world.venue.working().length > 0)
    const size = (): number => Math.max(...world.venue.working().filter(({ side }) => side === 'buy').map(({ left, price: at }) => Number(left) * Number(at)))
    expect([killState(world), Math.round(size())]).toEqual(['quarter', 25])
    const roundTrips = async (state: string): Promise<void> => {
      for (let times = 0; times < 40 && killState(world) !== state; times += 1) {
        world.venue.moveTo(times % 2 === 0 ? '59800' : '60300')
        await world.clock.advance(5_000)
      }
      expect(killState(world)).toBe(state)
    }
    await roundTrips('half')
    await roundTrips('off')
    world.venue.moveTo('61000')
    await world.clock.advance(60_000)
    expect(Math.round(size())).toBe(100)
    expect(differences(world)).toEqual([])
  })

  test('unkill without a kill is refused', async () => {
    expect(await refusal(await tradingDesk(), { kind: 'unkill' })).toBe('the kill switch is not thrown')
  })
})

describe('a command', () => {
  test('is carried out once for each id, however often it is sent and by whomever; its record says who, why, before and after (M1)', async () => {
    const world = await halfBought()
    const pair = bought(world)
    const all = await world.during(Promise.all(Array.from({ length: 5 }, () => world.desk.command({ id: 'once', kind: 'hold', pair, who: 'ann', reason: 'looks odd' }))))
    expect(new Set(all.map((outcome) => JSON.stringify(outcome))).size).toBe(1)
    expect(all[0]).toEqual({ kind: 'done', again: false, record: expect.objectContaining({ commandId: 'once', at: expect.any(Number) as number, kind: 'hold', who: 'ann', reason: 'looks odd', target: `trade-pair/${pair}`, before: 'sellPlaced.pending', after: 'held', pairId: pair, orderId: null, rule: null }) as object })
    const events = world.store.tables.events.length
    expect(await say(world, { id: 'once', kind: 'hold', pair })).toMatchObject({ kind: 'done', again: true, record: { who: 'ann' } })
    world.kill()
    await world.start()
    await world.until(() => world.deskState() === 'trading')
    expect(await say(world, { id: 'once', kind: 'hold', pair })).toMatchObject({ kind: 'done', again: true })
    expect(world.store.tables.events.slice(events).filter(({ type }) => type === 'hold')).toEqual([])
    expect(await refusal(world, { id: 'once', kind: 'release', pair })).toBe('the id once belongs to another command: choose a new one')
    expect(await refusal(world, { id: 'once', kind: 'hold', pair: 'another' })).toBe('the id once belongs to another command: choose a new one')
  })

  test('under the id of a milder one is refused, never taken for done, whether the other is under way or in the record (M1)', async () => {
    const world = await halfBought()
    const [mild, grave] = await world.during(Promise.all((['entries', 'flatten'] as const).map((level) => world.desk.command({ id: 'once', kind: 'kill', level, who: 'ann', reason: 'smoke' }))))
    expect([mild?.kind, grave?.kind, killState(world)]).toEqual(['done', 'refused', 'entries'])
    expect(await refusal(world, { id: 'once', kind: 'kill', level: 'orders' })).toBe('the id once belongs to another command: choose a new one')
    expect(await say(world, { id: 'once', kind: 'kill', level: 'entries' })).toMatchObject({ kind: 'done', again: true })
  })

  test('that cannot be done is refused in a sentence, and changes and records nothing (M2)', async () => {
    const world = await halfBought()
    const pair = bought(world)
    const order = world.orderRows().find(({ pairId, leg, live }) => pairId === pair && leg === 'sell' && live)?.clientOrderId ?? ''
    const events = world.store.tables.events.length
    expect([
      await refusal(world, { kind: 'hold', pair: 'nobody' }),
      await refusal(world, { kind: 'release', pair }),
      await refusal(world, { kind: 'cancel', order: 'nobody' }),
      await refusal(world, { kind: 'cancel', order }),
      await refusal(world, { kind: 'close-externally', pair }),
      await refusal(world, { kind: 'set-target', pair, price: price('59000') }),
      await refusal(world, { kind: 'adopt', order: 'nobody' }),
    ]).toEqual([
      'there is no open trade pair nobody',
      `${pair} is not held; it is sellPlaced.pending`,
      'there is no live order nobody',
      `${order} covers ${pair}, which would place the next at once: hold the pair first, or use set-target or close`,
      `${pair} still has the order ${order} at the venue: hold the pair and cancel the order first`,
      expect.stringMatching(/^59000 is below \d+(\.\d+)?, where \S+ breaks even: "close" sells at a loss$/) as string,
      'the venue knows no order nobody',
    ])
    expect(commandsKept(world)).toEqual([])
    expect(world.store.tables.events.slice(events).filter(({ address }) => address.startsWith('trade-pair'))).toEqual([])
  })

  test('close sells what a pair holds at once; hold keeps it, release lets it go on', async () => {
    const world = await halfBought()
    const pair = bought(world)
    await done(world, { kind: 'hold', pair })
    expect(await refusal(world, { kind: 'close', pair })).toBe(`${pair} is held (a drill): release it first`)
    await done(world, { kind: 'release', pair })
    await done(world, { kind: 'close', pair })
    await world.until(() => pairsIn(world, 'closed').includes(pair), 20_000)
    await world.clock.advance(10_000)
    expect(differences(world)).toEqual([])
  })

  test('set-target offers what was bought at a person’s own price', async () => {
    const world = await halfBought()
    const pair = bought(world)
    await done(world, { kind: 'set-target', pair, price: price('61234.5') })
    await world.until(() => world.venue.working().some(({ side, price: at }) => side === 'sell' && at === '61234.5'), 20_000)
    world.venue.moveTo('61300')
    await world.until(() => pairsIn(world, 'closed').includes(pair), 20_000)
  })

  test('a pair that a person has sold by hand is closed so: hold, cancel, close-externally', async () => {
    const world = await halfBought()
    const pair = bought(world)
    const order = world.orderRows().find(({ pairId, leg, live }) => pairId === pair && leg === 'sell' && live)?.clientOrderId ?? ''
    await done(world, { kind: 'hold', pair })
    await done(world, { kind: 'cancel', order })
    await world.until(() => world.orderRows().some(({ clientOrderId, state }) => clientOrderId === order && state === 'cancelled'))
    await done(world, { kind: 'close-externally', pair })
    await world.clock.advance(60_000)
    expect(pairsIn(world, 'closedExternally')).toEqual([pair])
    expect(world.venue.working().filter(({ clientOrderId }) => clientOrderId.includes(pair))).toEqual([])
  })

  test('cancel calls a resting buy off, and its pair with it', async () => {
    const world = await tradingDesk()
    const [order] = world.orderRows().filter(({ leg, live }) => leg === 'buy' && live)
    await done(world, { kind: 'cancel', order: order?.clientOrderId ?? '' })
    await world.until(() => pairsIn(world, 'abandoned').includes(order?.pairId ?? ''))
    expect(await refusal(world, { kind: 'cancel', order: order?.clientOrderId ?? '' })).toBe(`there is no live order ${order?.clientOrderId}`)
  })

  test('adopt makes a buy that was placed by hand the beginning of a pair, and covers it', async () => {
    const world = await tradingDesk()
    world.venue.placedByHand('by-hand', 'buy', '0.001', '59000')
    const venueOrderId = world.venue.orderOf('by-hand')?.venueOrderId ?? ''
    await done(world, { kind: 'adopt', order: venueOrderId })
    await world.clock.advance(1_000)
    expect(await refusal(world, { kind: 'adopt', order: venueOrderId })).toBe(`${venueOrderId} is this desk's own already`)
    const adopted = world.pairRows().find(({ tradePair }) => tradePair?.strategy === 'adopted')
    world.venue.moveTo('58900')
    await world.until(() => pairsIn(world, 'sellPlaced.pending').includes(adopted?.tradePair?.pairId ?? ''))
  })

  test('buy begins a round trip of a person’s own, covered for the target; what the gate denies is refused and leaves nothing', async () => {
    const world = await tradingDesk()
    const wish = { kind: 'buy', instrument: 'BTC-USD', quantity: quantity('0.001'), price: price('59950'), targetBps: 20 } as const
    expect(await refusal(world, { ...wish, quantity: quantity('0.1') })).toMatch(/^orderNotional: 5995 is above the greatest order of 1000$/)
    expect(await refusal(world, { ...wish, instrument: 'DOGE-USD' })).toBe('DOGE-USD is not traded by this desk')
    expect(pairsIn(world, 'abandoned')).toEqual([])
    await done(world, wish)
    const own = (): ActorRecord | undefined => world.pairRows().find(({ tradePair }) => tradePair?.strategy === 'hand')
    await world.until(() => world.venue.working().some(({ price: at }) => at === '59950'))
    world.venue.moveTo('59940')
    await world.until(() => own()?.state === 'sellPlaced.pending')
    world.venue.moveTo('60400')
    await world.until(() => own()?.state === 'closed')
    const { proceeds, cost } = own()?.tradePair ?? {}
    expect(Number(proceeds) / Number(cost)).toBeGreaterThanOrEqual(1.002)
    await world.clock.advance(10_000)
    expect(differences(world)).toEqual([])
  })

  test('a preview tells the gate’s word and places nothing; an order remembers the market at its arrival', async () => {
    const world = await tradingDesk()
    const creates = world.venue.creates()
    const request = { clientOrderId: 'preview', instrument: 'BTC-USD', side: 'buy', quantity: quantity('0.001'), price: price('59950'), postOnly: true } as const
    expect(await world.desk.preview(request)).toEqual({ gate: null, venue: null, venueFailed: null })
    expect(await world.desk.preview({ ...request, price: price('50000') })).toMatchObject({ gate: { rule: 'priceCollar' } })
    await world.clock.advance(5_000)
    expect(world.venue.creates()).toBe(creates)
    const [order] = world.rows().filter(({ kind }) => kind === 'order')
    expect(order?.context['arrival']).toEqual({ bid: expect.any(String) as string, ask: expect.any(String) as string })
  })

  test('pause stops new entries over a restart, resume lets them go on; reconcile compares now', async () => {
    const world = await tradingDesk()
    await done(world, { kind: 'pause' })
    expect(world.deskState()).toBe('paused')
    world.kill()
    await world.start()
    await world.until(() => world.deskState() === 'paused')
    const creates = world.venue.creates()
    world.venue.moveTo('61000')
    await world.clock.advance(60_000)
    expect(world.venue.creates()).toBe(creates)
    const runs = world.store.tables.reconciliations.length
    await done(world, { kind: 'reconcile' })
    await world.until(() => world.store.tables.reconciliations.length > runs)
    expect(world.store.tables.reconciliations.at(-1)?.reason).toBe('a drill')
    await done(world, { kind: 'resume' })
    await world.until(() => world.deskState() === 'trading' && world.venue.creates() > creates)
    expect(world.store.tables.audit.filter(({ commandId }) => commandId !== null).map(({ kind, before, after }) => [kind, before, after])).toEqual([['pause', 'trading', 'paused'], ['reconcile', 'paused', 'paused'], ['resume', 'paused', 'trading']])
  })

  test('the target of a pair is its context’s; a closing that a person began outlives a kill that is lifted', async () => {
    const world = await halfBought()
    const pair = bought(world)
    world.venue.isSlow(60_000, 'cancel')
    await done(world, { kind: 'close', pair })
    await done(world, { kind: 'kill', level: 'entries' })
    await done(world, { kind: 'unkill' })
    const context = world.pairRows().find(({ tradePair }) => tradePair?.pairId === pair)?.context as unknown as TradePairContext
    expect(context.closing).toMatchObject({ reason: 'a drill' })
  })
})

test('the audit log tells every proposal, every denial with its rule and numbers, every command and every repair, in one whole chain over a restart', async () => {
  const world = new DeskWorld({ limits: { maxExposure: money('320') } })
  await world.start()
  await world.until(() => world.venue.working().length === 3)
  world.venue.moveTo('59900')
  await world.until(() => sides(world).includes('sell'))
  await world.clock.advance(2_000)
  world.kill()
  world.venue.fillsWhileNobodyListens(world.venue.working()[0]?.clientOrderId ?? '')
  await world.start()
  await world.until(() => world.deskState() === 'trading')
  await done(world, { kind: 'kill', level: 'orders' })
  await world.clock.advance(20_000)
  await done(world, { kind: 'unkill' })
  await world.clock.advance(20_000)
  const { audit } = world.store.tables
  const of = (kind: string): readonly KeptAudit[] => audit.filter((record) => record.kind === kind)
  const pairs = world.pairRows().length
  expect(of('proposal')).toHaveLength(pairs)
  expect(of('proposal')[0]).toMatchObject({ who: 'ladder', before: 'buying.pending', after: 'buying.pending', reason: expect.stringMatching(/^buy 0\.\d+ BTC-USD at \d+(\.\d+)?, covered for 0\.0005$/) as string, orderId: expect.stringMatching(/^nd.*-b1$/) as string })
  expect(of('denial').map(({ rule }) => rule)).toEqual(expect.arrayContaining(['exposure', 'tradingState']))
  expect(of('denial').find(({ rule }) => rule === 'exposure')?.reason).toMatch(/^\d+(\.\d+)? would be bound, the limit is 320$/)
  expect(of('kill').concat(of('unkill')).map(({ who, reason }) => [who, reason])).toEqual([['ann', 'a drill'], ['ann', 'a drill']])
  expect(of('repair')[0]).toMatchObject({ who: 'reconciliation', reason: expect.stringMatching(/^order nd\S+: expected .*; found .*; /) as string })
  expect(audit.map(({ number }) => number)).toEqual(audit.map((_record, index) => index + 1))
  expect(await verifyChain(world.journal)).toMatchObject({ rows: audit.length, broken: null })
})

test('positions tell age, cost, break-even, market value and the way to the target, in figures that a person can check', async () => {
  const world = await halfBought()
  const pair = bought(world)
  world.venue.moveTo('59800')
  await world.clock.advance(2_000)
  const position = world.desk.positions.find(({ pairId }) => pairId === pair)
  const row = world.pairRows().find(({ tradePair }) => tradePair?.pairId === pair)
  const { held, cost, boughtAt, minSellPrice } = (row?.context ?? {}) as unknown as TradePairContext
  expect(position).toMatchObject({ instrument: 'BTC-USD', strategy: 'ladder', state: 'sellPlaced.pending', quantity: held, cost, target: minSellPrice, boughtAt })
  expect(position?.ageMs).toBe(world.clock.now() - (boughtAt ?? 0))
  expect(Number(position?.marketValue)).toBeCloseTo(59_800 * Number(held), 6)
  expect(Number(position?.unrealised)).toBeCloseTo(59_800 * Number(held) - Number(cost), 6)
  expect(Number(position?.distanceToTarget)).toBeCloseTo(Number(minSellPrice) / 59_800 - 1, 7)
  expect(Number(position?.breakEven)).toBeLessThan(Number(minSellPrice))
  expect(new Set(world.desk.positions.map(({ pairId }) => pairId))).toEqual(new Set([...pairsIn(world, 'sellPlaced.pending'), ...pairsIn(world, 'sellPlaced.partial')]))
  world.venue.goesSilent()
  world.venue.failsWith({ kind: 'unavailable', detail: '503' }, 'quotes')
  await world.clock.advance(60_000)
  expect(world.desk.positions[0]).toMatchObject({ marketValue: null, unrealised: null, distanceToTarget: null })
})
