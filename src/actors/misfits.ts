/** What of a configuration does not fit the account's fees or the venue's rules: a start is refused for it. */
import { rounded, type Money } from '../domain/decimal.ts'
import { gapReserve, leastBuy, type ExitPlan } from '../domain/exits.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { FeeRates } from '../domain/order.ts'
import type { DeskOptions } from './desk-options.ts'

type Wishes = Pick<DeskOptions, 'instruments' | 'limits' | 'insistOnFees'>

const places = 4

/** Strategies that could only lose at these fees, where that is insisted on; one sentence each, with what to do. */
export const misfitsOfFees = ({ instruments, insistOnFees }: Pick<Wishes, 'instruments' | 'insistOnFees'>, fees: FeeRates): readonly string[] =>
  instruments.flatMap(({ id, strategy }) => {
    const why = insistOnFees === true ? strategy.unfit?.(fees) : undefined
    return why === undefined ? [] : [`${id}: ${why}: widen instruments.${id}.spacingBps`]
  })

/** Strategies whose orders would be too small for the venue, or for their own stop; one sentence each, with what to do. */
export const misfitsOfSize = ({ instruments, limits }: Pick<Wishes, 'instruments' | 'limits'>, listed: ReadonlyMap<string, Instrument>, fees: FeeRates): readonly string[] =>
  instruments.flatMap(({ id, strategy, exit }) => {
    const instrument = listed.get(id)
    const why = instrument && (strategy.tooSmall?.(instrument, limits.minNotional, fees) ?? unsellableAtStop(instrument, exit, (least) => strategy.tooSmall?.(instrument, least, fees), fees))
    return why === undefined ? [] : [`${id}: ${why}: raise instruments.${id}.budgetQuote, or take fewer rungs`]
  })

/** Whether what the strategy buys could become too small to be sold at its stop; the gate asks again with the price of each buy. */
const unsellableAtStop = (instrument: Instrument, exit: ExitPlan | undefined, tooSmall: (least: Money) => string | undefined, fees: FeeRates): string | undefined => {
  if (exit?.stop === undefined) return undefined
  const { below } = exit.stop
  const why = tooSmall(rounded(leastBuy(instrument, instrument.tick, { below, buyFee: fees.maker, reserve: gapReserve }), places))
  return why && `${why}, or its stop could not sell it: ${instrument.minNotional} (1 + ${gapReserve}) / ((1 - ${below}) (1 - ${fees.maker})), by the venue's least sell, a reserve for gaps, the stop and the fee`
}
