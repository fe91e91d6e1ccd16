/** Start-up is recovery (src/actors/desk.ts, Z1; src/actors/start-up.ts; PR-01, PR-02, PR-14, PR-19, PR-23). */
import { money, rate } from '../../src/domain/decimal.ts'
import { describe, expect, test, vi } from 'vitest'
import { orderAddress } from '../../src/domain/address.ts'
import { DeskCannotStart } from '../../src/actors/desk-options.ts'
import { batchOf, pairRecord } from '../support/records.ts'
import { MemoryJournal } from '../../src/adapters/memory/memory-journal.ts'
import { DeskWorld, tradingDesk, type WorldOptions } from '../support/desk.ts'
import { differences, writtenTwice } from '../support/judge.ts'

const reads = (world: DeskWorld, since = 0): readonly string[] => world.venue.calls.filter(({ at }) => at >= since).map(({ call }) => call)

/** How often each order of the pair's story was begun, by client order id without install and pair. */
const legsOf = (world: DeskWorld): readonly string[] => world.orderRows().map(({ clientOrderId, state }) => `${clientOrderId.split('-')[2]} ${state}`)

const oneRung: WorldOptions = { ladder: { rungs: 1 } }
const firstOrder = (world: DeskWorld): string => world.orderRows()[0]!.clientOrderId

const refusal = async (world: DeskWorld, over: WorldOptions = {}): Promise<{ kind: string; message: string }> => {
  const error: unknown = await world.start(over).then(() => undefined, (reason: unknown) => reason)
  if (!(error instanceof DeskCannotStart)) throw new Error(`it was not refused: ${String(error)}`)
  return { kind: error.kind, message: error.message }
}

describe('a first start', () => {
  test('asks for the rules, takes the lease, reads the rows, reconciles, and only then trades (Z1)', async () => {
    const world = await tradingDesk(oneRung)
    expect(reads(world).slice(0, 5)).toEqual(['clockOffset', 'keyPermissions', 'accountId', 'feeRates', 'instruments'])
    expect(world.story.slice(0, 5)).toEqual(['takeLease after 5 calls', 'liveRows', 'desk created -> recovering', 'desk restarted -> recovering', 'desk restored -> reconciling'])
    const story = world.story.filter((line) => !line.startsWith('desk link'))
    expect(story.indexOf('desk reconciled -> trading')).toBeLessThan(story.indexOf('trade-pair created -> buying.pending'))
    const create = reads(world).indexOf('create')
    expect(reads(world).slice(5, create)).toEqual(expect.arrayContaining(['workingOrders', 'ordersSince']))
    expect(world.venue.sent()).toEqual([`create ${firstOrder(world)}`])
  })

  test('begins no entry while the reconciliation is not done, however long it takes (PR-23)', async () => {
    const world = new DeskWorld(oneRung)
    world.venue.failsWith({ kind: 'unavailable', detail: '503' }, 'workingOrders')
    await world.start()
    await world.clock.advance(120_000)
    expect({ desk: world.deskState(), sent: world.venue.sent(), pairs: world.pairRows() }).toEqual({ desk: 'reconciling', sent: [], pairs: [] })
    world.venue.answersAgain()
    await world.until(() => world.venue.working().length === 1)
    expect(world.deskState()).toBe('trading')
  })
})

