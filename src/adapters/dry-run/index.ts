/**
 * A venue to decide for and send nothing to: the market is real, the account is imagined, and every order is refused
 * here, with one line in the log that says what would have been sent.
 *
 * Q1  Nothing of a venue's order entry exists in this mode: what is handed in cannot send an order.
 */
import { ok, type Result } from '../../domain/failure.ts'
import { quantity } from '../../domain/decimal.ts'
import type { Balance, FeeRates, OrderRequest } from '../../domain/order.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { AccountFeed, FullVenue, MarketSide } from '../../ports/venue.ts'

export interface DryRunOptions {
  /** Name of the venue whose market it is. */
  readonly venue: string
  readonly market: MarketSide
  /** What the account is imagined to hold, by asset. */
  readonly balances: Readonly<Record<string, string>>
  readonly fees: FeeRates
  readonly clock: Clock
  readonly log: Log
}

/** Nothing ever waits at the venue, so there is little to prove. */
const proofOfAbsence = { windowMs: 2_000, engineMs: 1, lookUpLagMs: 1, skewMs: 1 } as const

const notSent = 'a dry run sends nothing'

/** How often the imagined account says that it is there. */
const beatMs = 1_000

/** An account on which nothing happens. */
const silentFeed = (clock: Clock): AccountFeed => ({
  open: (_instruments, listener) => {
    const beat = (): void => {
      listener.received()
      timer = clock.after(beatMs, beat)
    }
    let timer = clock.after(0, () => {
      listener.opened()
      listener.subscribed()
      beat()
    })
    return { close: () => timer.cancel() }
  },
})

export const dryRunVenue = ({ venue, market, balances, fees, clock, log }: DryRunOptions): FullVenue => {
  const held = Object.entries(balances).map(([asset, free]): Balance => ({ asset, free: quantity(free), held: quantity('0') }))
  const noOrders = async () => ok({ orders: [], unread: [] })
  const noOrder = async (): Promise<Result<undefined>> => ok(undefined)
  const note = ({ instrument, side, quantity: of, price, postOnly }: OrderRequest): void => log.info('dryRun.order', { instrument, side, quantity: of, price, postOnly })
  return {
    ...market,
    capabilities: { venue: `dryRun-${venue}`, proofOfAbsence, cancelBatch: 1, amend: 'nothing', clientOrderIdGuard: 'always' },
    create: async ({ request }) => {
      note(request)
      return { kind: 'refused', reason: 'notPermitted', detail: notSent }
    },
    cancel: async () => ({ kind: 'refused', detail: notSent }),
    cancelMany: async (ids) => ids.map(() => ({ kind: 'refused', detail: notSent })),
    amend: async () => ({ kind: 'refused', detail: notSent }),
    preview: async () => ok({ kind: 'refused', reason: 'notPermitted', detail: notSent }),
    order: noOrder,
    findByClientOrderId: noOrder,
    workingOrders: noOrders,
    ordersSince: noOrders,
    fillsOf: async () => ok([]),
    fillsSince: async () => ok({ fills: [], odd: [], unread: [] }),
    balances: async () => ok(held),
    feeRates: async () => ok(fees),
    accountId: async () => ok('imagined'),
    keyPermissions: async () => ok({ canTrade: true, canTransfer: false }),
    accountFeed: silentFeed(clock),
  }
}
