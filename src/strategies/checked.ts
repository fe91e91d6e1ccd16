/**
 * A strategy of the user's own behind a check: users write JavaScript, and what it answers is not believed.
 *
 * C1  It sees a copy of the view that cannot be changed: the desk's own rules and pairs are out of its reach.
 * C2  What it answers is read once, piece by piece, into fresh plain values: decimal text, whole ticks and steps,
 *     at most `mostProposals` proposals. One wrong piece, and nothing of the decision counts.
 * C3  It never binds more than its budget: what does not fit is left out, and said.
 */
import { ceilTo, compare, floorTo, isMultipleOf, isPositive, minus, money, notional, one, parseDecimal, plus, price, quantity, rate, rounded, sum, times, type Decimal, type Money, type Price } from '../domain/decimal.ts'
import type { Decision, MarketView, OwnStrategy, Proposal, Strategy } from './strategy.ts'

/** Most proposals, and most pairs that are not wanted, in one decision. */
export const mostProposals = 200
const longestReason = 200

/** What a strategy has answered cannot be read; the message is one sentence that says where and how to mend it. */
export class WrongDecision extends Error {
  override readonly name = 'WrongDecision'
}

/** A value as a sentence may quote it. */
const shown = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null ? `${value}` : `a value of type ${typeof value}`
}

const record = (value: unknown, where: string): Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WrongDecision(`${where} must be an object; it is ${shown(value)}`)
  return value as Readonly<Record<string, unknown>>
}

const list = <T>(value: unknown, where: string, read: (item: unknown, where: string) => T): readonly T[] => {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw new WrongDecision(`${where} must be a list; it is ${shown(value)}`)
  const items = value as readonly unknown[]
  const { length } = items
  if (length > mostProposals) throw new WrongDecision(`${where} has ${length} entries, and ${mostProposals} are the most`)
  return Array.from({ length }, (_, index) => read(items[index], `${where}[${index}]`))
}

const decimal = (value: unknown, where: string): Decimal => {
  if (typeof value !== 'string') throw new WrongDecision(`${where} must be decimal text, such as "0.5"; it is ${shown(value)}`)
  const read = parseDecimal(value)
  if (read === undefined) throw new WrongDecision(`${where} must be decimal text, such as "0.5"; it is ${shown(value)}`)
  if (!isPositive(read)) throw new WrongDecision(`${where} must be above zero; it is ${shown(value)}`)
  return read
}

const proposalIn = ({ instrument }: MarketView) => (item: unknown, where: string): Proposal => {
  const wanted = record(item, where)
  const read = { price: price(decimal(wanted['price'], `${where}.price`)), quantity: quantity(decimal(wanted['quantity'], `${where}.quantity`)), target: rate(decimal(wanted['target'], `${where}.target`)) }
  if (!isMultipleOf(read.price, instrument.tick)) throw new WrongDecision(`${where}.price must be a multiple of the tick ${instrument.tick}: use floorToTick; it is ${read.price}`)
  if (!isMultipleOf(read.quantity, instrument.step)) throw new WrongDecision(`${where}.quantity must be a multiple of the step ${instrument.step}: use floorToStep; it is ${read.quantity}`)
  if (compare(read.target, one) > 0) throw new WrongDecision(`${where}.target is a fraction, such as "0.005" for half a percent; it is ${read.target}`)
  return read
}

const wishIn = ({ pairs }: MarketView) => (item: unknown, where: string) => {
  const { pairId, reason } = record(item, where)
  const pair = pairs.find((known) => known.pairId === pairId)
  if (pair === undefined) throw new WrongDecision(`${where}.pairId must be the id of one of the view's pairs; it is ${shown(pairId)}`)
  if (typeof reason !== 'string') throw new WrongDecision(`${where}.reason must be text; it is ${shown(reason)}`)
  return { pair, reason: reason.slice(0, longestReason) }
}

