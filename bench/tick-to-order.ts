/**
 * Tick to order: from the frame that the socket hands over to the create request on the wire, with the claim committed in
 * between; against a bare script that parses the frame and sends at once, and against the same with one commit.
 *
 * Fair: all three parse the same frames and send through the same adapter to the same exchange, signature included, over
 * connections that are warm; they take turns, tick by tick, each after the same rest: an order comes out of a quiet market. The
 * bare commit is one row of the claim's size by a prepared insert into the same server. The desk decides by a strategy that
 * wants one buy for each new price.
 */
import { Client } from 'pg'
import { Desk } from '../src/actors/desk.ts'
import { defaultTuning } from '../src/actors/desk-options.ts'
import { coinbaseVenue, loadKey, type CoinbaseVenue } from '../src/adapters/coinbase/index.ts'
import { PostgresJournal } from '../src/adapters/postgres/postgres-journal.ts'
import { systemClock, systemRandom } from '../src/adapters/system/system-clock.ts'
import type { Approved } from '../src/domain/approved.ts'
import { money, price, quantity, rate } from '../src/domain/decimal.ts'
import type { OrderRequest } from '../src/domain/order.ts'
import { noFailpoints } from '../src/ports/failpoints.ts'
import type { Strategy } from '../src/strategies/strategy.ts'
import { keyOf, sleep } from '../test/strangers/support.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { startSandbox, type SandboxProcess } from '../test/support/sandbox-process.ts'
import { insist, quantile, type Figure, type Measure, type Scale } from './figure.ts'
import { pairInput, pairOf } from './support/order-lives.ts'
import { wideLimits } from './support/quiet-venue.ts'
import { silent } from './support/silent.ts'
import { HeardHttp, PlayedMarket } from './support/wire.ts'

const samples: Readonly<Record<Scale, number>> = { tiny: 2, quick: 150, full: 1_000 }
const warmUp: Readonly<Record<Scale, number>> = { tiny: 1, quick: 20, full: 100 }
/**
 * A strategy is asked at most once in `strategistRestMs`, and once more when its order has been answered: the next tick comes when
 * it has rested from both.
 */
const restMs = 2 * defaultTuning.strategistRestMs + 50
const longestMs = 10_000
/** Far below the market, and small: it rests, and the account can pay for all of them. */
const wanted = { price: price('50000'), quantity: quantity('0.0001') }

/** One buy for each price that it has not seen. */
const eager = (): Strategy => {
  let last = ''
  return {
    name: 'bench',
    budget: money('1000000'),
    decide: ({ bid, ask }) => {
      const proposals = bid === last ? [] : [{ ...wanted, target: rate('0.001') }]
      last = bid
      return { proposals, unwanted: [], wakeAt: { rises: ask } }
    },
  }
}

interface Stage {
  readonly desk: Desk
  readonly market: PlayedMarket
  readonly http: HeardHttp
  readonly venue: CoinbaseVenue
  readonly store: Client
}

type Way = (text: string, tick: number) => void | Promise<void>

/** Milliseconds from the frame to the wire. */
const timed = async ({ http }: Stage, text: string, way: () => void | Promise<void>): Promise<number> => {
  const { promise, resolve } = Promise.withResolvers<number>()
  http.onCreate = resolve
  const began = performance.now()
  const sent = way()
  const at = await Promise.race([promise, sleep(longestMs)])
  await sent
  insist(at !== undefined, `no order left within ${longestMs} ms of ${text}`)
  return (at ?? Number.NaN) - began
}

const sendOf = ({ venue }: Stage, name: string): Way => async (text, tick) => {
  const { events } = JSON.parse(text) as { events: readonly { readonly tickers: readonly { readonly best_bid: string }[] }[] }
  insist(Number(events[0]?.tickers[0]?.best_bid) > 0, 'the frame had no price')
  const request: OrderRequest = { clientOrderId: `${name}-${tick}`, instrument: 'BTC-USD', side: 'buy', ...wanted, postOnly: true }
  const outcome = await venue.create({ request: request as Approved<OrderRequest>, claimedAt: venue.now() })
  if (outcome.kind === 'accepted') await venue.cancel(outcome.venueOrderId)
  insist(outcome.kind === 'accepted', `the bare script's order was not accepted: ${JSON.stringify(outcome)}`)
}

const commitAndSend = (stage: Stage): Way => {
  const send = sendOf(stage, 'commit')
  const body = JSON.stringify(pairInput(pairOf(0)))
  return async (text, tick) => {
    await stage.store.query({ name: 'claim', text: 'INSERT INTO bare_claims (id, body) VALUES ($1, $2)', values: [tick, body] })
    await send(text, tick)
  }
}

