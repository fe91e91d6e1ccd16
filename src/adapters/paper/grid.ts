/** Between an instrument's decimals and the whole numbers that books are matched in: prices in ticks, quantities in 10^-18 of the base. */
import { ceilToTick, floorToTick, type Instrument } from '../../domain/instrument.ts'
import { parseDecimal, type Price, type Quantity, type Rate } from '../../domain/decimal.ts'
import type { Side } from '../../domain/order.ts'
import { ticksOf, tickScale, type TickScale } from '../../domain/ticks.ts'
import type { Level } from '../../simulated-market/depth.ts'
import type { Side as BookSide } from '../../simulated-market/market-event.ts'

const places = 18

/** A quantity in 10^-18; digits beyond are cut. */
export const atomsOf = (of: Quantity | Rate): bigint => {
  const [whole = '0', fraction = ''] = of.split('.')
  return BigInt(whole + fraction.slice(0, places).padEnd(places, '0'))
}

export const quantityOf = (atoms: bigint): Quantity => {
  const digits = atoms.toString().padStart(places + 1, '0')
  return parseDecimal(`${digits.slice(0, -places)}.${digits.slice(-places)}`) as Quantity
}

export const bookSide = (side: Side): BookSide => (side === 'buy' ? 'BUY' : 'SELL')
export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy')

/** The grid of one instrument. Where a price is between two ticks, the one that is worse for the order is meant. */
export class Grid {
  readonly #instrument: Instrument
  readonly #scale: TickScale
  readonly #step: bigint

  constructor(instrument: Instrument) {
    this.#instrument = instrument
    this.#scale = tickScale(instrument.tick)
    this.#step = atomsOf(instrument.step)
  }

  /** Ticks of a price that an order of this side is limited to, or stands at in a book: rounded away from the market. NaN beyond what is exact. */
  own(side: Side, price: Price): number {
    const exact = ticksOf(this.#scale, price)
    return Number.isNaN(exact) ? ticksOf(this.#scale, side === 'buy' ? floorToTick(this.#instrument, price) : ceilToTick(this.#instrument, price)) : exact
  }

  /** Ticks of what an order of this side would meet: rounded away from the order. */
  met(side: Side, price: Price): number {
    return this.own(opposite(side), price)
  }

  /** So much of a size as is a share of it, in whole steps. */
  share(size: bigint, part: bigint): bigint {
    return this.steps((size * part) / 10n ** BigInt(places))
  }

  /** The whole steps in a quantity. */
  steps(atoms: bigint): bigint {
    return atoms - (atoms % this.#step)
  }

  /** Levels of one side of a book, merged where two are the same tick. */
  levels(side: Side, levels: readonly { readonly price: Price; readonly quantity: Quantity }[]): Level[] {
    const sizes = new Map<number, bigint>()
    for (const { price, quantity } of levels) {
      const ticks = this.own(side, price)
      sizes.set(ticks, (sizes.get(ticks) ?? 0n) + atomsOf(quantity))
    }
    return [...sizes].map(([price, size]) => ({ price, size }))
  }
}
