import { describe, expect, it } from 'vitest'
import { OrderLimit, WeightLimit } from '../../../sandbox/binance/limits.ts'
import { maker, market, start, type Parsed } from './support.ts'

describe('request weight by the clock', () => {
  function weight(limit = 10) {
    let now = 60_000 * 100 + 45_000
    return { limit: new WeightLimit(limit, 120_000, () => now), pass: (ms: number) => (now += ms) }
  }

  it('is refused beyond the limit until the minute turns, and says how long that is', () => {
    const { limit, pass } = weight()
    limit.charge(10)
    expect(() => limit.check(1)).toThrow(expect.objectContaining({ status: 429, code: -1003, retryAfterMs: 15_000 }))
    pass(14_999)
    expect(() => limit.check(1)).toThrow('Too much request weight used; current limit is 10 request weight per 1 MINUTE.')
    pass(1)
    expect(() => limit.check(1)).not.toThrow()
    expect(limit.used).toBe(0)
  })

  it('ignored again and again becomes a ban, twice as long the next time', () => {
    const { limit, pass } = weight()
    const insist = (): void => {
      for (let count = 0; count < 11; count += 1) expect(() => limit.check(1)).toThrow(expect.objectContaining({ status: 429 }))
    }
    limit.charge(10)
    insist()
    expect(() => limit.check(1)).toThrow(expect.objectContaining({ status: 418, retryAfterMs: 120_000 }))
    expect(() => limit.check(0)).toThrow(/^Way too much request weight used; IP banned until \d{7}\./)
    pass(120_000)
    expect(() => limit.check(1)).not.toThrow()
    limit.charge(10)
    insist()
    expect(() => limit.check(1)).toThrow(expect.objectContaining({ status: 418, retryAfterMs: 240_000 }))
  })

  it('0 is no limit', () => {
    const { limit } = weight(0)
    limit.charge(1_000_000)
    expect(() => limit.check(1)).not.toThrow()
    expect(limit.usage).toEqual([])
  })
})

describe('order counts by the clock', () => {
  it('turn over every ten seconds and every day, and first executions give back', () => {
    let now = 86_400_000 * 3 + 3000
    const limit = new OrderLimit({ per10Seconds: 2, perDay: 4 }, () => now)
    const counts = (): number[] => limit.usage.map(({ count }) => count)
    limit.take()
    limit.take()
    expect(() => limit.take()).toThrow(expect.objectContaining({ status: 429, code: -1015, message: 'Too many new orders; current limit is 2 orders per 10 SECOND.', retryAfterMs: 7000 }))
    limit.giveBack('TAKER')
    expect(counts()).toEqual([1, 1])
    limit.take()
    now += 7000
    expect(counts()).toEqual([0, 2])
    limit.take()
    limit.giveBack('MAKER')
    expect(counts()).toEqual([0, 0])
    for (let count = 0; count < 4; count += 1) {
      now += 10_000
      limit.take()
    }
    expect(() => limit.take()).toThrow('Too many new orders; current limit is 4 orders per 1 DAY.')
    expect(counts()[0]).toBe(1)
  })
})

describe('over HTTP', () => {
  it('orders that are taken cost nothing, those that are refused their weight, and both counts are in the headers', async () => {
    const { sandbox, client } = await start('--weight-per-minute', '100000', '--orders-per-10s', '1000', '--orders-per-day', '1000')
    const placed = await client.signed('POST', '/order', maker('BUY', '0.001', '50000'))
    expect([placed.headers.get('x-mbx-used-weight-1m'), placed.headers.get('x-mbx-used-weight')]).toEqual(['0', '0'])
    expect([placed.headers.get('x-mbx-order-count-10s'), placed.headers.get('x-mbx-order-count-1d')]).toEqual(['1', '1'])
    const refused = await client.signed('POST', '/order', maker('BUY', '100', '50000'))
    expect([refused.headers.get('x-mbx-used-weight-1m'), refused.headers.get('x-mbx-order-count-1d')]).toEqual(['1', null])
    await client.signed('POST', '/order', market('BUY', { quantity: '0.001' }))
    const rows = (await client.signed('GET', '/rateLimit/order')).body
    // The resting one; the refused one never counted, and the filled one has given itself back.
    expect(rows.map((row: Parsed) => row.count)[1]).toBe(1)
    await sandbox.close()
  })

  it('answers 429 with Retry-After beyond the weight, 418 to who goes on, and drops nothing that was placed', async () => {
    const { sandbox, client } = await start('--weight-per-minute', '60')
    // A window that turns in between would let everything pass: begin early in one.
    const left = 60_000 - (Date.now() % 60_000)
    if (left < 3000) await new Promise((resolve) => setTimeout(resolve, left))
    for (let count = 0; count < 3; count += 1) expect((await client.signed('GET', '/account')).status).toBe(200)
    const over = await client.signed('GET', '/account')
    expect([over.status, over.body.code, Number(over.headers.get('retry-after')) > 0]).toEqual([429, -1003, true])
    for (let count = 0; count < 10; count += 1) await client.signed('GET', '/account')
    const banned = await client.signed('GET', '/account')
    expect([banned.status, banned.body.code, banned.headers.get('retry-after')]).toEqual([418, -1003, '120'])
    expect((await client.signed('POST', '/order', maker('BUY', '0.001', '50000'))).status).toBe(418)
    await sandbox.close()
  })
})
