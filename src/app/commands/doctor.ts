/** `doctor`: looks at everything that a start needs, and says what to do. Nothing is changed. */
import { composeChannels, composeHeartbeat } from '../alerts/compose-alerts.ts'
import { loadConfig } from '../config/load-config.ts'
import type { Config } from '../config/schema.ts'
import { fingerprintOf } from '../fingerprint.ts'
import { halves, ok, problem, type Finding } from '../doctor/finding.ts'
import { lookAtLog } from '../doctor/log.ts'
import { lookAtDisk, lookAtHome, lookAtPort, lookAtRuntime, lookForDesk } from '../doctor/machine.ts'
import { lookAtStore } from '../doctor/store.ts'
import { lookAtVenue } from '../doctor/venue.ts'
import { printJson, printLine } from '../output.ts'
import { exitCodes, Problem, type ExitCode } from '../problem.ts'
import { composeStrategies, type Strategies } from '../strategies/compose-strategies.ts'
import { homeFolder } from '../store.ts'

export interface DoctorOptions {
  readonly config?: string
  readonly json?: boolean
}

/** The configuration, with its strategies and the secrets of its channels read, or the finding that it cannot be used. */
const read = (file: string): { readonly found: { readonly config: Config; readonly strategies: Strategies } | undefined; readonly finding: Finding } => {
  try {
    const config = loadConfig(file)
    const strategies = composeStrategies(config, file)
    composeChannels(config.alerts, process.env)
    composeHeartbeat(config.alerts, process.env)
    return { found: { config, strategies }, finding: ok('configuration', `${file}: mode ${config.mode}, environment ${config.environment}, venue ${config.venue.name}`) }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { found, remedy } = halves(error.message)
    return { found: undefined, finding: problem('configuration', found, remedy) }
  }
}

const look = async (file: string | undefined): Promise<readonly Finding[]> => {
  const home = homeFolder()
  const machine = [lookAtRuntime(), lookAtHome(home), await lookAtDisk(home), lookForDesk(home)]
  if (file === undefined) return [...machine, ...(await lookAtStore('embedded', home)).findings]
  const { found, finding } = read(file)
  if (found === undefined) return [...machine, finding]
  const { config, strategies } = found
  const store = await lookAtStore(config.store.url, home, { config, file, fingerprint: fingerprintOf(config, strategies.digests) })
  return [...machine, finding, lookAtLog(config, home), await lookAtPort(config.http, home), ...store.findings, ...(await lookAtVenue(config, { owner: store.owner, strategies: strategies.all }))]
}

const lines = ({ what, state, found, remedy }: Finding): readonly string[] => [`${state.padEnd(8)} ${what.padEnd(14)} ${found}`, ...(remedy === undefined ? [] : [`${' '.repeat(24)}${remedy}`])]

/** 1 when there is a problem; a warning is none. */
export const doctor = async ({ config, json }: DoctorOptions): Promise<ExitCode> => {
  const findings = await look(config)
  const problems = findings.filter(({ state }) => state === 'problem').length
  if (json === true) printJson({ problems, findings })
  else printLine([...findings.flatMap(lines), problems === 0 ? 'nothing stands in the way of a start' : `${problems} problem${problems === 1 ? '' : 's'}`].join('\n'))
  return problems === 0 ? exitCodes.fine : exitCodes.foundProblem
}
