import type { Quote, Side } from './market-event.ts'
import { hash32 } from './random.ts'

/** One price level: price in ticks, total size in quantity units. */
export interface Level {
  readonly price: number
  readonly size: bigint
}

/** How the book behind the best quote is made up. */
export interface DepthShape {
  /** Distance of the levels behind the touch, in ticks. */
  readonly spacing: number
  /** Mean size of a level, in quantity units, a multiple of `step`. */
  readonly meanSize: bigint
  readonly step: bigint
  readonly levels: number
}

/**
 * The book of one side around a quote, best level first: the quote itself, then levels on round multiples of `spacing`. A level's size
 * depends on its price alone, so the book is the same whenever the price comes back and two quotes close together share most levels.
 * A level too close to one tick is left out.
 */
export function depthBehind(quote: Quote, side: Side, shape: DepthShape): Level[] {
  const best = side === 'BUY' ? { price: quote.bid, size: quote.bidSize } : { price: quote.ask, size: quote.askSize }
  const levels: Level[] = [best]
  const away = side === 'BUY' ? -shape.spacing : shape.spacing
  let price = side === 'BUY' ? Math.ceil(best.price / shape.spacing) * shape.spacing - shape.spacing : Math.floor(best.price / shape.spacing) * shape.spacing + shape.spacing
  for (let count = 1; count < shape.levels && price >= 1; count += 1, price += away) levels.push({ price, size: levelSize(price, shape) })
  return levels
}

function levelSize(price: number, shape: DepthShape): bigint {
  const thousandths = BigInt(400 + (hash32(String(price)) % 1200))
  const size = (shape.meanSize * thousandths) / 1000n
  return size - (size % shape.step) + shape.step
}
