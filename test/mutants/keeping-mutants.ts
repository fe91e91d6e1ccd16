/** Planted bugs of what is kept: backups, restored desks, and what is let go of. */
import type { Mutant } from './mutant.ts'

export const keepingMutants: readonly Mutant[] = [
  {
    id: 'explains-no-orphan',
    invariant: 'I1',
    bug: 'a pair goes on although the venue knows an order of it that no row explains',
    edits: [{ file: 'src/actors/reconciliation/orders.ts', from: 'if (pairId === undefined || view.pair(pairId) === undefined) return false', to: 'if (pairId === undefined || view.pair(pairId) === undefined || pairId.length > 0) return false' }],
    caughtBy: ['test/actors/reconciler.test.ts'],
  },
  {
    id: 'restores-and-trades',
    invariant: 'I1',
    bug: 'a restored desk trades before a person has looked',
    edits: [{ file: 'src/app/commands/backup.ts', from: "level: 'orders', who: 'restore'", to: "level: 'entries', who: 'restore'" }],
    caughtBy: ['test/app/backup.test.ts'],
  },
  {
    id: 'believes-every-backup',
    invariant: 'B3',
    bug: 'a backup that was changed is restored',
    edits: [{ file: 'src/adapters/postgres/backup.ts', from: "if (text !== endOf(taken, hash.digest('hex')))", to: "if (!text.startsWith(`end ${taken} `))" }],
    caughtBy: ['test/app/backup.test.ts'],
  },
  {
    id: 'forgets-the-living',
    invariant: 'K2',
    bug: 'the old events of a pair that is open are let go of',
    edits: [{ file: 'src/adapters/postgres/retention.ts', from: 'pair_id = substr(old.address, 12) AND finished)', to: 'pair_id = substr(old.address, 12))' }],
    caughtBy: ['test/postgres/retention.test.ts'],
  },
]