const lineIn = (value: unknown, where: string, onTick: (line: Price) => Price): Price | undefined => (value === undefined ? undefined : onTick(price(decimal(value, where))))

const wakeIn = (value: unknown, { instrument: { tick } }: MarketView): Decision['wakeAt'] => {
  if (value === undefined) return {}
  const { falls: below, rises: above } = record(value, 'wakeAt')
  const falls = lineIn(below, 'wakeAt.falls', (line) => floorTo(line, tick))
  const rises = lineIn(above, 'wakeAt.rises', (line) => ceilTo(line, tick))
  return { ...(falls !== undefined && isPositive(falls) && { falls }), ...(rises !== undefined && { rises }) }
}

/** The proposals that the budget still pays for, fee included, in their order (C3). */
const affordable = (proposals: readonly Proposal[], budget: Money, { fees, pairs, share }: MarketView): Pick<Decision, 'proposals' | 'leftOut'> => {
  const withFee = (amount: Money): Money => money(times(amount, plus(rate(one), fees.maker)))
  const free = minus(money(times(budget, share)), withFee(sum([money('0'), ...pairs.map(({ bound }) => bound)])))
  let spent = money('0')
  const kept = proposals.filter((proposal) => {
    const cost = withFee(notional(proposal.price, proposal.quantity))
    if (compare(plus(spent, cost), free) > 0) return false
    spent = plus(spent, cost)
    return true
  })
  if (kept.length === proposals.length) return { proposals }
  return { proposals: kept, leftOut: `${proposals.length - kept.length} of ${proposals.length} proposals do not fit into what is free of the budget of ${budget}: ${rounded(free, 2)}` }
}

const readDecision = (answer: unknown, view: MarketView, budget: Money): Decision => {
  if (answer instanceof Promise) {
    answer.catch(() => undefined)
    throw new WrongDecision('decide must answer at once; it returned a promise')
  }
  const { proposals, unwanted, wakeAt } = record(answer, 'what decide returns')
  const wishes = list(unwanted, 'unwanted', wishIn(view))
  return {
    ...affordable(list(proposals, 'proposals', proposalIn(view)), budget, view),
    // A wish twice, or about what was bought already, changes nothing.
    unwanted: wishes.flatMap(({ pair, reason }) => (pair.phase === 'buying' && !pair.unwanted ? [{ pairId: pair.pairId, reason }] : [])),
    wakeAt: wakeIn(wakeAt, view),
  }
}

const frozen = ({ instrument, fees, pairs, bids, ...rest }: MarketView): MarketView =>
  Object.freeze({
    ...rest,
    instrument: Object.freeze({ ...instrument }),
    fees: Object.freeze({ ...fees }),
    pairs: Object.freeze(pairs.map((pair) => Object.freeze({ ...pair }))),
    bids: Object.freeze([...bids]),
  })

/** Why it is not fit, or undefined: whatever else it says is no sentence. */
const sentence = (answer: unknown, where: string): string | undefined => {
  if (answer === undefined || typeof answer === 'string') return answer
  throw new WrongDecision(`${where} must return a sentence or undefined; it returned ${shown(answer)}`)
}

/**
 * The same strategy, held to C1 to C3. Its methods throw what the strategy throws, and `WrongDecision`.
 * @param own what the user's module has made
 * @param as its name, and quote money that it may bind
 */
export const checked = (own: OwnStrategy, as: Pick<Strategy, 'name' | 'budget'>): Strategy => ({
  ...as,
  ...(own.unfit !== undefined && { unfit: (fees) => sentence(own.unfit?.(Object.freeze({ ...fees })), 'unfit') }),
  ...(own.tooSmall !== undefined && { tooSmall: (instrument, leastNotional, fees) => sentence(own.tooSmall?.(Object.freeze({ ...instrument }), leastNotional, Object.freeze({ ...fees })), 'tooSmall') }),
  decide: (view) => {
    const seen = frozen(view)
    return readDecision(own.decide(seen), seen, as.budget)
  },
})
