import { describe, expect, test } from 'vitest'
import { Aliases } from '../../src/adapters/coinbase/aliases.ts'
import { sendOutcome } from '../../src/adapters/coinbase/failures.ts'
import { balancesOf, fillOf, instrumentOf, orderReport, orderStatus, quoteOf, userOrderReport } from '../../src/adapters/coinbase/to-domain.ts'
import { readFrame, readHeartbeat, readTickers, userEvent, type Frame } from '../../src/adapters/coinbase/frames.ts'
import { readPrice } from '../../src/adapters/venue-kit/reading.ts'
import { readAccount, readBook, readFill, readOrder, readPayload, readProduct, readUserOrder } from '../../src/adapters/coinbase/wire.ts'
import type { InstrumentStatus } from '../../src/domain/instrument.ts'
import { examples } from './examples.ts'

const parsed = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>
const orderRow = parsed(examples.order)['order'] as Record<string, unknown>
const fillRow = (parsed(examples.fills)['fills'] as Record<string, unknown>[])[0] ?? {}
const accountRow = parsed(examples.account)
const channelOf = (text: string): Extract<Frame, { channel: string }> => {
  const frame = readFrame(text)
  if (frame === undefined || 'error' in frame) throw new Error('not an envelope')
  return frame
}
const userRow = userEvent(channelOf(examples.user).events[0]).orders[0] as Record<string, unknown>
const createdAt = Date.UTC(2026, 8, 30, 12, 0, 0, 123)

describe('orders', () => {
  const report = (changes: object) => {
    const row = readOrder({ ...orderRow, ...changes })
    return row && orderReport(row)
  }

  test('the example', () => {
    expect(report({})).toEqual({
      venueOrderId: 'aaaaaaaa-0000-4000-8000-000000000001',
      clientOrderId: '6f1c7d0e-0000-4000-8000-000000000001',
      instrument: 'ETH-USD',
      side: 'buy',
      status: 'open',
      executed: '0.1',
      price: '2500.1',
      quantity: '0.25',
      createdAt,
    })
  })

  test.each([
    ['PENDING', 'pending'],
    ['QUEUED', 'pending'],
    ['OPEN', 'open'],
    ['CANCEL_QUEUED', 'open'],
    ['EDIT_QUEUED', 'open'],
    ['FILLED', 'filled'],
    ['CANCELLED', 'cancelled'],
    ['EXPIRED', 'expired'],
    ['FAILED', 'failed'],
    ['UNKNOWN_ORDER_STATUS', 'unknown'],
    ['SOMETHING_NEW', 'unknown'],
    ['', 'unknown'],
  ])('status %s is %s', (venue, ours) => expect(report({ status: venue })?.status).toBe(ours))

  test('a status that is missing is unknown', () => expect(orderStatus(undefined)).toBe('unknown'))

  test('absent, null and "" are the same', () => {
    for (const none of [undefined, null, '']) {
      const read = report({ client_order_id: none, filled_size: none, created_time: none, order_configuration: none === '' ? null : none })
      expect(read).toEqual({ venueOrderId: orderRow['order_id'], clientOrderId: '', instrument: 'ETH-USD', side: 'buy', status: 'open', executed: '0' })
    }
  })

  test('the end has a reason', () => {
    expect(report({ status: 'CANCELLED', cancel_message: 'User requested cancel' })?.reason).toBe('User requested cancel')
    expect(report({ status: 'FAILED', reject_message: '', reject_reason: 'HOLD_FAILURE' })?.reason).toBe('HOLD_FAILURE')
    expect(report({ status: 'CANCELLED' })).not.toHaveProperty('reason')
  })

  test('a market order has no price, and an odd configuration does not matter', () => {
    expect(report({ order_configuration: { market_market_ioc: { quote_size: '50' } } })).not.toHaveProperty('price')
    expect(report({ order_configuration: { scaled_limit_gtc: { orders: [], base_size: 7 } } })?.quantity).toBe('7')
    expect(report({ order_configuration: 'odd' })?.status).toBe('open')
  })

  test('unreadable: no id, no side, a size that is none, filled without a size', () => {
    for (const broken of [{ order_id: '' }, { order_id: null }, { side: 'BOTH' }, { filled_size: 'NaN' }, { filled_size: '1e-8' }, { status: 'FILLED', filled_size: '' }]) expect(report(broken)).toBeUndefined()
  })
})

describe('user orders', () => {
  const report = (changes: object) => {
    const row = readUserOrder({ ...userRow, ...changes })
    return row && userOrderReport(row)
  }

  test('the example', () => {
    expect(report({})).toEqual({
      venueOrderId: 'aaaaaaaa-0000-4000-8000-000000000001',
      clientOrderId: '6f1c7d0e-0000-4000-8000-000000000001',
      instrument: 'ETH-USD',
      side: 'buy',
      status: 'open',
      executed: '0.1',
      price: '2500.1',
      createdAt,
    })
  })

  test('reject_Reason, both spellings, and the reason of a cancel', () => {
    expect(report({ status: 'FAILED', reject_Reason: 'HOLD' })?.reason).toBe('HOLD')
    expect(report({ status: 'FAILED', reject_reason: 'HOLD' })?.reason).toBe('HOLD')
    expect(report({ status: 'CANCELLED', cancel_reason: 'User requested cancel' })?.reason).toBe('User requested cancel')
  })

  test('a limit price of "0" is none', () => expect(report({ limit_price: '0' })).not.toHaveProperty('price'))
  test('the zero time is none', () => expect(report({ creation_time: '0001-01-01T00:00:00Z' })).not.toHaveProperty('createdAt'))
})

