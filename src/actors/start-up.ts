/** What must be known before a desk can begin: the venue's rules, the account, the lease and the rows. */
import type { Failure, Result } from '../domain/failure.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { FeeRates } from '../domain/order.ts'
import type { ActorRecord } from '../domain/records.ts'
import type { Millis } from '../domain/time.ts'
import type { DeskContext } from '../machines/desk/desk-context.ts'
import type { TradePairContext } from '../machines/trade-pair/trade-pair-context.ts'
import type { Lease, LiveRows } from '../ports/journal.ts'
import type { KeyPermissions } from '../ports/venue.ts'
import { DeskCannotStart, type DeskOptions } from './desk-options.ts'
import { ActorFailed } from './durable-actor.ts'
import { rulesNews } from './instrument-watch.ts'
import { misfitsOfFees, misfitsOfSize } from './misfits.ts'
import { NewerRow, RowReader } from './row-reader.ts'
import type { Message } from './turn.ts'

export interface Ready {
  readonly lease: Lease
  readonly fees: FeeRates
  /** The configured ones. */
  readonly instruments: ReadonlyMap<string, Instrument>
  /** Everything that the venue lists, and what it listed when this desk last traded it. */
  readonly listed: ReadonlyMap<string, Instrument>
  /** The configured ones that the venue lists no more. */
  readonly delisted: readonly string[]
  readonly rows: LiveRows
  /** Rows that even their events could not mend, and why. */
  readonly broken: readonly { readonly record: ActorRecord; readonly detail: string }[]
}

const credentialFailures: ReadonlySet<Failure['kind']> = new Set(['unauthorised', 'forbidden'])

/** A ban is said again so often while it is waited for. */
const banWaitMs = 60_000

/** Asks the venue, some times, with a growing pause; credentials are refused once and for all, and the end of a ban is waited for, however long (CN-09). */
const insist = async <T>(options: DeskOptions, what: string, ask: () => Promise<Result<T>>): Promise<T> => {
  const { clock, log, tuning } = options
  let attempt = 1
  for (;;) {
    const answer = await ask()
    if (answer.ok) return answer.value
    const { kind, detail } = answer.failure
    const venue = options.venue.capabilities.venue
    if (credentialFailures.has(kind)) {
      throw new DeskCannotStart('credentials', `${venue} refused the API key when asked for ${what} (${detail}): check the key, its permissions and its allowed addresses`)
    }
    if (kind === 'banned') {
      const waitMs = Math.min(answer.failure.retryAfterMs ?? banWaitMs, banWaitMs)
      log.error('start.banned', { what, detail, waitMs })
      await new Promise<void>((resolve) => void clock.after(waitMs, resolve))
      continue
    }
    if (attempt >= tuning.startAttempts) throw new DeskCannotStart('venueUnreachable', `${venue} did not answer when asked for ${what} (${attempt} attempts, ${kind}: ${detail}): check the network, the addresses in the configuration and the venue's status`)
    log.warn('start.waiting', { what, kind, detail, attempt })
    await new Promise<void>((resolve) => void clock.after(200 * 2 ** attempt, resolve))
    attempt++
  }
}

/** A desk that nobody watches must not hold a key that can send money away. */
const checkKey = ({ canTrade, canTransfer }: KeyPermissions, options: DeskOptions): void => {
  const { venue } = options.venue.capabilities
  if (canTransfer === undefined) options.log.warn('key.transfersUnknown', { detail: `${venue} does not tell whether the API key may withdraw: make sure that it may not` })
  if (canTransfer === true) throw new DeskCannotStart('credentials', `the API key may transfer or withdraw money from ${venue}: make a key that may only view and trade, and use that`)
  if (!canTrade) throw new DeskCannotStart('credentials', `the API key may not trade on ${venue}: give it the permission to view and trade, or use another key`)
}

const installMark = (options: DeskOptions): string =>
  Array.from({ length: 4 }, () => '0123456789abcdefghjkmnpqrstvwxyz'.charAt(options.random.below(32))).join('')

/**
 * Reads the venue's rules and takes the lease.
 * @throws DeskCannotStart
 */
export const prepare = async (options: DeskOptions): Promise<Ready> => {
  const { venue, journal, environment } = options
  // First: until the venue's clock is known, tokens are dated by ours, and with a clock far off every one is refused (CK-01).
  await insist(options, 'its clock', () => venue.clockOffset())
  checkKey(await insist(options, "the API key's permissions", () => venue.keyPermissions()), options)
  const account = await insist(options, 'the account', () => venue.accountId())
  const fees = await insist(options, 'the fee rates', () => venue.feeRates())
  const listed = new Map((await insist(options, 'the list of instruments', () => venue.instruments())).map((one) => [one.id, one]))
  const outcome = await journal.takeLease({ environment, venue: venue.capabilities.venue, account }, installMark(options))
  if (outcome.kind === 'held') throw new DeskCannotStart('held', `another desk works on this store (${outcome.detail}): stop it first, or use another data directory`)
  if (outcome.kind === 'otherOwner') {
    const { stamp } = outcome
    throw new DeskCannotStart('configuration', `this store belongs to ${stamp.venue}, ${stamp.environment}, account ${stamp.account}; the configuration names ${venue.capabilities.venue}, ${environment}, account ${account}: use another data directory or database`)
  }
  options.failpoints.reach('start.leased')
  const found = await journal.liveRows()
  const delisted = await remember(found, listed, options)
  const instruments = configured(listed, options)
  const [misfit] = [...misfitsOfFees(options, fees), ...misfitsOfSize(options, instruments, fees)]
  if (misfit !== undefined) throw new DeskCannotStart('configuration', misfit)
  const { actors, broken } = await continued(found.actors, options)
  insistOnOwnRows(broken)
  const rows = { ...found, actors }
  checkRows(found, instruments)
  return { lease: outcome.lease, fees, instruments, listed, delisted, rows, broken }
}

