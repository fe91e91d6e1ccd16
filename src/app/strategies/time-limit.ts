/** Ends code of the user's own that does not come back: the desk has one thread, and it trades there. */
import vm from 'node:vm'

/** Thrown when a call was ended. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
}

const call = new vm.Script('task()')

/**
 * What the task returns. The engine itself ends it at its limit, in whichever loop it is.
 * @throws TookTooLong, and whatever the task throws
 */
export const within = <T>(limitMs: number, what: string, task: () => T): T => {
  try {
    return call.runInContext(vm.createContext({ task }), { timeout: limitMs }) as T
  } catch (error) {
    if ((error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new TookTooLong(`${what} took longer than ${limitMs} ms`)
    throw error
  }
}