describe('a start after a sudden death', () => {
  test('a claim that never left is proven absent and never sent (I2, K3)', async () => {
    const world = new DeskWorld(oneRung)
    await world.start()
    world.diesAt('afterCommit', 'order created')
    await world.until(() => !world.isAlive)
    const [claim] = world.orderRows()
    expect({ state: claim?.state, sent: world.venue.sent() }).toEqual({ state: 'submitting', sent: [] })
    await world.start()
    expect(world.states()).toEqual({ resolving: 1 })
    await world.until(() => world.venue.working().length === 1)
    expect(legsOf(world)).toEqual(['b1 absent', expect.stringMatching(/^b1 (pending|submitting)$/)])
    expect(world.venue.writes.get(claim?.clientOrderId ?? '')).toBeUndefined()
    await world.clock.advance(5_000)
    expect(differences(world)).toEqual([])
  })

  test('a create that had left and rests is found and adopted; no second one is sent (OC-02, OC-11)', async () => {
    const world = new DeskWorld(oneRung)
    await world.start()
    await world.until(() => world.venue.creates() === 1)
    world.kill()
    await world.clock.advance(50)
    expect(legsOf(world)).toEqual(['b1 submitting'])
    expect(world.venue.working()).toHaveLength(1)
    await world.start()
    await world.until(() => world.orderRows()[0]?.state === 'pending')
    await world.clock.advance(10_000)
    expect({ sent: world.venue.creates(), legs: legsOf(world), differences: differences(world) }).toEqual({ sent: 1, legs: ['b1 pending'], differences: [] })
  })

  test('a create that had left and filled at once is booked and covered (OC-03)', async () => {
    const world = new DeskWorld(oneRung)
    await world.start()
    await world.until(() => world.venue.creates() === 1)
    world.kill()
    await world.clock.advance(50)
    world.venue.moveTo('59000')
    await world.start()
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    await world.clock.advance(1_000)
    expect({ legs: legsOf(world), differences: differences(world) }).toEqual({ legs: ['b1 filled', 's1 pending'], differences: [] })
  })

  test('an order in doubt stays in doubt over the restart and is found out (K3)', async () => {
    const world = new DeskWorld(oneRung)
    world.venue.losesTheNextAnswer('create')
    world.venue.tellsNobodyOfOrders()
    world.venue.failsWith({ kind: 'network', detail: 'no route' }, 'findByClientOrderId')
    await world.start()
    await world.until(() => world.orderRows()[0]?.state === 'resolving')
    world.kill()
    world.venue.recovers()
    await world.start()
    await world.until(() => world.orderRows()[0]?.state === 'pending')
    expect(writtenTwice(world)).toEqual([])
    expect(world.venue.creates()).toBe(1)
  })

  test('a cancel that was on its way is asked for again, and a fill that was quicker is booked (FS-07)', async () => {
    const world = await tradingDesk(oneRung)
    world.venue.losesTheNextRequest('cancel')
    world.venue.moveTo('60300')
    await world.until(() => world.orderRows()[0]?.state === 'cancelling')
    world.kill()
    world.venue.fillsWhileNobodyListens(firstOrder(world))
    await world.start()
    await world.until(() => legsOf(world).length > 1)
    await world.clock.advance(2_000)
    expect({ legs: legsOf(world).slice(0, 2), differences: differences(world) }).toEqual({ legs: ['b1 filled', 's1 pending'], differences: [] })
  })

  test('a resting order that filled while nobody was there is booked and covered (FS-05)', async () => {
    const world = await tradingDesk(oneRung)
    world.kill()
    world.venue.fillsWhileNobodyListens(firstOrder(world))
    await world.clock.advance(600_000)
    await world.start()
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    await world.clock.advance(1_000)
    expect({ legs: legsOf(world), differences: differences(world) }).toEqual({ legs: ['b1 filled', 's1 pending'], differences: [] })
  })

  test('a partly filled buy goes on: the rest is waited for, cancelled at its deadline, and what was bought is covered (PR-14)', async () => {
    const world = await tradingDesk(oneRung)
    world.venue.parts = 3
    world.venue.moveTo('59900')
    world.venue.moveTo('60000')
    await world.until(() => world.orderRows()[0]?.state === 'partial')
    world.kill()
    await world.start()
    await world.until(() => world.orderRows()[0]?.state === 'cancelled', 40_000)
    await world.clock.advance(1_000)
    expect({ legs: legsOf(world), differences: differences(world) }).toEqual({ legs: ['b1 cancelled', 's1 pending'], differences: [] })
  })

  test('a fill whose booking was lost with the process is booked once (I3, FS-13)', async () => {
    const world = await tradingDesk(oneRung)
    world.venue.moveTo('59900')
    world.venue.moveTo('60000')
    await world.until(() => reads(world).includes('fillsOf'))
    world.diesAt('beforeCommit')
    await world.until(() => !world.isAlive)
    await world.start()
    await world.clock.advance(5_000)
    expect({ legs: legsOf(world), booked: world.store.tables.fills.size, differences: differences(world) }).toEqual({ legs: ['b1 filled', 's1 pending'], booked: 1, differences: [] })
  })

  test('a covering sell that was refused waits for its deadline, also across the restart (T1)', async () => {
    const world = await tradingDesk(oneRung)
    world.venue.moveTo('59900')
    await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
    world.venue.cancelsByItself(world.venue.working()[0]!.clientOrderId)
    await world.until(() => world.pairRows()[0]?.state === 'filled')
    world.kill()
    await world.start()
    await world.until(() => world.pairRows()[0]?.state === 'sellPlaced.pending')
    await world.clock.advance(1_000)
    expect({ legs: legsOf(world), differences: differences(world) }).toEqual({ legs: ['b1 filled', 's1 cancelled', 's2 pending'], differences: [] })
  })

  test('ten deaths in a row change nothing that rests (PR-22)', async () => {
    const world = await tradingDesk()
    const before = world.venue.working()
    for (let death = 0; death < 10; death++) {
      world.kill()
      await world.start()
      await world.until(() => world.deskState() === 'trading')
      await world.clock.advance(1_000)
    }
    expect(world.venue.working()).toEqual(before)
    expect(differences(world)).toEqual([])
    expect(world.store.tables.actors.get('desk')?.context).toMatchObject({ starts: 11 })
  })
})

