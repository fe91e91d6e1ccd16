/**
 * What every venue adapter owes the desk (src/ports/venue.ts), asked of the adapter and its exchange together: the same
 * verbs, the same outcomes, the same failures, whatever the dialect.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Approved } from '../../src/domain/approved.ts'
import { compare, minus, money, plus, price, quantity, sum, times, type Money, type Price } from '../../src/domain/decimal.ts'
import type { Result } from '../../src/domain/failure.ts'
import { floorToStep, floorToTick, type Instrument } from '../../src/domain/instrument.ts'
import type { Book, Candle, PublicTrade } from '../../src/domain/market-data.ts'
import type { Fill, OrderReport, OrderRequest } from '../../src/domain/order.ts'
import type { AccountStreamListener, FullVenue, MarketStreamListener, ProofOfAbsence, StreamEnd, Venue } from '../../src/ports/venue.ts'

/** What the exchange's own ledger says of one client order id. */
export interface Judged {
  readonly orders: readonly { readonly venueOrderId?: string | null; readonly writes: number }[]
  readonly fills: readonly { readonly entryId: string; readonly fee: string; readonly price: string; readonly quantity: string }[]
}

export interface VenueWorld {
  readonly venue: FullVenue
  /** The instrument that is traded; its quotes are the market's. */
  readonly instrument: string
  /** Another adapter: of a process that knows nothing of the first, with other margins, or with a key that the venue does not know. */
  another(over?: { readonly proof?: ProofOfAbsence; readonly wrongKey?: true }): FullVenue
  /** Arms a fault of the sandbox. */
  fault(fault: Readonly<Record<string, unknown>>): Promise<void>
  ledger(clientOrderId: string): Promise<Judged>
  /** Leads the market there. */
  push(to: Price): Promise<void>
  /** How long after its window a create is still admitted. */
  readonly leewayMs: number
  /** What must not be in any line of the log. */
  readonly secrets: readonly string[]
  logged(): string
  close(): Promise<void>
}

/**
 * What a world has not, so that nothing can be shown of it: faults between adapter and exchange, keys that may be wrong,
 * sockets that may be cut, claims that grow too old to be written, an exchange that turns away what comes after its claim's
 * window, a refusal that is told from other answers when a post-only order would cross, previews, streams of the tape and of candles.
 */
export type Lack = 'faults' | 'keys' | 'sockets' | 'claimTime' | 'lateFence' | 'crossingRefused' | 'previews' | 'tape'

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const got = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

