/** The command line: reads what is asked, runs it, and ends with the right code. */
import { Argument, Command, CommanderError, Option } from 'commander'
import type { ArmOptions } from './commands/arm.ts'
import type { AuditLogOptions } from './commands/audit-log.ts'
import type { BackupOptions, RestoreOptions } from './commands/backup.ts'
import type { DemoOptions } from './commands/demo.ts'
import type { LogsOptions } from './commands/logs.ts'
import type { LookOptions } from './commands/look.ts'
import type { PerformanceOptions } from './commands/performance.ts'
import type { ReplayOptions } from './commands/replay.ts'
import type { RunOptions } from './commands/run.ts'
import type { SandboxOptions } from './commands/sandbox.ts'
import type { SimulateOptions } from './commands/simulate.ts'
import type { SteerOptions, Wish } from './commands/steer.ts'
import type { KillLevel } from '../machines/kill-switch/kill-switch-context.ts'
import { addExamples } from './command-line/examples.ts'
import { amount, config, json, number, port, runs, venue, whole } from './command-line/options.ts'
import { declarePreparing } from './command-line/preparing.ts'
import { noteLine } from './output.ts'
import { exitCodes, Problem, type ExitCode } from './problem.ts'
import { version } from './version.ts'

// Whoever reads the output may go away first; the desk does not end for it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const program = new Command('nightdesk')
  .description('An unattended spot-trading desk.')
  .version(version)
  .showHelpAfterError('(try --help)')
  .exitOverride()

/** A command's code is loaded when it is asked for, so that a short one starts fast. */
const look = {
  status: async (options: LookOptions) => (await import('./commands/look.ts')).status(options),
  orders: async (options: LookOptions) => (await import('./commands/look.ts')).orders(options),
  pairs: async (options: LookOptions) => (await import('./commands/look.ts')).pairs(options),
  inspect: async (address: string, options: LookOptions) => (await import('./commands/look.ts')).inspect(address, options),
}

program
  .command('demo')
  .description('a sandbox exchange, the desk and its page, with no keys and no network')
  .option('--until-closed <pairs>', 'end after so many trade pairs of this run have closed', whole(1, 1_000_000))
  .option('--seed <seed>', 'seed of the synthetic market')
  .option('--replay <file>', 'play a recording instead')
  .option('--speed <factor>', 'the market runs so many times as fast')
  .option('--resume', 'go on with the last resumable demo')
  .addOption(venue())
  .addOption(port())
  .addOption(json())
  .action(runs(async (options: DemoOptions) => (await import('./commands/demo.ts')).demo(options)))

program
  .command('sandbox')
  .description('the sandbox exchange alone; prints its addresses as one JSON line')
  .addOption(venue())
  .option('--port <port>', 'first of four ports')
  .option('--seed <seed>', 'seed of the synthetic market')
  .option('--replay <file>', 'play a recording instead')
  .option('--speed <factor>', 'the market runs so many times as fast')
  .option('--home <folder>', 'where its ledger and keys are kept')
  .action(runs(async (options: SandboxOptions) => (await import('./commands/sandbox.ts')).sandbox(options)))

declarePreparing(program)

program
  .command('run')
  .description('the desk, until it is told to stop')
  .addOption(config().makeOptionMandatory())
  .addOption(port())
  .addOption(json())
  .action(runs(async (options: RunOptions) => (await import('./commands/run.ts')).run(options)))

program
  .command('simulate')
  .description('the whole desk in a simulated world with faults, seed after seed; 1 when a promise is broken')
  .option('--seeds <count>', 'how many seeds', whole(1, 10_000_000), 200)
  .option('--from <seed>', 'the first of them', whole(0, 1_000_000_000), 1)
  .option('--seed <seed>', 'this one alone', whole(0, 1_000_000_000))
  .option('--only <kinds>', 'only these kinds of fault, separated by commas')
  .option('--seconds <seconds>', 'how long faults fall, in simulated seconds', whole(1, 3_600))
  .option('--workers <count>', 'worker processes (default: one a core)', whole(1, 256))
  .option('--twice', 'run every seed twice and compare')
  .option('--trace', 'print what happens')
  .addOption(json())
  .action(runs(async (options: SimulateOptions) => (await import('./commands/simulate.ts')).simulate(options)))

const looks = (name: string, text: string): Command =>
  program.command(name).description(text).addOption(config()).addOption(json()).option('--limit <rows>', 'most rows', whole(1, 100_000), 1_000)

looks('status', 'what the desk is doing, and its process id').action(runs(look.status))
looks('orders', 'live orders').option('--all', 'ended ones too').option('--state <state>', 'only in this state').action(runs(look.orders))
looks('pairs', 'open trade pairs').option('--all', 'ended ones too').option('--state <state>', 'only in this state').action(runs(look.pairs))
looks('inspect', 'one actor: its state, its history, what may happen next')
  .argument('<address>', 'such as order/<id>, trade-pair/<id> or desk')
  .action(runs(look.inspect))