/** The exchange takes only so many open orders: what the desk has placed is cancelled now and then, between two ticks. */
const sweepEvery = 100
const sweepMs = 2_000

const sweep = async ({ desk, venue }: Stage): Promise<void> => {
  await Promise.all(desk.view.orders().flatMap(({ venueOrderId }) => (venueOrderId === null ? [] : [venue.cancel(venueOrderId)])))
  await sleep(sweepMs)
}

/** Above the first price that the desk has heard. */
const askAt = (tick: number): number => 60_001 + tick

const sampled = async (stage: Stage, scale: Scale): Promise<Readonly<Record<'desk' | 'bare' | 'commit', readonly number[]>>> => {
  const ways = { desk: (text: string) => stage.market.hand(text), bare: sendOf(stage, 'bare'), commit: commitAndSend(stage) }
  const times = { desk: [] as number[], bare: [] as number[], commit: [] as number[] }
  for (let tick = 0; tick < samples[scale] + warmUp[scale]; tick++) {
    if (tick % sweepEvery === sweepEvery - 1) await sweep(stage)
    for (const [name, way] of Object.entries(ways) as [keyof typeof ways, Way][]) {
      await sleep(restMs)
      const ask = askAt(tick)
      const text = name === 'desk' ? stage.market.ticker(`${ask - 1}.99`, `${ask}`) : JSON.stringify({ events: [{ tickers: [{ best_bid: String(ask) }] }] })
      times[name].push(await timed(stage, text, () => way(text, tick)))
    }
  }
  return { desk: times.desk.slice(warmUp[scale]), bare: times.bare.slice(warmUp[scale]), commit: times.commit.slice(warmUp[scale]) }
}

const figuresOf = ({ desk, bare, commit }: Awaited<ReturnType<typeof sampled>>): readonly Figure[] =>
  [
    { name: 'p50', share: 0.5, aim: { atMost: 1.3 } },
    { name: 'p99', share: 0.99, aim: { atMost: 2 } },
    { name: 'p99.9', share: 0.999, aim: undefined },
  ].flatMap(({ name, share, aim }) => [
    { measure: `tick to order, ${name}`, value: quantile(desk, share), unit: 'ms', against: { what: 'ms, bare with a commit', value: quantile(commit, share) }, ...(aim && { aim }) },
    { measure: `tick to order, ${name}`, value: quantile(desk, share), unit: 'ms', against: { what: 'ms, bare', value: quantile(bare, share) } },
  ])

const onStage = async (sandbox: SandboxProcess, address: Awaited<ReturnType<Awaited<ReturnType<typeof startPostgres>>['database']>>, scale: Scale): Promise<readonly Figure[]> => {
  const { rest, user, keyFile } = sandbox.addresses.coinbase
  const { name, privateKey } = keyOf(keyFile)
  const market = new PlayedMarket('ws://played')
  const http = new HeardHttp()
  const venue = coinbaseVenue({ restUrl: rest, marketUrl: 'ws://played', userUrl: user, key: loadKey({ name, secret: privateKey }), clock: systemClock, random: systemRandom, log: silent, http, openWebSocket: market.open, privatePerSecond: 0, publicPerSecond: 0 })
  const store = new Client(address)
  await store.connect()
  await store.query('CREATE TABLE bare_claims (id bigint PRIMARY KEY, body jsonb NOT NULL)')
  const journal = await PostgresJournal.open(async () => address, 'bench', noFailpoints)
  const desk = await Desk.start({
    environment: 'sandbox', venue, journal, clock: systemClock, random: systemRandom, log: silent, failpoints: noFailpoints, limits: wideLimits, tuning: defaultTuning, foreignOrders: 'ignore',
    disk: { free: async () => ({ bytes: 1e12, share: 0.9 }) }, instruments: [{ id: 'BTC-USD', strategy: eager(), adoptedTarget: rate('0.001') }],
  })
  while (desk.view.deskState !== 'trading') {
    market.hand(market.ticker('59999.99', '60000'))
    await sleep(restMs)
  }
  try {
    return figuresOf(await sampled({ desk, market, http, venue, store }, scale))
  } finally {
    market.stop()
    await desk.stop('the bench has what it wants', 5_000)
    venue.close()
    await store.end()
  }
}

const tickToOrder = async (scale: Scale): Promise<readonly Figure[]> => {
  const server = await startPostgres()
  const sandbox = await startSandbox(['--seed', 'bench', '--private-rps', '0', '--public-rps', '0'])
  try {
    return await onStage(sandbox, await server.database(), scale)
  } finally {
    await sandbox.stop()
    await server.stop()
  }
}

export const tickToOrderMeasure: Measure = { name: 'tick-to-order', about: 'frame to create request on the wire, claim committed, against a bare script', aloneAt: [], run: tickToOrder }
