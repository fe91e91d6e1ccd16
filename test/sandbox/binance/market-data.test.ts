import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { start, type Client, type Parsed } from './support.ts'

const DEC = /^-?\d+\.\d{8}$/
let client: Client
let close: () => Promise<void>
beforeAll(async () => {
  const { sandbox, client: own } = await start('moving', '--weight-per-minute', '100000')
  client = own
  close = () => sandbox.close()
  await new Promise((resolve) => setTimeout(resolve, 600))
  await client.control('POST', '/market', { holdMs: 3_600_000 })
})
afterAll(() => close())
const get = async (path: string): Promise<Parsed> => (await client.raw('GET', `/api/v3${path}`)).body

describe('general', () => {
  it('answers ping and time', async () => {
    expect(await get('/ping')).toEqual({})
    expect(Math.abs((await get('/time')).serverTime - Date.now())).toBeLessThan(2000)
  })

  it('lists its symbols with filters, precisions and limits', async () => {
    const { symbols, rateLimits, timezone } = await get('/exchangeInfo')
    expect(timezone).toBe('UTC')
    expect(symbols.map((row: Parsed) => row.symbol)).toEqual(['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT'])
    expect(rateLimits).toEqual([{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 100_000 }])
    const [btc] = symbols
    expect(btc).toMatchObject({ status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT', baseAssetPrecision: 8, orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET'], permissions: [], defaultSelfTradePreventionMode: 'EXPIRE_MAKER' })
    const filter = (name: string): Parsed => btc.filters.find((row: Parsed) => row.filterType === name)
    expect(filter('PRICE_FILTER')).toMatchObject({ tickSize: '0.01000000', minPrice: '0.01000000' })
    expect(filter('LOT_SIZE')).toEqual({ filterType: 'LOT_SIZE', minQty: '0.00001000', maxQty: '9000.00000000', stepSize: '0.00001000' })
    expect(filter('NOTIONAL')).toMatchObject({ minNotional: '5.00000000', applyMinToMarket: true, applyMaxToMarket: false })
    expect(filter('MAX_NUM_ORDERS')).toEqual({ filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 })
    expect(filter('MARKET_LOT_SIZE')).toMatchObject({ stepSize: '0.00000000' })
    expect(filter('PERCENT_PRICE_BY_SIDE')).toMatchObject({ bidMultiplierUp: '5', askMultiplierDown: '0.2', avgPriceMins: 5 })
    expect(filter('ICEBERG_PARTS')).toMatchObject({ limit: 100 })
  })

  it('lists the one or the ones that are named, and refuses what it does not know', async () => {
    expect((await get('/exchangeInfo?symbol=ETHUSDT')).symbols).toHaveLength(1)
    expect((await get(`/exchangeInfo?symbols=${encodeURIComponent('["BTCUSDT","BNBUSDT"]')}`)).symbols).toHaveLength(2)
    expect(await get('/exchangeInfo?symbol=NOPE')).toEqual({ code: -1121, msg: 'Invalid symbol.' })
    expect(await get(`/exchangeInfo?symbols=${encodeURIComponent('["BTCUSDT","BTCUSDT"]')}`)).toEqual({ code: -1151, msg: 'Symbol is present multiple times in the list.' })
    expect((await get(`/exchangeInfo?symbol=BTCUSDT&symbols=${encodeURIComponent('["BTCUSDT"]')}`)).code).toBe(-1128)
    expect((await get('/exchangeInfo?symbols=BTCUSDT')).code).toBe(-1130)
    expect((await get('/depth?symbol=BTCUSDT&symbolStatus=HALT')).code).toBe(-1220)
  })

  it('answers the page of a web server where there is nothing, and where the listen keys were', async () => {
    const nothing = await client.raw('GET', '/api/v3/nowhere')
    expect([nothing.status, nothing.body.startsWith('<html>'), nothing.headers.get('content-type')]).toEqual([404, true, 'text/html'])
    const gone = await client.raw('POST', '/api/v3/userDataStream')
    expect([gone.status, gone.body.startsWith('<html>')]).toEqual([410, true])
  })
})

