/** What a REST fault can aim at. */
export type RequestClass = 'create' | 'cancel' | 'reads'

/** One fault of the closed set: what it does, what it may aim at and its variants (the first is the default), and whether it counts or lasts. */
interface FaultKind {
  readonly does: string
  readonly targets: readonly string[]
  readonly measure: 'count' | 'durationMs' | 'both' | 'none'
  readonly variants?: readonly string[]
}

const CLASSES = ['create', 'cancel', 'reads', 'all'] as const
const SOCKETS = ['all', 'market', 'user'] as const
const ALL = ['all'] as const
/** Whether a request that is answered badly has been done all the same. */
const DONE = ['notCreated', 'created'] as const

/** Every fault the sandbox can make. */
export const faultKinds = {
  dropSockets: { does: 'closes the WebSocket connections now', targets: SOCKETS, measure: 'none' },
  goSilent: { does: 'sends no frame for durationMs, heartbeats and pongs included; sockets stay open and the frames are lost', targets: SOCKETS, measure: 'durationMs' },
  duplicateFrames: { does: 'sends the next count frames twice', targets: SOCKETS, measure: 'count' },
  reorderFrames: { does: 'sends the next count frames each after its successor', targets: SOCKETS, measure: 'count' },
  sequenceGap: { does: 'loses the next count frames, their sequence numbers with them', targets: SOCKETS, measure: 'count' },
  loseUpdates: { does: 'tells the user stream nothing of the next count changes of an order; no sequence number is missing', targets: ALL, measure: 'count' },
  badTickers: { does: 'sends the next count tickers with prices that are none: empty, zero, crossed or far away', targets: ALL, measure: 'count', variants: ['empty', 'zero', 'crossed', 'far'] },
  refuseSubscribe: { does: 'answers the next count messages of clients with an error frame', targets: SOCKETS, measure: 'count', variants: ['failure to subscribe', 'authentication failure'] },
  loseNextAnswer: { does: 'does what count requests ask, then destroys their sockets unanswered', targets: CLASSES, measure: 'count' },
  loseNextRequest: { does: 'destroys the sockets of count requests and does nothing', targets: CLASSES, measure: 'count' },
  lateAdmission: { does: 'destroys the sockets of count requests and does what they ask durationMs later', targets: ['create', 'cancel'], measure: 'both' },
  answer5xx: { does: 'answers count requests 503; with variant "created" they are done all the same', targets: CLASSES, measure: 'count', variants: DONE },
  answerHtml: { does: 'answers count requests 502 with a page of HTML; with variant "created" they are done all the same', targets: CLASSES, measure: 'count', variants: DONE },
  cutAnswer: { does: 'does what count requests ask and answers with half of the JSON', targets: CLASSES, measure: 'count' },
  answer429: { does: 'answers count requests 429 and does nothing', targets: CLASSES, measure: 'count' },
  answer401: { does: 'answers count signed requests 401 and does nothing', targets: CLASSES, measure: 'count' },
  answer403: { does: 'answers count signed requests 403 and does nothing', targets: CLASSES, measure: 'count' },
  refuseOrders: { does: 'refuses count creates for `reason` (default INSUFFICIENT_FUND; any text); with variant "created" the order is made all the same', targets: ALL, measure: 'count', variants: DONE },
  endOrders: { does: 'ends the count oldest live orders now, by the venue\'s own will', targets: ALL, measure: 'none', variants: ['cancelled', 'expired', 'failed'] },
  closeMarkets: { does: 'takes no new orders for durationMs: every product is cancel_only', targets: ALL, measure: 'durationMs' },
  hideOrders: { does: 'for durationMs leaves orders made meanwhile out of lists and look-ups', targets: ALL, measure: 'durationMs' },
  hideFills: { does: 'for durationMs leaves fills made meanwhile out of the fills list', targets: ALL, measure: 'durationMs' },
  delay: { does: 'lets count requests wait durationMs before they are done', targets: ['all', 'create', 'cancel', 'reads'], measure: 'both' },
  refuseConnections: { does: 'destroys every new connection and every request for durationMs', targets: ['all', 'rest', 'market', 'user'], measure: 'durationMs' },
  partialFills: { does: 'halves the next count executions of resting orders', targets: ALL, measure: 'count' },
  wipe: { does: 'forgets every order and fill and gives the account its opening balances again, as a testnet does', targets: ALL, measure: 'none' },
  haltMarkets: { does: 'gives every symbol of Binance that status for durationMs: no new orders', targets: ALL, measure: 'durationMs', variants: ['HALT', 'BREAK', 'CANCEL_ONLY'] },
  backendTimeout: { does: 'answers count requests to Binance -1007, status unknown; with variant "created" they are done all the same', targets: CLASSES, measure: 'count', variants: DONE },
  banAddress: { does: 'answers every request to Binance 418 for durationMs', targets: ALL, measure: 'durationMs' },
  staleOpenOrders: { does: 'for durationMs lists as open at Binance what was open when it began', targets: ALL, measure: 'durationMs' },
  delayUpdates: { does: 'tells the next count events of the account at Binance durationMs late, after the answer to their request', targets: ALL, measure: 'both' },
  losePings: { does: 'sends the sockets of Binance no ping for durationMs', targets: SOCKETS, measure: 'durationMs' },
  announceShutdown: { does: 'tells the sockets of Binance serverShutdown now and closes them durationMs later', targets: SOCKETS, measure: 'durationMs' },
  endSubscriptions: { does: 'ends every subscription to the account at Binance with eventStreamTerminated', targets: ALL, measure: 'none' },
  clockSkew: { does: 'moves the venue clock by skewMs (default 60000) for durationMs', targets: ALL, measure: 'durationMs' },
} as const satisfies Record<string, FaultKind>

