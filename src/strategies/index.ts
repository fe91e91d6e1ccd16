/**
 * What a module with a strategy of the user's own may import, as `nightdesk/strategy` (docs/add-a-strategy.md): the types
 * of its contract, exact decimals, and the venue's steps. Nothing in it does anything but arithmetic.
 */
import type { MakeStrategy } from './strategy.ts'

export { absolute, compare, DecimalError, dividedBy, greatest, isPositive, isZero, least, minus, money, notional, one, plus, price, quantity, rate, rateOfBps, rounded, sum, times, zero } from '../domain/decimal.ts'
export type { Decimal, Money, Price, Quantity, Rate } from '../domain/decimal.ts'
export { ceilToTick, floorToStep, floorToTick, sizeProblem } from '../domain/instrument.ts'
export type { Instrument, InstrumentStatus, SizeProblem } from '../domain/instrument.ts'
export type { Decision, MakeStrategy, MarketView, OwnStrategy, PairSummary, Proposal, StrategyContext } from './strategy.ts'

/** Gives a strategy its types, and is nothing else. `Settings` is what the configuration has under `settings`. */
export const defineStrategy = <Settings = Readonly<Record<string, unknown>>>(make: MakeStrategy<Settings>): MakeStrategy<Settings> => make
