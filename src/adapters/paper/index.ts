/**
 * A venue whose market is real and whose orders are simulated: what of it is simulated how, and where it is pessimistic, is in
 * docs/paper.md. The desk cannot tell it from another venue.
 */
import { quantity } from '../../domain/decimal.ts'
import type { Random } from '../../ports/clock.ts'
import type { PaperEvent } from '../../ports/paper-ledger.ts'
import type { FullVenue, MarketSide, ProofOfAbsence, VenueCapabilities } from '../../ports/venue.ts'
import { PaperAccountFeed } from './account-feed.ts'
import { accountOf, marketOf } from '../venue-kit/assemble.ts'
import { MarketTap } from './market-tap.ts'
import { Markets } from './markets.ts'
import { settingsOf, type PaperOptions, type Settings } from './options.ts'
import { PaperOrderEntry } from './order-entry.ts'
import { cancelBatch, PaperOrderServices } from './order-services.ts'
import { PaperReads } from './reads.ts'
import { Turns } from './turns.ts'

export type { PaperOptions, RealMarket } from './options.ts'

/**
 * A create is admitted within its window or never, in a turn of the ledger that no older process can write any more, and look-ups
 * are answered behind it. What is left is the market's clock, which may be measured anew in between.
 */
const proofOf = ({ windowMs }: Settings): ProofOfAbsence => ({ windowMs, engineMs: 100, lookUpLagMs: 100, skewMs: 1_000 })

const letters = 'abcdefghijkmnpqrstuvwxyz23456789'
const accountName = (random: Random): string => `paper-${Array.from({ length: 8 }, () => letters.charAt(random.below(letters.length))).join('')}`

const openingOf = ({ opening, market, random }: Settings): PaperEvent => ({
  type: 'opened',
  at: market.now(),
  accountId: accountName(random),
  balances: Object.entries(opening).map(([asset, amount]) => ({ asset, free: quantity(amount), held: quantity('0') })),
})

/** The market's name with a mark, so that no store takes rows of the one for rows of the other. */
const capabilitiesOf = (settings: Settings): VenueCapabilities => ({
  venue: `paper-${settings.market.capabilities.venue}`,
  proofOfAbsence: proofOf(settings),
  cancelBatch,
  amend: 'priceAndQuantity',
  clientOrderIdGuard: 'always',
})

/** @throws RangeError when an option makes no sense */
export const paperVenue = (options: PaperOptions): FullVenue => {
  const settings = settingsOf(options)
  const { market, ledger, log, clock } = settings
  const turns: Turns = new Turns({
    ledger,
    log,
    now: () => market.now(),
    opening: () => openingOf(settings),
    reread: (account) => markets.reread(account),
    changed: (order) => {
      markets.changed(order)
      accountFeed.tell(order)
    },
  })
  const markets = new Markets(settings, turns)
  const accountFeed = new PaperAccountFeed(turns, clock)
  const capabilities = capabilitiesOf(settings)
  const parts = { settings, turns, markets }
  const entry = new PaperOrderEntry(parts)
  const services = new PaperOrderServices(parts, entry)
  const reads = new PaperReads(turns, settings, capabilities.proofOfAbsence.skewMs)
  const tap = new MarketTap(market, markets)
  const instruments: MarketSide['instruments'] = async () => {
    const read = await market.instruments()
    if (read.ok) markets.learn(read.value)
    return read
  }
  const close = (): void => {
    market.close()
    ledger.close().catch((error: unknown) => log.warn('paper.ledgerNotClosed', { detail: String(error).slice(0, 300) }))
  }
  return {
    ...marketOf({ reads: { instruments, quotes: (ids) => tap.quotes(ids), clockOffset: () => market.clockOffset() }, data: market, marketFeed: tap, now: () => market.now(), budgets: () => market.budgets(), close }),
    ...(market.bookFeed !== undefined && { bookFeed: market.bookFeed }),
    ...accountOf({ capabilities, entry, services, orders: reads, account: reads, accountFeed }),
  }
}
