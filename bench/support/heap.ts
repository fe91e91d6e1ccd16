/** The heap of this process, counted when nothing is in it that could be let go of. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes in use after a full collection. */
export const heapInUse = (): number => {
  collect()
  return process.memoryUsage().heapUsed
}
