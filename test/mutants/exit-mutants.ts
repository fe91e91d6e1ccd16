/** Planted bugs in how pairs are left. */
import type { Mutant } from './mutant.ts'

export const exitMutants: readonly Mutant[] = [
  {
    id: 'believes-every-stop',
    invariant: 'T9',
    bug: 'a pair takes a stop that the bid has not reached',
    edits: [{ file: 'src/machines/trade-pair/trade-pair-exits.ts', from: 'if (falls === undefined || compare(bid, falls.at) > 0) return undefined', to: 'if (falls === undefined) return undefined' }],
    caughtBy: ['test/machines/trade-pair-exits.test.ts'],
  },
  {
    id: 'offers-every-part-whole',
    invariant: 'T8',
    bug: 'the first part is offered with all that is left',
    edits: [{ file: 'src/domain/exits.ts', from: 'const selling = least(minus(end, holding.sold), left)', to: 'const selling = least(plus(end, holding.held), left)' }],
    caughtBy: ['test/domain/exits.test.ts'],
  },
  {
    id: 'stops-late',
    invariant: 'S1',
    bug: 'the line of a stop is rounded down',
    edits: [{ file: 'src/domain/stop-lines.ts', from: '  ceilTo(price(dividedBy(times(cost, plus(rate(one), by)), held)), tick)', to: '  floorToTick({ tick } as Instrument, price(dividedBy(times(cost, plus(rate(one), by)), held)))' }],
    caughtBy: ['test/domain/exits.test.ts'],
  },
  {
    id: 'loses-by-age',
    invariant: 'X2',
    bug: 'age takes a target below break-even, though the plan may not lose',
    edits: [{ file: 'src/domain/exits.ts', from: 'return asked === undefined || atLoss ? asked : greatest(asked, rate(zero))', to: 'return asked === undefined || atLoss ? asked : least(asked, rate(one))' }],
    caughtBy: ['test/domain/exits.test.ts'],
  },
  {
    id: 'forgets-a-line-in-doubt',
    invariant: 'V2',
    bug: 'a line that was crossed while the price was in doubt waits for the price to move',
    edits: [{ file: 'src/actors/price-board.ts', from: 'const moved = doubted || bid !== entry.bid', to: 'const moved = bid !== entry.bid' }],
    caughtBy: ['test/actors/price-board.test.ts'],
  },
  {
    id: 'closes-without-a-bound',
    invariant: 'E3',
    bug: 'a pair that cannot be closed is priced lower for ever',
    edits: [{ file: 'src/actors/closing-watch.ts', from: 'if (prices >= mostPrices)', to: 'if (prices > mostPrices * 1e9)' }],
    caughtBy: ['test/desk/exits.test.ts'],
  },
  {
    id: 'stops-through-a-halt',
    invariant: 'K1',
    bug: 'a stop sells while the kill switch halts every order',
    edits: [{ file: 'src/machines/trade-pair/trade-pair-rules.ts', from: '(context.closing?.planned === false && {', to: '(context.closing !== null && {' }],
    caughtBy: ['test/desk/exits.test.ts'],
  },
]
