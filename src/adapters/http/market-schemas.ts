/** The shapes of what markets did. */
import { z } from 'zod'

const millis = z.number().describe('Milliseconds since 1970-01-01T00:00:00Z.')
const decimal = z.string().describe('An exact decimal as text.')

export const priceHistory = z.array(z.object({ at: millis, bid: decimal, ask: decimal }).meta({ id: 'PricePoint' })).readonly()

export const fills = z
  .array(
    z
      .object({
        tradeId: z.string(),
        clientOrderId: z.string(),
        pairId: z.string(),
        instrument: z.string(),
        side: z.enum(['buy', 'sell']),
        price: decimal,
        quantity: decimal,
        fee: decimal,
        feeAsset: z.string(),
        at: millis.describe('By the clock of the venue.'),
      })
      .meta({ id: 'BookedFill' }),
  )
  .readonly()
