/** Options that several commands have, and what their values must be. */
import { InvalidArgumentError, Option } from 'commander'
import { money, type Money } from '../../domain/decimal.ts'
import type { ExitCode } from '../problem.ts'
import { venueNames } from '../venues/names.ts'

export const whole = (least: number, most: number) => (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most) throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
  return value
}

export const number = (least: number, most: number) => (text: string): number => {
  const value = Number(text)
  if (text.trim() === '' || !(value >= least) || value > most) throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`)
  return value
}

export const amount = (text: string): Money => {
  if (!/^\d{1,15}(\.\d{1,18})?$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('It must be an amount above 0, such as 700.')
  return money(text)
}

export const json = (): Option => new Option('--json', 'one JSON object on standard output')
export const config = (): Option => new Option('--config <file>', 'the configuration')
export const venue = (): Option => new Option('--venue <name>', 'the venue that the sandbox plays').choices(venueNames).default('coinbase')
export const port = (): Option => new Option('--port <port>', 'port of the page and the debug endpoints').argParser(whole(0, 65_535))

/** Ends the process with what the command answered; what it leaves running is ended with it. */
export const runs = <A extends readonly unknown[]>(command: (...args: A) => Promise<ExitCode>) => async (...args: A): Promise<void> => {
  process.exitCode = await command(...args)
}