describe('a desk that cannot start', () => {
  const untouched = (world: DeskWorld) => ({ sent: world.venue.sent(), rows: world.rows(), epoch: world.store.epoch })
  const nothing = { sent: [], rows: [], epoch: 0 }

  test.each(['unauthorised', 'forbidden'] as const)('says so at once when the key is %s', async (kind) => {
    const world = new DeskWorld()
    world.venue.failsWith({ kind, detail: '401' }, 'feeRates')
    expect(await refusal(world)).toEqual({
      kind: 'credentials',
      message: 'coinbase refused the API key when asked for the fee rates (401): check the key, its permissions and its allowed addresses',
    })
    expect(reads(world).filter((call) => call === 'feeRates')).toHaveLength(1)
    expect(untouched(world)).toEqual(nothing)
  })

  test('tries an unreachable venue so many times, with a growing pause, and names what is wrong', async () => {
    const world = new DeskWorld()
    world.venue.failsWith({ kind: 'network', detail: 'no route' }, 'accountId')
    expect(await refusal(world)).toEqual({
      kind: 'venueUnreachable',
      message: "coinbase did not answer when asked for the account (5 attempts, network: no route): check the network, the addresses in the configuration and the venue's status",
    })
    const { calls } = world.venue
    const asked = calls.filter(({ call }) => call === 'accountId')
    expect(asked).toHaveLength(5)
    const pauses = asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0))
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b))
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(2 * (pauses[1] ?? 0))
    expect(untouched(world)).toEqual(nothing)
  })

  test('starts when the venue comes back between two attempts', async () => {
    const world = new DeskWorld(oneRung)
    world.venue.losesTheNextRequest('accountId')
    world.venue.losesTheNextAnswer('instruments')
    await world.start()
    await world.until(() => world.venue.working().length === 1)
    expect(world.deskState()).toBe('trading')
  })

  test.each([
    [{ canTrade: true, canTransfer: true }, /may transfer or withdraw money from coinbase: make a key that may only view and trade/],
    [{ canTrade: false, canTransfer: false }, /may not trade on coinbase: give it the permission/],
  ])('refuses a key that may do too much, or too little (%j, SE-15)', async (key, sentence) => {
    const world = new DeskWorld()
    world.venue.key = key
    const { kind, message } = await refusal(world)
    expect(kind).toBe('credentials')
    expect(message).toMatch(sentence)
    expect(untouched(world)).toEqual(nothing)
  })

  test('waits for the end of a ban, however long, says so again and again, and starts then (CN-09)', async () => {
    const world = new DeskWorld(oneRung)
    const banMs = 3 * 60_000
    const begun = world.clock.monotonic()
    world.venue.failsWith({ kind: 'banned', detail: 'barred', retryAfterMs: banMs }, 'clockOffset')
    world.clock.after(banMs, () => world.venue.recovers())
    await world.start({}, 2 * banMs)
    await world.until(() => world.venue.working().length === 1)
    expect(world.clock.monotonic() - begun).toBeGreaterThanOrEqual(banMs)
    expect(world.log.lines.filter(({ event }) => event === 'start.banned')).toHaveLength(3)
  })

  test('names an instrument that the venue does not have', async () => {
    const world = new DeskWorld()
    expect(await refusal(world, { instruments: ['BTC-USD', 'DOGE-USD'] })).toEqual({ kind: 'configuration', message: 'coinbase has no instrument DOGE-USD: correct the name under "instruments"' })
    expect(untouched(world)).toEqual({ ...nothing, epoch: 1 })
  })

  test.each([
    ['a row of a newer machine', { version: 99 }, /was written by version 99 of its machine and this program knows version \d+: start the newer program/],
    ['an open pair on an instrument that is not configured', { instrument: 'ETH-USD' }, /is open on ETH-USD, which the configuration does not name: put it back under "instruments"/],
  ] as const)('stops at %s, before anything is sent (PR-11)', async (_what, planted, sentence) => {
    const world = new DeskWorld()
    const before = new MemoryJournal(world.store)
    await before.takeLease({ environment: 'sandbox', venue: 'coinbase', account: 'account-1' }, 'zzzz')
    const record = pairRecord('01JD5MZX8K4T7WQ2AB', 'instrument' in planted ? { instrument: planted.instrument } : {})
    const row = { ...record, version: 'version' in planted ? planted.version : record.version }
    expect(await before.commit(batchOf('1-1', { actors: [row] }))).toEqual({ kind: 'committed' })
    await before.close()
    const { kind, message } = await refusal(world)
    expect(kind).toBe('configuration')
    expect(message).toMatch(sentence)
    expect(world.venue.sent()).toEqual([])
  })

  test('leaves a store alone that another desk works on (PR-02)', async () => {
    const world = new DeskWorld()
    const other = new MemoryJournal(world.store)
    await other.takeLease({ environment: 'sandbox', venue: 'coinbase', account: 'account-1' }, 'zzzz')
    expect(await refusal(world)).toEqual({ kind: 'held', message: 'another desk works on this store (another journal holds the desk): stop it first, or use another data directory' })
    expect(untouched(world)).toEqual({ ...nothing, epoch: 1 })
  })

  test.each([
    ['another environment', { environment: 'live' }, 'account-1', 'this store belongs to coinbase, sandbox, account account-1; the configuration names coinbase, live, account account-1: use another data directory or database'],
    ['another account', {}, 'account-2', 'this store belongs to coinbase, sandbox, account account-1; the configuration names coinbase, sandbox, account account-2: use another data directory or database'],
  ])('leaves the store of %s alone (PR-19)', async (_case, over, account, message) => {
    const world = await tradingDesk(oneRung)
    world.kill()
    const [rows, sent] = [world.rows(), world.venue.sent()]
    world.venue.account = account
    expect(await refusal(world, over)).toEqual({ kind: 'configuration', message })
    expect({ rows: world.rows(), sent: world.venue.sent(), epoch: world.store.epoch }).toEqual({ rows, sent, epoch: 1 })
  })

  test.each([
    ['the lease is lost', 'epochLost', (world: DeskWorld) => { world.store.epoch++ }],
    ['the store stays away', 'journalLost', (world: DeskWorld) => {
      world.journal.loseNext('loseBefore')
      vi.spyOn(world.journal, 'reconnect').mockRejectedValue(new Error('no server'))
    }],
  ] as const)('comes to an end, not to a standstill, when %s while it recovers: %s (W2, W3)', async (_case, end, happens) => {
    const world = await tradingDesk(oneRung)
    world.kill()
    const sent = world.venue.sent()
    world.onRecovery = () => happens(world)
    const desk = await world.start({}, 120_000)
    expect(await world.during(desk.ended)).toBe(end)
    await world.clock.advance(60_000)
    expect(world.venue.sent()).toEqual(sent)
  })
})

