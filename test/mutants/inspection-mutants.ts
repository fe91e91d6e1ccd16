/** Planted bugs of looking: time travel, charts, the page. */
import type { Mutant } from './mutant.ts'

export const inspectionMutants: readonly Mutant[] = [
  {
    id: 'replays-without-comparing',
    invariant: 'I15',
    bug: 'a replay believes where the journal says that an event has led',
    edits: [{ file: 'src/actors/replay.ts', from: 'if (from !== event.from || to !== event.to) ', to: 'if (from !== event.from && to !== event.to) ' }],
    caughtBy: ['test/actors/replay.test.ts', 'test/simulation/replay.test.ts'],
  },
  {
    id: 'replays-without-the-memory',
    invariant: 'I15',
    bug: 'a replay compares state and columns, and not what is remembered',
    edits: [{ file: 'src/actors/row-differences.ts', from: 'return [...unreadable, ...columns, ...memory]', to: 'return [...unreadable, ...columns]' }],
    caughtBy: ['test/actors/replay.test.ts', 'test/simulation/replay.test.ts'],
  },
  {
    id: 'blames-an-old-row',
    invariant: 'I15',
    bug: 'a row of an older version is blamed for what an upcaster has assumed',
    edits: [{ file: 'src/actors/row-differences.ts', from: '    .filter(({ name }) => isKnown(name))\n', to: '    .filter(({ name }) => isKnown(name) || name !== \'\')\n' }],
    caughtBy: ['test/actors/replay.test.ts'],
  },
  {
    id: 'blames-a-living-row',
    invariant: 'I15',
    bug: 'what happens to an actor while it is replayed counts as a difference',
    edits: [{ file: 'src/app/replay.ts', from: 'more.length > 0 && (await reads.actor(address))?.seq === seq', to: 'more.length > 0' }],
    caughtBy: ['test/actors/replay.test.ts'],
  },
  {
    id: 'remembers-every-price',
    invariant: 'I11',
    bug: 'the price history forgets nothing',
    edits: [{ file: 'src/actors/price-history.ts', from: 'this.#next = (this.#next + 1) % mostPoints', to: 'this.#next++' }],
    caughtBy: ['test/actors/price-history.test.ts'],
  },
  {
    id: 'draws-markup',
    invariant: 'I14',
    bug: 'a drawing shows names as they are, markup and all',
    edits: [{ file: 'src/adapters/statechart-svg/index.ts', from: '.replace(/[&<>"\']/g, (sign) => entities[sign] ?? sign)', to: '' }],
    caughtBy: ['test/http/statechart-svg.test.ts'],
  },
  {
    id: 'commands-anew-at-every-click',
    invariant: 'I14',
    bug: 'a command of the page has a new id each time it is sent',
    edits: [{ file: 'dashboard/src/commands/send.ts', from: 'return { id, kind,', to: 'return { id: `${id}-${performance.now()}`.replace(/[.]/g, ""), kind,' }],
    caughtBy: ['test/http/page-commands.test.ts'],
  },
  {
    id: 'forgets-the-last-event',
    invariant: 'I12',
    bug: 'a page whose stream was cut goes on with what comes next, and misses what came meanwhile',
    edits: [{ file: 'src/adapters/http/stream-routes.ts', from: 'if (header === undefined || header === \'\') return asked', to: 'if (header !== undefined) return asked' }],
    caughtBy: ['test/http/stream.test.ts'],
  },
]
