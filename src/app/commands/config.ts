/** `config demo`, `config check` and `config schema`. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { stringify } from 'yaml'
import { z } from 'zod'
import { composeChannels, composeHeartbeat } from '../alerts/compose-alerts.ts'
import { configJsonSchema } from '../config/json-schema.ts'
import { loadConfig } from '../config/load-config.ts'
import type { breakers } from '../config/breakers.ts'
import type { Config, configSchema } from '../config/schema.ts'
import { checkCredentials } from '../compose.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { printJson, printLine } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { composeStrategies } from '../strategies/compose-strategies.ts'
import { homeFolder, placeOf } from '../store.ts'
import { sandboxAddresses, type SandboxAddresses } from './sandbox.ts'

/**
 * The demo's figures: ten rungs 4 bps apart with a target of 3 bps, because recordings move only a quarter of a
 * percent in ten minutes, and 2 bps apart all rungs would be bought in the first fall; the sandbox charges its highest-volume tier (maker 0).
 */
export const demoConfig = (addresses: SandboxAddresses, port: number): z.input<typeof configSchema> => ({
  mode: 'live',
  readOnly: false,
  environment: 'sandbox',
  venue: venueOf(addresses),
  store: { url: 'embedded' },
  instruments: { ['coinbase' in addresses ? 'BTC-USD' : 'BTC-USDT']: { strategy: 'ladder', rungs: 10, spacingBps: 4, targetBps: 3, budgetQuote: '10000' } },
  risk: { maxNotionalPerOrderQuote: '1100', maxExposureQuote: '11000', minNotionalQuote: '10', breakers: demoBreakers },
  http: { host: '127.0.0.1', port },
})

/** Wide enough for a market that is hurried and a venue that is told to fail. */
const demoBreakers: z.input<typeof breakers> = {
  maxDailyLossQuote: '1000',
  maxDrawdownQuote: '2000',
  consecutiveLosses: 0,
  cooldownAfterLossMs: 0,
  maxEntriesPerHour: 0,
  maxEntriesPerDay: 0,
  refusalsInARow: 20,
  failedCalls: 0,
}

const venueOf = (addresses: SandboxAddresses): z.input<typeof configSchema>['venue'] => {
  const { control: controlUrl } = addresses
  if ('coinbase' in addresses) {
    const { rest, market, user, keyFile } = addresses.coinbase
    return { name: 'coinbase', keyFile, sandbox: { restUrl: rest, marketUrl: market, userUrl: user, controlUrl } }
  }
  const { rest, stream, wsApi, keyFile } = addresses.binance
  return { name: 'binance', keyFile, sandbox: { restUrl: rest, streamsUrl: stream, wsApiUrl: wsApi, controlUrl } }
}

const health = z.object({ addresses: sandboxAddresses })

/** @throws Problem when none answers there */
export const askSandbox = async (controlUrl: string): Promise<SandboxAddresses> => {
  const answer = await fetch(`${controlUrl.replace(/\/$/, '')}/health`).catch(() => undefined)
  const body = health.safeParse(await answer?.json().catch(() => undefined))
  if (!body.success) throw new Problem(exitCodes.unavailable, `no sandbox answers at ${controlUrl}: start one with "nightdesk sandbox" and pass the control URL that it prints`)
  return body.data.addresses
}

/** Writes a configuration for a running sandbox. */
export const configDemo = async (options: { readonly sandbox: string; readonly out: string }): Promise<ExitCode> => {
  const config = demoConfig(await askSandbox(options.sandbox), 7_171)
  try {
    writeFileSync(options.out, stringify(config), { mode: 0o600 })
  } catch (error) {
    throw new Problem(exitCodes.unavailable, `${options.out} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): name a file in a folder of yours with --out`)
  }
  printLine(`wrote ${path.resolve(options.out)}; start the desk with: nightdesk run --config ${options.out}`)
  return exitCodes.fine
}

/** A dry reading of a configuration: every default shown, the key read, nothing sent. */
export const configCheck = async (options: { readonly config: string; readonly json?: boolean }): Promise<ExitCode> => {
  const config: Config = loadConfig(options.config)
  await checkCredentials(config)
  composeChannels(config.alerts, process.env)
  composeHeartbeat(config.alerts, process.env)
  const fingerprint = fingerprintOf(config, composeStrategies(config, options.config).digests)
  // A password may stand in the URL; what is shown never holds it.
  const { url } = config.store
  const shown = { ...config, store: { url: url === 'embedded' ? url : `postgres://${placeOf(url)}` } }
  if (options.json === true) printJson({ ok: true, home: homeFolder(), fingerprint, config: shown })
  else printLine(`${stringify(shown)}\n${options.config} is in order (fingerprint ${fingerprint}); the data directory is ${homeFolder()}`)
  return exitCodes.fine
}

/** The JSON Schema of a configuration, for editors. */
export const configSchemaCommand = async ({ json }: { readonly json?: boolean }): Promise<ExitCode> => {
  const schema = configJsonSchema()
  if (json === true) printJson(schema)
  else printLine(JSON.stringify(schema, null, 2))
  return exitCodes.fine
}
