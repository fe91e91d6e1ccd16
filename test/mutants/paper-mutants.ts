/** Planted bugs that would let paper flatter, or forget. */
import type { Mutant } from './mutant.ts'

const orders = 'test/paper/orders.test.ts'
const fills = 'test/paper/fills.test.ts'
const money = 'test/paper/money.test.ts'
const durability = 'test/paper/durability.test.ts'
const queues = 'test/simulated-market/queue-book.test.ts'

export const paperMutants: readonly Mutant[] = [
  {
    id: 'paper-is-at-once',
    invariant: 'I6',
    bug: 'a paper create has arrived when it leaves',
    edits: [{ file: 'src/adapters/paper/order-entry.ts', from: "    settings.failpoints.reach('send.signed')\n    await journey(settings)\n", to: "    settings.failpoints.reach('send.signed')\n" }],
    caughtBy: [orders],
  },
  {
    id: 'paper-jumps-the-queue',
    invariant: 'I6',
    bug: 'a resting paper order waits behind nobody',
    edits: [{ file: 'src/adapters/paper/paper-market.ts', from: "const ahead = queue === 'displayed' ? this.#displayed(side, price) : undefined", to: 'const ahead = 0n' }],
    caughtBy: [fills],
  },
  {
    id: 'paper-has-the-whole-trade',
    invariant: 'I6',
    bug: 'a resting paper order has all of the trade that meets it',
    edits: [{ file: 'src/adapters/paper/paper-market.ts', from: 'most: this.#grid.share(quantity, this.#part)', to: 'most: quantity' }],
    caughtBy: [fills],
  },
  {
    id: 'paper-drinks-twice',
    invariant: 'I6',
    bug: 'a displayed level is as large as before after a paper order took from it',
    edits: [{ file: 'src/simulated-market/used-liquidity.ts', from: 'positive(size - (used ?? 0n))', to: 'positive(size)' }],
    caughtBy: [fills, queues],
  },
  {
    id: 'paper-hears-a-trade-twice',
    invariant: 'I3',
    bug: 'a trade that is told again fills again',
    edits: [{ file: 'src/adapters/paper/paper-market.ts', from: 'if (!this.#tape.isNew(trade)) return []', to: 'this.#tape.isNew(trade)' }],
    caughtBy: [fills],
  },
  {
    id: 'paper-hears-the-past',
    invariant: 'I9',
    bug: 'a trade from before its arrival fills an order',
    edits: [{ file: 'src/simulated-market/queue-book.ts', from: '      if (order.since > trade.at) continue\n', to: '' }],
    caughtBy: [queues, fills],
  },
  {
    id: 'paper-locks-no-fee',
    invariant: 'I5',
    bug: 'a paper buy locks its value and not its fee',
    edits: [{ file: 'src/adapters/paper/settlement.ts', from: "if (terms.feeIn === 'received') return quantity(value)", to: "if (terms.feeIn !== undefined) return quantity(value)" }],
    caughtBy: [money],
  },
  {
    id: 'paper-rounds-down',
    invariant: 'I5',
    bug: 'paper fees are rounded to their owner’s advantage',
    edits: [
      { file: 'src/adapters/paper/settlement.ts', from: 'import { ceilTo, greatest,', to: 'import { ceilTo, floorTo, greatest,' },
      { file: 'src/adapters/paper/settlement.ts', from: 'const raised = ceilTo(owes, finest)', to: 'const raised = floorTo(owes, finest)' },
    ],
    caughtBy: [money],
  },
  {
    id: 'paper-keeps-its-place',
    invariant: 'I6',
    bug: 'after a restart a paper order stands at the front of its queue',
    edits: [{ file: 'src/adapters/paper/paper-market.ts', from: "this.#displayed(side, price) : undefined", to: 'this.#displayed(side, price) : 0n' }],
    caughtBy: [durability],
  },
  {
    id: 'paper-admits-the-late',
    invariant: 'I1',
    bug: 'a paper create is admitted however old its claim is on arrival',
    edits: [{ file: 'src/adapters/paper/order-entry.ts', from: '      const answer = this.#tooLate(order)\n      if (answer !== undefined) return { events: [], answer }\n', to: '' }],
    caughtBy: [orders],
  },
  {
    id: 'paper-goes-on-in-doubt',
    invariant: 'I7',
    bug: 'a paper ledger whose answer was lost is read, and not taken over',
    edits: [{ file: 'src/adapters/paper/turns.ts', from: "if (before === 'unopened' || before === 'inDoubt') await", to: "if (before === 'unopened') await" }],
    caughtBy: [durability],
  },
  {
    id: 'paper-tells-too-early',
    invariant: 'I2',
    bug: 'a paper order is told before it is in the ledger',
    edits: [{ file: 'src/adapters/paper/turns.ts', from: "    if ((await ledger.append(position, events)) === 'overtaken') return false\n    const orders = events.flatMap((event, index) => this.#account.take({ position: position + index + 1, event }) ?? [])\n    for (const order of orders) changed(order)\n", to: "    const orders = events.flatMap((event, index) => this.#account.take({ position: position + index + 1, event }) ?? [])\n    for (const order of orders) changed(order)\n    if ((await ledger.append(position, events)) === 'overtaken') return false\n" }],
    caughtBy: [durability, 'test/paper/account-feed.test.ts'],
  },
]
