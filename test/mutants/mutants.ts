/** One planted bug for every invariant, and for the shortcuts that others have taken. */
import { alertMutants } from './alert-mutants.ts'
import { binanceMutants } from './binance-mutants.ts'
import { ccxtMutants } from './ccxt-mutants.ts'
import { exitMutants } from './exit-mutants.ts'
import { inspectionMutants } from './inspection-mutants.ts'
import { keepingMutants } from './keeping-mutants.ts'
import type { Mutant } from './mutant.ts'
import { paperMutants } from './paper-mutants.ts'
import { steeringMutants } from './steering-mutants.ts'
import { strategyMutants } from './strategy-mutants.ts'

export const mutants: readonly Mutant[] = [
  {
    id: 'sends-again',
    invariant: 'I1',
    bug: 'a create without an answer is sent again with the same id',
    edits: [
      { file: 'src/machines/order/order-machine.ts', from: "actions: ['look it up', 'count the look-up', ...doubt],\n          },\n          ignored,\n        ],\n        // Another", to: "actions: ['send the order', 'look it up', 'count the look-up', ...doubt],\n          },\n          ignored,\n        ],\n        // Another" },
      { file: 'src/adapters/coinbase/order-entry.ts', from: 'if (this.#written.has(clientOrderId)) return false', to: 'if (clientOrderId === "") return false' },
      { file: 'src/actors/order-executor.ts', from: 'if (ageMs > sendWithinMs)', to: 'if (ageMs > sendWithinMs * 1e9)' },
    ],
    caughtBy: 'simulation',
  },
  {
    id: 'believes-the-first-not-found',
    invariant: 'I1',
    bug: 'one look-up that finds nothing means that the order was never placed',
    edits: [
      { file: 'src/machines/order/order-rules.ts', from: '  countsAsMiss(context, moment) &&\n  context.missed !== null &&\n  isApart(context.missed, moment, context.policy.apartMs) &&\n', to: '' },
    ],
    caughtBy: 'simulation',
  },
  {
    id: 'stands-still-and-looks-alive',
    invariant: 'I11',
    bug: 'a desk whose loop has failed goes on without it',
    edits: [{ file: 'src/actors/turn-loop.ts', from: "        this.#end('broken')\n", to: '' }],
    caughtBy: ['test/actors/turn-loop.test.ts'],
  },
  {
    id: 'takes-the-later-first',
    invariant: 'I6',
    bug: 'a message whose row could not be read is taken before those that came before it',
    edits: [
      { file: 'src/actors/turn-loop.ts', from: '    if (!poisoned) this.#inbox.unshift(waiting)\n', to: '' },
      { file: 'src/actors/turn-loop.ts', from: '    if (!poisoned) {\n      await this.#pause', to: '    if (!poisoned) {\n      this.#inbox.unshift(waiting)\n      await this.#pause' },
    ],
    caughtBy: ['test/actors/turn-loop.test.ts'],
  },
  {
    id: 'hands-out-a-stale-row',
    invariant: 'I15',
    bug: 'a row that the start has read is handed out again when it is no longer true',
    edits: [{ file: 'src/actors/row-reader.ts', from: '      this.#known.delete(address)\n', to: '' }],
    caughtBy: ['test/actors/row-reader.test.ts'],
  },
  {
    id: 'sends-before-the-claim',
    invariant: 'I2',
    bug: 'effects leave when they are decided, not when they are durable',
    edits: [
      { file: 'src/actors/turn-loop.ts', from: '    const number = ++this.#batches\n', to: '    for (const turn of turns) for (const effect of turn.effects) this.#options.perform(effect, turn)\n    const number = ++this.#batches\n' },
      { file: 'src/actors/turn-loop.ts', from: '    for (const turn of turns) for (const effect of turn.effects) this.#options.perform(effect, turn)\n    next?.()', to: '    next?.()' },
    ],
    caughtBy: 'simulation',
  },
  {
    id: 'signs-when-it-sends',
    invariant: 'I1',
    bug: 'a create is signed with the time of its sending, however old its claim is',
    edits: [
      { file: 'src/adapters/coinbase/rest.ts', from: 'signed?.at ?? this.#venueClock.now()', to: 'this.#venueClock.now()' },
      { file: 'src/adapters/coinbase/rest.ts', from: 'if (signed !== undefined && this.#venueClock.now() >= signed.at + signed.lifetimeMs)', to: 'if (signed !== undefined && signed.lifetimeMs < 0)' },
      { file: 'src/actors/order-executor.ts', from: 'if (ageMs > sendWithinMs)', to: 'if (ageMs > sendWithinMs * 1e9)' },
    ],
    // Seeds of the simulation that freeze a process at just this moment are rare: 870 is one.
    caughtBy: ['test/actors/order-executor.test.ts', 'test/coinbase/order-entry.test.ts'],
  },
  {
    id: 'books-every-listing',
    invariant: 'I3',
    bug: 'fills that are listed again are booked again',
    edits: [{ file: 'src/machines/order/order-rules.ts', from: '  return fills.filter((fill) => !known.has(fill.tradeId) && known.add(fill.tradeId))', to: '  return fills.filter((fill) => known.add(fill.tradeId))' }],
    caughtBy: 'simulation',
  },
  {
    id: 'entries-through-a-breaker',
    invariant: 'I10',
    bug: 'the gate does not ask for breakers',
    edits: [{ file: 'src/risk/gate.ts', from: 'tradingState, breaker, freshQuote', to: 'tradingState, freshQuote' }],
    caughtBy: ['test/risk/gate.test.ts', 'test/desk/breakers.test.ts'],
  },
  {
    id: 'entries-before-the-round',
    invariant: 'X1',
    bug: 'a market that falls between two rounds trips nothing before the next entry',
    edits: [{ file: 'src/actors/desk-gate.ts', from: "...(request.side === 'buy' ? this.#tripping() : [])", to: '' }],
    caughtBy: ['test/desk/crash.test.ts'],
  },
  {
    id: 'counts-a-pair-twice',
    invariant: 'I10',
    bug: 'a pair that came back for a late fill is counted again with all that it earned',
    edits: [{ file: 'src/actors/breakers/consequences.ts', from: "const change = minus(is ?? money('0'), was ?? money('0'))", to: "const change = minus(is ?? money('0'), money('0'))" }],
    caughtBy: ['test/actors/breakers.test.ts'],
  },
  {
    id: 'a-day-that-begins-again',
    invariant: 'I10',
    bug: 'a wall clock that is set back begins another day with nothing lost',
    edits: [{ file: 'src/machines/breaker/period.ts', from: 'Math.max(Math.floor(at / lengthMs), period ?? 0)', to: 'Math.floor(at / lengthMs) + Math.min(period ?? 0, 0)' }],
    caughtBy: ['test/machines/breaker-story.test.ts', 'test/machines/breaker-property.test.ts'],
  },
  {
    id: 'a-day-that-ends-early',
    invariant: 'I10',
    bug: 'the trip of a day ends with its deadline, whatever the wall clock says',
    edits: [{ file: 'src/machines/breaker/breaker-rules.ts', from: "(trip.ends !== 'period' || event.at >= (trip.until ?? 0))", to: "(trip.ends !== 'period' || event.at >= 0)" }],
    caughtBy: ['test/machines/breaker-story.test.ts', 'test/machines/breaker-property.test.ts', 'test/desk/breakers.test.ts'],
  },
  {
    id: 'forgets-late-fills',
    invariant: 'I3',
    bug: 'an ended order takes no fills any more',
    edits: [{ file: 'src/machines/order/order-machine.ts', from: "    { guard: 'brings new fills', actions: [...takeFills, ...settle, 'warn of life after the end'] },\n    { actions: ['wait for fills that are missing', ...settle] },", to: "    { actions: ['wait for fills that are missing', ...settle] }," }],
    caughtBy: ['test/machines/order-story.test.ts'],
  },
  {
    id: 'sells-what-is-sold',
    invariant: 'I4',
    bug: 'the covering sell offers everything that was bought, what is sold already included',
    edits: [{ file: 'src/domain/exits.ts', from: '  const rest = minus(held, sold)\n', to: '  const rest = held\n' }],
    caughtBy: 'simulation',
  },
  {
    id: 'no-cover',
    invariant: 'I4',
    bug: 'a sell that ended with a rest is not replaced',
    edits: [{ file: 'src/machines/trade-pair/trade-pair-machine.ts', from: "        deadlineDue: [{ guard: 'is the cover deadline', target: 'sellPlaced', actions: placeCover }, tightens,", to: '        deadlineDue: [tightens,' }],
    caughtBy: 'simulation',
  },
  {
    id: 'books-without-fees',
    invariant: 'I5',
    bug: 'the account is expected to hold what it would without fees',
    edits: [{ file: 'src/domain/books.ts', from: 'feeAsset, minus(none, fee))', to: 'feeAsset, minus(none, none))' }],
    caughtBy: ['test/desk/reconciliation.test.ts'],
  },
  {
    id: 'goes-back',
    invariant: 'I6',
    bug: 'an older word of the venue overwrites a newer one',
    edits: [{ file: 'src/machines/order/order-rules.ts', from: '  const forward = before === null || rank[report.status] > rank[before.status]', to: '  const forward = before === null || rank[report.status] >= 0' }],
    caughtBy: ['test/machines/order-story.test.ts'],
  },
  {
    id: 'takes-silence-for-no',
    invariant: 'I7',
    bug: 'a create without an answer is taken for refused',
    edits: [{ file: 'src/machines/order/order-machine.ts', from: "        outcomeUnknown: 'resolving',\n        notFound: ignored,", to: "        outcomeUnknown: 'rejected',\n        notFound: ignored," }],
    caughtBy: 'simulation',
  },
  {
    id: 'takes-absence-for-an-end',
    invariant: 'I7',
    bug: 'an order that is missing from a list is taken for cancelled',
    edits: [
      { file: 'src/actors/reconciliation/orders.ts', from: '    const found = await venue.order(venueOrderId)\n', to: "    const found = { ok: true, value: { venueOrderId, clientOrderId: expected.clientOrderId, instrument: 'BTC-USD', side: 'buy', status: 'cancelled', executed: expected.filled } } as never as Awaited<ReturnType<typeof venue.order>>\n" },
    ],
    caughtBy: ['test/actors/reconciler.test.ts'],
  },
  {
    id: 'no-epoch',
    invariant: 'I8',
    bug: 'a process that lost the desk commits on',
    edits: [
      { file: 'src/adapters/memory/memory-journal.ts', from: "    if (this.#store.epoch !== this.#epoch) return { kind: 'epochLost' }\n", to: '' },
      { file: 'src/adapters/memory/memory-journal.ts', from: '    return this.#store.epoch === this.#epoch\n', to: '    return this.#store.epoch > 0\n' },
    ],
    caughtBy: 'simulation',
  },
  {
    id: 'no-epoch-in-postgres',
    invariant: 'I8',
    bug: 'PostgreSQL takes a batch whatever the epoch',
    edits: [{ file: 'migrations/0008-write-batch.ts', from: "WHERE name = 'desk' AND epoch = the_epoch FOR SHARE", to: "WHERE name = 'desk' AND the_epoch > 0 FOR SHARE" }],
    caughtBy: ['test/contracts/postgres-journal.test.ts'],
  },
  {
    id: 'takes-a-lost-epoch-for-a-refusal',
    invariant: 'I8',
    bug: 'a batch of a desk that was succeeded is told as refused when it also breaks a rule',
    edits: [
      { file: 'migrations/0008-write-batch.ts', from: "     IF NOT FOUND THEN\n       RAISE EXCEPTION USING ERRCODE = 'ND001', MESSAGE = format('epoch %s is not the lease''s any more', the_epoch);\n     END IF;\n", to: '' },
      { file: 'migrations/0008-write-batch.ts', from: '     -- The cover rule of 0001.\n', to: "     IF NOT EXISTS (SELECT FROM batches WHERE id = the_id) THEN\n       RAISE EXCEPTION USING ERRCODE = 'ND001', MESSAGE = format('epoch %s is not the lease''s any more', the_epoch);\n     END IF;\n" },
    ],
    caughtBy: ['test/contracts/postgres-journal.test.ts'],
  },
  {
    id: 'decides-on-old-prices',
    invariant: 'I9',
    bug: 'a quote is good for ever, gaps or not',
    edits: [
      { file: 'src/actors/price-board.ts', from: "if (quote === undefined || this.#state(entry) !== 'live') return undefined", to: 'if (quote === undefined) return undefined' },
      { file: 'src/risk/rules.ts', from: 'return quote.ageMs > limits.quoteMaxAgeMs ?', to: 'return quote.ageMs > limits.quoteMaxAgeMs * 1e9 ?' },
    ],
    caughtBy: ['test/desk/health.test.ts', 'test/actors/price-board.test.ts', 'test/risk/gate.test.ts'],
  },
  {
    id: 'forgets-what-it-just-allowed',
    invariant: 'I10',
    bug: 'orders approved a moment ago do not count towards the limit',
    edits: [{ file: 'src/actors/desk-view.ts', from: '    for (const [key, one] of this.#provisional) if (key !== except && (instrument === undefined || one.instrument === instrument)) total = plus(total, one.amount)\n', to: '' }],
    caughtBy: ['test/desk/desk-view.test.ts', 'test/desk/strategist.test.ts'],
  },
  {
    id: 'remembers-everything',
    invariant: 'I11',
    bug: 'the last words on orders are remembered for ever',
    edits: [{ file: 'src/actors/order-news.ts', from: '    if (this.#last.size > maxRemembered) this.#forgetOldest()\n', to: '' }],
    caughtBy: ['test/desk/order-news.test.ts'],
  },
  {
    id: 'asks-once',
    invariant: 'I12',
    bug: 'a look-up that fails is not made again',
    edits: [{ file: 'src/machines/order/order-setup.ts', from: "  { type: 'setDeadline', name: 'resolve', dueAt: event.at + rules.lookUpPause(context) },\n]", to: ']' }],
    caughtBy: 'simulation',
  },
  {
    id: 'trades-before-it-knows',
    invariant: 'I12',
    bug: 'the desk trades before it has compared itself with the venue',
    edits: [{ file: 'src/machines/desk/desk-machine.ts', from: "        restored: { target: 'reconciling', actions: 'count on a new run only' },", to: "        restored: { target: 'reconciled', actions: 'count on a new run only' }," }],
    caughtBy: ['test/machines/desk-story.test.ts', 'test/desk/start-up.test.ts'],
  },
  {
    id: 'logs-the-token',
    invariant: 'I13',
    bug: 'requests are logged with their headers',
    edits: [{ file: 'src/adapters/coinbase/rest.ts', from: '    if (!result.ok) return { kind: ', to: "    this.#settings.log.debug('venue.request', { headers })\n    if (!result.ok) return { kind: " }],
    caughtBy: 'simulation',
  },
  {
    id: 'opens-the-door',
    invariant: 'I14',
    bug: 'any host name leads to the page and the rows',
    edits: [{ file: 'src/adapters/http/guard.ts', from: "  if (host.length !== 1 || ![...hosts, ...names].includes(host[0] ?? '')) {", to: '  if (host.length > 1) {' }],
    caughtBy: ['test/http/security.test.ts'],
  },
  {
    id: 'shows-the-rows-with-the-page',
    invariant: 'G2',
    bug: 'what begins like a file of the page needs no token',
    edits: [{ file: 'src/adapters/http/guard.ts', from: 'url === livePath || pagePaths.has(url)', to: 'url === livePath || [...pagePaths].some((path) => url.startsWith(path))' }],
    caughtBy: ['test/http/remote.test.ts'],
  },
  {
    id: 'asks-the-clock',
    invariant: 'I15',
    bug: 'a machine asks the clock instead of its event',
    edits: [{ file: 'src/machines/trade-pair/trade-pair-rules.ts', from: '    boughtAt: context.boughtAt ?? at,', to: '    boughtAt: context.boughtAt ?? at + Date.now(),' }],
    caughtBy: 'simulation',
  },
  {
    id: 'counts-in-binary',
    invariant: 'I16',
    bug: 'amounts are added as binary fractions',
    edits: [{ file: 'src/domain/decimal.ts', from: "(canonical(new Exactly(a).plus(b)) as string as D))", to: '(canonical(new Exactly(Number(a) + Number(b))) as string as D))' }],
    caughtBy: ['test/domain/decimal.test.ts'],
  },
  ...alertMutants,
  ...binanceMutants,
  ...ccxtMutants,
  ...paperMutants,
  ...steeringMutants,
  ...exitMutants,
  ...inspectionMutants,
  ...keepingMutants,
  ...strategyMutants,
]
