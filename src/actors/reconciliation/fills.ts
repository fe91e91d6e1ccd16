/**
 * Fills: the account's list, all pages, against what is booked. What an order's own count would never have missed is
 * found here: a fill after the end, a fill of an order that nobody asks about any more (FS-04, FS-19, FS-23).
 */
import { orderAddress, pairAddress } from '../../domain/address.ts'
import type { Fill } from '../../domain/order.ts'
import { difference } from '../../domain/reconciliation.ts'
import type { Difference } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import type { AccountFills } from '../../ports/venue.ts'
import type { Message } from '../turn.ts'
import { Seen, told, type ReconcilerOptions, type Stage } from './stage.ts'

/** Room for our clock, the venue's and the fill's own stamp to differ. */
const marginMs = 60_000
const maxSeen = 20_000

const keyOf = ({ tradeId, venueOrderId }: Pick<Fill, 'tradeId' | 'venueOrderId'>): string => `${tradeId} ${venueOrderId}`

export class FillStage {
  readonly #options: ReconcilerOptions
  /** Fills that are not ours, and odd rows that a person knows of. */
  readonly #seen = new Seen(maxSeen)

  constructor(options: ReconcilerOptions) {
    this.#options = options
  }

  /** @param since venue time from which fills are compared */
  async run(since: Millis): Promise<Stage> {
    const { venue, journal } = this.#options
    const listed = await venue.fillsSince(since)
    if (!listed.ok) return { ok: false, detail: told(listed.failure) }
    const unread = await this.#unread(listed.value.unread)
    if (typeof unread === 'string') return { ok: false, detail: unread }
    const booked = await journal.bookedSince(since - marginMs)
    const unbooked = listed.value.fills.filter((fill) => !booked.has(keyOf(fill)) && !this.#seen.has(keyOf(fill)))
    const differences = [...unread, ...(await this.#bring(unbooked)), ...(await this.#hold(listed.value.odd))]
    return { ok: true, compared: listed.value.fills.length, differences }
  }

  /** A row that cannot be read is a stranger's, and a person is told once, or might be ours: then nothing is known, and the text says so (Q2). */
  async #unread(rows: AccountFills['unread']): Promise<readonly Difference[] | string> {
    const differences: Difference[] = []
    for (const { tradeId, venueOrderId } of rows) {
      const about = tradeId ?? `of order ${venueOrderId ?? 'without a name'}`
      if (venueOrderId === undefined || this.#awaitsItsId() || (await this.#options.journal.orderAtVenue(venueOrderId)) !== undefined) return `the row of fill ${about} cannot be read`
      if (this.#seen.has(`unread ${about}`)) continue
      this.#seen.add(`unread ${about}`)
      this.#options.alert({ code: 'fill.unread', subject: about, detail: `the row of somebody else's fill ${about} cannot be read; it is left out of every comparison` })
      differences.push(difference.unread('oddFill', about))
    }
    return differences
  }

  async #bring(fills: readonly Fill[]): Promise<readonly Difference[]> {
    const { journal, ask } = this.#options
    const differences: Difference[] = []
    for (const [venueOrderId, own] of Map.groupBy(fills, (fill) => fill.venueOrderId)) {
      const order = (await journal.orderAtVenue(venueOrderId))?.order
      if (order === undefined) {
        // Somebody else's, or the fill of an order whose id is still on its way: that one asks for its fills itself.
        if (!this.#awaitsItsId()) for (const fill of own) this.#seen.add(keyOf(fill))
        continue
      }
      await ask({ to: orderAddress(order.clientOrderId), event: { type: 'fillsListed', fills: own } as Message['event'] })
      differences.push(...own.map((fill) => difference.fill(fill, order.clientOrderId)))
    }
    return differences
  }

  #awaitsItsId(): boolean {
    return this.#options.view.orders().some(({ venueOrderId }) => venueOrderId === null)
  }

  /** A reversal or a correction changes money in a way that only a person can judge (FS-27). */
  async #hold(odd: AccountFills['odd']): Promise<readonly Difference[]> {
    const { journal, ask, alert } = this.#options
    const differences: Difference[] = []
    for (const { tradeId, venueOrderId, detail } of odd) {
      if (this.#seen.has(tradeId)) continue
      this.#seen.add(tradeId)
      const order = (await journal.orderAtVenue(venueOrderId))?.order
      alert({ code: 'fill.odd', subject: tradeId, detail: `${detail}; it is not booked${order === undefined ? '' : `, and ${order.pairId} is held`}` })
      if (order !== undefined) await ask({ to: pairAddress(order.pairId), event: { type: 'hold', reason: detail } as Message['event'] })
      differences.push(difference.oddFill(tradeId, detail, order === undefined ? 'not booked; a person was told' : `not booked; ${order.pairId} is held`))
    }
    return differences
  }
}
