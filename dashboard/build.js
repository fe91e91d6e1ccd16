/**
 * Builds the page into dashboard/dist: at `npm ci`, in `npm run build`, and when a desk starts and it is not there.
 * Plain JavaScript, for whichever Node npm has in its hands. Several may build at once: each in a folder of its own, and
 * whichever is done puts the whole in its place.
 */
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))
const place = join(folder, 'dist')

const put = (built) => {
  chmodSync(built, 0o755)
  for (let tries = 0; tries < 3; tries++) {
    rmSync(place, { recursive: true, force: true })
    try {
      return renameSync(built, place)
    } catch (error) {
      if (tries === 2 && !existsSync(join(place, 'index.html'))) throw error
    }
  }
}

const vite = await import('vite').catch(() => undefined)
if (vite === undefined) console.error('The page is not built: vite is not installed (npm ci without --omit=dev brings it).')
else {
  const own = mkdtempSync(join(folder, 'dist-'))
  try {
    await vite.build({ configFile: join(folder, 'vite.config.ts'), logLevel: 'error', build: { outDir: own } })
    put(own)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}
