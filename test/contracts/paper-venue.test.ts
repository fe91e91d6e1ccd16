/** The paper venue owes the desk what every venue owes it: on the live market of either sandbox. */
import { readFileSync } from 'node:fs'
import { binanceVenue } from '../../src/adapters/binance/index.ts'
import { coinbaseVenue, loadKey, readKeyFile } from '../../src/adapters/coinbase/index.ts'
import { MemoryPaperLedger, PaperStore } from '../../src/adapters/memory/memory-paper-ledger.ts'
import { paperVenue, type PaperOptions } from '../../src/adapters/paper/index.ts'
import { PostgresPaperLedger } from '../../src/adapters/postgres/paper-ledger.ts'
import { money, rate } from '../../src/domain/decimal.ts'
import type { PaperLedger } from '../../src/ports/paper-ledger.ts'
import type { FullVenue, MarketStreamListener } from '../../src/ports/venue.ts'
import { MemoryLog, optionsFor, realClock } from '../coinbase/support.ts'
import { startPostgres } from '../support/postgres.ts'
import { startBinanceSandbox, startSandbox, type SandboxProcess } from '../support/sandbox-process.ts'
import { venueContract, type Judged, type VenueWorld } from './venue.contract.ts'

const random = { fraction: () => 0.5, below: () => 0 }

/** Prices are heard only by whom they are told to. */
const ear: MarketStreamListener = { opened: () => undefined, subscribed: () => undefined, received: () => undefined, gap: () => undefined, ended: () => undefined, quote: () => undefined }

/** What the paper ledger itself says of a client order id. */
const judge = async (ledger: PaperLedger, clientOrderId: string): Promise<Judged> => {
  const events = (await ledger.read(0, 100_000)).map(({ event }) => event)
  const placed = events.flatMap((event) => (event.type === 'placed' && event.request.clientOrderId === clientOrderId ? [event.venueOrderId] : []))
  return {
    orders: placed.map((venueOrderId) => ({ venueOrderId, writes: 1 })),
    fills: events.flatMap((event) => (event.type === 'filled' && placed.includes(event.venueOrderId) ? [{ entryId: event.tradeId, fee: event.fee, price: event.price, quantity: event.quantity }] : [])),
  }
}

interface Stage {
  readonly instrument: string
  readonly fees: PaperOptions['fees']
  readonly opening: PaperOptions['opening']
  readonly sandbox: SandboxProcess<object>
  readonly log: MemoryLog
  readonly secrets: readonly string[]
  readonly market: () => FullVenue
  /** A ledger of a new process on the world's one store. */
  readonly ledger: () => PaperLedger
  readonly stop?: () => Promise<void>
}

const worldOn = ({ instrument, fees, opening, sandbox, log, secrets, market, ledger, stop }: Stage): VenueWorld => {
  const judged = ledger()
  const opened: FullVenue[] = []
  const open = (): FullVenue => {
    const venue = paperVenue({ market: market(), ledger: ledger(), clock: realClock, random, log, opening, fees, latency: { baseMs: 10, jitterMs: 20 }, lookEveryMs: 100 })
    opened.push(venue)
    return venue
  }
  const venue = open()
  const hearing = venue.marketFeed.open([instrument], ear)
  return {
    venue,
    instrument,
    another: open,
    fault: () => Promise.reject(new Error('there is no exchange to have faults')),
    ledger: (clientOrderId) => judge(judged, clientOrderId),
    push: (to) => sandbox.push(instrument, to),
    leewayMs: 0,
    secrets,
    logged: () => JSON.stringify(log.lines),
    close: async () => {
      hearing.close()
      for (const one of opened) one.close()
      await judged.close()
      await sandbox.stop()
      await stop?.()
    },
  }
}

const lacks = ['faults', 'keys', 'sockets'] as const

venueContract(
  'Paper on the market of Coinbase Advanced Trade, remembered in memory',
  async () => {
    const sandbox = await startSandbox(['--seed', '17', '--private-rps', '0', '--public-rps', '0'])
    const { rest, market, user, keyFile } = sandbox.addresses.coinbase
    const text = readKeyFile(readFileSync(keyFile, 'utf8'))
    const log = new MemoryLog()
    const store = new PaperStore()
    return worldOn({
      instrument: 'ETH-USD',
      fees: { maker: rate('0.0004'), taker: rate('0.0006'), feeIn: 'quote' },
      opening: { USD: money('10000'), ETH: money('1') },
      sandbox,
      log,
      secrets: [text.secret.split('\n')[1] ?? '', 'eyJ'],
      market: () => coinbaseVenue({ ...optionsFor({}), restUrl: rest, marketUrl: market, userUrl: user, key: loadKey(text), clock: realClock, log }),
      ledger: () => new MemoryPaperLedger(store),
    })
  },
  lacks,
)

venueContract(
  'Paper on the market of Binance Spot, without a key, remembered in PostgreSQL',
  async () => {
    const sandbox = await startBinanceSandbox(['--seed', '17', '--weight-per-minute', '0'])
    const { rest, stream, wsApi } = sandbox.addresses.binance
    const log = new MemoryLog()
    const server = await startPostgres()
    const address = await server.database()
    return worldOn({
      instrument: 'ETH-USDT',
      fees: { maker: rate('0.001'), taker: rate('0.001'), feeIn: 'received' },
      opening: { USDT: money('10000') },
      sandbox,
      log,
      secrets: [],
      market: () => binanceVenue({ restUrl: rest, streamsUrl: stream, wsApiUrl: wsApi, instruments: ['ETH-USDT'], clock: realClock, random, log }),
      ledger: () => new PostgresPaperLedger(async () => address, 'binance'),
      stop: () => server.stop(),
    })
  },
  lacks,
)