describe('fills', () => {
  const fill = (changes: object) => {
    const row = readFill({ ...fillRow, ...changes })
    return row && fillOf(row)
  }

  test('the example', () => {
    expect(fill({})).toEqual({
      tradeId: 'e0e0e0e0',
      venueOrderId: 'aaaaaaaa-0000-4000-8000-000000000001',
      instrument: 'ETH-USD',
      side: 'buy',
      quantity: '0.1',
      price: '2500.1',
      fee: '1.50006',
      feeAsset: 'USD',
      liquidity: 'maker',
      at: Date.UTC(2026, 8, 30, 12, 0, 5, 500),
    })
  })

  test('a size in quote money is turned into base (5.13, FS-28)', () => {
    expect(fill({ size_in_quote: true, size: '49.7017892644135189', commission: '0.2982107355864811', price: '250' })?.quantity).toBe('0.1988071570576541')
  })

  test('liquidity can be unknown, the fee absent', () => {
    expect(fill({ liquidity_indicator: 'UNKNOWN_LIQUIDITY_INDICATOR', commission: '' })).toMatchObject({ liquidity: 'unknown', fee: '0' })
    expect(fill({ liquidity_indicator: 'TAKER' })?.liquidity).toBe('taker')
  })

  test.each([{ entry_id: '' }, { price: '0' }, { price: '-1' }, { size: '0' }, { size: 'x' }, { commission: 'x' }, { trade_time: 'yesterday' }])('unreadable: %j', (broken) => expect(fill(broken)).toBeUndefined())
})

describe('products', () => {
  const product = {
    product_id: 'BTC-USD',
    product_type: 'SPOT',
    base_currency_id: 'BTC',
    quote_currency_id: 'USD',
    base_increment: '0.00000001',
    quote_increment: '0.01',
    price_increment: '0.010',
    base_min_size: '0.00000001',
    base_max_size: '3400',
    quote_min_size: '1',
    status: 'online',
  }
  const instrument = (changes: object) => {
    const row = readProduct({ ...product, ...changes })
    return row && instrumentOf(row)
  }

  test('the figures', () => {
    expect(instrument({})).toEqual({ id: 'BTC-USD', base: 'BTC', quote: 'USD', tick: '0.01', step: '0.00000001', minQuantity: '0.00000001', maxQuantity: '3400', minNotional: '1', status: 'online' })
    expect(instrument({ price_increment: '', quote_increment: '0.1' })?.tick).toBe('0.1')
  })

  test.each<[object, InstrumentStatus]>([
    [{ status: 'offline' }, 'halted'],
    [{ status: 'delisted' }, 'delisted'],
    [{ is_disabled: true }, 'halted'],
    [{ trading_disabled: true }, 'halted'],
    [{ view_only: true }, 'halted'],
    [{ cancel_only: true, post_only: true }, 'cancelOnly'],
    [{ post_only: true, limit_only: true }, 'postOnly'],
    [{ limit_only: true }, 'limitOnly'],
    [{ auction_mode: true }, 'limitOnly'],
    [{ status: '', limit_only: false }, 'online'],
  ])('%j is %s', (flags, status) => expect(instrument(flags)?.status).toBe(status))

  test.each([{ base_increment: '0' }, { price_increment: '', quote_increment: '' }, { base_max_size: '' }, { product_id: '' }])('unreadable: %j', (broken) => expect(instrument(broken)).toBeUndefined())
})

describe('balances', () => {
  const rows = (...changes: object[]) => changes.flatMap((change, index) => readAccount({ ...accountRow, uuid: `u${index}`, ...change }) ?? [])

  test('the example, added up per currency, spot only', () => {
    const mixed = rows(
      {},
      { available_balance: { value: '0.0000000000000001' }, hold: null },
      { currency: 'USD', type: 'FIAT', available_balance: { value: 5 }, hold: { value: '2.50' }, platform: undefined },
      { currency: 'USD', type: 'ACCOUNT_TYPE_VAULT' },
      { currency: 'USD', type: 'PERP_FUTURES' },
      { currency: 'USD', platform: 'ACCOUNT_PLATFORM_INTX' },
    )
    expect(balancesOf(mixed)).toEqual([
      { asset: 'ETH', free: '1.5000000000000001', held: '0' },
      { asset: 'USD', free: '5', held: '2.5' },
    ])
  })

  test('one unreadable amount makes all of it unreadable', () => expect(balancesOf(rows({}, { available_balance: { value: 'much' } }))).toBeUndefined())
})

