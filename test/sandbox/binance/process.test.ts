import { spawn, type ChildProcess } from 'node:child_process'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { readOptions } from '../../../sandbox/options.ts'
import { clientOf, limit, maker, market, start, until, type BinanceAt, type Parsed } from './support.ts'
import { scratch } from '../../support/scratch.ts'

const ROOT = join(import.meta.dirname, '../../..')
const running = new Set<ChildProcess>()
afterEach(() => running.forEach((child) => child.kill('SIGTERM')))

function launch(program: readonly string[], ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [...program, '--venue', 'binance', ...args], { stdio: ['pipe', 'pipe', 'pipe'], cwd: ROOT })
  running.add(child)
  child.on('close', () => running.delete(child))
  return child
}

async function addressesOf(child: ChildProcess): Promise<BinanceAt> {
  let errors = ''
  child.stderr!.on('data', (data: Buffer) => (errors += data.toString()))
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout! }).once('line', resolve)),
    new Promise<never>((_, reject) => child.once('close', () => reject(new Error(errors)))),
  ])
  return JSON.parse(line) as BinanceAt
}

const SANDBOX = ['sandbox/main.ts', '--exit-with-parent']
const FAST = ['--order-visible-ms', '0', '--fill-visible-ms', '0']

describe('the process', () => {
  it('killed and started again on the same home and ports goes on: URLs, keys, balances, orders, numbers, fills', async () => {
    const home = scratch()
    const first = launch(SANDBOX, ...FAST, '--home', home)
    const at = await addressesOf(first)
    const client = clientOf(at)
    expect(statSync(at.binance.keyFile).mode & 0o777).toBe(0o600)
    const resting = (await client.signed('POST', '/order', maker('BUY', '0.001', '50000'))).body.orderId
    const bought = (await client.signed('POST', '/order', market('BUY', { quoteOrderQty: '100' }))).body
    const before = (await client.control('GET', '/ledger')).body
    first.kill('SIGKILL')
    await new Promise((resolve) => first.once('close', resolve))
    const ports = [at.binance.rest, at.binance.wsApi, at.binance.stream, at.control].map((url) => new URL(url).port).join(',')
    const again = await addressesOf(launch(SANDBOX, ...FAST, '--home', home, '--port', ports))
    expect(again).toEqual(at)
    const after = (await client.control('GET', '/ledger')).body
    expect([after.orders, after.fills, after.balances]).toEqual([before.orders, before.fills, before.balances])
    expect((await client.signed('POST', '/order', maker('BUY', '0.001', '50000'))).body.orderId).toBe(bought.orderId + 1)
    expect((await client.signed('DELETE', '/order', { symbol: 'BTCUSDT', orderId: resting })).body.status).toBe('CANCELED')
    expect((await client.signed('GET', '/myTrades', { symbol: 'BTCUSDT', orderId: bought.orderId })).body.map((row: Parsed) => row.id)).toEqual([1])
  })

  it('is what `nightdesk sandbox --venue binance` starts', async () => {
    const at = await addressesOf(launch(['src/app/main.ts', 'sandbox'], '--home', scratch()))
    expect(Object.keys(at)).toEqual(['binance', 'control'])
    expect(Object.keys(at.binance)).toEqual(['rest', 'wsApi', 'stream', 'keyFile'])
    expect((await clientOf(at).raw('GET', '/api/v3/ping')).body).toEqual({})
    expect((await clientOf(at).control('GET', '/health')).body).toMatchObject({ status: 'ok', venue: 'binance', addresses: at })
  })

  it('plays a recording of BTC-USD as BTCUSDT', async () => {
    const file = join(scratch(), 'market.jsonl')
    const quote = { product: 'BTC-USD', bid: '40000.01', bidSize: '1.5', ask: '40000.02', askSize: '0.123456789' }
    writeFileSync(file, [{ format: 'nightdesk-market', version: 1, products: ['BTC-USD'] }, { at: 1, ...quote }, { at: 2, product: 'BTC-USD', price: '40000.02', size: '0.5', makerSide: 'SELL' }, { at: 60_000, ...quote }].map((row) => `${JSON.stringify(row)}\n`).join(''))
    const { sandbox, client } = await start('moving', '--replay', file)
    await until(async () => (await client.raw('GET', '/api/v3/ticker/price?symbol=BTCUSDT')).body.price, (price) => price === '40000.02000000')
    expect((await client.raw('GET', '/api/v3/depth?symbol=BTCUSDT&limit=1')).body).toMatchObject({ bids: [['40000.01000000', '1.50000000']], asks: [['40000.02000000', '0.12345000']] })
    await sandbox.close()
  })
})

