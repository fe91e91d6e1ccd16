/**
 * Orders: every live row against the venue's lists, every difference brought to its order as an event.
 *
 * Q3  What is not in a list is asked for by its id; what is unknown even there stays live, and its order counts the time.
 */
import { orderAddress, pairAddress } from '../../domain/address.ts'
import { parseClientOrderId } from '../../domain/client-order-id.ts'
import { compare } from '../../domain/decimal.ts'
import { isFinished, type OrderReport } from '../../domain/order.ts'
import { difference, inWords, reconcileOrders, tellsMore, type Finding } from '../../domain/reconciliation.ts'
import type { Difference } from '../../domain/records.ts'
import type { Millis } from '../../domain/time.ts'
import type { AccountOrders } from '../../ports/venue.ts'
import type { Message } from '../turn.ts'
import { Seen, told, type ReconcilerOptions, type Stage } from './stage.ts'

type Found<K extends Finding['kind']> = Extract<Finding, { readonly kind: K }>
type Settled = { readonly ok: true; readonly differences: readonly Difference[] } | { readonly ok: false; readonly detail: string }

const settled = (...differences: readonly Difference[]): Settled => ({ ok: true, differences })
const maxSeen = 20_000

export class OrderStage {
  readonly #options: ReconcilerOptions
  readonly #seen = new Seen(maxSeen)

  constructor(options: ReconcilerOptions) {
    this.#options = options
  }

  /** @param since venue time from which ended orders are looked at too */
  async run(since: Millis): Promise<Stage> {
    const { venue, view, install, failpoints } = this.#options
    const expected = view.orders()
    const recent = await venue.ordersSince(since)
    if (!recent.ok) return { ok: false, detail: told(recent.failure) }
    const working = await venue.workingOrders()
    if (!working.ok) return { ok: false, detail: told(working.failure) }
    failpoints.reach('reconciliation.read')
    const unread = this.#unread([...recent.value.unread, ...working.value.unread])
    if (!unread.ok) return unread
    // The list that was read later has the last word on an order.
    const findings = reconcileOrders(expected, [...recent.value.orders, ...working.value.orders], install)
    const differences = [...unread.differences]
    for (const finding of findings) {
      const outcome = await this.#settle(finding)
      if (!outcome.ok) return outcome
      differences.push(...outcome.differences)
    }
    return { ok: true, compared: expected.length, differences }
  }

  /** A row that cannot be read is a stranger's, and a person is told once, or might be ours: then nothing is known (Q2). */
  #unread(rows: AccountOrders['unread']): Settled {
    const { view, install, alert } = this.#options
    const differences: Difference[] = []
    for (const { venueOrderId, clientOrderId } of rows) {
      if (clientOrderId === undefined || parseClientOrderId(clientOrderId)?.install === install || view.order(clientOrderId) !== undefined) {
        return { ok: false, detail: `the row of order ${clientOrderId ?? venueOrderId ?? 'without a name'} cannot be read` }
      }
      const about = venueOrderId ?? clientOrderId
      if (this.#seen.has(`unread ${about}`)) continue
      this.#seen.add(`unread ${about}`)
      alert({ code: 'order.unread', subject: about, detail: `the row of somebody else's order ${about} cannot be read; it is left out of every comparison` })
      differences.push(difference.unread('foreignOrder', about))
    }
    return settled(...differences)
  }

  #settle(finding: Finding): Promise<Settled> {
    if (finding.kind === 'news') return this.#news(finding)
    if (finding.kind === 'missing') return this.#missing(finding)
    return finding.kind === 'orphan' ? this.#orphan(finding.report) : this.#foreign(finding.report)
  }

  /** The stream may have told the order meanwhile: then there is nothing to mend. */
  async #news({ expected, report }: Omit<Found<'news'>, 'kind'>): Promise<Settled> {
    const now = this.#options.view.order(expected.clientOrderId)
    if (now === undefined || !tellsMore(now, report)) return settled()
    await this.#report(expected.clientOrderId, report)
    return settled(difference.news(now, report))
  }

  async #missing({ expected, venueOrderId }: Found<'missing'>): Promise<Settled> {
    const { venue, view, ask } = this.#options
    const askedAt = venue.now()
    const found = await venue.order(venueOrderId)
    if (!found.ok) return { ok: false, detail: told(found.failure) }
    if (found.value !== undefined) return this.#news({ expected, report: found.value })
    if (view.order(expected.clientOrderId) === undefined) return settled()
    await ask({ to: orderAddress(expected.clientOrderId), event: { type: 'notFound', askedAt } as Message['event'] })
    if (this.#seen.has(venueOrderId)) return settled()
    this.#seen.add(venueOrderId)
    return settled(difference.vanished(expected))
  }

  /** What an ended row knows already is no news; what no row knows is told to a person (R2). Each word is looked at once. */
  async #orphan(report: OrderReport): Promise<Settled> {
    const word = `${report.venueOrderId} ${report.status} ${report.executed}`
    const { clientOrderId } = report
    // Begun while the lists were read, it is live here by now.
    if (this.#seen.has(word) || this.#options.view.order(clientOrderId) !== undefined) return settled()
    const row = (await this.#options.journal.actor(orderAddress(clientOrderId)))?.order
    if (row?.live === true) return settled()
    // What has ended here and works there is told again and again: one lost cancel must not let it live.
    if (row === undefined || isFinished(report.status)) this.#seen.add(word)
    if (row === undefined) {
      this.#options.alert({ code: 'order.orphan', subject: clientOrderId, detail: `the venue tells of ${clientOrderId} (${inWords(report)}), which no row explains` })
      const held = await this.#holdPairOf(report)
      return settled(difference.lost(report, held ? 'its pair is held, and a person was told: no row explains it' : 'a person was told: no row explains it'))
    }
    if (isFinished(report.status) && compare(report.executed, row.filled) <= 0) return settled()
    await this.#report(clientOrderId, report)
    return settled(difference.lost(report, 'the ended order was told'))
  }

  /** Rows that are behind the venue (an old backup) would place that order again: nothing more is begun for its pair (R2, I1). */
  async #holdPairOf({ clientOrderId }: OrderReport): Promise<boolean> {
    const { view, ask } = this.#options
    const pairId = parseClientOrderId(clientOrderId)?.pairId
    if (pairId === undefined || view.pair(pairId) === undefined) return false
    const reason = `the venue tells of ${clientOrderId}, which no row explains`
    return (await ask({ to: pairAddress(pairId), event: { type: 'hold', reason } as Message['event'] })) === 'committed'
  }

  async #foreign(report: OrderReport): Promise<Settled> {
    const { foreignOrders, adopt, ask, alert } = this.#options
    if (foreignOrders === 'ignore' || this.#seen.has(report.venueOrderId)) return settled()
    this.#seen.add(report.venueOrderId)
    const message = foreignOrders === 'adopt' ? adopt(report) : undefined
    if (message !== undefined) {
      const outcome = await ask(message)
      return settled(difference.foreign(report, outcome === 'committed' ? `adopted as the buy of ${message.to}` : 'it could not be adopted; see the log'))
    }
    alert({ code: 'order.foreign', subject: report.venueOrderId, detail: `an order of somebody else works on the account: ${report.side} ${report.instrument}, ${inWords(report)}` })
    return settled(difference.foreign(report, 'left alone; a person was told'))
  }

  async #report(clientOrderId: string, report: OrderReport): Promise<void> {
    await this.#options.ask({ to: orderAddress(clientOrderId), event: { type: 'reported', report } as Message['event'] })
  }
}