describe('quotes', () => {
  const book = { product_id: 'ETH-USD', bids: [{ price: '2500', size: '3' }], asks: [{ price: '2500.20', size: '1' }], time: '2026-09-30T12:00:00.123456789Z' }
  const quote = (changes: object) => {
    const row = readBook({ ...book, ...changes })
    return row && quoteOf(row, 'ETH-USDC', 7)
  }
  test('top of a book', () => {
    expect(quote({})).toEqual({ instrument: 'ETH-USDC', bid: '2500', ask: '2500.2', bidQuantity: '3', askQuantity: '1', at: createdAt, receivedAt: 7, source: 'rest' })
    expect(quote({ time: undefined })?.at).toBe(7)
  })
  test.each([{ bids: [] }, { asks: null }, { bids: [{ price: '' }] }, { asks: [{ price: '0' }] }])('no quote: %j', (empty) => expect(quote(empty)).toBeUndefined())

  test('the ticker example, empty rows skipped', () => {
    expect(readTickers(channelOf(examples.ticker).events[0])).toEqual([{ productId: 'ETH-USD', bid: '2500', ask: '2500.2', bidQuantity: '3', askQuantity: '1.25' }])
    expect(readTickers({ tickers: [{ type: 'ticker', product_id: 'ETH-USD', best_bid: '', best_ask: '' }, { product_id: '' }, null, 5] })).toEqual([])
    for (const odd of [null, 5, {}, { tickers: 'x' }]) expect(readTickers(odd)).toEqual([])
  })

  test.each(['0', '0.00', '-1', '', 'NaN', 'Infinity', '1e5', '0x10', ' 1', '١'])('%j is no price', (text) => expect(readPrice(text)).toBeUndefined())
})

describe('frames', () => {
  test.each(['subscriptions', 'heartbeats', 'l2Snapshot', 'l2Update', 'marketTrades', 'ticker', 'candles', 'status', 'user'] as const)('the %s example', (name) => {
    const frame = channelOf(examples[name])
    expect(frame.channel).toBe(parsed(examples[name])['channel'])
    expect(frame.sequence).toBe(parsed(examples[name])['sequence_num'])
    expect(frame.events).toHaveLength(1)
  })
  test('the error example', () => expect(readFrame(examples.error)).toEqual({ error: 'authentication failure' }))
  test.each(['', 'x', '[]', 'null', '5', '{}', '{"channel":5,"events":[]}', '{"channel":"a","events":{}}'])('not a frame: %s', (text) => expect(readFrame(text)).toBeUndefined())
  test('a heartbeat counts in numbers or texts', () => {
    expect(readHeartbeat(channelOf(examples.heartbeats).events[0])).toBe(500)
    expect(readHeartbeat({ heartbeat_counter: '501' })).toBe(501)
    for (const odd of [{}, null, { heartbeat_counter: 'x' }]) expect(readHeartbeat(odd)).toBeUndefined()
  })
})

test('the create examples', () => {
  const id = '6f1c7d0e-0000-4000-8000-000000000001'
  expect(sendOutcome({ status: 200, text: examples.createAccepted, tookMs: 1 }, id)).toEqual({ kind: 'accepted', venueOrderId: 'aaaaaaaa-0000-4000-8000-000000000001' })
  expect(sendOutcome({ status: 200, text: examples.createRefused, tookMs: 1 }, id)).toEqual({ kind: 'refused', reason: 'badPrecision', detail: 'INVALID_SIZE_PRECISION' })
})

test('payloads of another shape are refused whole', () => {
  expect(readPayload('fills', examples.fills)?.cursor).toBeUndefined()
  expect(readPayload('orders', '{"orders":{}}')).toBeUndefined()
  expect(readPayload('orders', '<html>')).toBeUndefined()
})

describe('aliases', () => {
  const learned = new Aliases()
  learned.learn([readProduct({ product_id: 'BTC-USDC', base_currency_id: 'BTC', quote_currency_id: 'USDC', base_increment: '1', alias: 'BTC-USD' })].flatMap((row) => row ?? []))

  test('data of the canonical label is for the alias too (MD-09)', () => {
    expect([...learned.targets(['BTC-USDC', 'ETH-USD'])]).toEqual([
      ['BTC-USDC', ['BTC-USDC']],
      ['BTC-USD', ['BTC-USDC']],
      ['ETH-USD', ['ETH-USD']],
    ])
    expect(learned.targets(['BTC-USD', 'BTC-USDC']).get('BTC-USD')).toEqual(['BTC-USD', 'BTC-USDC'])
  })

  test('before the list is known the rule stands in, except for pairs with their own book', () => {
    const fresh = new Aliases()
    expect(fresh.targets(['SOL-USDC']).get('SOL-USD')).toEqual(['SOL-USDC'])
    expect(fresh.targets(['USDT-USDC']).get('USDT-USD')).toBeUndefined()
  })

  test('a known list is believed', () => expect(learned.targets(['SOL-USDC']).get('SOL-USD')).toBeUndefined())
})
