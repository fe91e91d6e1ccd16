/** Rows as they are shown (src/adapters/http/views.ts). */
import { expect, test } from 'vitest'
import { viewTradePairs } from '../../src/adapters/http/views.ts'
import { money, quantity } from '../../src/domain/decimal.ts'
import { isEndedPair, tradePairRecord } from '../../src/machines/trade-pair/trade-pair-record.ts'
import { tradePairContext } from '../../src/machines/trade-pair/trade-pair-context.ts'
import { pairInput } from '../support/loop.ts'

test('a pair that has ended shows what it could not sell, to the last digit; one that is open, or was closed by a person, shows none', () => {
  // Case B of docs/profit.md: a fee taken in base, and a coarse step.
  const context = { ...tradePairContext(pairInput('p')), bought: quantity('0.00166'), held: quantity('0.00165834'), sold: quantity('0.00165'), cost: money('99.6') }
  const dustIn = (state: string) => viewTradePairs([{ address: 'trade-pair/p', kind: 'trade-pair', version: 3, seq: 1, state, since: 0, context: { ...context }, finished: isEndedPair(state), tradePair: tradePairRecord(context) }])[0]?.dust
  expect(['closed', 'sellPlaced.partial', 'held', 'closedExternally'].map(dustIn)).toEqual(['0.00000834', null, null, null])
})
