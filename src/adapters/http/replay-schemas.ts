/** The shapes of the answers about an actor's past. */
import { z } from 'zod'

const anything = z.record(z.string(), z.unknown())
const texts = z.array(z.string()).readonly()

const change = z.object({ name: z.string().describe('Such as filled or closing.price.'), before: z.string().nullable(), after: z.string().nullable() })

const step = z
  .object({
    seq: z.number(),
    at: z.number(),
    event: z.string(),
    body: anything,
    from: z.string(),
    to: z.string(),
    context: anything.describe('The memory after the event.'),
    changed: z.array(change).readonly().describe('What of it the event has changed.'),
    effects: z.array(anything).readonly().describe('What the machine wanted done. None of it is done again.'),
  })
  .meta({ id: 'ReplayStep' })

export const replay = z
  .object({
    address: z.string(),
    machine: z.string(),
    version: z.number(),
    steps: z.array(step).readonly(),
    ends: z.object({ state: z.string(), context: anything }).nullable().describe('Where the events lead; null when none could be taken.'),
    row: z.object({ state: z.string(), seq: z.number(), version: z.number() }),
    agrees: z.boolean().describe('True when the events lead to the row, and each of them from and to where the journal says.'),
    differences: texts.describe('One sentence each.'),
    from: z.number().nullable().describe('The event that the replay begins with; null when the beginning is missing.'),
  })
  .meta({ id: 'Replay' })
