import type { Market } from '../exchange/market.ts'
import type { Venue } from './venue.ts'

/** The book's update id: one for every change, higher than any of an earlier life (binance-spot.md 6.2). */
export function bookNumber(venue: Pick<Venue, 'numberBase'>, market: Market): number {
  return venue.numberBase + market.version
}
