/** `init`: a configuration to begin with, with safe figures and every setting explained. */
import { writeFileSync } from 'node:fs'
import type { z } from 'zod'
import { configJsonSchema } from '../config/json-schema.ts'
import type { configSchema } from '../config/schema.ts'
import { templateOf } from '../config/template.ts'
import { noteLine, printJson, printLine } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import type { VenueName } from '../venues/names.ts'
import { askSandbox, demoConfig } from './config.ts'

type Wanted = z.input<typeof configSchema>

export interface InitOptions {
  readonly venue: VenueName
  readonly mode: NonNullable<Wanted['mode']>
  readonly out: string
  /** The control URL of a running sandbox: the desk is to trade there. */
  readonly sandbox?: string
  readonly json?: boolean
}

/** A ladder that pays the venues' usual fees, small enough for a first night. */
const ladders: Readonly<Record<VenueName, Wanted['instruments']>> = {
  coinbase: { 'BTC-USD': { strategy: 'ladder', rungs: 5, spacingBps: 150, budgetQuote: '100', targetBps: 60 } },
  binance: { 'BTC-USDT': { strategy: 'ladder', rungs: 5, spacingBps: 60, budgetQuote: '100', targetBps: 40 } },
}

const forTheVenue = ({ venue, mode }: InitOptions): Wanted => ({
  mode,
  environment: 'production',
  ...(mode === 'live' && { readOnly: false }),
  venue: { name: venue, ...(mode === 'live' && { keyFile: `./${venue}-key.json` }) },
  instruments: ladders[venue],
  risk: { maxNotionalPerOrderQuote: '25', maxExposureQuote: '100' },
})

/** The figures of the demo, whose market is small and quick; its fees, where orders are imagined. */
const forTheSandbox = async ({ mode }: InitOptions, sandbox: string): Promise<Wanted> => {
  const demo = demoConfig(await askSandbox(sandbox), 7_171)
  if (mode === 'live') return demo
  const { keyFile: _none, ...venue } = demo.venue
  return { ...demo, mode, readOnly: true, venue: venue as Wanted['venue'], paper: { balances: { USD: '100000', USDT: '100000' }, makerBps: 0, takerBps: 5, latencyMs: 20, jitterMs: 20, participation: 1 } }
}

const heading = ({ venue, mode, sandbox, out }: InitOptions): readonly string[] => [
  `A desk on ${sandbox === undefined ? venue : `the sandbox at ${sandbox}`}, mode ${mode}. Made by nightdesk init.`,
  `Look at it:  nightdesk config check --config ${out}`,
  `Run it:      nightdesk run --config ${out}`,
  'A line that begins with # and a name at once is a setting at its default.',
  'For an editor that knows the next line: nightdesk config schema > nightdesk.schema.json',
  'yaml-language-server: $schema=./nightdesk.schema.json',
]

const write = (file: string, text: string): void => {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new Problem(exitCodes.cannotCreate, `${file} is there already, and is left as it is: name another file with --out, or move it away`)
    throw new Problem(exitCodes.cannotCreate, `${file} cannot be written (${code ?? 'unknown'}): name a file in a folder of yours with --out`)
  }
}

/**
 * Writes the file; one that is there is never overwritten.
 * @throws Problem
 */
export const init = async (options: InitOptions): Promise<ExitCode> => {
  const { out, sandbox, mode, json } = options
  const wanted = sandbox === undefined ? forTheVenue(options) : await forTheSandbox(options, sandbox)
  write(out, templateOf(configJsonSchema(), wanted, heading(options)))
  if (json === true) printJson({ wrote: out, mode, environment: wanted.environment, venue: wanted.venue.name })
  else printLine(`wrote ${out}: mode ${mode}, environment ${wanted.environment}, venue ${wanted.venue.name}; run it with: nightdesk run --config ${out}`)
  if (mode === 'live' && wanted.environment === 'production') noteLine('nightdesk: this is for real money: it asks for a key, a PostgreSQL of your own (DATABASE_URL) and "nightdesk arm"; docs/modes.md has the list')
  return exitCodes.fine
}