/** Asks until it is right: look-ups lag. */
const eventually = async <T>(ask: () => Promise<T>, right: (value: T) => boolean, withinMs = 6_000): Promise<T> => {
  const end = Date.now() + withinMs
  for (;;) {
    const value = await ask()
    if (right(value)) return value
    if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)?.slice(0, 500)}`)
    await sleep(60)
  }
}

class Listener implements MarketStreamListener, AccountStreamListener {
  readonly said: string[] = []
  readonly quoted: string[] = []
  readonly traded: PublicTrade[] = []
  readonly candles: Candle[] = []
  readonly orders: OrderReport[] = []
  readonly opened = (): void => void this.said.push('opened')
  readonly subscribed = (): void => void this.said.push('subscribed')
  readonly received = (): void => undefined
  readonly gap = (): void => void this.said.push('gap')
  readonly ended = (end: StreamEnd): void => void this.said.push(end)
  readonly quote = ({ instrument }: { instrument: string }): void => void this.quoted.push(instrument)
  readonly order = (report: OrderReport): void => void this.orders.push(report)
  readonly trade = (trade: PublicTrade): void => void this.traded.push(trade)
  readonly candle = (_instrument: string, candle: Candle): void => void this.candles.push(candle)
  readonly hears = (word: string): Promise<unknown> => eventually(async () => this.said, (said) => said.includes(word), 12_000)
}

/** Runs the contract against a venue; what its world lacks is skipped, and shown as such. */
export const venueContract = (name: string, make: () => Promise<VenueWorld>, lacks: readonly Lack[] = []): void => {
  const where = (...needed: readonly Lack[]) => test.skipIf(needed.some((one) => lacks.includes(one)))
  describe(name, { timeout: 30_000 }, () => {
    let world: VenueWorld
    let instrument: Instrument
    let count = 0
    beforeAll(async () => {
      world = await make()
      got(await world.venue.clockOffset())
      instrument = got(await world.venue.instruments()).find(({ id }) => id === world.instrument)!
    })
    afterAll(() => world.close())

    const newId = (): string => `nd-test-${process.pid}-${++count}`
    const top = async (): Promise<{ bid: Price; ask: Price }> => got(await world.venue.quotes([world.instrument]))[0]!
    const at = (from: Price, factor: string): Price => floorToTick(instrument, price(times(from, price(factor))))
    /** Worth about so much money. */
    const worth = (amount: number, of: Price) => floorToStep(instrument, quantity((amount / Number(of)).toFixed(8)))
    const resting = async (over: Partial<OrderRequest> = {}): Promise<OrderRequest> => {
      const { bid } = await top()
      const level = at(bid, '0.9')
      return { clientOrderId: newId(), instrument: world.instrument, side: 'buy', quantity: worth(50, level), price: level, postOnly: true, ...over }
    }
    const crossing = async (over: Partial<OrderRequest> = {}): Promise<OrderRequest> => {
      const { ask } = await top()
      return resting({ price: at(ask, '1.02'), quantity: worth(50, ask), postOnly: false, ...over })
    }
    const create = (request: OrderRequest, by: Venue = world.venue) => by.create({ request: request as Approved<OrderRequest>, claimedAt: by.now() })
    const place = async (request: OrderRequest): Promise<string> => {
      const outcome = await create(request)
      if (outcome.kind !== 'accepted') throw new Error(JSON.stringify(outcome))
      return outcome.venueOrderId
    }
    const reportWhen = (venueOrderId: string, right: (report: OrderReport) => boolean): Promise<OrderReport | undefined> =>
      eventually(async () => got(await world.venue.order(venueOrderId)), (report) => report !== undefined && right(report))
    const writes = async ({ clientOrderId }: OrderRequest): Promise<readonly number[]> => (await world.ledger(clientOrderId)).orders.map((order) => order.writes)

    describe('reads', () => {
      test('tells instruments with their rules', () => {
        expect(instrument).toMatchObject({ id: world.instrument, status: 'online' })
        for (const rule of [instrument.tick, instrument.step, instrument.minNotional]) expect(Number(rule)).toBeGreaterThan(0)
        expect(world.instrument).toBe(`${instrument.base}-${instrument.quote}`)
      })

      test('tells quotes', async () => {
        const { bid, ask } = await top()
        expect(compare(bid, ask)).toBeLessThan(0)
      })

      test('measures the venue’s clock and goes by it from then on', async () => {
        expect(Math.abs(got(await world.venue.clockOffset()))).toBeLessThan(500)
        expect(Math.abs(world.venue.now() - Date.now())).toBeLessThan(1_000)
      })

      test('tells balances, fee rates and the account', async () => {
        expect(got(await world.venue.balances()).map(({ asset }) => asset)).toContain(instrument.quote)
        const fees = got(await world.venue.feeRates())
        expect(Number(fees.taker)).toBeGreaterThanOrEqual(Number(fees.maker))
        expect(got(await world.venue.accountId())).toMatch(/\S/)
      })

      test('knows no order that was never placed, and no cancel of it', async () => {
        const id = await place(await resting())
        const unknown = `${id.slice(0, -1)}${id.endsWith('9') ? '8' : '9'}`
        await world.venue.cancel(id)
        if (got(await world.venue.order(unknown)) !== undefined) return
        expect(got(await world.venue.findByClientOrderId('nobody-knows-this', world.venue.now() - 1_000))).toBeUndefined()
        expect((await world.venue.cancel(unknown)).kind).toBe('refused')
      })

      where('keys')('a key that the venue does not know is unauthorised, and its stream is fatal', async () => {
        const stranger = world.another({ wrongKey: true })
        expect(await stranger.balances()).toMatchObject({ ok: false, failure: { kind: 'unauthorised' } })
        const listener = new Listener()
        const stream = stranger.accountFeed.open([world.instrument], listener)
        await listener.hears('fatal')
        stream.close()
        stranger.close()
      })
    })

    describe('orders', () => {
      test('a resting order is accepted, found by both its names, listed, cancelled', async () => {
        const since = world.venue.now()
        const request = await resting()
        const venueOrderId = await place(request)
        const report = await reportWhen(venueOrderId, ({ status }) => status === 'open')
        expect(report).toMatchObject({ venueOrderId, clientOrderId: request.clientOrderId, instrument: world.instrument, side: 'buy', executed: '0', price: request.price, quantity: request.quantity })
        expect(got(await world.venue.findByClientOrderId(request.clientOrderId, since))?.venueOrderId).toBe(venueOrderId)
        expect(got(await world.venue.workingOrders()).orders.map((one) => one.venueOrderId)).toContain(venueOrderId)
        expect(await world.venue.cancel(venueOrderId)).toEqual({ kind: 'requested' })
        expect(await reportWhen(venueOrderId, ({ status }) => status === 'cancelled')).toMatchObject({ executed: '0' })
        expect((await world.venue.cancel(venueOrderId)).kind).toBe('refused')
        expect(got(await world.venue.workingOrders()).orders.map((one) => one.venueOrderId)).not.toContain(venueOrderId)
        expect(got(await world.venue.ordersSince(since)).orders.map((one) => one.venueOrderId)).toContain(venueOrderId)
        expect(got(await world.venue.fillsOf(venueOrderId))).toEqual([])
      })

      test('a resting order holds what it may cost, and gives it back when it is cancelled', async () => {
        const funds = async () => got(await world.venue.balances()).find(({ asset }) => asset === instrument.quote) ?? { free: quantity('0'), held: quantity('0') }
        const before = await eventually(funds, ({ held }) => Number(held) === 0)
        const request = await resting()
        const venueOrderId = await place(request)
        const during = await eventually(funds, ({ held }) => Number(held) > 0)
        expect(compare(during.held, quantity(times(request.price, request.quantity)))).toBeGreaterThanOrEqual(0)
        expect(plus(during.free, during.held)).toBe(before.free)
        await world.venue.cancel(venueOrderId)
        expect(await eventually(funds, ({ held }) => Number(held) === 0)).toMatchObject({ free: before.free })
      })

      test('a crossing order is filled; its fills add up, agree with the ledger to the last digit, and explain the balances, in whichever coin the fee is (PX-16)', async () => {
        const before = got(await world.venue.balances())
        const since = world.venue.now()
        const request = await crossing()
        const venueOrderId = await place(request)
        const report = await reportWhen(venueOrderId, ({ status }) => status === 'filled')
        const fills = await eventually(async () => got(await world.venue.fillsOf(venueOrderId)), (list) => compare(sum(list.map((fill) => fill.quantity)), report?.executed ?? quantity('0')) === 0)
        const judged = (await world.ledger(request.clientOrderId)).fills
        const line = ({ tradeId, fee, price: of, quantity: size }: Fill): string => [tradeId, fee, of, size].join(' ')
        expect(fills.map(line).toSorted()).toEqual(judged.map((fill) => [fill.entryId, fill.fee, fill.price, fill.quantity].join(' ')).toSorted())
        expect(fills[0]).toMatchObject({ instrument: world.instrument, side: 'buy', liquidity: 'taker', venueOrderId })
        const listed = await eventually(async () => got(await world.venue.fillsSince(since)), (list) => fills.every(({ tradeId }) => list.fills.some((fill) => fill.tradeId === tradeId)))
        expect(listed.unread).toEqual([])
        const change = (flow: (fill: Fill) => Money): Money => sum(fills.map(flow).map((one) => money(one)))
        const fee = (asset: string) => ({ fee: paid, feeAsset }: Fill): Money => (feeAsset === asset ? paid : money('0'))
        const total = (balances: typeof before, asset: string): Money => balances.filter((one) => one.asset === asset).reduce((all, { free, held }) => plus(all, money(plus(free, held))), money('0'))
        const after = got(await world.venue.balances())
        const base = minus(change(({ quantity: of }) => money(of)), change(fee(instrument.base)))
        expect(compare(minus(total(after, instrument.base), total(before, instrument.base)), base)).toBe(0)
        const spent = plus(change(({ price: of, quantity: size }) => money(times(of, size))), change(fee(instrument.quote)))
        expect(compare(minus(total(before, instrument.quote), total(after, instrument.quote)), spent)).toBe(0)
      })

      test('an order that the market comes to is filled as a maker', async () => {
        const { bid } = await top()
        const request = await resting({ price: at(bid, '0.999'), quantity: worth(50, bid) })
        const venueOrderId = await place(request)
        await world.push(at(bid, '0.997'))
        await reportWhen(venueOrderId, ({ status }) => status === 'filled')
        const [fill] = await eventually(async () => got(await world.venue.fillsOf(venueOrderId)), (list) => list.length > 0)
        expect(fill).toMatchObject({ liquidity: 'maker', price: request.price })
      })

      where('crossingRefused')('post-only that would cross is refused, with the reason in our words', async () => {
        const outcome = await create(await resting({ price: at((await top()).ask, '1.02') }))
        expect(outcome).toMatchObject({ kind: 'refused', reason: 'wouldCross' })
      })

      test.each<[string, (top: { bid: Price; ask: Price }) => Partial<OrderRequest>, string | RegExp]>([
        ['a price off the tick', ({ bid }) => ({ price: price(`${at(bid, '0.9')}${at(bid, '0.9').includes('.') ? '' : '.'}0001`) }), /badP(recision|rice)/],
        ['more than is there', ({ bid }) => ({ quantity: worth(50_000_000, bid) }), /insufficientFunds|badSize/],
        ['a quantity off the step', ({ bid }) => ({ quantity: quantity(plus(worth(50, bid), times(instrument.step, quantity('0.5')))) }), /bad(Precision|Size)/],
      ])('%s is refused, with the reason in our words', async (_what, wish, reason) => {
        const outcome = await create(await resting(wish(await top())))
        expect(outcome).toMatchObject({ kind: 'refused' })
        expect(outcome.kind === 'refused' && outcome.reason).toMatch(reason)
      })
    })

    describe('one claim is one write', () => {
      test('a second create of the same id leaves nothing at the venue', async () => {
        const request = await resting()
        const venueOrderId = await place(request)
        expect((await create(request)).kind).toBe('unknown')
        expect(await writes(request)).toEqual([1])
        await world.venue.cancel(venueOrderId)
      })

      test('a stranger’s create of an id that works is evidence that it exists, and never a second order', async () => {
        const request = await resting()
        const venueOrderId = await place(request)
        const another = world.another()
        got(await another.clockOffset())
        const outcome = await create(request, another)
        expect(['exists', 'accepted']).toContain(outcome.kind)
        if ('venueOrderId' in outcome) expect(outcome.venueOrderId).toBe(venueOrderId)
        const alike = async () => got(await world.venue.workingOrders()).orders.filter(({ clientOrderId }) => clientOrderId === request.clientOrderId)
        await eventually(alike, (orders) => orders.length > 0)
        await sleep(300)
        expect(await alike()).toHaveLength(1)
        await world.venue.cancel(venueOrderId)
        another.close()
      })

      where('faults')('an answer that is lost is unknown, and the look-up finds the order', async () => {
        const since = world.venue.now()
        const request = await resting()
        await world.fault({ name: 'loseNextAnswer', target: 'create', count: 1 })
        expect(await create(request)).toMatchObject({ kind: 'unknown', failure: { kind: 'network' } })
        const found = await eventually(async () => got(await world.venue.findByClientOrderId(request.clientOrderId, since)), (report) => report !== undefined)
        expect(found).toMatchObject({ status: 'open', price: request.price, quantity: request.quantity })
        expect(await writes(request)).toEqual([1])
        await world.venue.cancel(found?.venueOrderId ?? '')
      })

      where('faults').each([
        [{ name: 'answer5xx', variant: 'created' }, true],
        [{ name: 'answer5xx' }, false],
        [{ name: 'answerHtml', variant: 'created' }, true],
        [{ name: 'cutAnswer' }, true],
        [{ name: 'loseNextRequest' }, false],
      ])('%j is unknown, written once, and the look-up tells (made: %s)', async (fault, made) => {
        const since = world.venue.now()
        const request = await resting()
        await world.fault({ ...fault, target: 'create', count: 1 })
        expect((await create(request)).kind).toBe('unknown')
        expect(await writes(request)).toEqual([1])
        const found = await eventually(async () => got(await world.venue.findByClientOrderId(request.clientOrderId, since)), (report) => (report !== undefined) === made)
        if (found !== undefined) await world.venue.cancel(found.venueOrderId)
      })

      where('claimTime')('a claim that is older than its window is not written at all', async () => {
        const request = await resting()
        const outcome = await world.venue.create({ request: request as Approved<OrderRequest>, claimedAt: world.venue.now() - world.venue.capabilities.proofOfAbsence.windowMs - 1 })
        expect(outcome.kind).toBe('unknown')
        expect((await world.ledger(request.clientOrderId)).orders).toEqual([])
      })

      where('faults', 'lateFence')('a create that is held up beyond its window is turned away by the venue itself', async () => {
        const hasty = world.another({ proof: { windowMs: 1_000, engineMs: 1, lookUpLagMs: 1, skewMs: 1 } })
        got(await hasty.clockOffset())
        const request = await resting()
        await world.fault({ name: 'delay', target: 'create', count: 1, durationMs: 1_500 + world.leewayMs })
        expect((await create(request, hasty)).kind).not.toBe('accepted')
        expect((await world.ledger(request.clientOrderId)).orders.filter(({ venueOrderId }) => venueOrderId)).toEqual([])
        hasty.close()
      })

      where('faults')('a cancel whose answer is lost is unknown, and asking again is harmless', async () => {
        const venueOrderId = await place(await resting())
        await reportWhen(venueOrderId, ({ status }) => status === 'open')
        await world.fault({ name: 'loseNextAnswer', target: 'cancel', count: 1 })
        expect((await world.venue.cancel(venueOrderId)).kind).toBe('unknown')
        await world.venue.cancel(venueOrderId)
        await reportWhen(venueOrderId, ({ status }) => status === 'cancelled')
      })
    })

    describe('services', () => {
      test('shows the book, best levels first, no deeper than asked', async () => {
        const { bids, asks } = got(await world.venue.book(world.instrument, 5))
        expect([bids.length, asks.length]).toEqual([5, 5])
        const falling = bids.map(({ price: of }) => Number(of))
        const rising = asks.map(({ price: of }) => Number(of))
        expect(falling).toEqual(falling.toSorted((one, other) => other - one))
        expect(rising).toEqual(rising.toSorted((one, other) => one - other))
        expect(falling[0]).toBeLessThan(rising[0] ?? 0)
      })

      test('shows the tape, newest first', async () => {
        const tape = await eventually(async () => got(await world.venue.trades(world.instrument, 10)), (list) => list.length === 10)
        const times = tape.map(({ at: when }) => when)
        expect(times).toEqual(times.toSorted((one, other) => other - one))
        expect(new Set(tape.map(({ tradeId }) => tradeId)).size).toBe(10)
      })

      test('shows candles of a span, oldest first, each once, over as many requests as it takes', async () => {
        const to = Math.floor(Date.now() / 60_000) * 60_000
        const list = got(await world.venue.candles(world.instrument, '1m', { from: to - 400 * 60_000, to }))
        const opens = list.map(({ opensAt }) => opensAt)
        expect(opens).toEqual([...new Set(opens)].toSorted((one, other) => one - other))
        expect(opens.every((open) => open >= to - 400 * 60_000 && open < to && open % 60_000 === 0)).toBe(true)
        expect(opens.length).toBeGreaterThan(390)
        expect(await world.venue.candles(world.instrument, '1m', { from: 0, to })).toMatchObject({ ok: false, failure: { kind: 'badRequest' } })
      })

      where('previews')('previews an order without placing it', async () => {
        const request = await resting()
        const preview = got(await world.venue.preview(request))
        expect(preview).toMatchObject({ kind: 'possible' })
        expect((await world.ledger(request.clientOrderId)).orders).toEqual([])
        const tooMuch = await resting({ price: at((await top()).ask, '1.02') })
        expect(got(await world.venue.preview({ ...tooMuch, quantity: quantity(plus(tooMuch.quantity, times(instrument.step, quantity('0.5')))) }))).toMatchObject({ kind: 'refused' })
      })

      test('cancels many at once, each with its own outcome', async () => {
        const ids = [await place(await resting()), await place(await resting())]
        for (const id of ids) await reportWhen(id, ({ status }) => status === 'open')
        const gone = await place(await crossing())
        await reportWhen(gone, ({ status }) => status === 'filled')
        const outcomes = await world.venue.cancelMany([...ids, gone])
        expect(outcomes.map(({ kind }) => kind)).toEqual(['requested', 'requested', 'refused'])
        for (const id of ids) await reportWhen(id, ({ status }) => status === 'cancelled')
        expect(await world.venue.cancelMany([])).toEqual([])
      })

      test('amends what its capabilities name, and refuses the rest without asking', async () => {
        const request = await resting()
        const id = await place(request)
        await reportWhen(id, ({ status }) => status === 'open')
        const { amend } = world.venue.capabilities
        const less = floorToStep(instrument, quantity(times(request.quantity, quantity('0.8'))))
        const lower = at(request.price, '0.99')
        expect((await world.venue.amend(id, { price: request.price, quantity: less })).kind).toBe(amend === 'nothing' ? 'refused' : 'requested')
        if (amend !== 'nothing') await reportWhen(id, ({ quantity: now, clientOrderId }) => now === less && clientOrderId === request.clientOrderId)
        expect((await world.venue.amend(id, { price: lower, quantity: less })).kind).toBe(amend === 'priceAndQuantity' ? 'requested' : 'refused')
        if (amend === 'priceAndQuantity') await reportWhen(id, ({ price: now }) => now === lower)
        await world.venue.cancel(id)
      })
    })

    describe('streams', () => {
      test('the market stream opens, is subscribed once every instrument has delivered, and is silent when it is closed', async () => {
        const listener = new Listener()
        const stream = world.venue.marketFeed.open([world.instrument], listener)
        await listener.hears('subscribed')
        expect(listener.said.slice(0, 2)).toEqual(['opened', 'subscribed'])
        expect(new Set(listener.quoted)).toEqual(new Set([world.instrument]))
        stream.close()
        const heard = listener.quoted.length
        await sleep(500)
        expect(listener.quoted.length).toBe(heard)
        expect(listener.said).toEqual(['opened', 'subscribed'])
      })

      where('tape')('the tape is told as it trades, each trade once, in order, and as it is listed; the candle of the present five minutes with it', async () => {
        const listener = new Listener()
        const begun = world.venue.now()
        const stream = world.venue.marketFeed.open([world.instrument], listener)
        await listener.hears('subscribed')
        const told = await eventually(async () => listener.traded, (trades) => trades.length >= 5, 15_000)
        expect(new Set(told.map(({ tradeId }) => tradeId)).size).toBe(told.length)
        expect(told.every(({ at: when, instrument: of }) => when >= begun - 2_000 && of === world.instrument)).toBe(true)
        expect(told.map(({ at: when }) => when)).toEqual(told.map(({ at: when }) => when).toSorted((one, other) => one - other))
        const tape = new Map(got(await world.venue.trades(world.instrument, 500)).map((trade) => [trade.tradeId, trade]))
        expect(tape.get(told[0]?.tradeId ?? '')).toEqual(told[0])
        const [candle] = await eventually(async () => listener.candles, (candles) => candles.length > 0, 10_000)
        expect((candle?.opensAt ?? 1) % 300_000).toBe(0)
        stream.close()
      })

      test('a live book begins whole, is ordered, and stays with the market', async () => {
        if (world.venue.bookFeed === undefined) return
        const heard: Pick<Book, 'bids' | 'asks'>[] = []
        const said: string[] = []
        const stream = world.venue.bookFeed.open(world.instrument, {
          opened: () => void said.push('opened'),
          subscribed: () => void said.push('subscribed'),
          received: () => undefined,
          gap: () => void said.push('gap'),
          ended: (end) => void said.push(end),
          book: (book) => void heard.push(book.top(10)),
        })
        const books = await eventually(async () => heard, (list) => list.length >= 5, 15_000)
        expect(said).toEqual(['opened', 'subscribed'])
        for (const { bids, asks } of books) {
          const rising = [...bids.toReversed(), ...asks].map(({ price: of }) => Number(of))
          expect(rising).toEqual(rising.toSorted((one, other) => one - other))
          expect(Math.min(bids.length, asks.length)).toBeGreaterThan(0)
        }
        const { bid } = await top()
        const best = Number(books.at(-1)?.bids[0]?.price)
        expect(Math.abs(best / Number(bid) - 1)).toBeLessThan(0.005)
        stream.close()
        const before = heard.length
        await sleep(300)
        expect(heard).toHaveLength(before)
      })

      where('faults', 'sockets').each(['market', 'user'] as const)('a %s socket that is dropped is retryable', async (target) => {
        const listener = new Listener()
        const stream = target === 'market' ? world.venue.marketFeed.open([world.instrument], listener) : world.venue.accountFeed.open([world.instrument], listener)
        await listener.hears('subscribed')
        await world.fault({ name: 'dropSockets', target })
        await listener.hears('retryable')
        stream.close()
      })

      test('the account stream tells the life of an order in cumulative words', async () => {
        const listener = new Listener()
        const stream = world.venue.accountFeed.open([world.instrument], listener)
        await listener.hears('subscribed')
        const request = await resting()
        const venueOrderId = await place(request)
        const own = (): readonly OrderReport[] => listener.orders.filter((report) => report.venueOrderId === venueOrderId)
        await eventually(async () => own(), (reports) => reports.some(({ status }) => status === 'open'))
        await world.venue.cancel(venueOrderId)
        await eventually(async () => own(), (reports) => reports.some(({ status }) => status === 'cancelled'))
        const bought = await place(await crossing())
        const done = await eventually(async () => listener.orders.filter((report) => report.venueOrderId === bought), (reports) => reports.some(({ status }) => status === 'filled'))
        expect(Number(done.at(-1)?.executed)).toBeGreaterThan(0)
        expect(own().every(({ clientOrderId }) => clientOrderId === request.clientOrderId)).toBe(true)
        expect(listener.said).not.toContain('gap')
        stream.close()
      })
    })

    test('nothing that was answered is beyond what the venue documents', () => {
      expect(world.logged()).not.toContain('venue.novelty')
    })

    test('no secret is in any line of the log (SE-07, SE-08)', () => {
      for (const secret of world.secrets) expect(world.logged()).not.toContain(secret)
    })
  })
}
