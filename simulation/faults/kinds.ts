/** Every kind of trouble there is. */
import type { FaultKind } from './fault-kind.ts'
import { processFaults } from './process-faults.ts'
import { venueFaults } from './venue-faults.ts'

export const faultKinds: readonly FaultKind[] = [...venueFaults, ...processFaults]