looks('replay', 'the past of one actor, lived again from its journal, step by step; 1 when it does not lead to its row')
  .argument('<address>', 'such as order/<id>, trade-pair/<id> or desk')
  .option('--after <seq>', 'only the steps after this one', whole(0, 1_000_000_000))
  .action(runs(async (address: string, options: ReplayOptions) => (await import('./commands/replay.ts')).replay(address, options)))
looks('pnl', 'what closed round trips have earned, by UTC day and instrument').action(runs(async (options: LookOptions) => (await import('./commands/look.ts')).pnl(options)))
program
  .command('performance')
  .description('how the round trips did: profit, win rate, expectancy, dust, and a hash of all that was traded')
  .option('--capital <amount>', 'quote money given to the desk: adds return, drawdown and ratios', amount)
  .addOption(config())
  .addOption(json())
  .action(runs(async (options: PerformanceOptions) => (await import('./commands/performance.ts')).performance(options)))
program
  .command('positions')
  .description('what the running desk holds: age, cost, break-even, market value, distance to target')
  .addOption(json())
  .action(runs(async (options: { json?: boolean }) => (await import('./commands/ask.ts')).positions(options)))
looks('audit-log', 'decisions, newest first: proposals, denials, commands, repairs')
  .option('--pair <id>', 'only about this trade pair')
  .option('--order <id>', 'only about this order')
  .option('--rule <rule>', 'only where this rule of the gate has decided')
  .option('--kind <kind>', 'only of this kind, such as kill or denial')
  .option('--verify', 'walk along the chain; 1 where a row is missing or was changed')
  .action(runs(async (options: AuditLogOptions) => (await import('./commands/audit-log.ts')).auditLog(options)))

program
  .command('why')
  .description('why the desk is, or is not, taking entries now')
  .argument('[instrument]', 'such as BTC-USD')
  .addOption(json())
  .action(runs(async (instrument: string | undefined, options: { json?: boolean }) => (await import('./commands/why.ts')).why(instrument, options)))

program
  .command('audit')
  .description("the sandbox's ledger against the rows; 1 unless they agree")
  .addOption(config().makeOptionMandatory())
  .option('--settle <seconds>', 'wait so long for both sides to be quiet', whole(0, 3_600), 0)
  .addOption(json())
  .action(runs(async (options: { config: string; settle: number; json?: boolean }) => (await import('./commands/audit.ts')).auditCommand(options)))

const says = (name: string, text: string): Command =>
  program.command(name).description(text).addOption(config().makeOptionMandatory()).requiredOption('--reason <words>', 'why, for whoever reads it later').addOption(json())

says('arm', 'let this very configuration trade real money')
  .option('--confirm <fingerprint>', 'the fingerprint that arm shows when it is left out')
  .action(runs(async (options: ArmOptions) => (await import('./commands/arm.ts')).arm(options)))
says('disarm', 'take that back: the next start is refused').action(runs(async (options: ArmOptions) => (await import('./commands/arm.ts')).disarm(options)))

/** A command to the desk that runs here. */
const steers = (name: string, text: string): Command =>
  program
    .command(name)
    .description(text)
    .requiredOption('--reason <words>', 'why, for the audit log')
    .option('--id <id>', 'the same id again does nothing and answers as before')
    .addOption(json())

const send = (wish: Wish, options: SteerOptions): Promise<ExitCode> => import('./commands/steer.ts').then(({ steer }) => steer(wish, options))

for (const [kind, text] of [['pause', 'take no new entries until resumed'], ['resume', 'take entries again'], ['reconcile', 'compare the rows with the venue now']] as const) {
  steers(kind, text).action(runs((options: SteerOptions) => send({ kind }, options)))
}
steers('kill', 'throw the kill switch: it stays on over every restart')
  .addOption(new Option('--level <level>', 'stop new entries; cancel every order; sell everything').choices(['entries', 'orders', 'flatten']).makeOptionMandatory())
  .action(runs(async (options: SteerOptions & { level: KillLevel }) => (await import('./commands/steer.ts')).kill(options)))
steers('unkill', 'lift the kill switch: limits come back in steps').action(runs((options: SteerOptions) => send({ kind: 'unkill' }, options)))
for (const [kind, text] of [
  ['hold', 'stop a trade pair until it is released'],
  ['release', 'let a held trade pair go on'],
  ['close', 'sell what a trade pair holds at once, whatever it earns'],
  ['close-externally', 'a person has sold or moved what a trade pair held'],
] as const) {
  steers(kind, text).argument('<pair>', 'id of an open trade pair').action(runs((pair: string, options: SteerOptions) => send({ kind, pair }, options)))
}
steers('set-target', 'offer what a trade pair holds at a price of your own')
  .argument('<pair>', 'id of an open trade pair')
  .argument('<price>', 'no lower than where it breaks even')
  .action(runs((pair: string, price: string, options: SteerOptions) => send({ kind: 'set-target', pair, price }, options)))