describe('books and trades', () => {
  it('shows a book that is sorted and not crossed, as deep as asked for', async () => {
    const { lastUpdateId, bids, asks } = await get('/depth?symbol=BTCUSDT&limit=5')
    expect([bids.length, asks.length, Number.isSafeInteger(lastUpdateId)]).toEqual([5, 5, true])
    const prices = [...bids.toReversed(), ...asks].map(([price]: [string]) => Number(price))
    expect(prices).toEqual(prices.toSorted((one, other) => one - other))
    expect(Number(bids[0][0])).toBeLessThan(Number(asks[0][0]))
    for (const [price, size] of [...bids, ...asks]) expect([DEC.test(price), DEC.test(size)]).toEqual([true, true])
    const top = await get('/ticker/bookTicker?symbol=BTCUSDT')
    expect([top.bidPrice, top.bidQty, top.askPrice, top.askQty]).toEqual([...bids[0], ...asks[0]])
  })

  it('lists the same prints as trades, old trades and aggregates', async () => {
    const trades = await get('/trades?symbol=BTCUSDT&limit=5')
    expect(trades).toHaveLength(5)
    expect(Object.keys(trades[0])).toEqual(['id', 'price', 'qty', 'quoteQty', 'time', 'isBuyerMaker', 'isBestMatch'])
    expect(await get(`/historicalTrades?symbol=BTCUSDT&fromId=${trades[0].id}&limit=5`)).toEqual(trades)
    const aggregates = await get(`/aggTrades?symbol=BTCUSDT&fromId=${trades[0].id}`)
    expect(aggregates.map((row: Parsed) => [row.a, row.p, row.q, row.T, row.m])).toEqual(trades.map((row: Parsed) => [row.id, row.price, row.qty, row.time, row.isBuyerMaker]))
    expect(await get(`/aggTrades?symbol=BTCUSDT&startTime=${trades[4].time + 1}`)).toEqual([])
    expect((await get(`/aggTrades?symbol=BTCUSDT&fromId=1&startTime=1`)).code).toBe(-1128)
  })

  it('computes 24 hours, averages and last prices that agree with each other', async () => {
    const day = await get('/ticker/24hr?symbol=BTCUSDT')
    expect(day.count).toBeGreaterThan(1000)
    expect(day.lastId - day.firstId + 1).toBe(day.count)
    expect(Number(day.lowPrice)).toBeLessThanOrEqual(Number(day.weightedAvgPrice))
    expect(Number(day.highPrice)).toBeGreaterThanOrEqual(Number(day.weightedAvgPrice))
    expect(Number(day.openPrice) + Number(day.priceChange)).toBeCloseTo(Number(day.lastPrice), 6)
    expect(await get('/ticker/price?symbol=BTCUSDT')).toEqual({ symbol: 'BTCUSDT', price: day.lastPrice })
    const mini = await get('/ticker/24hr?symbol=BTCUSDT&type=MINI')
    expect([mini.lastPrice, mini.priceChange, mini.bidPrice]).toEqual([day.lastPrice, undefined, undefined])
    expect(await get('/ticker/24hr')).toHaveLength(4)
    const average = await get('/avgPrice?symbol=BTCUSDT')
    expect(average.mins).toBe(5)
    expect(Math.abs(Number(average.price) / Number(day.lastPrice) - 1)).toBeLessThan(0.05)
  })
})

describe('klines', () => {
  const rows = (query: string): Promise<Parsed> => get(`/klines?symbol=BTCUSDT&${query}`)

  it('come oldest first without gaps, the last one open', async () => {
    const minutes = await rows('interval=1m&limit=100')
    expect(minutes).toHaveLength(100)
    minutes.forEach((row: Parsed, index: number) => {
      expect(row).toHaveLength(12)
      expect(row[6]).toBe(row[0] + 59_999)
      if (index > 0) expect(row[0]).toBe(minutes[index - 1][0] + 60_000)
      expect(Number(row[2])).toBeGreaterThanOrEqual(Math.max(Number(row[1]), Number(row[4])))
      expect(Number(row[3])).toBeLessThanOrEqual(Math.min(Number(row[1]), Number(row[4])))
    })
    expect(minutes.at(-1)[6]).toBeGreaterThan(Date.now() - 1000)
  })

  it('begin where their interval begins: hours, Mondays, months', async () => {
    expect((await rows('interval=1h'))[1][0] % 3_600_000).toBe(0)
    expect(new Date((await rows('interval=1w'))[0][0]).getUTCDay()).toBe(1)
    expect(new Date((await rows('interval=1M'))[0][0]).getUTCDate()).toBe(1)
    expect((await rows('interval=1s')).at(-1)[6] % 1000).toBe(999)
  })

  it('of an hour hold what its minutes hold', async () => {
    const [hour] = (await rows('interval=1h&limit=2')) as Parsed[]
    const minutes = await rows(`interval=1m&startTime=${hour[0]}&endTime=${hour[6]}`)
    expect(minutes).toHaveLength(60)
    const sum = (column: number): number => minutes.reduce((total: number, row: Parsed) => total + Number(row[column]), 0)
    expect([minutes[0][1], minutes[59][4]]).toEqual([hour[1], hour[4]])
    expect(sum(5)).toBeCloseTo(Number(hour[5]), 6)
    expect(sum(8)).toBe(hour[8])
    expect(sum(9)).toBeCloseTo(Number(hour[9]), 6)
  })

  it('from a start on are the oldest, and an unknown interval is refused', async () => {
    const start = Math.floor(Date.now() / 60_000) * 60_000 - 600_000
    expect((await rows(`interval=1m&startTime=${start}&limit=3`)).map((row: Parsed) => row[0])).toEqual([start, start + 60_000, start + 120_000])
    expect(await rows('interval=1H')).toEqual({ code: -1120, msg: 'Invalid interval.' })
  })
})

describe('weights', () => {
  const cost = async (path: string): Promise<number> => {
    const used = async (request: string): Promise<number> => Number((await client.raw('GET', `/api/v3${request}`)).headers.get('x-mbx-used-weight-1m'))
    const before = await used('/ping')
    return (await used(path)) - before
  }

  it.each([
    ['/time', 1],
    ['/exchangeInfo', 20],
    ['/depth?symbol=BTCUSDT', 5],
    ['/depth?symbol=BTCUSDT&limit=500', 25],
    ['/depth?symbol=BTCUSDT&limit=1000', 50],
    ['/depth?symbol=BTCUSDT&limit=5000', 250],
    ['/trades?symbol=BTCUSDT', 25],
    ['/aggTrades?symbol=BTCUSDT', 4],
    ['/klines?symbol=BTCUSDT&interval=1m', 2],
    ['/ticker/24hr?symbol=BTCUSDT', 2],
    ['/ticker/24hr', 80],
    ['/ticker/price', 4],
    ['/ticker/bookTicker?symbol=BTCUSDT', 2],
    ['/depth?symbol=NOPE', 5],
  ])('%s costs %d', async (path, weight) => {
    // A minute that turns between the two looks would say nothing.
    const costs = [await cost(path)]
    if (costs[0] !== weight) costs.push(await cost(path))
    expect(costs).toContain(weight)
  })
})
