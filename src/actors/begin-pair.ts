/** What every new trade pair has alike, whoever wants it. */
import { pairAddress } from '../domain/address.ts'
import { formatPairId } from '../domain/client-order-id.ts'
import type { Rate } from '../domain/decimal.ts'
import { plainExit, type ExitPlan } from '../domain/exits.ts'
import type { Instrument } from '../domain/instrument.ts'
import type { FeeRates } from '../domain/order.ts'
import type { PairPolicy, TradePairInput } from '../machines/trade-pair/trade-pair-context.ts'
import type { Clock, Random } from '../ports/clock.ts'
import type { Message } from './turn.ts'

export interface PairMakings {
  readonly clock: Clock
  readonly random: Random
  readonly fees: FeeRates
  readonly install: string
  readonly pairPolicy: PairPolicy
  /** How pairs are left, by instrument; one that is not named: plainly. */
  readonly exits: ReadonlyMap<string, ExitPlan>
}

export interface WantedPair {
  readonly instrument: Instrument
  readonly strategy: string
  readonly buy: TradePairInput['buy']
  /** The profit that it is covered for, as a fraction. */
  readonly target: Rate
}

/** The message that begins a pair with its first event; its covering sells rest at the maker's fee. */
export const beginPair = ({ clock, random, fees, install, pairPolicy, exits }: PairMakings, { target, ...wanted }: WantedPair, event: Message['event']): Message => {
  const pairId = formatPairId(clock.now(), Array.from({ length: 8 }, () => random.below(32)))
  const exit = exits.get(wanted.instrument.id) ?? plainExit
  const input: TradePairInput = { ...wanted, pairId, install, target: { kind: 'rate', rate: target }, exit, sellFee: fees.maker, sellPostOnly: true, policy: pairPolicy }
  return { to: pairAddress(pairId), create: { ...input }, event }
}