export type FaultName = keyof typeof faultKinds

/** A request to `POST /faults`. */
export interface FaultRequest {
  readonly name: FaultName
  readonly count: number
  readonly durationMs: number
  readonly target: string
  /** "" for kinds without variants. */
  readonly variant: string
  readonly skewMs: number
  readonly reason: string
}

/** Reads a request body; a text is the sentence that says what is wrong with it. */
export function readFault(body: unknown): FaultRequest | string {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const name = fields['name']
  if (typeof name !== 'string' || !Object.hasOwn(faultKinds, name)) return `unknown fault ${JSON.stringify(name)}; known: ${Object.keys(faultKinds).join(', ')}`
  const known = name as FaultName
  const kind: FaultKind = faultKinds[known]
  const target = oneOf(fields['target'], kind.targets)
  if (target === undefined) return `${name} aims at one of ${kind.targets.join(', ')}, not ${JSON.stringify(fields['target'])}`
  const variant = oneOf(fields['variant'], kind.variants ?? [''])
  if (variant === undefined) return `${name} has ${kind.variants === undefined ? 'no variants' : `the variants ${kind.variants.join(', ')}`}, not ${JSON.stringify(fields['variant'])}`
  const count = wholeNumber(fields['count'], 1, 100_000)
  const durationMs = wholeNumber(fields['durationMs'], 1000, 3_600_000)
  if (count === undefined || durationMs === undefined) return 'count (1 to 100000) and durationMs (1 to 3600000) are whole numbers'
  const skewMs = typeof fields['skewMs'] === 'number' ? fields['skewMs'] : 60_000
  const reason = typeof fields['reason'] === 'string' ? fields['reason'] : 'INSUFFICIENT_FUND'
  return { name: known, target, count, durationMs, variant, skewMs, reason }
}

function oneOf(value: unknown, known: readonly string[]): string | undefined {
  return value === undefined ? known[0] : known.find((one) => one === value)
}

function wholeNumber(value: unknown, otherwise: number, limit: number): number | undefined {
  if (value === undefined) return otherwise
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= limit ? value : undefined
}
