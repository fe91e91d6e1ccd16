/** The way of a request to the venue: what it asks for is judged when it arrives, by the market of that moment. */
import type { Clock, Random } from '../../ports/clock.ts'
import type { Settings } from './options.ts'

/** Resolves when a request that leaves now has arrived. Two that leave together may arrive in either order. */
export const journey = ({ clock, random, latency }: { readonly clock: Clock; readonly random: Random; readonly latency: Settings['latency'] }): Promise<void> =>
  new Promise((resolve) => void clock.after(Math.round(latency.baseMs + random.fraction() * latency.jitterMs), resolve))
