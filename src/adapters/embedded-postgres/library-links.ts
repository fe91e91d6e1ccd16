import { readFile, readlink, stat, symlink, unlink } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { codeOf } from './embedded-postgres-error.ts'

interface Link {
  readonly path: string
  readonly target: string
}

/**
 * Makes the libraries' symbolic links listed in `native/pg-symlinks.json`: a package cannot carry links, and the
 * package's own install script may not have run. Links that already resolve are left alone, so it is safe to repeat
 * and works in a read-only tree that is complete. Rejects with the operating system's error when a link cannot be made.
 */
export async function linkLibraries(native: string): Promise<void> {
  for (const link of await listedLinks(native)) {
    if (!(await resolves(link.path))) await makeLink(link)
  }
}

async function makeLink(link: Link): Promise<void> {
  if (await isLink(link.path)) await unlink(link.path)
  try {
    await symlink(link.target, link.path)
  } catch (error) {
    // Another desk may be linking the same tree.
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

async function listedLinks(native: string): Promise<Link[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const listed: unknown = JSON.parse(text)
  if (!Array.isArray(listed)) return []
  return listed.flatMap((entry: unknown) => linkOf(native, entry))
}

function linkOf(native: string, entry: unknown): Link[] {
  if (typeof entry !== 'object' || entry === null || !('source' in entry) || !('target' in entry)) return []
  const { source, target } = entry
  if (typeof source !== 'string' || typeof target !== 'string') return []
  // The list is relative to the package; the tree may be a copy that goes by another name.
  const inside = relative('native', target)
  if (inside.startsWith('..')) return []
  return [{ path: join(native, inside), target: join(relative(dirname(target), dirname(source)), basename(source)) }]
}

async function resolves(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false)
}

async function isLink(path: string): Promise<boolean> {
  return readlink(path).then(() => true, () => false)
}