describe("a row of the desk's own that cannot be continued", () => {
  const own = ['desk', 'kill-switch', 'account'] as const
  const breakRow = (world: DeskWorld, address: string): void => {
    const row = world.store.tables.actors.get(address)
    if (row === undefined) throw new Error(`there is no ${address}`)
    world.store.tables.actors.set(address, { ...row, state: 'teleported' })
  }
  const killed = async (): Promise<DeskWorld> => {
    const world = await tradingDesk(oneRung)
    await world.during(world.desk.command({ id: 'c1', kind: 'kill', level: 'orders', who: 'ann', reason: 'smoke' }))
    await world.until(() => world.venue.working().length === 0)
    world.kill()
    return world
  }

  test.each(own)('is folded again from its whole life: %s goes on, and a desk that was stopped stays stopped (W2)', async (address) => {
    const world = await killed()
    breakRow(world, address)
    await world.start()
    await world.clock.advance(30_000)
    expect({ kill: world.desk.view.kill.state, working: world.venue.working() }).toEqual({ kill: 'orders', working: [] })
  })

  test.each([['desk', 'how it was left'], ['kill-switch', 'whether it was stopped'], ['account', 'which money at the venue is its own']] as const)('stops the start where its life is not whole: without %s the desk does not know %s, and trades nothing', async (address, unknown) => {
    const world = await killed()
    breakRow(world, address)
    const whole = world.store.tables.historyOf.bind(world.store.tables)
    vi.spyOn(world.store.tables, 'historyOf').mockImplementation((of) => whole(of).filter(({ seq }) => of !== address || seq > 1))
    const sent = world.venue.sent()
    expect(await refusal(world)).toEqual({
      kind: 'configuration',
      message: `the row of ${address} cannot be continued (the journal does not hold the whole life of ${address}), and without it the desk does not know ${unknown}: start the version that wrote it, or restore the newest backup into an empty store`,
    })
    await world.clock.advance(30_000)
    expect(world.venue.sent()).toEqual(sent)
  })
})

