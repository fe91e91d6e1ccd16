import { parseArgs } from 'node:util'
import { parseAmount } from './exchange/amounts.ts'
import { rateFromBps, type FeeRates } from './exchange/fees.ts'

/** The venues the sandbox can play; one process plays one. */
export type VenueName = 'coinbase' | 'binance'

/** What the command line says. */
export interface Options {
  readonly venue: VenueName
  /** First of four fixed ports, or all four; undefined: free ones. */
  readonly port: number | readonly number[] | undefined
  readonly seed: string
  readonly replay: string | undefined
  readonly record: string | undefined
  readonly speed: number
  readonly home: string | undefined
  readonly rates: FeeRates
  /** Opening balances in atoms. */
  readonly balances: Readonly<Record<string, bigint>>
  readonly privatePerSecond: number
  readonly publicPerSecond: number
  readonly orderVisibleAfterMs: number
  readonly fillVisibleAfterMs: number
  readonly cancelDelayMs: number
  readonly firstSubscribeMs: number
  readonly idleMs: number
  readonly refuseDuplicates: boolean
  readonly binance: BinanceOptions
  readonly exitWithParent: boolean
}

/** What only the Binance dialect has. Limits of 0 are none. */
export interface BinanceOptions {
  readonly weightPerMinute: number
  readonly ordersPer10Seconds: number
  readonly ordersPerDay: number
  /** How long the first ban lasts. */
  readonly banMs: number
  /** A socket is closed after so long. */
  readonly socketLifeMs: number
  readonly pingEveryMs: number
  readonly bnbFees: boolean
  /** When the id of an order may be used again (binance-spot.md 8 leaves it open). */
  readonly idsReusableAfter: 'end' | 'fill'
  /** Whether a cancelled order is still found by the id it was placed with (binance-spot.md 8 leaves it open). */
  readonly cancelledKeepId: boolean
}

/** The options as `--help` shows them. */
export const usage = `usage: node sandbox/main.ts [options]
  --venue NAME                coinbase (default) or binance
  --port P                    four ports from P on, or P,Q,R,S; without it any free ones
  --seed S                    seed of the synthetic market (default 1)
  --replay FILE               play a recording (.jsonl, .jsonl.gz) or candles (.csv, .csv.gz) as BTC-USD (BTCUSDT at Binance)
  --record FILE               write the market as it happens (.jsonl)
  --speed X                   the market runs X times as fast (default 1)
  --home DIR                  ledger and keys; the same DIR continues them (default a fresh temporary folder)
  --balance ASSET=AMOUNT      opening balance, repeatable (default USD=100000, USDC=100000; at Binance USDT=100000)
  --maker-bps N, --taker-bps N  fees (default 0 and 5; at Binance 10 and 10)
  --private-rps N, --public-rps N  rate limits, 0 for none (default 30 and 10)
  --order-visible-ms N, --fill-visible-ms N, --cancel-ms N  delays of the venue (default 50, 60, 20)
  --first-subscribe-ms N      a socket without a subscribe is closed (default 5000)
  --idle-ms N                 a socket that was sent nothing is closed (default 75000)
  --refuse-duplicates         a repeated client order id is refused instead of answered again
  --exit-with-parent          end when standard input closes
of Coinbase: --private-rps, --public-rps, --cancel-ms, --first-subscribe-ms, --idle-ms, --refuse-duplicates; of Binance:
  --weight-per-minute N       request weight, 0 for no limit (default 6000)
  --orders-per-10s N, --orders-per-day N  order counts, 0 for no limit (default 100 and 200000)
  --ban-ms N                  the first ban of an address that ignores 429 (default 120000)
  --socket-life-ms N          sockets are closed after so long (default 86400000)
  --ping-ms N                 how often the server pings its sockets (default 20000)
  --bnb-fees                  fees are taken in BNB, a quarter cheaper, while the balance lasts
  --ids-reusable-after WHEN   a client order id is free again after the order's "end" (default) or only after its "fill"
  --cancelled-lose-id         a cancelled order is not found by the id it was placed with
`

