/** The shapes of the statecharts. */
import { z } from 'zod'

const texts = z.array(z.string()).readonly()
const transition = z.object({ event: z.string(), guard: z.string().nullable(), target: z.string().nullable(), actions: texts })
const chartState = z.object({ path: z.string(), initial: z.string().nullable(), entry: texts, transitions: z.array(transition).readonly() })

const machine = z
  .object({ id: z.string(), version: z.number().nullable(), initial: z.string(), states: z.array(chartState).readonly(), mermaid: z.string() })
  .meta({ id: 'Machine' })
export const machines = z.array(machine).readonly()
export const chart = machine
  .extend({ actor: z.object({ address: z.string(), state: z.string(), taken: z.array(z.object({ from: z.string(), to: z.string(), times: z.number() })).readonly().describe('Arrows of the chart, over the newest 10,000 events.') }).nullable() })
  .meta({ id: 'Chart' })
