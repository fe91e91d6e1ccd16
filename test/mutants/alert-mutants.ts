/** Planted bugs about what people are told, and about the log's files. */
import type { Mutant } from './mutant.ts'

export const alertMutants: readonly Mutant[] = [
  {
    id: 'never-says-that-it-is-over',
    invariant: 'R1',
    bug: 'the end of a condition is not told',
    edits: [{ file: 'src/actors/alerting/alert-rules.ts', from: 'if (known?.holds !== true) return undefined', to: 'if (known?.holds !== false) return undefined' }],
    caughtBy: ['test/alerting/alerting-property.test.ts'],
  },
  {
    id: 'tells-every-restart',
    invariant: 'W1',
    bug: 'a start that is refused tells what the one before it has told',
    edits: [{ file: 'src/app/alerts/life-rules.ts', from: 'now - at < (delivered ? quietMs : retryMs)', to: 'now - at < (delivered ? 0 : retryMs)' }],
    caughtBy: ['test/app/alerts-life.test.ts', 'test/app/alerts.test.ts'],
  },
  {
    id: 'never-says-that-it-runs-again',
    invariant: 'W3',
    bug: 'people are left to believe that no desk runs',
    edits: [{ file: 'src/app/alerts/life-rules.ts', from: ' && !(isStart(own) && isNewsThatItRuns(notices))', to: '' }],
    caughtBy: ['test/app/alerts-life.test.ts'],
  },
  {
    id: 'drops-the-worst-first',
    invariant: 'C3',
    bug: 'a queue that is full loses the most severe alerts',
    edits: [{ file: 'src/actors/alerting/notice-queue.ts', from: 'new Set([...all].sort((a, b) => rank(a) - rank(b))', to: 'new Set([...all].sort((a, b) => rank(b) - rank(a))' }],
    caughtBy: ['test/alerting/alerting.test.ts'],
  },
  {
    id: 'waits-for-the-channel',
    invariant: 'C2',
    bug: 'a delivery that hangs is waited for without a bound',
    edits: [{ file: 'src/actors/alerting/channel.ts', from: 'await Promise.race([delivery, late])', to: 'await delivery' }],
    caughtBy: ['test/alerting/alerting.test.ts'],
  },
  {
    id: 'storms-its-readers',
    invariant: 'C1',
    bug: 'the pace of a channel knows no bound',
    edits: [{ file: 'src/actors/alerting/channel.ts', from: 'this.#attempts.length < policy.mostPerMinute ? 0', to: 'this.#attempts.length < policy.mostPerMinute * 100 ? 0' }],
    caughtBy: ['test/alerting/alerting-property.test.ts'],
  },
  {
    id: 'believes-the-name-twice',
    invariant: 'N1',
    bug: 'a name is resolved again for the connection, after its address was looked at',
    edits: [{ file: 'src/adapters/notifiers/http.ts', from: '{ lookup: (_host, _options, done) => done(null, [target]) }', to: '{}' }],
    caughtBy: ['test/notifiers/outbound.test.ts'],
  },
  {
    id: 'pings-without-a-store',
    invariant: 'M1',
    bug: 'the dead man says that he is well while the store is away',
    edits: [{ file: 'src/actors/alerting/dead-man.ts', from: "if (storeAway) return 'the store does not answer'", to: "if (storeAway && state === '') return 'the store does not answer'" }],
    caughtBy: ['test/alerting/dead-man.test.ts'],
  },
  {
    id: 'dies-of-a-full-disk',
    invariant: 'F2',
    bug: 'a log line that cannot be written is thrown at who writes it',
    edits: [{ file: 'src/adapters/pino/rolling-file.ts', from: '      // Half a line may stand there: opening again ends it.\n      this.#forget()', to: '      if (this.#bytes >= 0) throw error' }],
    caughtBy: ['test/pino/rolling-file.test.ts'],
  },
  {
    id: 'keeps-quiet-on-the-ramp',
    invariant: 'R4',
    bug: 'what is news while trading comes back is not handed on',
    edits: [{ file: 'src/actors/alerting/channel.ts', from: "(told.closer && least !== 'critical')", to: "(told.closer && least === 'info')" }],
    caughtBy: ['test/desk/alerts.test.ts'],
  },
]
