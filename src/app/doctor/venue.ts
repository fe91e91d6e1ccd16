/** The venue as the desk would find it: its hosts, its clock, its instruments, its limits, and what the key may do. */
import { connect } from 'node:net'
import { binanceHosts } from '../../adapters/binance/index.ts'
import { coinbaseHosts } from '../../adapters/coinbase/index.ts'
import type { Failure, Result } from '../../domain/failure.ts'
import type { Instrument } from '../../domain/instrument.ts'
import type { StoreStamp } from '../../ports/journal.ts'
import type { Strategy } from '../../strategies/strategy.ts'
import { misfitsOfFees, misfitsOfSize } from '../../actors/misfits.ts'
import { venueToAsk, wishesOf, type VenueToAsk } from '../compose.ts'
import type { Config } from '../config/schema.ts'
import { Problem } from '../problem.ts'
import { halves, ok, problem, warning, type Finding } from './finding.ts'

const reachWithinMs = 5_000
/** The desk trades by the venue's clock; its stamps, deadlines and log are by ours. */
const offMs = { worthALook: 1_000, wrong: 30_000 } as const

const hostsOf = ({ venue, environment }: Config): readonly string[] => {
  if (venue.name === 'ccxt') return []
  if (venue.sandbox !== undefined) return Object.entries(venue.sandbox).flatMap(([name, url]) => (name === 'controlUrl' ? [] : [url]))
  return Object.values(venue.name === 'coinbase' ? coinbaseHosts : binanceHosts[environment === 'testnet' ? venue.testnet : 'production'])
}

const ports: Readonly<Record<string, number>> = { 'http:': 80, 'ws:': 80, 'https:': 443, 'wss:': 443 }

/** Why nothing can be said there; undefined when somebody listens. */
const silenceAt = (url: string): Promise<string | undefined> =>
  new Promise((resolve) => {
    const { hostname, port, protocol } = new URL(url)
    const socket = connect({ host: hostname, port: port === '' ? (ports[protocol] ?? 443) : Number(port), timeout: reachWithinMs })
    const end = (why: string | undefined): void => {
      socket.destroy()
      resolve(why)
    }
    socket.once('connect', () => end(undefined))
    socket.once('timeout', () => end(`no answer within ${reachWithinMs} ms`))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })

const lookAtHost = async (url: string): Promise<Finding> => {
  const silence = await silenceAt(url)
  if (silence === undefined) return ok('host', `${url} listens`)
  const isLocal = url.includes('127.0.0.1') || url.includes('localhost')
  return problem('host', `${url} cannot be reached (${silence})`, isLocal ? 'start the sandbox, or correct venue.sandbox' : "look at this machine's network, its firewall and the venue's status page")
}

const mendTheKey = 'check the key, its permissions and its allowed addresses'

const unanswered = (what: string, { kind, detail }: Failure): Finding =>
  problem(what, `the venue did not tell (${kind}: ${detail})`, kind === 'unauthorised' || kind === 'forbidden' ? mendTheKey : "look at the network and the venue's status page, and ask again")

const lookAtClock = async ({ market }: VenueToAsk): Promise<Finding> => {
  const answer = await market.clockOffset()
  if (!answer.ok) return unanswered('clock', answer.failure)
  const ms = Math.round(answer.value)
  const said = `the venue's clock is ${Math.abs(ms)} ms ${ms < 0 ? 'behind' : 'ahead of'} ours`
  const remedy = 'see to the time service (chrony, systemd-timesyncd): stamps and deadlines are by this clock'
  if (Math.abs(ms) >= offMs.wrong) return problem('clock', said, remedy)
  return Math.abs(ms) >= offMs.worthALook ? warning('clock', said, remedy) : ok('clock', said)
}

const lookAtInstruments = (listed: Result<readonly Instrument[]>, wanted: readonly string[]): readonly Finding[] => {
  if (!listed.ok) return [unanswered('instruments', listed.failure)]
  return wanted.map((id) => {
    const found = listed.value.find((one) => one.id === id)
    if (found === undefined) return problem('instrument', `the venue has no ${id}`, 'correct its name under instruments')
    const said = `${id} is ${found.status}, tick ${found.tick}, step ${found.step}, least order ${found.minNotional} ${found.quote}`
    return found.status === 'online' ? ok('instrument', said) : warning('instrument', said, 'nothing: the desk waits until the venue opens it')
  })
}

