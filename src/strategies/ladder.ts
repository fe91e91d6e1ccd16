/**
 * A ladder of resting buys below the market. Each rung is one trade pair: its buy rests at its line, and once it
 * has filled, the pair sells at the target. A rung is free again when its pair has closed.
 *
 * A1  Never more pairs than rungs, whatever the market does: the worst case is known at the start.
 * A2  No two rungs within half a spacing of each other, bought ones included.
 * A3  When the market rises away, the lowest unfilled rung moves to the top, one at a time; a filled one never moves.
 */
import { compare, dividedBy, minus, money, one, plus, price, quantity, rate, rounded, times, type Money, type Price, type Rate } from '../domain/decimal.ts'
import { leastSpacing, mostLines } from '../domain/grid.ts'
import { floorToStep, floorToTick, sizeProblem, type Instrument } from '../domain/instrument.ts'
import type { Decision, MarketView, PairSummary, Proposal, Strategy } from './strategy.ts'

export interface LadderParameters {
  readonly rungs: number
  /** Distance between rungs, as a fraction of the price. */
  readonly spacing: Rate
  /** Net profit each pair must make, as a fraction of its cost. */
  readonly target: Rate
  /** Quote money for all rungs together. */
  readonly budget: Money
}

const below = (from: Price, spacing: Rate): Price => price(times(from, minus(rate(one), spacing)))
const above = (from: Price, spacing: Rate): Price => price(times(from, plus(rate(one), spacing)))

/** The lines of a full ladder under a bid, highest first. */
const linesUnder = (view: MarketView, { rungs, spacing }: LadderParameters): readonly Price[] => {
  const lines = new Set<Price>()
  let line = view.bid
  for (let rung = 0; rung < rungs; rung++) {
    line = floorToTick(view.instrument, below(line, spacing))
    lines.add(line)
  }
  return [...lines]
}

/** Whether a rung stands within half a spacing of the line. */
const isTaken = ({ pairs }: MarketView, line: Price, spacing: Rate): boolean => {
  const half = times(times(line, spacing), rate('0.5'))
  const [low, high] = [minus(line, price(half)), plus(line, price(half))]
  return pairs.some(({ buyPrice }) => compare(buyPrice, low) > 0 && compare(buyPrice, high) < 0)
}

const proposalAt = (view: MarketView, parameters: LadderParameters, line: Price): Proposal | undefined => {
  const share = money(dividedBy(times(parameters.budget, view.share), quantity(String(parameters.rungs))))
  const unit = times(line, plus(rate(one), view.fees.maker))
  const size = floorToStep(view.instrument, dividedBy(share, unit) as string as ReturnType<typeof quantity>)
  return sizeProblem(view.instrument, line, size) === undefined ? { price: line, quantity: size, target: parameters.target } : undefined
}

/** What new pairs may be begun: one for each line of a full ladder where no rung stands, as far as rungs are free (A1, A2). */
const missing = (view: MarketView, parameters: LadderParameters): readonly Proposal[] => {
  const free = parameters.rungs - view.pairs.length
  if (free <= 0) return []
  const proposals: Proposal[] = []
  for (const line of linesUnder(view, parameters)) {
    const proposal = isTaken(view, line, parameters.spacing) ? undefined : proposalAt(view, parameters, line)
    if (proposal !== undefined) proposals.push(proposal)
    if (proposals.length === free) break
  }
  return proposals
}

/** The lowest unfilled rung, when every rung has fallen two spacings behind the market (A3). */
const lagging = (view: MarketView, { spacing }: LadderParameters): PairSummary | undefined => {
  const buying = view.pairs.filter((pair) => pair.phase === 'buying')
  if (buying.some((pair) => pair.unwanted)) return undefined
  const behind = below(below(view.bid, spacing), spacing)
  if (view.pairs.some((pair) => compare(pair.buyPrice, behind) >= 0)) return undefined
  return buying.toSorted((a, b) => compare(a.buyPrice, b.buyPrice))[0]
}

/** In whichever coin the fee is taken: the dearer of the two. */
const tooNarrow = (spacing: Rate, maker: Rate): string | undefined => {
  const floor = leastSpacing({ buy: maker, sell: maker, paidIn: 'received' })
  const bps = (of: Rate): string => times(of, rate('10000')).slice(0, 8)
  const arithmetic = `rungs ${bps(spacing)} bps apart lie closer than the ${bps(floor)} bps that buying and selling at a fee of ${bps(maker)} bps costs`
  return compare(spacing, floor) < 0 ? `${arithmetic}; within 5 % of the price to either side at most ${mostLines(0.05, floor)} rungs pay` : undefined
}

/** A rung must be worth an order, and what a fee leaves of it a sell; a step of the quantity may be lost to rounding. */
const tooSmall = ({ budget, rungs }: LadderParameters, { instrument, leastNotional, taker }: { readonly instrument: Instrument; readonly leastNotional: Money; readonly taker: Rate }): string | undefined => {
  const each = money(dividedBy(budget, quantity(String(rungs))))
  const least = compare(instrument.minNotional, leastNotional) > 0 ? instrument.minNotional : leastNotional
  const left = money(times(each, minus(rate(one), taker)))
  const shown = (of: Money): string => rounded(of, 2)
  const parts = `a budget of ${budget} in ${rungs} rungs is ${shown(each)} ${instrument.quote} each`
  if (compare(each, least) <= 0) return `${parts}, and no order below ${least} is placed`
  return compare(left, instrument.minNotional) <= 0 ? `${parts}, of which a fee of ${taker} may leave ${shown(left)}, and the venue takes no sell below ${instrument.minNotional}` : undefined
}

/** A ladder as a strategy. Pure: the same view gives the same decision. */
export const ladder = (parameters: LadderParameters): Strategy => ({
  name: 'ladder',
  budget: parameters.budget,
  unfit: ({ maker }) => tooNarrow(parameters.spacing, maker),
  tooSmall: (instrument, leastNotional, { taker }) => tooSmall(parameters, { instrument, leastNotional, taker }),
  decide: (view: MarketView): Decision => {
    const { spacing } = parameters
    const proposals = missing(view, parameters)
    const lowest = proposals.length === 0 ? lagging(view, parameters) : undefined
    return {
      proposals,
      unwanted: lowest === undefined ? [] : [{ pairId: lowest.pairId, reason: `the market is at ${view.bid}` }],
      wakeAt: {
        falls: floorToTick(view.instrument, below(view.bid, spacing)),
        rises: floorToTick(view.instrument, above(view.bid, spacing)),
      },
    }
  },
})
