import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { feedServer } from './coinbase/feed-server.ts'
import { openKeyRing } from './coinbase/keys.ts'
import { restServer } from './coinbase/rest-server.ts'
import type { Venue, VenueSettings } from './coinbase/venue.ts'
import { controlServer } from './control/control-server.ts'
import { actAtOnce } from './control/act-at-once.ts'
import { FaultBoard } from './control/faults.ts'
import { RequestLog } from './control/request-log.ts'
import { Exchange } from './exchange/exchange.ts'
import { openJournal } from './exchange/journal-file.ts'
import { Ledger } from './exchange/ledger.ts'
import { closed, HOST, holdPorts, type Gate } from './listening.ts'
import { openMovement, type Movement } from './market/movement.ts'
import type { Options } from './options.ts'

/** Where a running sandbox is reached: base URLs without a path. */
export interface Addresses {
  readonly coinbase: { readonly rest: string; readonly market: string; readonly user: string; readonly keyFile: string }
  readonly control: string
}

export interface Sandbox {
  readonly addresses: Addresses
  close(): Promise<void>
}

const EXCHANGE_TICK_MS = 5

/**
 * Starts everything; rejects with ReplayFileError, or with the listen error when a port is taken. `onFault` hears of what makes going on
 * impossible afterwards.
 */
export async function startSandbox(options: Options, onFault: (cause: unknown) => void): Promise<Sandbox> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'nightdesk-sandbox-'))
  mkdirSync(home, { recursive: true })
  const movement = await openMovement(options, home, onFault)
  const ledger = new Ledger(openJournal(join(home, 'ledger.jsonl')), options.balances, Date.now())
  const venue = openVenue(options, { ledger, markets: movement.markets, home })
  const { exchange } = venue
  const about: Record<string, unknown> = { seed: options.seed, speed: options.speed, home, pid: process.pid }
  const hosts = openHosts(venue, movement, about)
  const ticking = setInterval(() => exchange.tick(), EXCHANGE_TICK_MS)
  const close = async (): Promise<void> => {
    clearInterval(ticking)
    await movement.close()
    await hosts.close()
    ledger.close()
  }
  try {
    const gate = await hosts.hold(options.port)
    movement.start((id, event) => exchange.onMarket(id, event))
    const addresses = addressesOf(gate, venue.ring.keyFile)
    about['addresses'] = addresses
    gate.open()
    return { close, addresses }
  } catch (cause) {
    await close()
    throw cause
  }
}

interface VenueParts {
  readonly ledger: Ledger
  readonly markets: Movement['markets']
  readonly home: string
}

function openVenue(options: Options, { ledger, markets, home }: VenueParts): Venue {
  const { rates, cancelDelayMs } = options
  const faults = new FaultBoard(Date.now)
  const isClosed = (): boolean => faults.active('closeMarkets', 'all') !== undefined
  const exchange = new Exchange({ ledger, markets, rates, now: Date.now, newId: randomUUID, cancelDelayMs, isClosed })
  faults.onArm((fault) => actAtOnce(exchange, fault))
  return {
    exchange,
    ring: openKeyRing(home),
    settings: settingsOf(options),
    faults,
    requests: new RequestLog(),
    now: () => Date.now() + (faults.active('clockSkew', 'all')?.skewMs ?? 0),
    monotonic: () => performance.now(),
    after: (delayMs, task) => void setTimeout(task, delayMs),
  }
}

function settingsOf(options: Options): VenueSettings {
  const { privatePerSecond, publicPerSecond, orderVisibleAfterMs, fillVisibleAfterMs, firstSubscribeMs, idleMs } = options
  return { privatePerSecond, publicPerSecond, orderVisibleAfterMs, fillVisibleAfterMs, firstSubscribeMs, idleMs, duplicates: options.refuseDuplicates ? 'refuse' : 'answerAgain' }
}

function openHosts(venue: Venue, movement: Movement, about: Record<string, unknown>) {
  const market = feedServer('market', venue)
  const user = feedServer('user', venue)
  const { faults, requests, exchange } = venue
  const control = controlServer({ ledger: exchange.ledger, faults, requests, push: (id, ticks, overMs) => movement.push(id, ticks, overMs), hold: (forMs) => movement.hold(forMs), describe: () => about })
  const servers = [restServer(venue), market.server, user.server, control]
  return {
    hold: (port: Options['port']): Promise<Gate> => holdPorts(servers, port),
    close: async (): Promise<void> => {
      market.close()
      user.close()
      await Promise.all(servers.map((server) => closed(server)))
    },
  }
}

function addressesOf({ ports }: Gate, keyFile: string): Addresses {
  const [rest, market, user, control] = ports
  return { coinbase: { rest: `http://${HOST}:${rest}`, market: `ws://${HOST}:${market}`, user: `ws://${HOST}:${user}`, keyFile }, control: `http://${HOST}:${control}` }
}