const lookAtKey = async ({ account }: VenueToAsk, { venue }: Config): Promise<readonly Finding[]> => {
  if (account === undefined) return [ok('key', 'this mode needs none')]
  const may = await account.keyPermissions()
  if (!may.ok) return [problem('key', `${venue.name} refused it (${may.failure.kind}: ${may.failure.detail})`, mendTheKey)]
  const { canTrade, canTransfer } = may.value
  if (canTransfer === true) return [problem('key', 'it may transfer or withdraw', 'make a key that may only view and trade')]
  if (!canTrade) return [problem('key', 'it may not trade', 'give it the permission to view and trade')]
  const fees = await account.feeRates()
  const said = `it may trade${fees.ok ? `, at fees of ${fees.value.maker} (maker) and ${fees.value.taker} (taker)` : ''}`
  return [canTransfer === undefined ? warning('key', `${said}; ${venue.name} does not tell whether it may withdraw`, 'make sure that it may not') : ok('key', `${said}, and may not transfer`)]
}

const lookAtLimits = ({ market }: VenueToAsk): Finding => {
  const budgets = market.budgets()
  const said = budgets.map((one) => `${one.class} ${one.left === null ? 'without limit' : `${one.left} left`}`).join(', ')
  return ok('limits', said === '' ? 'the venue tells none' : `${said}, after these questions`)
}

/** What is to be held against the venue's answers. */
export interface HeldAgainst {
  /** Whose rows the store holds; undefined when it holds none. */
  readonly owner: StoreStamp | undefined
  /** By instrument. */
  readonly strategies: ReadonlyMap<string, Strategy>
}

/** Rows of one account never meet those of another; the account is only known where it can be asked. */
const lookAtOwner = ({ name }: VenueToAsk, { environment }: Config, owner: StoreStamp | undefined, account = owner?.account): readonly Finding[] => {
  if (owner === undefined) return []
  const own = { environment, venue: name, account: account ?? owner.account }
  const said = (of: StoreStamp): string => `${of.venue}, ${of.environment}, account ${of.account}`
  if (said(own) === said(owner)) return [ok('owner', `the store's rows are of ${said(owner)}`)]
  return [problem('owner', `the store belongs to ${said(owner)}, and the configuration names ${said(own)}`, 'use another data directory or database')]
}

/** @param listed what the venue lists; of what is not there the size is not looked at */
const lookAtFit = async (venue: VenueToAsk, config: Config, strategies: HeldAgainst['strategies'], listed: readonly Instrument[]): Promise<readonly Finding[]> => {
  const fees = await venue.feeRates()
  if (!fees.ok) return [unanswered('strategies', fees.failure)]
  const wishes = wishesOf(config, strategies)
  const misfits = [...misfitsOfFees(wishes, fees.value), ...misfitsOfSize(wishes, new Map(listed.map((one) => [one.id, one])), fees.value)]
  if (misfits.length === 0) return [ok('strategies', `they fit fees of ${fees.value.maker} (maker) and ${fees.value.taker} (taker)`)]
  return misfits.map((sentence) => {
    const { found, remedy } = halves(sentence)
    return problem('strategies', found, remedy)
  })
}

/** What is known without a word of the venue. */
const unasked = async (venue: VenueToAsk, config: Config, { owner, strategies }: HeldAgainst): Promise<readonly Finding[]> => [
  ...lookAtOwner(venue, config, owner),
  ...(venue.account === undefined ? await lookAtFit(venue, config, strategies, []) : []),
]

const asked = async (venue: VenueToAsk, config: Config, { owner, strategies }: HeldAgainst): Promise<readonly Finding[]> => {
  const clock = await lookAtClock(venue)
  const listed = await venue.market.instruments()
  const key = await lookAtKey(venue, config)
  const findings = [clock, ...lookAtInstruments(listed, Object.keys(config.instruments)), ...key]
  // With a key that cannot be used, what it would be asked next is refused likewise.
  if (key.some(({ state }) => state === 'problem')) return [...findings, ...lookAtOwner(venue, config, owner), lookAtLimits(venue)]
  const account = await venue.account?.accountId()
  return [
    ...findings,
    ...lookAtOwner(venue, config, owner, account?.ok === true ? account.value : undefined),
    ...(await lookAtFit(venue, config, strategies, listed.ok ? listed.value : [])),
    lookAtLimits(venue),
  ]
}

/** Everything that the venue can be asked; a host that is silent is not asked further. */
export const lookAtVenue = async (config: Config, against: HeldAgainst): Promise<readonly Finding[]> => {
  const hosts = await Promise.all(hostsOf(config).map(lookAtHost))
  let venue: VenueToAsk
  try {
    venue = await venueToAsk(config)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { found, remedy } = halves(error.message)
    return [...hosts, problem('key', found, remedy)]
  }
  try {
    return [...hosts, ...(await (hosts.some(({ state }) => state === 'problem') ? unasked : asked)(venue, config, against))]
  } finally {
    venue.market.close()
  }
}