steers('reset-breaker', 'end the trip of a breaker: entries are taken again')
  .argument('<name>', 'as "nightdesk why" names it')
  .action(runs((breaker: string, options: SteerOptions) => send({ kind: 'reset-breaker', breaker }, options)))
steers('cancel', 'call off a resting buy, or the sell of a held pair').argument('<order>', 'client order id').action(runs((order: string, options: SteerOptions) => send({ kind: 'cancel', order }, options)))
steers('buy', 'begin a round trip: a post-only buy, covered for the target')
  .argument('<instrument>', 'such as BTC-USD')
  .argument('<quantity>', 'in base currency')
  .argument('<price>', 'of the buy')
  .requiredOption('--target-bps <bps>', 'net profit of the cost, in basis points', number(0.01, 10_000))
  .action(runs((instrument: string, quantity: string, price: string, options: SteerOptions & { targetBps: number }) => send({ kind: 'buy', instrument, quantity, price, targetBps: options.targetBps }, options)))
steers('adopt', 'take over a buy that was placed by hand').argument('<order>', "the venue's own order id").action(runs((order: string, options: SteerOptions) => send({ kind: 'adopt', order }, options)))

program
  .command('preview')
  .description('what the gate and the venue would say to an order; nothing is sent')
  .argument('<instrument>', 'such as BTC-USD')
  .addArgument(new Argument('<side>').choices(['buy', 'sell']))
  .argument('<quantity>', 'in base currency')
  .argument('<price>', 'its limit')
  .option('--taker', 'an order that may take, not a post-only one')
  .addOption(json())
  .action(runs(async (...[instrument, side, quantity, price, options]: [string, string, string, string, { taker?: boolean; json?: boolean }]) => (await import('./commands/ask.ts')).preview({ instrument, side, quantity, price, postOnly: String(options.taker !== true) }, options)))
program
  .command('execution')
  .description('what became of one order: filled, average price, fees, slippage')
  .argument('<order>', 'client order id')
  .addOption(json())
  .action(runs(async (order: string, options: { json?: boolean }) => (await import('./commands/ask.ts')).execution(order, options)))

const alerts = program
  .command('alerts')
  .description('what people are told unasked: every alert, what it means')
  .addOption(json())
  .action(runs(async (options: { json?: boolean }) => (await import('./commands/alerts.ts')).listAlerts(options)))
alerts
  .command('test')
  .description('send one test notice over every channel; 69 when one was not delivered')
  .addOption(config().makeOptionMandatory())
  .addOption(json())
  .action(runs(async (_options: object, command: Command) => (await import('./commands/alerts.ts')).testAlerts(command.optsWithGlobals<{ config: string; json?: boolean }>())))

program
  .command('logs')
  .description('the log, across its files; the oldest line first')
  .addOption(config())
  .option('--follow', 'go on with what is added, until interrupted')
  .option('--pretty', 'one line for people, in place of JSON')
  .addOption(new Option('--level <level>', 'only lines that are at least so severe').choices(['debug', 'info', 'warn', 'error']))
  .option('--grep <address>', 'only lines about this actor, such as order/<id> or trade-pair/<id>')
  .action(runs(async (options: LogsOptions) => (await import('./commands/logs.ts')).logs(options)))

program
  .command('backup')
  .description('write every row of the desk into one compressed file, while it runs or not')
  .requiredOption('--out <file>', 'where to write it, such as nightdesk-2026-11-21.backup.gz; nothing is replaced')
  .addOption(config())
  .addOption(json())
  .action(runs(async (options: BackupOptions) => (await import('./commands/backup.ts')).backup(options)))
program
  .command('restore')
  .description('put a backup into an empty store; the next start compares it with the venue')
  .requiredOption('--from <file>', 'what "nightdesk backup" has written')
  .addOption(config())
  .addOption(json())
  .action(runs(async (options: RestoreOptions) => (await import('./commands/backup.ts')).restore(options)))
program
  .command('migrate')
  .description("bring the store's schema up to date")
  .addOption(config())
  .addOption(json())
  .action(runs(async (options: { config?: string; json?: boolean }) => (await import('./commands/migrate.ts')).migrateCommand(options)))

addExamples(program)

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCodes.fine : exitCodes.usage
  else if (error instanceof Problem) {
    noteLine(`nightdesk: ${error.message}`)
    process.exitCode = error.code
  } else {
    noteLine(`nightdesk: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    process.exitCode = exitCodes.internal
  }
}
process.exit()
