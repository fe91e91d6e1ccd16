/**
 * Real ccxt classes behind the adapter, on the sandbox. What they lack is a limitation of ccxt or of going through it:
 * requests are dated by the library (`lateFence`), streams are polled (`sockets`), nothing is previewed (`previews`), and
 * ccxt's coinbase throws one class of error for most answers, so that a post-only order that would cross counts as unknown
 * (`crossingRefused`).
 */
import { readFileSync } from 'node:fs'
import type { CcxtExchange, CcxtKey, CcxtOptions } from '../../src/adapters/ccxt/index.ts'
import type { FullVenue } from '../../src/ports/venue.ts'
import { binanceExchange, coinbaseExchange, keyOf, MemoryLog, sandboxProof, venueOn } from '../ccxt/support.ts'
import { vectorName, vectorSecret } from '../coinbase/support.ts'
import { startBinanceSandbox, startSandbox, type SandboxProcess } from '../support/sandbox-process.ts'
import { venueContract, type VenueWorld } from './venue.contract.ts'

interface WorldParts {
  readonly sandbox: Pick<SandboxProcess, 'fault' | 'ledger' | 'push' | 'stop'>
  readonly instrument: string
  readonly key: CcxtKey
  readonly wrongKey: CcxtKey
  readonly exchange: (key: CcxtKey) => Promise<CcxtExchange>
  readonly secrets: readonly string[]
}

const worldOf = async ({ sandbox, instrument, key, wrongKey, exchange, secrets }: WorldParts): Promise<VenueWorld> => {
  const log = new MemoryLog()
  const opened: FullVenue[] = []
  const spare = { right: [] as CcxtExchange[], wrong: await exchange(wrongKey) }
  for (let count = 0; count < 4; count += 1) spare.right.push(await exchange(key))
  const open = (own: CcxtExchange, over: Partial<CcxtOptions>): FullVenue => {
    const venue = venueOn(own, instrument, { log, ...over })
    opened.push(venue)
    return venue
  }
  return {
    venue: open(await exchange(key), { key }),
    instrument,
    another: ({ proof = sandboxProof, wrongKey: wrong } = {}) => open(wrong ? spare.wrong : spare.right.pop()!, { proof, key: wrong ? wrongKey : key }),
    fault: (fault) => sandbox.fault(fault),
    // The exchange's own id of an execution; the desk books it by instrument besides.
    ledger: async (clientOrderId) => {
      const { orders, fills } = await sandbox.ledger(clientOrderId)
      return { orders, fills: fills.map((fill) => ({ ...fill, entryId: fill.entryId.split(':').at(-1) ?? '' })) }
    },
    push: (to) => sandbox.push(instrument, to),
    leewayMs: 0,
    secrets,
    logged: () => JSON.stringify(log.lines),
    close: async () => {
      for (const venue of opened) venue.close()
      await sandbox.stop()
    },
  }
}

venueContract(
  'ccxt coinbase',
  async () => {
    const sandbox = await startSandbox(['--seed', '17', '--taker-bps', '5', '--private-rps', '0', '--public-rps', '0'])
    const { rest, keyFile } = sandbox.addresses.coinbase
    const { name, privateKey } = JSON.parse(readFileSync(keyFile, 'utf8')) as { name: string; privateKey: string }
    return worldOf({
      sandbox,
      instrument: 'ETH-USD',
      key: keyOf(name, privateKey),
      wrongKey: keyOf(vectorName, vectorSecret),
      exchange: (key) => coinbaseExchange(rest, key),
      secrets: [privateKey.split('\n')[1] ?? '', 'eyJ'],
    })
  },
  ['sockets', 'lateFence', 'previews', 'crossingRefused', 'tape'],
)

venueContract(
  'ccxt binance',
  async () => {
    const sandbox = await startBinanceSandbox(['--seed', '17', '--weight-per-minute', '0', '--orders-per-10s', '0', '--orders-per-day', '0'])
    const { rest, keyFile } = sandbox.addresses.binance
    const { apiKey, secret } = JSON.parse(readFileSync(keyFile.replace('.json', '-hmac.json'), 'utf8')) as { apiKey: string; secret: string }
    return worldOf({
      sandbox,
      instrument: 'ETH-USDT',
      key: keyOf(apiKey, secret),
      wrongKey: keyOf('A'.repeat(64), 'B'.repeat(64)),
      exchange: (key) => binanceExchange(rest, key),
      secrets: [apiKey, secret],
    })
  },
  ['sockets', 'lateFence', 'previews', 'tape'],
)