/**
 * What was traded once and is listed no more is known from its last pair: its fills still count, and the open pairs of
 * a configured one wait (PX-11). Returns the configured ones.
 */
const remember = async ({ booked }: LiveRows, listed: Map<string, Instrument>, { instruments, journal }: DeskOptions): Promise<readonly string[]> => {
  const wanted = new Set([...instruments.map(({ id }) => id), ...booked.map(({ instrument }) => instrument)])
  const delisted: string[] = []
  for (const id of wanted) {
    if (listed.has(id)) continue
    const last = (await journal.lastPairOn(id))?.context as TradePairContext | undefined
    if (last === undefined) continue
    listed.set(id, { ...last.instrument, status: 'delisted' })
    if (instruments.some((one) => one.id === id)) delisted.push(id)
  }
  return delisted
}

const configured = (listed: ReadonlyMap<string, Instrument>, { instruments, venue }: DeskOptions): ReadonlyMap<string, Instrument> =>
  new Map(
    instruments.map(({ id }) => {
      const instrument = listed.get(id)
      if (instrument === undefined) throw new DeskCannotStart('configuration', `${venue.capabilities.venue} has no instrument ${id}: correct the name under "instruments"`)
      return [id, instrument] as const
    }),
  )

/** The rows as this program continues them; one that only another program can stops the start, before anything is traded. */
const continued = async (records: readonly ActorRecord[], { journal, log }: DeskOptions): Promise<{ actors: readonly ActorRecord[]; broken: Ready['broken'] }> => {
  const reader = new RowReader(journal, log)
  const actors: ActorRecord[] = []
  const broken: { record: ActorRecord; detail: string }[] = []
  for (const record of records) {
    try {
      actors.push(await reader.upToDate(record))
    } catch (error) {
      if (error instanceof NewerRow) throw new DeskCannotStart('configuration', error.message)
      if (!(error instanceof ActorFailed)) throw error
      broken.push({ record, detail: error.message })
    }
  }
  return { actors, broken }
}

/** What a desk without one of its own rows would not know. A breaker without its row keeps entries back instead. */
const unknownWithout: Partial<Readonly<Record<ActorRecord['kind'], string>>> = {
  'kill-switch': 'whether it was stopped',
  desk: 'how it was left',
  account: 'which money at the venue is its own',
}

/** Orders and pairs have somebody who looks after them; the desk's own actors have nobody but the desk. */
const insistOnOwnRows = (broken: Ready['broken']): void => {
  for (const { record, detail } of broken) {
    const unknown = unknownWithout[record.kind]
    if (unknown !== undefined) throw new DeskCannotStart('configuration', `the row of ${record.address} cannot be continued (${detail}), and without it the desk does not know ${unknown}: start the version that wrote it, or restore the newest backup into an empty store`)
  }
}

/** Rows that this configuration cannot continue stop the start, before anything is traded. */
const checkRows = ({ actors }: LiveRows, instruments: ReadonlyMap<string, Instrument>): void => {
  for (const { address, tradePair } of actors) {
    if (tradePair !== undefined && !instruments.has(tradePair.instrument)) {
      throw new DeskCannotStart('configuration', `${address} is open on ${tradePair.instrument}, which the configuration does not name: put it back under "instruments" until its pairs have closed`)
    }
  }
}

const inDoubt: ReadonlySet<string> = new Set(['submitting', 'resolving', 'cancelling'])

/** The rows of the desk's own actors, which are few. */
export const ownRows = ({ rows }: Ready): readonly ActorRecord[] => rows.actors.filter(({ order, tradePair }) => order === undefined && tradePair === undefined)

/** What a restart must say to an actor: claims without an answer are resolved, uncovered pairs are covered, by the rules of now. */
export const awakening = (record: ActorRecord, deadlines: readonly string[], instruments: ReadonlyMap<string, Instrument>): readonly Message[] => {
  if (record.kind === 'order') return inDoubt.has(record.state) ? [{ to: record.address, event: { type: 'restarted' } }] : []
  if (record.tradePair === undefined) return []
  const news = rulesNews(record.context as unknown as TradePairContext, instruments)
  const uncovered = record.state === 'filled' && !deadlines.includes('cover')
  return [
    ...(news === undefined ? [] : [news]),
    ...(uncovered ? [{ to: record.address, event: { type: 'deadlineDue', name: 'cover' } as Message['event'] }] : []),
  ]
}

/** When this desk last compared itself with the venue, by its row; null when it never did. */
export const lastReconciled = ({ rows }: Ready): Millis | null => (rows.actors.find(({ kind }) => kind === 'desk')?.context as DeskContext | undefined)?.reconciledAt ?? null
