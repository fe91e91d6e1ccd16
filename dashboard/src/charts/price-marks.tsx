/** What is drawn into a price chart: executions as marks, and the prices that something waits for as lines. */
import type { Fill } from '../desk/answers.ts'
import { clockTime, decimal, money } from '../desk/format.ts'
import type { Frame } from './plot.tsx'

/** A price that something waits for. */
export interface Line {
  readonly kind: 'buy' | 'target' | 'stop'
  readonly price: number
  /** The pair that it belongs to. */
  readonly address: string
}

const size = 5

/** A buy points up from below its price, a sell down from above it. */
const triangle = (x: number, y: number, side: Fill['side']): string => {
  const away = (side === 'sell' ? -1 : 1) * size * 1.7
  return `M${x} ${y}l${-size} ${away}h${2 * size}Z`
}

export const PriceMarks = ({ frame, lines, fills }: { readonly frame: Frame; readonly lines: readonly Line[]; readonly fills: readonly Fill[] }) => (
  <>
    {lines
      .filter(({ price }) => price >= frame.y.low && price <= frame.y.high)
      .map(({ kind, price, address }) => (
        <line key={`${kind} ${address}`} class={`waits ${kind}`} x1={frame.left} x2={frame.right} y1={frame.y.at(price)} y2={frame.y.at(price)}>
          <title>{`${kind} of ${address} at ${price}`}</title>
        </line>
      ))}
    {fills
      .filter(({ at }) => at >= frame.x.low && at <= frame.x.high)
      .map(({ tradeId, clientOrderId, side, at, price, quantity }) => (
        <path key={`${tradeId} ${clientOrderId}`} class={`fill ${side}`} d={triangle(frame.x.at(at), frame.y.at(Number(price)), side)}>
          <title>{`${side} ${decimal(quantity)} at ${money(price)}, ${clockTime(at)}`}</title>
        </path>
      ))}
  </>
)
