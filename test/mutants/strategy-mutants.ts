/** Planted bugs of strategies of the user's own. */
import type { Mutant } from './mutant.ts'

export const strategyMutants: readonly Mutant[] = [
  {
    id: 'proposes-without-end',
    invariant: 'I10',
    bug: 'a decision may have as many proposals as it likes',
    edits: [{ file: 'src/strategies/checked.ts', from: 'if (length > mostProposals) throw', to: 'if (length > 2 ** 31) throw' }],
    caughtBy: ['test/strategies/checked.test.ts'],
  },
  {
    id: 'spends-beyond-the-budget',
    invariant: 'I10',
    bug: "a strategy of the user's own is not held to its budget",
    edits: [{ file: 'src/strategies/checked.ts', from: '    if (compare(plus(spent, cost), free) > 0) return false\n', to: '' }],
    caughtBy: ['test/strategies/checked.test.ts', 'test/desk/own-strategy.test.ts'],
  },
  {
    id: 'hands-out-its-rules',
    invariant: 'I16',
    bug: "a strategy of the user's own is shown the desk's own objects, and can change them",
    edits: [{ file: 'src/strategies/checked.ts', from: 'const seen = frozen(view)', to: 'const seen = { ...view }' }],
    caughtBy: ['test/strategies/checked.test.ts', 'test/desk/own-strategy.test.ts'],
  },
  {
    id: 'asks-a-broken-strategy',
    invariant: 'I10',
    bug: 'a strategy that throws is asked again at once, and nobody is told',
    edits: [{ file: 'src/actors/strategist.ts', from: '      this.#trouble.failed(detail)\n', to: '' }],
    caughtBy: ['test/desk/own-strategy.test.ts'],
  },
  {
    id: 'arms-any-module',
    invariant: 'I14',
    bug: 'a desk that was armed for one strategy starts with another in the same file',
    edits: [{ file: 'src/app/fingerprint.ts', from: '...(Object.keys(digests).length > 0 && { digests })', to: '...(Object.keys(digests).length > 99 && { digests })' }],
    caughtBy: ['test/app/strategies.test.ts'],
  },
]
