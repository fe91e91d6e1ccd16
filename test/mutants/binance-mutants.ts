/** Planted bugs in the Binance adapter: what goes wrong there first. */
import type { Mutant } from './mutant.ts'

const folder = 'src/adapters/binance'

export const binanceMutants: readonly Mutant[] = [
  {
    id: 'binance-writes-twice',
    invariant: 'I1',
    bug: 'the same client order id is written again',
    edits: [{ file: `${folder}/order-entry.ts`, from: 'if (this.#written.has(clientOrderId)) return false', to: "if (clientOrderId === '') return false" }],
    caughtBy: ['test/binance/order-entry.test.ts'],
  },
  {
    id: 'binance-signs-when-it-sends',
    invariant: 'I1',
    bug: 'a create is signed with the time of its sending, however old its claim is',
    edits: [{ file: `${folder}/rest.ts`, from: 'const { at, windowMs } = signed ?? {', to: 'const { at, windowMs } = { ...signed,' }],
    caughtBy: ['test/binance/order-entry.test.ts'],
  },
  {
    id: 'binance-believes-a-broken-venue',
    invariant: 'I7',
    bug: 'a refusal that comes with a 503 ends the order',
    edits: [{ file: `${folder}/failures.ts`, from: '[400, 401, 403, 418, 429].includes', to: '[400, 401, 403, 418, 429, 503].includes' }],
    caughtBy: ['test/binance/failures.test.ts'],
  },
  {
    id: 'binance-believes-any-refusal',
    invariant: 'I7',
    bug: 'every text of the engine ends the order, also one that may speak of a duplicate in new words',
    edits: [{ file: `${folder}/refusal-reasons.ts`, from: 'code === newOrderRefused ? said :', to: "code === newOrderRefused ? (said ?? 'other') :" }],
    caughtBy: ['test/binance/failures.test.ts'],
  },
  {
    id: 'binance-reads-one-page',
    invariant: 'I3',
    bug: 'a list ends with its second page',
    edits: [{ file: `${folder}/history.ts`, from: 'if (next.value.length < pageRows) return ok(rows)', to: 'return ok(rows)' }],
    caughtBy: ['test/binance/reads.test.ts'],
  },
  {
    id: 'binance-proves-absence-by-nothing',
    invariant: 'I7',
    bug: 'where no list can be read at all, nothing was found',
    edits: [{ file: `${folder}/order-reads.ts`, from: 'if (markets.value.length === 0)', to: 'if (markets.value.length < 0)' }],
    caughtBy: ['test/binance/reads.test.ts'],
  },
  {
    id: 'binance-takes-the-name-of-the-cancel',
    invariant: 'I7',
    bug: 'a report of a cancel carries the name of the cancel instead of the order',
    edits: [{ file: `${folder}/execution-report.ts`, from: "row.C ?? row.c ?? ''", to: "row.c ?? ''" }],
    caughtBy: ['test/binance/feeds.test.ts'],
  },
  {
    id: 'binance-cancels-through-a-ban',
    invariant: 'I10',
    bug: 'a cancel leaves although the venue wants silence',
    edits: [
      { file: `${folder}/limits.ts`, from: 'if (this.embargo !== undefined) return this.embargo', to: "if (this.embargo !== undefined && lane !== 'cancel') return this.embargo" },
      { file: `${folder}/limits.ts`, from: '    return this.embargo\n  }\n\n  /** Takes what', to: "    return lane === 'cancel' ? undefined : this.embargo\n  }\n\n  /** Takes what" },
    ],
    caughtBy: ['test/binance/limits.test.ts'],
  },
  {
    id: 'binance-lets-go-too-soon',
    invariant: 'I12',
    bug: 'the old connection is let go before the new one serves',
    edits: [{ file: `${folder}/rolling-stream.ts`, from: 'this.#successor = this.#connect()', to: 'this.#current.stream.close()\n    this.#successor = this.#connect()' }],
    caughtBy: ['test/binance/renewal.test.ts'],
  },
  {
    id: 'binance-sees-no-gap',
    invariant: 'I9',
    bug: 'a book goes on although a change is missing',
    edits: [{ file: `${folder}/order-book.ts`, from: 'if (diff.firstId > this.#lastId + 1) {', to: 'if (diff.firstId < 0) {' }],
    caughtBy: ['test/binance/order-book.test.ts'],
  },
  {
    id: 'binance-logs-the-signature',
    invariant: 'I13',
    bug: 'requests are logged with their URLs',
    edits: [{ file: `${folder}/rest.ts`, from: '    const moment = moments[lane]\n', to: "    const moment = moments[lane]\n    settings.log.debug('venue.request', { url: request.url.href })\n" }],
    caughtBy: ['test/binance/order-entry.test.ts'],
  },
]
