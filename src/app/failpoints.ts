/** Failpoints from the environment: for tests against the sandbox, and refused everywhere else. */
import { BadFailpoints, plannedFailpoints, readFailpointPlan } from '../adapters/system/failpoints.ts'
import { noFailpoints, type Failpoints } from '../ports/failpoints.ts'
import { exitCodes, Problem } from './problem.ts'

/**
 * The failpoints that NIGHTDESK_FAILPOINTS asks for; none without it.
 * @throws Problem when they are asked for outside the sandbox, or cannot be read
 */
export const composeFailpoints = (environment: string, plan: string | undefined): Failpoints => {
  if (plan === undefined || plan === '') return noFailpoints
  if (environment !== 'sandbox') throw new Problem(exitCodes.configuration, `NIGHTDESK_FAILPOINTS ends the desk on purpose and is for the sandbox only, and this is ${environment}: unset it`)
  try {
    return plannedFailpoints(readFailpointPlan(plan))
  } catch (error) {
    if (error instanceof BadFailpoints) throw new Problem(exitCodes.configuration, `NIGHTDESK_FAILPOINTS cannot be read: ${error.message}`)
    throw error
  }
}
