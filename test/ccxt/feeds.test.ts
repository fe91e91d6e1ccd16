/** Streams that are polled. */
import { describe, expect, test, vi } from 'vitest'
import { AcceptedOrders } from '../../src/adapters/ccxt/accepted-orders.ts'
import { CcxtAccountFeed } from '../../src/adapters/ccxt/account-feed.ts'
import { settingsOf } from '../../src/adapters/ccxt/options.ts'
import type { CcxtExchange } from '../../src/adapters/ccxt/index.ts'
import { ok } from '../../src/domain/failure.ts'
import { settle } from '../support/clock.ts'
import { approved, NotingListener } from '../support/venue-hosts.ts'
import { buy, exchangeWith, instrument, market, orderRow, smallVenue, symbol, thrown } from './structural.ts'

const tickerOf = (name: string) => ({ symbol: name, bid: '1', ask: '2' })

const marketStream = (fetchTickers: (symbols: readonly string[]) => Promise<unknown>, instruments = [instrument]) => {
  const markets = { [symbol]: market, 'ETH/USD': { ...market, symbol: 'ETH/USD', base: 'ETH' } }
  const { venue, clock } = smallVenue(exchangeWith({ loadMarkets: async () => markets, fetchTickers }), { instruments })
  const listener = new NotingListener()
  return { stream: venue.marketFeed.open(instruments, listener), listener, clock }
}

describe('the market stream', () => {
  test('opens with the first answer, and is subscribed when every instrument has delivered', async () => {
    let symbols = [symbol]
    const { listener, clock, stream } = marketStream(async () => Object.fromEntries(symbols.map((name) => [name, tickerOf(name)])), [instrument, 'ETH-USD'])
    await clock.advance(0)
    expect(listener.notes).toEqual(['opened'])
    symbols = ['ETH/USD']
    await clock.advance(1_000)
    expect(listener.notes).toEqual(['opened', 'subscribed'])
    expect(listener.quotes.map(({ instrument: id, source }) => [id, source])).toEqual([[instrument, 'rest'], ['ETH-USD', 'rest']])
    expect(listener.frames).toBe(2)
    stream.close()
  })

  test('asks one question at a time, however long the answer takes', async () => {
    let going = 0
    let most = 0
    let asked = 0
    const answers: (() => void)[] = []
    const { clock, stream } = marketStream(async () => {
      asked += 1
      going += 1
      most = Math.max(most, going)
      await new Promise<void>((resolve) => answers.push(resolve))
      going -= 1
      return { [symbol]: tickerOf(symbol) }
    })
    await clock.advance(9_000)
    expect(asked).toBe(1)
    answers.shift()?.()
    await clock.advance(1_000)
    expect([asked, most]).toEqual([2, 1])
    stream.close()
  })

  test('ends after three failures in a row, and not by three with an answer between them', async () => {
    const answers = ['no', 'no', 'yes', 'no', 'no', 'no', 'no']
    const fetchTickers = vi.fn(async () => {
      if (answers.shift() === 'no') throw thrown(['ExchangeNotAvailable'])
      return { [symbol]: tickerOf(symbol) }
    })
    const { listener, clock } = marketStream(fetchTickers)
    await clock.advance(4_000)
    expect(listener.notes).toEqual(['opened', 'subscribed'])
    await clock.advance(10_000)
    expect(listener.notes).toHaveLength(3)
    expect(listener.notes[2]).toMatch(/^retryable: 3 polls in a row failed/)
    expect(fetchTickers).toHaveBeenCalledTimes(6)
  })

  test('ends for good when the key is refused', async () => {
    const { listener, clock } = marketStream(async () => { throw thrown(['PermissionDenied', 'AuthenticationError']) })
    await clock.advance(5_000)
    expect(listener.notes).toHaveLength(1)
    expect(listener.notes[0]).toMatch(/^fatal: /)
    expect(clock.waiting).toBe(0)
  })

  test.each(['between two questions', 'by its own listener'])('that is closed %s asks and tells nothing more', async (when) => {
    const fetchTickers = vi.fn(async () => ({ [symbol]: tickerOf(symbol) }))
    const { listener, clock, stream } = marketStream(fetchTickers)
    if (when === 'by its own listener') listener.onQuote = () => stream.close()
    await clock.advance(0)
    stream.close()
    expect(clock.waiting).toBe(0)
    const told = [listener.notes.length, listener.quotes.length, listener.frames]
    await clock.advance(10_000)
    expect([listener.notes.length, listener.quotes.length, listener.frames]).toEqual(told)
    expect(fetchTickers).toHaveBeenCalledTimes(1)
  })

  test.each([['an answer', { [symbol]: tickerOf(symbol) }], ['a refusal', undefined]])('that is closed while a question is on its way does not tell of %s', async (_what, answer) => {
    let finish: () => void = () => undefined
    const { listener, clock, stream } = marketStream(async () => {
      await new Promise<void>((resolve) => { finish = resolve })
      if (answer === undefined) throw thrown(['AuthenticationError'])
      return answer
    })
    await clock.advance(0)
    stream.close()
    finish()
    await settle()
    expect([listener.notes, listener.quotes, listener.frames]).toEqual([[], [], 0])
  })
})

