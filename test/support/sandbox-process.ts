/** The real sandbox as a process of its own. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { BinanceAddresses } from '../../sandbox/binance/dialect.ts'
import type { CoinbaseAddresses } from '../../sandbox/coinbase/dialect.ts'

/** The ledger's view of orders and fills. */
export interface LedgerView {
  readonly orders: readonly { readonly clientOrderId: string; readonly venueOrderId: string | null; readonly writes: number; readonly state: string }[]
  readonly fills: readonly { readonly entryId: string; readonly fee: string; readonly price: string; readonly quantity: string }[]
}

export interface SandboxProcess<At = CoinbaseAddresses> {
  readonly addresses: At & { readonly control: string }
  fault(fault: object): Promise<void>
  /** Leads the market of an instrument there. */
  push(product: string, price: string): Promise<void>
  ledger(prefix: string): Promise<LedgerView>
  stop(): Promise<void>
}

const begin = async <At>(args: readonly string[]): Promise<SandboxProcess<At>> => {
  const home = mkdtempSync(path.join(tmpdir(), 'nightdesk-sandbox-test-'))
  const child = spawn(process.execPath, ['sandbox/main.ts', '--exit-with-parent', '--home', home, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const line = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)))
    createInterface({ input: child.stdout }).once('line', resolve)
  })
  const addresses = JSON.parse(line) as At & { readonly control: string }
  const post = async (where: string, body: object): Promise<void> => {
    const response = await fetch(`${addresses.control}${where}`, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(await response.text())
  }
  return {
    addresses,
    fault: (fault) => post('/faults', fault),
    push: (product, price) => post('/market', { product, price, overMs: 200 }),
    ledger: async (prefix) => (await fetch(`${addresses.control}/ledger?prefix=${encodeURIComponent(prefix)}`)).json() as Promise<LedgerView>,
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export const startSandbox = (args: readonly string[]): Promise<SandboxProcess> => begin(args)

/** The same, playing Binance. */
export const startBinanceSandbox = (args: readonly string[]): Promise<SandboxProcess<BinanceAddresses>> => begin(['--venue', 'binance', ...args])
