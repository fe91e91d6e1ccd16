import { readFileSync } from 'node:fs'
import { coinbaseVenue, loadKey, readKeyFile, type CoinbaseOptions } from '../../src/adapters/coinbase/index.ts'
import { MemoryLog, optionsFor, realClock } from '../coinbase/support.ts'
import { startSandbox } from '../support/sandbox-process.ts'
import type { FullVenue } from '../../src/ports/venue.ts'
import { venueContract } from './venue.contract.ts'

const proof = { windowMs: 10_000, engineMs: 500, lookUpLagMs: 500, skewMs: 500 }

venueContract('Coinbase Advanced Trade', async () => {
  const sandbox = await startSandbox(['--seed', '17', '--taker-bps', '5', '--private-rps', '0', '--public-rps', '0'])
  const { rest, market, user, keyFile } = sandbox.addresses.coinbase
  const text = readKeyFile(readFileSync(keyFile, 'utf8'))
  const log = new MemoryLog()
  const options: CoinbaseOptions = { ...optionsFor({}), restUrl: rest, marketUrl: market, userUrl: user, key: loadKey(text), clock: realClock, log, proof }
  const opened: FullVenue[] = []
  const open = (over: Partial<CoinbaseOptions> = {}): FullVenue => {
    const venue = coinbaseVenue({ ...options, ...over })
    opened.push(venue)
    return venue
  }
  return {
    venue: open(),
    instrument: 'ETH-USD',
    another: ({ proof: margins = proof, wrongKey } = {}) => open({ proof: margins, ...(wrongKey && { key: optionsFor({}).key! }) }),
    fault: (fault) => sandbox.fault(fault),
    ledger: (clientOrderId) => sandbox.ledger(clientOrderId),
    push: (to) => sandbox.push('ETH-USD', to),
    leewayMs: 5_000,
    secrets: [text.secret.split('\n')[1] ?? '', 'eyJ'],
    logged: () => JSON.stringify(log.lines),
    close: async () => {
      for (const venue of opened) venue.close()
      await sandbox.stop()
    },
  }
})
