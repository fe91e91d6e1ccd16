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
    edits: [{ file: 'src/adapters/postgres/retention.ts', from: 'WHERE finished AND since < ${before} AND', to: 'WHERE since < ${before} AND' }],
    caughtBy: ['test/postgres/retention.test.ts'],
  },
  {
    id: 'leaves-half-a-life',
    invariant: 'K1',
    bug: 'of a life that ended long ago only the first event is let go of',
    edits: [{ file: 'src/adapters/postgres/retention.ts', from: 'WHERE address = ANY (${addresses}::text[])`', to: 'WHERE address = ANY (${addresses}::text[]) AND seq = 1`' }],
    caughtBy: ['test/postgres/retention.test.ts'],
  },
  {
    id: 'forgets-the-kill-of-a-restore',
    invariant: 'B5',
    bug: 'the kill of a restored desk is not in its store',
    edits: [{ file: 'src/adapters/postgres/backup.ts', from: '    await leaveKill(tx, kill)\n', to: '' }],
    caughtBy: ['test/postgres/backup.test.ts', 'test/app/backup.test.ts'],
  },
  {
    id: 'trades-without-its-kill-switch',
    invariant: 'I15',
    bug: 'a desk whose kill switch cannot be continued takes it for off',
    edits: [{ file: 'src/actors/start-up.ts', from: "  'kill-switch': 'whether it was stopped',\n", to: '' }],
    caughtBy: ['test/desk/start-up.test.ts'],
  },
  {
    id: 'trades-unstopped',
    invariant: 'I15',
    bug: 'a desk trades although the kill that waited for its start could not be carried out',
    edits: [{ file: 'src/actors/recovery.ts', from: "if (outcome.kind !== 'done') throw", to: "if (outcome.kind === 'failed') throw" }],
    caughtBy: ['test/desk/start-up.test.ts'],
  },
  {
    id: 'believes-every-process',
    invariant: 'F1',
    bug: 'whoever has the process id of the last desk is taken for it',
    edits: [{ file: 'src/app/desk-file.ts', from: '(born === null || now === undefined || born === now)', to: '(born === null || now !== born || born === now)' }],
    caughtBy: ['test/app/desk-file.test.ts'],
  },
]