describe('the account stream', () => {
  const account = (methods: Partial<Record<Exclude<keyof CcxtExchange, 'has'>, unknown>>) => {
    const { venue, clock } = smallVenue(exchangeWith(methods))
    const listener = new NotingListener()
    return { venue, clock, listener, stream: venue.accountFeed.open([instrument], listener) }
  }

  test('tells each standing of an order once, and its end by looking it up when it has left the list', async () => {
    let open = [orderRow()]
    let ended = orderRow({ status: 'closed', filled: '0.5' })
    const fetchOrder = vi.fn(async () => ended)
    const { clock, listener, stream } = account({ fetchOpenOrders: async () => open, fetchOrder })
    await clock.advance(3_000)
    open = [orderRow({ filled: '0.2' })]
    await clock.advance(2_000)
    open = []
    ended = orderRow({ filled: '0.2' })
    await clock.advance(1_000)
    ended = orderRow({ status: 'closed', filled: '0.5' })
    await clock.advance(5_000)
    expect(listener.orders.map(({ status, executed }) => `${status} ${executed}`)).toEqual(['open 0', 'open 0.2', 'filled 0.5'])
    expect(fetchOrder).toHaveBeenCalledTimes(2)
    expect(listener.notes).toEqual(['opened', 'subscribed'])
    stream.close()
  })

  test('tells of an order that was filled before any list showed it', async () => {
    const { venue, clock, listener, stream } = account({ fetchOpenOrders: async () => [], createOrder: async () => orderRow(), fetchOrder: async () => orderRow({ status: 'closed', filled: '0.5' }) })
    await clock.advance(0)
    expect(await venue.create({ request: approved(buy()), claimedAt: venue.now() })).toMatchObject({ kind: 'accepted' })
    await clock.advance(1_000)
    expect(listener.orders).toMatchObject([{ venueOrderId: 'BTC-USD:A1', status: 'filled' }])
    stream.close()
  })

  test('goes on when one order cannot be looked up, and asks for it a bounded number of times', async () => {
    const fetchOrder = vi.fn(async () => { throw thrown(['ExchangeError']) })
    let open = [orderRow()]
    const { clock, listener, stream } = account({ fetchOpenOrders: async () => open, fetchOrder })
    await clock.advance(0)
    open = []
    await clock.advance(120_000)
    expect(fetchOrder).toHaveBeenCalledTimes(30)
    expect(listener.notes).toEqual(['opened', 'subscribed'])
    stream.close()
  })

  test('looks up a bounded number of orders in one poll, and follows a bounded number of them', async () => {
    const accepted = new AcceptedOrders()
    const asked: string[] = []
    const reads = {
      workingOrders: async () => ok({ orders: [], unread: [] }),
      order: async (id: string) => {
        asked.push(id)
        return ok(undefined)
      },
    }
    const { clock, log } = smallVenue(exchangeWith())
    const settings = settingsOf({ exchange: exchangeWith(), instruments: [], clock, log })
    const stream = new CcxtAccountFeed({ settings, reads, accepted }).open([], new NotingListener())
    for (let count = 0; count < 2_005; count += 1) accepted.tell(`BTC-USD:${count}`)
    await clock.advance(0)
    expect(asked).toEqual(Array.from({ length: 10 }, (_, index) => `BTC-USD:${index + 5}`))
    stream.close()
  })

  test('is retryable when its look-ups meet a broken link', async () => {
    let open = [orderRow()]
    const { clock, listener } = account({ fetchOpenOrders: async () => open, fetchOrder: async () => { throw thrown(['NetworkError']) } })
    await clock.advance(0)
    open = []
    await clock.advance(10_000)
    expect(listener.notes.at(-1)).toMatch(/^retryable/)
  })

  test('that is closed lets go of the creates it listened to', () => {
    const accepted = new AcceptedOrders()
    const letGo = vi.fn()
    vi.spyOn(accepted, 'listen').mockReturnValue(letGo)
    const { venue, clock, log } = smallVenue(exchangeWith({ fetchOpenOrders: async () => [] }))
    const settings = settingsOf({ exchange: exchangeWith(), instruments: [], clock, log })
    const stream = new CcxtAccountFeed({ settings, reads: venue, accepted }).open([], new NotingListener())
    stream.close()
    stream.close()
    expect(letGo).toHaveBeenCalledTimes(1)
  })

  test('that is closed looks nothing up any more', async () => {
    const fetchOrder = vi.fn()
    const { venue, clock, listener, stream } = account({ fetchOpenOrders: async () => [], createOrder: async () => orderRow(), fetchOrder })
    await clock.advance(0)
    stream.close()
    await venue.create({ request: approved(buy()), claimedAt: venue.now() })
    await clock.advance(10_000)
    expect(fetchOrder).not.toHaveBeenCalled()
    expect(listener.orders).toEqual([])
  })
})