describe('what waits for a start', () => {
  const kill = { id: 'waits-1', kind: 'kill', level: 'orders', who: 'restore', reason: 'look first' } as const

  test('is read once the lease is taken, and carried out before what the rows call for: what was bought is not even offered', async () => {
    const world = await tradingDesk(oneRung)
    world.kill()
    world.venue.fillsWhileNobodyListens(firstOrder(world))
    let epoch = 0
    await world.start({ commandsAtStart: async () => { epoch = world.store.epoch; return [kill] } })
    await world.clock.advance(30_000)
    expect({ epoch, kill: world.desk.view.kill.state, legs: legsOf(world) }).toEqual({ epoch: 2, kill: 'orders', legs: ['b1 filled'] })
  })

  test('is carried out once, however often it is found: what a person has lifted since stays lifted', async () => {
    const world = await tradingDesk(oneRung)
    world.kill()
    await world.start({ commandsAtStart: async () => [kill] })
    await world.during(world.desk.command({ id: 'c2', kind: 'unkill', who: 'ann', reason: 'looked' }))
    world.kill()
    await world.start({ commandsAtStart: async () => [kill] })
    expect(world.desk.view.kill.state).toBe('quarter')
  })

  test('stops the start where it cannot be carried out, with its reason, and nothing is traded', async () => {
    const world = await tradingDesk(oneRung)
    await world.during(world.desk.command({ id: kill.id, kind: 'pause', who: 'ann', reason: 'lunch' }))
    world.kill()
    const sent = world.venue.sent()
    expect(await refusal(world, { commandsAtStart: async () => [kill] })).toEqual({ kind: 'commandNotTaken', message: 'the kill that waits for this start ("look first", waits-1) could not be carried out, so nothing is traded: the id waits-1 belongs to another command: choose a new one' })
    await world.clock.advance(30_000)
    expect(world.venue.sent()).toEqual(sent)
  })
})

test('the venue knows every order by the address of its row', async () => {
  const world = await tradingDesk()
  expect(world.venue.working().map(({ clientOrderId }) => world.store.tables.actors.get(orderAddress(clientOrderId))?.state)).toEqual(['pending', 'pending', 'pending', 'pending'])
})

test.each([
  ['a budget below what the venue takes', { ladder: { budget: money('3') } }, 'BTC-USD: a budget of 3 in 4 rungs is 0.75 USD each, and no order below 1 is placed: raise instruments.BTC-USD.budgetQuote, or take fewer rungs'],
  ['a budget below what the desk may place', { limits: { minNotional: money('150') } }, 'BTC-USD: a budget of 400 in 4 rungs is 100 USD each, and no order below 150 is placed: raise instruments.BTC-USD.budgetQuote, or take fewer rungs'],
  ['a rung that its stop could not sell', { ladder: { budget: money('4.4') }, exit: { targets: [], stop: { below: rate('0.05') } } }, "BTC-USD: a budget of 4.4 in 4 rungs is 1.1 USD each, and no order below 1.1579 is placed, or its stop could not sell it: 1 (1 + 0.1) / ((1 - 0.05) (1 - 0)), by the venue's least sell, a reserve for gaps, the stop and the fee: raise instruments.BTC-USD.budgetQuote, or take fewer rungs"],
])('%s stops the start, with the arithmetic, before anything is sent', async (_what, options, sentence) => {
  const world = new DeskWorld(options)
  expect(await refusal(world)).toEqual({ kind: 'configuration', message: sentence })
  expect(world.venue.sent()).toEqual([])
})
