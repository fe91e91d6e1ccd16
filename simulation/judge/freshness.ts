/** I9: no buy is claimed by a process that has not heard a price for longer than the limit. */
import type { Checker, Report } from './checker.ts'

/** So long a moment is remembered, far longer than a commit waits while its process is frozen; what is older is forgotten now and then. */
const rememberedMs = 600_000
/** No turn waits longer for its commit. */
const longestCommitMs = 60_000
/** From the wire to the board a price may take so long, and decisions are stamped in whole milliseconds. */
const onItsWayMs = 25

export const freshness = (now: () => number, quoteMaxAgeMs: number, report: Report): Checker => {
  const heard = new Map<number, number[]>()
  let setAt = Number.NEGATIVE_INFINITY
  const check = (life: number, decidedAt: number, what: string): void => {
    // A turn's stamp tells nothing about world time when the clock was set between then and now.
    if (now() - setAt < longestCommitMs) return
    const last = heard.get(life)?.findLast((at) => at <= decidedAt + onItsWayMs)
    if (last === undefined) return report('I9', `${what} is claimed and no price was ever heard`)
    if (decidedAt - last > quoteMaxAgeMs + onItsWayMs) report('I9', `${what} is claimed ${Math.round(decidedAt - last)} ms after the last price was heard`)
  }
  return {
    priced: (life) => {
      const moments = heard.get(life) ?? []
      heard.set(life, moments)
      moments.push(now())
      const [oldest = now()] = moments
      if (now() - oldest > 2 * rememberedMs) moments.splice(0, moments.findIndex((at) => now() - at <= rememberedMs))
    },
    clockSet: () => {
      setAt = now()
    },
    committed: ({ batch, life, worldTimeOf }) => {
      for (const turn of batch.turns) {
        for (const { address, type, body, at } of turn.events) {
          if (type === 'created' && body['leg'] === 'buy' && body['adopted'] === undefined) check(life, worldTimeOf(at), address)
        }
      }
    },
  }
}
