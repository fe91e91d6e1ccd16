/** Lets go of old rows, once an hour while the desk runs; never on the way of a turn. */
import { Retention } from '../adapters/postgres/retention.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Config } from './config/schema.ts'
import type { OpenStore } from './store.ts'

const everyMs = 3_600_000
/** The first round comes when a start has long settled. */
const firstAfterMs = 300_000
const dayMs = 86_400_000

/** Begins; the answer ends it. */
export const keepHouse = (config: Config['retention'], { store, clock, log }: { readonly store: Pick<OpenStore, 'locate'>; readonly clock: Clock; readonly log: Log }): (() => Promise<void>) => {
  const retention = new Retention(() => store.locate())
  const parts = [
    { what: 'events of orders', letGo: () => retention.events('order', clock.now() - config.journalDays * dayMs) },
    { what: 'events of pairs', letGo: () => retention.events('trade-pair', clock.now() - config.journalDays * dayMs) },
    { what: 'batches', letGo: () => retention.batches(clock.now() - dayMs) },
  ] as const
  const round = async (): Promise<void> => {
    for (const { what, letGo } of parts) {
      if (over) return
      try {
        const count = await letGo()
        if (count > 0) log.info('retention.letGo', { what, count })
      } catch (error) {
        // One that fails keeps the others from nothing.
        log.warn('retention.failed', { what, detail: error instanceof Error ? error.message : String(error) })
      }
    }
    if (!over) timer = clock.after(everyMs, () => void round())
  }
  let over = false
  let timer = clock.after(firstAfterMs, () => void round())
  return async () => {
    over = true
    timer.cancel()
    await retention.close()
  }
}
