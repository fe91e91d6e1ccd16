/** The commands that prepare a desk: a configuration, a look at everything, completion for the shell. */
import { Argument, Option, type Command } from 'commander'
import type { DoctorOptions } from '../commands/doctor.ts'
import type { InitOptions } from '../commands/init.ts'
import { printLine } from '../output.ts'
import { venueNames } from '../venues/names.ts'
import { completionFor, shells, type Shell } from './completion.ts'
import { config, json, runs } from './options.ts'

/** Declares them. */
export const declarePreparing = (program: Command): void => {
  program
    .command('init')
    .description('write a configuration to begin with, every setting explained; never overwrites')
    .addOption(new Option('--venue <name>', 'the venue').choices(venueNames).default('coinbase'))
    .addOption(new Option('--mode <mode>', 'what happens to orders').choices(['paper', 'dryRun', 'live']).default('paper'))
    .option('--sandbox <url>', 'for a running sandbox: the control URL that it printed')
    .option('--out <file>', 'where to write it', 'desk.yaml')
    .addOption(json())
    .action(runs(async (options: InitOptions) => (await import('../commands/init.ts')).init(options)))

  const configuration = program.command('config').description('make or check a configuration')
  configuration
    .command('demo')
    .description('write a configuration for a running sandbox')
    .requiredOption('--sandbox <url>', 'the control URL that the sandbox printed')
    .requiredOption('--out <file>', 'where to write it')
    .action(runs(async (options: { sandbox: string; out: string }) => (await import('../commands/config.ts')).configDemo(options)))
  configuration
    .command('schema')
    .description('the JSON Schema of a configuration, for editors')
    .addOption(json())
    .action(runs(async (options: { json?: boolean }) => (await import('../commands/config.ts')).configSchemaCommand(options)))
  configuration
    .command('check')
    .description('read a configuration and show it with every default')
    .addOption(config().makeOptionMandatory())
    .addOption(json())
    .action(runs(async (options: { config: string; json?: boolean }) => (await import('../commands/config.ts')).configCheck(options)))

  program
    .command('doctor')
    .description('look at everything that a start needs: machine, store, venue, key; 1 when there is a problem')
    .addOption(config())
    .addOption(json())
    .action(runs(async (options: DoctorOptions) => (await import('../commands/doctor.ts')).doctor(options)))

  program
    .command('completion')
    .description('completion for a shell, to be sourced')
    .addArgument(new Argument('<shell>').choices(shells))
    .action((shell: Shell) => printLine(completionFor(shell, program)))
}
