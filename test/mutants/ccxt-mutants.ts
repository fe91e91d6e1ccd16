/** Planted bugs in the ccxt adapter: what a library in between makes easy to get wrong. */
import type { Mutant } from './mutant.ts'

const folder = 'src/adapters/ccxt'

export const ccxtMutants: readonly Mutant[] = [
  {
    id: 'ccxt-retries',
    invariant: 'I1',
    bug: 'the library’s own retries stay on below the names of endpoints',
    edits: [{ file: `${folder}/prepare.ts`, from: 'if (isRecord(inner) && retries in inner)', to: "if (isRecord(inner) && 'never' in inner)" }],
    caughtBy: ['test/ccxt/order-entry.test.ts'],
  },
  {
    id: 'ccxt-writes-late',
    invariant: 'I1',
    bug: 'a create that has waited beyond its window is written',
    edits: [{ file: `${folder}/order-entry.ts`, from: 'stillWanted: () => venueClock.now() <= latest', to: 'stillWanted: () => venueClock.now() > 0 * latest' }],
    caughtBy: ['test/ccxt/order-entry.test.ts'],
  },
  {
    id: 'ccxt-believes-what-it-inherits',
    invariant: 'I7',
    bug: 'an error of a new class ends the order because it inherits from a refusal',
    edits: [{ file: `${folder}/failures.ts`, from: "const [own = ''] = classesOf(thrown)", to: "const own = classesOf(thrown).find((name) => refusals.has(name)) ?? ''" }],
    caughtBy: ['test/ccxt/failures.test.ts'],
  },
  {
    id: 'ccxt-nameless-rows',
    invariant: 'I7',
    bug: 'an order is taken for absent beside rows that do not show their client order ids',
    edits: [{ file: `${folder}/order-reads.ts`, from: " || listed.value.some(({ row }) => nameIn(row, 'clientOrderId') === undefined)", to: '' }],
    caughtBy: ['test/ccxt/reads.test.ts'],
  },
  {
    id: 'ccxt-dropped-names',
    invariant: 'I7',
    bug: 'an order is taken for absent on an exchange that may have dropped its client order id',
    edits: [{ file: `${folder}/order-reads.ts`, from: 'return shownNames.areShown ?', to: 'return shownNames !== undefined ?' }],
    caughtBy: ['test/ccxt/reads.test.ts'],
  },
  {
    id: 'ccxt-closed-is-filled',
    invariant: 'I7',
    bug: 'an order that was closed with a rest is taken for filled',
    edits: [{ file: `${folder}/to-domain.ts`, from: ' && compare(executed, whole) === 0', to: '' }],
    caughtBy: ['test/ccxt/reads.test.ts'],
  },
  {
    id: 'ccxt-one-direction',
    invariant: 'I3',
    bug: 'a list that is told newest first is read in one direction only',
    edits: [{ file: `${folder}/pages.ts`, from: ' ?? (await walk.backwards(since))', to: '' }],
    caughtBy: ['test/ccxt/pages.test.ts'],
  },
  {
    id: 'ccxt-rounds',
    invariant: 'I16',
    bug: 'an order goes out with the digits to which the library rounds it',
    edits: [{ file: `${folder}/order-entry.ts`, from: 'return sent !== undefined && compare(sent, value) === 0', to: 'return sent !== undefined' }],
    caughtBy: ['test/ccxt/order-entry.test.ts'],
  },
  {
    id: 'ccxt-tells-keys',
    invariant: 'I13',
    bug: 'a key that the exchange quotes is in the failure',
    edits: [{ file: `${folder}/redact.ts`, from: "rest.replaceAll(piece, '[secret]')", to: 'rest' }],
    caughtBy: ['test/ccxt/secrets.test.ts'],
  },
]
