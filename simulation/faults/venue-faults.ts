/** Trouble between the desk and the venue, and at the venue itself. */
import type { Random } from '../../src/simulated-market/random.ts'
import type { FaultRequest } from '../../sandbox/control/fault-kinds.ts'
import type { FaultKind } from './fault-kind.ts'

type Draw = Partial<FaultRequest> & Pick<FaultRequest, 'name'>

const armed = (id: string, rows: readonly string[], draw: (random: Random) => Draw): FaultKind => ({
  id,
  rows,
  inject: (targets, random) => targets.arm(draw(random)),
})

const few = (random: Random): number => 1 + random.below(3)
const many = (random: Random): number => 1 + random.below(15)
const done = (random: Random): string => (random.below(2) === 0 ? 'created' : 'notCreated')
const pick = (random: Random, ...values: readonly [string, ...string[]]): string => values[random.below(values.length)] ?? values[0]
const within = (random: Random, least: number, most: number): number => least + random.below(most - least)

/** Reasons that the venue documents as "no order was made". */
const reasons = [
  'INSUFFICIENT_FUND',
  'INVALID_LIMIT_PRICE_POST_ONLY',
  'INVALID_SIZE_PRECISION',
  'INVALID_BASE_SIZE_TOO_SMALL',
  'INVALID_LIMIT_PRICE',
  'ORDER_ENTRY_DISABLED',
  'INELIGIBLE_PAIR',
  'UNSUPPORTED_ORDER_CONFIGURATION',
  'COMMANDER_REJECTED_NEW_ORDER',
] as const

const creates: readonly FaultKind[] = [
  armed('create.requestLost', ['OC-01'], (random) => ({ name: 'loseNextRequest', target: 'create', count: few(random) })),
  armed('create.answerLost', ['OC-02', 'OC-03', 'OC-11'], (random) => ({ name: 'loseNextAnswer', target: 'create', count: few(random) })),
  armed('create.late', ['OC-05', 'OC-06'], (random) => ({ name: 'lateAdmission', target: 'create', count: few(random), durationMs: within(random, 50, 14_000) })),
  armed('create.slow', ['OC-10', 'FS-01', 'DB-12'], (random) => ({ name: 'delay', target: 'create', count: few(random), durationMs: within(random, 100, 9_000) })),
  armed('create.unavailable', ['OC-04'], (random) => ({ name: 'answer5xx', target: 'create', count: few(random), variant: done(random) })),
  armed('create.html', ['OC-04', 'CN-15', 'CN-19'], (random) => ({ name: 'answerHtml', target: 'create', count: few(random), variant: done(random) })),
  armed('create.cut', ['OC-04'], (random) => ({ name: 'cutAnswer', target: 'create', count: few(random) })),
  armed('create.tooMany', ['OC-16'], (random) => ({ name: 'answer429', target: 'create', count: few(random) })),
  armed('create.unauthorised', ['CN-21'], (random) => ({ name: 'answer401', target: 'create', count: few(random) })),
  armed('create.forbidden', ['CN-21', 'PX-14'], (random) => ({ name: 'answer403', target: 'create', count: few(random) })),
  armed('create.refused', ['OC-15', 'OC-17', 'PX-08', 'PX-14'], (random) => ({ name: 'refuseOrders', count: many(random), reason: pick(random, ...reasons) })),
  armed('create.refusedOddly', ['OC-04', 'CN-24'], (random) => ({ name: 'refuseOrders', count: few(random), reason: 'NEVER_HEARD_OF_IT', variant: done(random) })),
]

const cancels: readonly FaultKind[] = [
  armed('cancel.requestLost', ['FS-08'], (random) => ({ name: 'loseNextRequest', target: 'cancel', count: few(random) })),
  armed('cancel.answerLost', ['FS-07', 'FS-08'], (random) => ({ name: 'loseNextAnswer', target: 'cancel', count: few(random) })),
  armed('cancel.late', ['FS-08'], (random) => ({ name: 'lateAdmission', target: 'cancel', count: few(random), durationMs: within(random, 50, 9_000) })),
  armed('cancel.slow', ['FS-06', 'FS-08'], (random) => ({ name: 'delay', target: 'cancel', count: few(random), durationMs: within(random, 100, 6_000) })),
  armed('cancel.unavailable', ['FS-08'], (random) => ({ name: 'answer5xx', target: 'cancel', count: few(random), variant: done(random) })),
  armed('cancel.odd', ['FS-08', 'CN-19'], (random) => ({ name: pick(random, 'answerHtml', 'cutAnswer') as 'cutAnswer', target: 'cancel', count: few(random) })),
  armed('cancel.barred', ['CN-09', 'CN-21'], (random) => ({ name: pick(random, 'answer401', 'answer403', 'answer429') as 'answer401', target: 'cancel', count: few(random) })),
]

