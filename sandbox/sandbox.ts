import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binanceDialect, type BinanceAddresses } from './binance/dialect.ts'
import { coinbaseDialect, type CoinbaseAddresses } from './coinbase/dialect.ts'
import { actAtOnce } from './control/act-at-once.ts'
import { controlServer } from './control/control-server.ts'
import { FaultBoard } from './control/faults.ts'
import { RequestLog } from './control/request-log.ts'
import type { Dialect, Hosts, VenueCore } from './dialect.ts'
import { Exchange } from './exchange/exchange.ts'
import { openJournal } from './exchange/journal-file.ts'
import { Ledger } from './exchange/ledger.ts'
import { closed, HOST, holdPorts, type Gate } from './listening.ts'
import { openMovement, type Movement } from './market/movement.ts'
import type { Options } from './options.ts'

/** Where a running sandbox is reached: base URLs without a path. */
export type Addresses = CoinbaseAddresses & { readonly control: string }

export interface Sandbox<At = Addresses> {
  readonly addresses: At
  close(): Promise<void>
}

/** Hears of what makes going on impossible after the start. */
type OnFault = (cause: unknown) => void

const EXCHANGE_TICK_MS = 5

/** Starts everything as Coinbase; rejects with ReplayFileError, or with the listen error when a port is taken. */
export function startSandbox(options: Options, onFault: OnFault): Promise<Sandbox> {
  return startVenue(options, coinbaseDialect(options), onFault)
}

/** The same as Binance. */
export function startBinanceSandbox(options: Options, onFault: OnFault): Promise<Sandbox<BinanceAddresses & { readonly control: string }>> {
  return startVenue(options, binanceDialect(options), onFault)
}

async function startVenue<At extends object>(options: Options, dialect: Dialect<At>, onFault: OnFault): Promise<Sandbox<At & { readonly control: string }>> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'nightdesk-sandbox-'))
  mkdirSync(home, { recursive: true })
  const { listing } = dialect
  const movement = await openMovement({ ...options, listing }, home, onFault)
  const ledger = new Ledger(openJournal(join(home, 'ledger.jsonl')), options.balances, Date.now())
  const core = openCore(options, { ledger, markets: movement.markets, dialect })
  const about: Record<string, unknown> = { venue: options.venue, seed: options.seed, speed: options.speed, home, pid: process.pid }
  const hosts = dialect.open(core, home)
  const { faults, requests, exchange } = core
  const control = controlServer({ ledger, listing, faults, requests, push: (id, ticks, overMs) => movement.push(id, ticks, overMs), hold: (forMs) => movement.hold(forMs), describe: () => about })
  const servers = [...hosts.servers, control]
  const ticking = setInterval(() => exchange.tick(), EXCHANGE_TICK_MS)
  const close = async (): Promise<void> => {
    clearInterval(ticking)
    await movement.close()
    hosts.close()
    await Promise.all(servers.map((server) => closed(server)))
    ledger.close()
    // Nobody can come back to a folder that nobody named.
    if (options.home === undefined) rmSync(home, { recursive: true, force: true })
  }
  try {
    const gate = await holdPorts(servers, options.port)
    movement.start((id, event) => exchange.onMarket(id, event))
    const addresses = addressesOf(gate, hosts)
    about['addresses'] = addresses
    gate.open()
    return { close, addresses }
  } catch (cause) {
    await close()
    throw cause
  }
}

interface CoreParts {
  readonly ledger: Ledger
  readonly markets: Movement['markets']
  readonly dialect: Pick<Dialect<object>, 'rules'>
}

function openCore({ rates, cancelDelayMs }: Options, { ledger, markets, dialect }: CoreParts): VenueCore {
  const faults = new FaultBoard(Date.now)
  const isClosed = (): boolean => faults.active('closeMarkets', 'all') !== undefined
  const exchange = new Exchange({ ledger, markets, rates, rules: dialect.rules({ ledger, markets }), now: Date.now, cancelDelayMs, isClosed })
  faults.onArm((fault) => actAtOnce(exchange, fault))
  return {
    exchange,
    faults,
    requests: new RequestLog(),
    now: () => Date.now() + (faults.active('clockSkew', 'all')?.skewMs ?? 0),
    monotonic: () => performance.now(),
    after: (delayMs, task) => void setTimeout(task, delayMs),
  }
}

function addressesOf<At extends object>({ ports }: Gate, hosts: Hosts<At>): At & { readonly control: string } {
  return { ...hosts.addressesAt(ports.map((port) => `${HOST}:${port}`)), control: `http://${HOST}:${ports.at(-1)}` }
}
