/** Planted bugs of a person's hand and of real money's locks. */
import type { Mutant } from './mutant.ts'

export const steeringMutants: readonly Mutant[] = [
  {
    id: 'halts-only-entries',
    invariant: 'I10',
    bug: 'a halt by the kill switch lets covering sells through',
    edits: [{ file: 'src/risk/gate.ts', from: '[status, halt, size]', to: '[status, size]' }],
    caughtBy: ['test/risk/gate.test.ts', 'test/desk/steering.test.ts'],
  },
  {
    id: 'kills-once',
    invariant: 'I10',
    bug: 'a thrown switch ends only the orders of that moment',
    edits: [{ file: 'src/actors/kill-watch.ts', from: '    if (halted) this.#timer = clock.after(everyMs, () => this.round())\n', to: '' }],
    caughtBy: ['test/desk/steering.test.ts'],
  },
  {
    id: 'forgets-the-kill',
    invariant: 'I10',
    bug: 'a switch that was thrown before the start is not looked at',
    edits: [{ file: 'src/actors/steering.ts', from: '    this.#watch.round()\n  }\n\n  stop', to: '  }\n\n  stop' }],
    caughtBy: ['test/desk/steering.test.ts'],
  },
  {
    id: 'commands-twice',
    invariant: 'I14',
    bug: 'the same command id is carried out again',
    edits: [{ file: 'src/actors/commands.ts', from: 'if (before !== undefined) return', to: 'if (before !== undefined && before.kind !== kind) return' }],
    caughtBy: ['test/desk/steering.test.ts'],
  },
  {
    id: 'commands-without-a-token',
    invariant: 'I14',
    bug: 'a command needs no token',
    edits: [{ file: 'src/adapters/http/guard.ts', from: 'return mayCommand(authorization, door.tokens) ? bodyProblem', to: 'return mayCommand(authorization, door.tokens) || true ? bodyProblem' }],
    caughtBy: ['test/http/commands.test.ts'],
  },
  {
    id: 'commands-for-readers',
    invariant: 'I14',
    bug: 'the token that reads commands as well',
    edits: [{ file: 'src/adapters/http/guard.ts', from: 'return mayCommand(authorization, door.tokens) ? bodyProblem', to: 'return mayRead(authorization, door.tokens) && door.tokens.read !== undefined ? bodyProblem' }],
    caughtBy: ['test/http/remote.test.ts'],
  },
  {
    id: 'reads-for-everybody',
    invariant: 'I14',
    bug: 'a desk that others can reach is read without a token',
    edits: [{ file: 'src/adapters/http/tokens.ts', from: 'tokens.read === undefined || holds(header, tokens.read)', to: 'tokens.read === undefined || header === undefined || holds(header, tokens.read)' }],
    caughtBy: ['test/http/remote.test.ts'],
  },
  {
    id: 'takes-any-key',
    invariant: 'I13',
    bug: 'a key of another environment is used',
    edits: [{ file: 'src/app/venues/credentials.ts', from: '  if (found.environment !== environment) {', to: '  if (found.environment === "never") {' }],
    caughtBy: ['test/app/credentials.test.ts'],
  },
  {
    id: 'lets-secrets-into-the-log',
    invariant: 'I13',
    bug: 'what looks like a signature is written to the log',
    edits: [{ file: 'src/adapters/pino/redact.ts', from: '  /(signature(?:=|%3D|"?\\s*:\\s*\\\\?"))[\\w%+/=-]+/gi,\n', to: '' }],
    caughtBy: ['test/pino/redact.test.ts'],
  },
]
