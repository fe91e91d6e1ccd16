import { readFileSync } from 'node:fs'
import { binanceVenue, loadKey, readKeyFile, type BinanceOptions } from '../../src/adapters/binance/index.ts'
import type { FullVenue } from '../../src/ports/venue.ts'
import { MemoryLog, realClock } from '../coinbase/support.ts'
import { startBinanceSandbox } from '../support/sandbox-process.ts'
import { venueContract } from './venue.contract.ts'

const proof = { windowMs: 5_000, engineMs: 500, lookUpLagMs: 500, skewMs: 1_100 }
const wrongKey = loadKey({ apiKey: 'A'.repeat(64), secret: 'B'.repeat(64) })

for (const kind of ['Ed25519', 'HMAC'] as const) {
  venueContract(`Binance Spot, ${kind} key`, async () => {
    const sandbox = await startBinanceSandbox(['--seed', '17', '--weight-per-minute', '0', '--orders-per-10s', '0', '--orders-per-day', '0'])
    const { rest, stream, wsApi, keyFile } = sandbox.addresses.binance
    const text = readKeyFile(readFileSync(kind === 'HMAC' ? keyFile.replace('.json', '-hmac.json') : keyFile, 'utf8'))
    const log = new MemoryLog()
    const options: BinanceOptions = {
      restUrl: rest,
      streamsUrl: stream,
      wsApiUrl: wsApi,
      instruments: ['ETH-USDT'],
      key: loadKey(text),
      clock: realClock,
      random: { fraction: () => 0.5, below: () => 0 },
      log,
      proof,
    }
    const opened: FullVenue[] = []
    const open = (over: Partial<BinanceOptions> = {}): FullVenue => {
      const venue = binanceVenue({ ...options, ...over })
      opened.push(venue)
      return venue
    }
    return {
      venue: open(),
      instrument: 'ETH-USDT',
      another: ({ proof: margins = proof, wrongKey: wrong } = {}) => open({ proof: margins, ...(wrong && { key: wrongKey }) }),
      fault: (fault) => sandbox.fault(fault),
      ledger: (clientOrderId) => sandbox.ledger(clientOrderId),
      push: (to) => sandbox.push('ETH-USDT', to),
      leewayMs: 0,
      secrets: [text.secret.split('\n').find((line) => line.length > 20 && !line.startsWith('-')) ?? text.secret, text.apiKey],
      logged: () => JSON.stringify(log.lines),
      close: async () => {
        for (const venue of opened) venue.close()
        await sandbox.stop()
      },
    }
  })
}