const reads: readonly FaultKind[] = [
  armed('read.lost', ['FS-24'], (random) => ({ name: pick(random, 'loseNextRequest', 'loseNextAnswer') as 'loseNextAnswer', target: 'reads', count: many(random) })),
  armed('read.slow', ['CN-18', 'FS-24'], (random) => ({ name: 'delay', target: 'reads', count: many(random), durationMs: within(random, 50, 4_000) })),
  armed('read.unavailable', ['CN-15'], (random) => ({ name: 'answer5xx', target: 'reads', count: many(random) })),
  armed('read.html', ['CN-15', 'CN-19'], (random) => ({ name: 'answerHtml', target: 'reads', count: many(random) })),
  armed('read.cut', ['CN-19', 'CN-24'], (random) => ({ name: 'cutAnswer', target: 'reads', count: few(random) })),
  armed('read.tooMany', ['CN-09', 'CN-20'], (random) => ({ name: 'answer429', target: 'reads', count: few(random) })),
  armed('read.barred', ['CN-21'], (random) => ({ name: pick(random, 'answer401', 'answer403') as 'answer401', target: 'reads', count: many(random) })),
  // No longer than the proof of absence allows for.
  { id: 'order.hidden', rows: ['OC-12', 'FS-20'], inject: (targets) => targets.arm({ name: 'hideOrders', durationMs: targets.proof.lookUpLagMs }) },
  armed('fill.hidden', ['FS-10', 'FS-23'], (random) => ({ name: 'hideFills', durationMs: within(random, 500, 6_000) })),
]

const sockets: readonly FaultKind[] = [
  armed('socket.dropped', ['CN-06', 'CN-13'], (random) => ({ name: 'dropSockets', target: pick(random, 'all', 'market', 'user') })),
  armed('socket.silent', ['CN-01', 'CN-02', 'MD-01'], (random) => ({ name: 'goSilent', target: pick(random, 'all', 'market', 'user'), durationMs: within(random, 2_000, 14_000) })),
  armed('socket.refused', ['CN-08'], (random) => ({ name: 'refuseConnections', target: pick(random, 'market', 'user'), durationMs: within(random, 1_000, 9_000) })),
  armed('socket.subscribeRefused', ['CN-11', 'CN-12', 'CN-14'], (random) => ({ name: 'refuseSubscribe', count: few(random), variant: pick(random, 'failure to subscribe', 'authentication failure') })),
  armed('frame.twice', ['FS-03', 'MD-07'], (random) => ({ name: 'duplicateFrames', count: many(random) })),
  armed('frame.overtaken', ['CN-04'], (random) => ({ name: 'reorderFrames', count: few(random) })),
  armed('frame.lost', ['CN-04', 'CN-05'], (random) => ({ name: 'sequenceGap', count: few(random) })),
  armed('update.lost', ['FS-04', 'FS-11'], (random) => ({ name: 'loseUpdates', count: many(random) })),
  armed('ticker.bad', ['MD-02', 'MD-04', 'MD-06'], (random) => ({ name: 'badTickers', count: many(random), variant: pick(random, 'empty', 'zero', 'crossed', 'far') })),
]

/** The venue's clock may be behind by little: a token that outlives its proof would be a lie about the venue. */
const behindMs = 200

const venue: readonly FaultKind[] = [
  { ...armed('venue.away', ['CN-15', 'FS-24'], (random) => ({ name: 'refuseConnections', target: pick(random, 'all', 'rest'), durationMs: within(random, 1_000, 12_000) })), rarity: 2 },
  armed('order.endedByVenue', ['OC-19'], (random) => ({ name: 'endOrders', count: few(random), variant: pick(random, 'cancelled', 'expired', 'failed') })),
  armed('market.closed', ['PX-10'], (random) => ({ name: 'closeMarkets', durationMs: within(random, 1_000, 9_000) })),
  armed('fill.partial', ['FS-06', 'PX-02'], (random) => ({ name: 'partialFills', count: many(random) })),
  { ...armed('clock.venueAhead', ['CK-01', 'OC-06'], (random) => ({ name: 'clockSkew', skewMs: within(random, 200, 60_000), durationMs: within(random, 2_000, 15_000) })), rarity: 3 },
  armed('clock.venueBehind', ['CK-01'], (random) => ({ name: 'clockSkew', skewMs: -within(random, 20, behindMs), durationMs: within(random, 2_000, 15_000) })),
  {
    id: 'fill.unheard',
    rows: ['FS-05'],
    inject: (targets, random) => {
      targets.arm({ name: 'refuseConnections', target: 'user', durationMs: within(random, 3_000, 10_000) })
      targets.arm({ name: 'dropSockets', target: 'user' })
      targets.venue.path.push(random.below(2), -0.001 - random.uniform() * 0.003, 1_000)
    },
  },
  {
    id: 'price.jump',
    rows: ['MD-01', 'OC-17'],
    inject: (targets, random) => {
      targets.venue.path.push(random.below(2), (random.uniform() - 0.5) * 0.02, random.below(2_000))
      targets.met()
    },
  },
  {
    id: 'order.byHand',
    rows: ['FS-15'],
    rarity: 3,
    inject: (targets, random) => {
      const { exchange } = targets.venue
      const product = exchange.listed[random.below(exchange.listed.length)]
      const quote = product && exchange.marketOf(product).quote
      if (product === undefined || quote === undefined) return
      // Worth about twenty dollars, a little below the market: a person's own bid.
      const limitTicks = Math.max(1, quote.bid - 1 - random.below(Math.ceil(quote.bid / 1_000)))
      const atoms = (20n * 10n ** 36n) / (BigInt(limitTicks) * product.priceIncrement)
      const placed = exchange.place({ clientOrderId: `by-hand-${random.below(1_000_000)}`, productId: product.id, side: 'BUY', limitTicks, quantity: atoms - (atoms % product.baseIncrement), timeInForce: 'GTC', postOnly: false })
      if (placed.kind === 'admitted') targets.met()
    },
  },
]

export const venueFaults: readonly FaultKind[] = [...creates, ...cancels, ...reads, ...sockets, ...venue]
