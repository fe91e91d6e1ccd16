/** Where the built page is, and how it comes there when it is not: by a process of its own, before anything is traded. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('../../dashboard/', import.meta.url))
const builder = fileURLToPath(new URL('../../dashboard/build.js', import.meta.url))
/** Of the sources, and of the package alike. */
const built = fileURLToPath(new URL('../../dashboard/dist/', import.meta.url))
const buildWithinMs = 60_000

/** Resolves when it is over, however it went. */
const build = (note: (sentence: string) => void): Promise<void> =>
  new Promise((resolve) => {
    note('nightdesk: the page is not built yet; building it once')
    const child = spawn(process.execPath, [builder], { cwd: source, stdio: ['ignore', 'ignore', 'inherit'], timeout: buildWithinMs })
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  })

/** The folder of the built page. Whether or not there is one, the desk starts: its door says so. */
export const pageFolder = async (note: (sentence: string) => void): Promise<string> => {
  if (!existsSync(`${built}index.html`) && existsSync(builder)) await build(note)
  return built
}
