/** Every measure, in the order in which they are run. */
import { broadcastMeasure } from './broadcast.ts'
import { durableTurnsMeasure } from './durable-turns.ts'
import { fanOutMeasure } from './fan-out.ts'
import type { Measure } from './figure.ts'
import { marketDataMeasure } from './market-data.ts'
import { memoryMeasure } from './memory.ts'
import { recoveryMeasure } from './recovery.ts'
import { simulationMeasure } from './simulation.ts'
import { soakMeasure } from './soak.ts'
import { soakSimulatedMeasure } from './soak-simulated.ts'
import { startMeasure } from './start.ts'
import { tickToOrderMeasure } from './tick-to-order.ts'

export const measures: readonly Measure[] = [marketDataMeasure, fanOutMeasure, broadcastMeasure, tickToOrderMeasure, durableTurnsMeasure, memoryMeasure, recoveryMeasure, simulationMeasure, startMeasure, soakMeasure, soakSimulatedMeasure]
