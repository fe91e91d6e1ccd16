import { expect, test } from 'vitest'
import { price, quantity } from '../../src/domain/decimal.ts'
import { executionOf, type ExecutedOrder } from '../../src/domain/execution.ts'
import { fillOf } from '../support/records.ts'

const order: ExecutedOrder = { clientOrderId: 'o-1', state: 'filled', side: 'buy', quantity: quantity('3'), arrival: { bid: price('99'), ask: price('101') } }
const fill = (id: string, of: string, at: string, fee: string, feeAsset = 'USD', liquidity: 'maker' | 'taker' = 'taker') => ({ ...fillOf(id, 'buy', of), price: price(at), fee: fee as never, feeAsset, liquidity })

test('sums what was filled, paid and charged; by hand', () => {
  // 1 at 100 and 2 at 103: 306 for 3, 102 on average; the middle was 100.
  expect(executionOf(order, [fill('a', '1', '100', '0.1', 'USD', 'maker'), fill('b', '2', '103', '0.002', 'BTC')])).toEqual({
    clientOrderId: 'o-1', state: 'filled', side: 'buy', wanted: '3', filled: '3', averagePrice: '102', value: '306', fees: { USD: '0.1', BTC: '0.002' }, fills: 2, makerFills: 1, arrival: order.arrival, slippage: '0.02',
  })
})

test('slippage is what was worse, for either side; better is below zero', () => {
  expect(executionOf({ ...order, side: 'sell' }, [fill('a', '3', '102', '0')]).slippage).toBe('-0.02')
  expect(executionOf(order, [fill('a', '3', '99', '0')]).slippage).toBe('-0.01')
})

test('nothing filled has no price, and an order whose arrival nobody saw no slippage', () => {
  expect(executionOf({ ...order, state: 'cancelled' }, [])).toMatchObject({ filled: '0', averagePrice: null, value: '0', fees: {}, slippage: null })
  expect(executionOf({ ...order, arrival: null }, [fill('a', '3', '99', '0')])).toMatchObject({ averagePrice: '99', slippage: null })
})

test('an average without an end is rounded', () => {
  expect(executionOf(order, [fill('a', '1', '1', '0'), fill('b', '2', '2', '0')]).averagePrice).toBe('1.666666666667')
})
