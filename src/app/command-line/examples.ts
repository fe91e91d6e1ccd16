/** One to three examples for every command, shown below its `--help`. */
import type { Command } from 'commander'

const reason = (words: string): string => `--reason "${words}"`

/** By the command's path; what follows `nightdesk`, and what it does. */
export const examples: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  '': [['demo', 'see it trade, with no keys and no network'], ['init', 'a configuration of your own'], ['doctor --config desk.yaml', 'what stands in the way of a start']],
  demo: [['demo', 'until Ctrl-C; the page is at http://127.0.0.1:7171/'], ['demo --until-closed 2 --seed 7', 'end after two closed pairs, on a market that can be repeated'], ['demo --venue binance --port 8080', 'the other venue, another port']],
  sandbox: [['sandbox --home /tmp/exchange', 'an exchange that remembers; leave it running'], ['sandbox --venue binance --speed 20', 'the other venue, on a hurried market']],
  init: [['init', 'paper trading on Coinbase, as desk.yaml'], ['init --venue binance --mode dryRun --out dry.yaml', 'decisions in the log, nothing else'], ['init --sandbox http://127.0.0.1:4003 --mode live', 'orders to a running sandbox']],
  config: [['config check --config desk.yaml', 'is it in order, and what are the defaults'], ['config schema > nightdesk.schema.json', 'for your editor']],
  'config demo': [['config demo --sandbox http://127.0.0.1:4003 --out desk.yaml', "the demo's figures for a running sandbox"]],
  'config schema': [['config schema > nightdesk.schema.json', 'for your editor']],
  'config check': [['config check --config desk.yaml', 'read it, show every default, send nothing'], ['config check --config desk.yaml --json', 'the same for programs']],
  run: [['run --config desk.yaml', 'until Ctrl-C or SIGTERM'], ['run --config desk.yaml --port 0', 'on a port that is free']],
  doctor: [['doctor --config desk.yaml', 'machine, store, venue and key'], ['doctor', 'the machine and the embedded store alone']],
  completion: [['completion bash > ~/.local/share/bash-completion/completions/nightdesk', 'for every new bash'], ['completion fish | source', 'for this fish']],
  simulate: [['simulate --seeds 200', 'two hundred worlds with faults'], ['simulate --seed 17 --trace', 'one of them, line by line']],
  status: [['status', 'is it running, since when, how many pairs'], ['status --json', 'the same for programs']],
  orders: [['orders', 'those that work'], ['orders --all --state filled --limit 20', 'the last twenty that filled']],
  pairs: [['pairs', 'open round trips'], ['pairs --state held', 'those that wait for you']],
  inspect: [['inspect desk', 'the desk itself'], ['inspect trade-pair/01M7XRX59XKQD2GRR2', 'one round trip, and how it got there']],
  replay: [['replay trade-pair/01M7XRX59XKQD2GRR2', 'its past, step by step, and whether it leads to its row'], ['replay desk --after 100', 'what came after its hundredth event']],
  pnl: [['pnl', 'by UTC day and instrument']],
  performance: [['performance', 'profit, win rate, expectancy'], ['performance --capital 1000', 'and return, drawdown and ratios on that']],
  positions: [['positions', 'what is held now, and how far from its target']],
  'audit-log': [['audit-log --kind denial --limit 10', 'the last ten that the gate denied'], ['audit-log --verify', 'is the chain whole']],
  why: [['why', 'why entries are taken, or not'], ['why BTC-USD', 'on that market alone']],
  audit: [['audit --config desk.yaml --settle 10', 'when both sides have been quiet']],
  arm: [[`arm --config desk.yaml ${reason('first night')}`, 'shows what it would do, and its fingerprint'], [`arm --config desk.yaml ${reason('first night')} --confirm 888cfdf46723cc00`, 'arms exactly that']],
  disarm: [[`disarm --config desk.yaml ${reason('holidays')}`, 'the next start is refused']],
  pause: [[`pause ${reason('news at eight')}`, 'what was bought is sold as before']],
  resume: [[`resume ${reason('news are over')}`, 'entries again']],
  reconcile: [[`reconcile ${reason('a fill looks odd')}`, 'compare with the venue now']],
  kill: [[`kill --level entries ${reason('odd prices')}`, 'no new entries'], [`kill --level flatten ${reason('getting out')}`, 'cancel everything, sell everything']],
  unkill: [[`unkill ${reason('prices are sound')}`, 'limits come back in steps']],
  hold: [[`hold 01M7XRX59XKQD2GRR2 ${reason('I look first')}`, 'nothing is begun for it']],
  release: [[`release 01M7XRX59XKQD2GRR2 ${reason('looked')}`, 'it goes on where its rows say']],
  close: [[`close 01M7XRX59XKQD2GRR2 ${reason('out of this one')}`, 'sell what it holds at once']],
  'close-externally': [[`close-externally 01M7XRX59XKQD2GRR2 ${reason('sold by hand')}`, 'the desk lets go of it']],
  'set-target': [[`set-target 01M7XRX59XKQD2GRR2 61500 ${reason('resistance there')}`, 'offer it at your price']],
  'reset-breaker': [[`reset-breaker drawdown ${reason('understood')}`, 'entries again']],
  cancel: [[`cancel nd3kf9-01M7XRX59XKQD2GRR2-b1 ${reason('not this one')}`, 'call a resting buy off']],
  buy: [[`buy BTC-USD 0.001 59900 --target-bps 50 ${reason('a dip')}`, 'a round trip by hand']],
  adopt: [[`adopt 5f0c1a2b-3c4d ${reason('placed on my phone')}`, "by the venue's own order id"]],
  preview: [['preview BTC-USD buy 0.001 59900', 'what the gate and the venue would say'], ['preview BTC-USD sell 0.001 60100 --taker', 'for an order that may take']],
  execution: [['execution nd3kf9-01M7XRX59XKQD2GRR2-b1', 'average price, fees, slippage']],
  alerts: [['alerts', 'what each means, and what to do'], ['alerts test --config desk.yaml', 'do they reach me']],
  'alerts test': [['alerts test --config desk.yaml', 'one notice over every channel']],
  logs: [['logs --follow --pretty', 'as it happens, for people'], ['logs --level error', 'what went wrong'], ['logs --grep trade-pair/01M7XRX59XKQD2GRR2', 'all about one round trip']],
  backup: [['backup --out nightdesk-2026-11-21.backup.gz', 'every row of the embedded store, while the desk runs or not'], ['backup --config desk.yaml --out desk.backup.gz', 'of the store that it names']],
  restore: [['restore --config desk.yaml --from desk.backup.gz', 'into an empty store; the desk then waits for you']],
  migrate: [['migrate', 'the embedded store'], ['migrate --config desk.yaml', 'the one that it names']],
}

const textOf = (lines: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...lines.map(([words]) => words.length))
  return ['', 'Examples:', ...lines.map(([words, does]) => `  nightdesk ${words.padEnd(Math.min(width, 60))}  # ${does}`)].join('\n')
}

/** Adds them to every command that has some. */
export const addExamples = (command: Command, path = ''): void => {
  const own = examples[path]
  if (own !== undefined) command.addHelpText('after', textOf(own))
  for (const inner of command.commands) addExamples(inner, path === '' ? inner.name() : `${path} ${inner.name()}`)
}
