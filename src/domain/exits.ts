/**
 * How a trade pair is left: which part of what was bought is offered next, and for what profit (docs/exits.md).
 *
 * X1  A part is never more than what is left, and no part that the venue would refuse is offered or left behind.
 * X2  A target falls with age at most to break-even, unless the plan says that it may lose.
 */
import { dividedBy, floorTo, greatest, isPositive, least, minus, money, notional, one, plus, quantity, rate, times, zero, type Money, type Price, type Quantity, type Rate } from './decimal.ts'
import { isSellable, type Instrument } from './instrument.ts'
import { minimumSellPrice, sellableOf, type Holding } from './profit.ts'
import type { Millis } from './time.ts'

/** So much of what was bought, as a fraction of the whole, and the net profit that it must make on its cost. */
export interface ExitTarget {
  readonly share: Rate
  readonly target: Rate
}

/** A stop that follows the highest bid once the bid is that far above the cost. */
export interface Trailing {
  readonly activateAbove: Rate
  /** How far below the highest bid it lies, as a fraction. */
  readonly distance: Rate
}

export interface ExitPlan {
  /** Parts, the cheapest target first, shares summing to 1; none means the whole at the pair's own target. */
  readonly targets: readonly ExitTarget[]
  /** The stop-loss, so far below the cost, as a fraction. */
  readonly stop?: { readonly below: Rate }
  readonly trailing?: Trailing
  /** Most that a target asks once the holding is that old; later steps ask less. */
  readonly tighten?: readonly { readonly afterMs: Millis; readonly target: Rate }[]
  /** How old a holding may grow: then the rest is offered at break-even, or closed when the plan may lose. */
  readonly closeAfterMs?: Millis
  /** Age may take a target below break-even, and the time limit may close at a loss. */
  readonly atLoss?: boolean
  /** `wait`: a buy that has filled in part is not called off for being slow; otherwise it is, and what has filled is sold. */
  readonly partialBuy?: 'wait'
}

/** The whole at the pair's own target, for as long as it takes. */
export const plainExit: ExitPlan = { targets: [] }

/** How far the age of a holding has come: steps of tightening, and whether the time limit is over. */
export interface ExitAge {
  readonly tightened: number
  readonly overdue: boolean
}

/** The most that any target may ask at that age; undefined while age changes nothing. */
const ceilingAt = ({ tighten = [], atLoss = false }: ExitPlan, { tightened, overdue }: ExitAge): Rate | undefined => {
  const step = tighten[tightened - 1]?.target
  const asked = overdue && !atLoss ? rate(zero) : step
  return asked === undefined || atLoss ? asked : greatest(asked, rate(zero))
}

/** The parts with what each must earn at that age: its own target, or what age has lowered it to (X2). */
export const targetsAt = (plan: ExitPlan, own: Rate, age: ExitAge): readonly ExitTarget[] => {
  const ceiling = ceilingAt(plan, age)
  const parts = plan.targets.length > 0 ? plan.targets : [{ share: rate(one), target: own }]
  return ceiling === undefined ? parts : parts.map(({ share, target }) => ({ share, target: least(target, ceiling) }))
}

/** A holding of which some was sold. */
export interface Held extends Holding {
  readonly sold: Quantity
}

/** What is offered now, and the least price that meets its target. */
export interface ExitPart {
  readonly quantity: Quantity
  readonly price: Price
}

export interface ExitTerms {
  readonly sellFee: Rate
  /** The price at which the rest may have to be sold, where there is a stop: it must not become unsellable there. */
  readonly stopPrice: Price | undefined
}

/** What was bought and is not sold, in whole steps. */
export const restOf = ({ step }: Pick<Instrument, 'step'>, { held, sold }: Held): Quantity => {
  const rest = minus(held, sold)
  return isPositive(rest) ? floorTo(rest, step) : quantity(zero)
}

/**
 * The part to offer now: with S the sellable whole and c_i the sum of the shares up to part i, part i ends at
 * floor(S c_i) to the step, the last one at S. It is the first that ends above what is sold, joined with the next ones
 * while those ask the same, or while it could not be sold alone; and with all the rest when that could not be sold
 * later, at its own price or at the stop (X1). Nothing is left: quantity 0.
 * @param targets not empty, the cheapest first
 */
export const partNow = (instrument: Instrument, holding: Held, targets: readonly ExitTarget[], { sellFee, stopPrice }: ExitTerms): ExitPart => {
  const whole = sellableOf(instrument, holding.held).sellable
  const left = restOf(instrument, holding)
  const priced = (selling: Quantity, target: Rate): ExitPart => ({
    quantity: selling,
    price: minimumSellPrice(instrument, { ...holding, selling, sellFee, target: { kind: 'rate', rate: target } }),
  })
  let share = rate(zero)
  const nothing: ExitPart = { quantity: quantity(zero), price: instrument.tick }
  if (!isPositive(left)) return nothing
  for (const [index, { share: own, target }] of targets.entries()) {
    share = plus(share, own)
    const next = targets[index + 1]
    if (next === undefined) return priced(left, target)
    if (next.target === target) continue
    const end = floorTo(times(whole, share) as string as Quantity, instrument.step)
    const selling = least(minus(end, holding.sold), left)
    if (!isPositive(selling)) continue
    const part = priced(selling, target)
    if (!isSellable(instrument, part.price, selling)) continue
    return isSellable(instrument, least(part.price, stopPrice ?? part.price), minus(left, selling)) ? part : priced(left, target)
  }
  return nothing
}

/** How much of a holding that came to its end stays unsold in the account: what a pair could not sell. */
export const dustOf = ({ held, sold }: { readonly held: Quantity; readonly sold: Quantity }): Quantity => {
  const unsold = minus(held, sold)
  return isPositive(unsold) ? unsold : quantity(zero)
}

/** A market may gap so far through a stop, and what was bought can still be sold. */
export const gapReserve = rate('0.1')

/**
 * The least quote money worth spending on a buy whose rest must still be sellable at its stop, with a reserve for a
 * market that gaps through it: minNotional (1 + reserve) / ((1 - stop) (1 - f_b)) + one step at the buy's price.
 */
export const leastBuy = (instrument: Pick<Instrument, 'minNotional' | 'step'>, at: Price, { below, buyFee, reserve }: { readonly below: Rate; readonly buyFee: Rate; readonly reserve: Rate }): Money => {
  const kept = times(minus(rate(one), below), minus(rate(one), buyFee))
  const spent = dividedBy(times(instrument.minNotional, plus(rate(one), reserve)), kept)
  return plus(money(spent), notional(at, instrument.step))
}