const spec = {
  venue: { type: 'string', default: 'coinbase' },
  port: { type: 'string' },
  seed: { type: 'string', default: '1' },
  replay: { type: 'string' },
  record: { type: 'string' },
  speed: { type: 'string', default: '1' },
  home: { type: 'string' },
  balance: { type: 'string', multiple: true },
  'maker-bps': { type: 'string' },
  'taker-bps': { type: 'string' },
  'private-rps': { type: 'string', default: '30' },
  'public-rps': { type: 'string', default: '10' },
  'order-visible-ms': { type: 'string', default: '50' },
  'fill-visible-ms': { type: 'string', default: '60' },
  'cancel-ms': { type: 'string', default: '20' },
  'first-subscribe-ms': { type: 'string', default: '5000' },
  'idle-ms': { type: 'string', default: '75000' },
  'refuse-duplicates': { type: 'boolean', default: false },
  'exit-with-parent': { type: 'boolean', default: false },
  'weight-per-minute': { type: 'string', default: '6000' },
  'orders-per-10s': { type: 'string', default: '100' },
  'orders-per-day': { type: 'string', default: '200000' },
  'ban-ms': { type: 'string', default: '120000' },
  'socket-life-ms': { type: 'string', default: '86400000' },
  'ping-ms': { type: 'string', default: '20000' },
  'bnb-fees': { type: 'boolean', default: false },
  'ids-reusable-after': { type: 'string', default: 'end' },
  'cancelled-lose-id': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

const DEFAULTS: Readonly<Record<VenueName, { makerBps: string; takerBps: string; balances: readonly string[] }>> = {
  coinbase: { makerBps: '0', takerBps: '5', balances: ['USD=100000', 'USDC=100000'] },
  binance: { makerBps: '10', takerBps: '10', balances: ['USDT=100000'] },
}

/** Reads the arguments; `'help'` when they ask for it. Throws an Error with one sentence for the user. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({ args: [...args], options: spec })
  if (values.help) return 'help'
  const whole = (name: string, text: string, bounds: readonly [number, number]): number => numberIn(name, text, bounds, true)
  const delay: readonly [number, number] = [0, 600_000]
  const venue = oneOf('venue', values.venue, ['coinbase', 'binance'])
  const defaults = DEFAULTS[venue]
  return {
    venue,
    port: values.port === undefined ? undefined : ports(values.port),
    seed: values.seed,
    replay: values.replay,
    record: values.record,
    speed: numberIn('speed', values.speed, [0.01, 1000], false),
    home: values.home,
    rates: { maker: bps('maker-bps', values['maker-bps'] ?? defaults.makerBps), taker: bps('taker-bps', values['taker-bps'] ?? defaults.takerBps) },
    balances: Object.fromEntries((values.balance ?? defaults.balances).map((text) => balance(text))),
    privatePerSecond: numberIn('private-rps', values['private-rps'], [0, 100_000], false),
    publicPerSecond: numberIn('public-rps', values['public-rps'], [0, 100_000], false),
    orderVisibleAfterMs: whole('order-visible-ms', values['order-visible-ms'], delay),
    fillVisibleAfterMs: whole('fill-visible-ms', values['fill-visible-ms'], delay),
    cancelDelayMs: whole('cancel-ms', values['cancel-ms'], delay),
    firstSubscribeMs: whole('first-subscribe-ms', values['first-subscribe-ms'], delay),
    idleMs: whole('idle-ms', values['idle-ms'], delay),
    refuseDuplicates: values['refuse-duplicates'],
    exitWithParent: values['exit-with-parent'],
    binance: binanceOptions(values, whole),
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof spec }>>['values']

function binanceOptions(values: Values, whole: (name: string, text: string, bounds: readonly [number, number]) => number): BinanceOptions {
  const count: readonly [number, number] = [0, 1_000_000_000]
  const days: readonly [number, number] = [100, 259_200_000]
  return {
    weightPerMinute: whole('weight-per-minute', values['weight-per-minute'], count),
    ordersPer10Seconds: whole('orders-per-10s', values['orders-per-10s'], count),
    ordersPerDay: whole('orders-per-day', values['orders-per-day'], count),
    banMs: whole('ban-ms', values['ban-ms'], days),
    socketLifeMs: whole('socket-life-ms', values['socket-life-ms'], days),
    pingEveryMs: whole('ping-ms', values['ping-ms'], days),
    bnbFees: values['bnb-fees'],
    idsReusableAfter: oneOf('ids-reusable-after', values['ids-reusable-after'], ['end', 'fill']),
    cancelledKeepId: !values['cancelled-lose-id'],
  }
}

function oneOf<Word extends string>(name: string, text: string, words: readonly Word[]): Word {
  const word = words.find((one) => one === text)
  if (word === undefined) throw new Error(`--${name} must be ${words.join(' or ')}, not ${JSON.stringify(text)}`)
  return word
}

function numberIn(name: string, text: string, [least, most]: readonly [number, number], whole: boolean): number {
  const value = text === '' ? Number.NaN : Number(text)
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) throw new Error(`--${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not ${JSON.stringify(text)}`)
  return value
}

function ports(text: string): number | readonly number[] {
  const all = text.split(',').map((port) => numberIn('port', port, [1, text.includes(',') ? 65_535 : 65_532], true))
  if (all.length !== 1 && all.length !== 4) throw new Error(`--port must be one port or four with commas between, not ${JSON.stringify(text)}`)
  return all.length === 4 ? all : (all[0] ?? 0)
}

function bps(name: string, text: string): bigint {
  if (!/^\d{1,4}(\.\d{1,4})?$/.test(text)) throw new Error(`--${name} must be basis points such as 5 or 0.5, not ${JSON.stringify(text)}`)
  return rateFromBps(text)
}

function balance(text: string): [string, bigint] {
  const [asset = '', value = ''] = text.split('=')
  const atoms = parseAmount(value)
  if (!/^[A-Z]{2,10}$/.test(asset) || atoms === undefined) throw new Error(`--balance must look like USD=100000, not ${JSON.stringify(text)}`)
  return [asset, atoms]
}
