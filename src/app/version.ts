/** The program's own version, from the package that it came in. */
import { existsSync, readFileSync } from 'node:fs'

/** The sources lie two folders below the package, the published build three. */
const manifest = ['../../package.json', '../../../package.json'].map((place) => new URL(place, import.meta.url)).find((place) => existsSync(place))

export const version = manifest === undefined ? 'unknown' : (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