describe('options', () => {
  it('have the venue\'s own defaults', () => {
    const [coinbase, binance] = [readOptions([]), readOptions(['--venue', 'binance'])]
    if (coinbase === 'help' || binance === 'help') throw new Error('help')
    expect([coinbase.venue, Object.keys(coinbase.balances)]).toEqual(['coinbase', ['USD', 'USDC']])
    expect([binance.venue, Object.keys(binance.balances), binance.rates]).toEqual(['binance', ['USDT'], { maker: 10n ** 15n, taker: 10n ** 15n }])
  })

  it.each([
    [['--venue', 'kraken'], '--venue must be coinbase or binance, not "kraken"'],
    [['--ids-reusable-after', 'lunch'], '--ids-reusable-after must be end or fill, not "lunch"'],
    [['--weight-per-minute', '1.5'], '--weight-per-minute must be a whole number from 0 to 1000000000, not "1.5"'],
  ])('%j is refused with a sentence', (args, sentence) => {
    expect(() => readOptions(args)).toThrow(sentence)
  })
})

describe('a round trip, as the ledger and the account tell it', () => {
  it.each([
    ['the received asset', [], ['BTC', 'USDT']],
    ['BNB', ['--bnb-fees', '--balance', 'USDT=10000', '--balance', 'BNB=1'], ['BNB']],
    ['BNB until it runs out', ['--bnb-fees', '--balance', 'USDT=10000', '--balance', 'BNB=0.0006'], ['BNB', 'BTC', 'USDT']],
  ])('balances to the last atom with fees in %s', async (_asset, args, feeAssets) => {
    const { sandbox, client } = await start(...args)
    for (let round = 0; round < 3; round += 1) {
      const bought = (await client.signed('POST', '/order', market('BUY', { quoteOrderQty: '250' }))).body
      const own = bought.fills.filter((fill: Parsed) => fill.commissionAsset === 'BTC').reduce((sum: number, fill: Parsed) => sum + Number(fill.commission), 0)
      const sellable = (Math.floor((Number(bought.executedQty) - own) * 1e5 + 1e-6) / 1e5).toFixed(5)
      expect((await client.signed('POST', '/order', limit('SELL', sellable, '50000'))).body.status).toBe('FILLED')
    }
    const { fills, balances } = (await client.control('GET', '/ledger')).body
    const owed = new Map<string, bigint>()
    const atoms = (text: string): bigint => BigInt(text.replace(/^(-?)(\d+)(?:\.(\d*))?$/, (_all, sign: string, whole: string, part = '') => `${sign}${whole}${part.padEnd(18, '0')}`))
    const add = (asset: string, change: bigint): void => void owed.set(asset, (owed.get(asset) ?? 0n) + change)
    for (const [asset, text] of Object.entries(balances.opening)) add(asset, atoms(String(text)))
    for (const { side, product, quantity, value, fee, feeAsset } of fills) {
      const [base, quote] = product.split('-')
      add(base, side === 'BUY' ? atoms(quantity) : -atoms(quantity))
      add(quote, side === 'BUY' ? -atoms(value) : atoms(value))
      add(feeAsset, -atoms(fee))
    }
    for (const [asset, expected] of owed) expect([asset, atoms(balances.free[asset]) + atoms(balances.held[asset])]).toEqual([asset, expected])
    expect(new Set(fills.map((fill: Parsed) => fill.feeAsset))).toEqual(new Set(feeAssets))
    const shown = (await client.signed('GET', '/account')).body.balances
    for (const { asset, free } of shown) expect(atoms(free)).toBe(atoms(balances.free[asset]))
    const trades = (await client.signed('GET', '/myTrades', { symbol: 'BTCUSDT' })).body
    expect(trades.map((row: Parsed) => [`BTC-USDT:${row.id}`, `BTC-USDT:${row.orderId}`, row.commissionAsset])).toEqual(fills.map((fill: Parsed) => [fill.entryId, fill.venueOrderId, fill.feeAsset]))
    await sandbox.close()
  })
})
