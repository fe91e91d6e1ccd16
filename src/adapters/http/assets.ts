/**
 * The page's files, as they were built: read once, when the door opens. What may be asked for is the table that comes of
 * it; no part of a request ever becomes part of a file's path.
 */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** One file of the page, ready to be sent. */
export interface Asset {
  readonly path: string
  readonly type: string
  readonly body: Buffer
}

/** A page has few files. */
const mostFiles = 100

const unbuilt: readonly Asset[] = [
  {
    path: '/',
    type: 'text/plain; charset=utf-8',
    body: Buffer.from('The page is not built: run "npm ci" with its development packages, or "npm run page", and start the desk again. Everything else of the desk is served; /openapi.json lists it.\n'),
  },
]

/** `/` for the page itself, and the plain path of each file beside it. */
const pathOf = (name: string): string => (name === 'index.html' ? '/' : `/${name.split(path.sep).join('/')}`)

/** The built page in a folder; one sentence in its place when there is none. */
export const readAssets = async (folder: string): Promise<readonly Asset[]> => {
  const names = await readdir(folder, { recursive: true }).catch((): string[] => [])
  if (!names.includes('index.html')) return unbuilt
  const files = names.filter((name) => types[path.extname(name)] !== undefined).slice(0, mostFiles)
  return Promise.all(files.map(async (name) => ({ path: pathOf(name), type: types[path.extname(name)] ?? '', body: await readFile(path.join(folder, name)) })))
}
