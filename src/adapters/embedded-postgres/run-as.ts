import { readFile, stat } from 'node:fs/promises'
import { copyBinaries, program, type Binaries } from './binaries.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { EmbeddedPostgresOptions, Host, Ids } from './options.ts'
import type { Place } from './place.ts'
import { runCommand, serverEnvironment, type Command } from './run-command.ts'

/** How a program is handed to the user it runs as: words put before it, or other ids. */
interface Via {
  readonly prefix: readonly string[]
  readonly ids?: Ids
}

/** The user the server runs as. PostgreSQL refuses root, and initdb refuses a user without a name. */
export interface RunAs {
  /** `this user`, `a user namespace (uid 1000)`, `user nightdesk-pg` or `uid 60606`. */
  readonly sentence: string
  readonly server: Via
  readonly initdb: Via
  /** Who must own the files, when that is not the desk's own user. */
  readonly owner: Ids | undefined
  readonly binaries: Binaries
}

/** A program as the chosen user runs it. */
export function commandVia(via: Via, file: string, args: readonly string[]): Command {
  const [first, ...rest] = [...via.prefix, file, ...args]
  return { file: first ?? file, args: rest, ...(via.ids === undefined ? {} : { ids: via.ids }) }
}

/** Where a dedicated user's cluster and programs go. */
export function dedicatedRoot(options: EmbeddedPostgresOptions): string {
  return options.dedicatedRoot ?? '/var/lib/nightdesk-pg'
}

const OWN: Via = { prefix: [] }

/** Chooses the user for this place. Rejects with `notPermitted` when none will do, `missingBinaries` when the server does not run. */
export async function chooseUser(place: Place, binaries: Binaries, options: EmbeddedPostgresOptions): Promise<RunAs> {
  const users = await namedUsers()
  if (options.host.uid !== 0) return ordinaryUser(place, binaries, options, users)
  if (place.owner !== undefined) return dedicatedUser(place.owner, binaries, options, users)
  const namespace = await namespaceUser(place, binaries, options, users)
  if (namespace !== undefined) return namespace
  if (await stat(place.home).then(() => true, () => false)) {
    throw new EmbeddedPostgresError('notPermitted', `The cluster in ${place.home} belongs to root, PostgreSQL refuses to run as root, and user namespaces are not allowed here: allow them, or give the data directory to another user and start the desk as that user.`)
  }
  return dedicatedUser(dedicatedIds(users), binaries, options, users)
}

async function ordinaryUser(place: Place, binaries: Binaries, options: EmbeddedPostgresOptions, users: readonly NamedUser[]): Promise<RunAs> {
  await checkRuns(binaries, OWN, options.host)
  const own: RunAs = { sentence: 'this user', server: OWN, initdb: OWN, owner: undefined, binaries }
  if (await hasName(options.host, users)) return own
  const namespace = await namespaceUser(place, binaries, options, users)
  return namespace === undefined ? own : { ...own, initdb: namespace.initdb }
}

async function hasName(host: Host, users: readonly NamedUser[]): Promise<boolean> {
  if (host.uid === undefined || users.some(({ uid }) => uid === host.uid)) return true
  // Names may come from a directory service that /etc/passwd does not show.
  return (await runCommand({ file: 'id', args: ['-un', String(host.uid)] }, { ...host.env }, 5000)).code === 0
}

async function namespaceUser(place: Place, binaries: Binaries, options: EmbeddedPostgresOptions, users: readonly NamedUser[]): Promise<RunAs | undefined> {
  const inner = users.find(({ uid }) => uid === 1000) ?? users.find(({ uid }) => uid !== 0 && uid !== 65_534)
  if (options.unshare === 'never' || options.host.platform !== 'linux' || inner === undefined) return undefined
  const via: Via = { prefix: ['unshare', '--user', `--map-user=${inner.uid}`, `--map-group=${inner.gid}`, '--'] }
  // Inside a namespace root's power over other users' folders is gone, so the folder is tried together with the program.
  const trial = commandVia(via, 'sh', ['-c', 'cd "$1" && exec "$2" --version', 'sh', place.dataDir, program(binaries, 'postgres', options.host)])
  if ((await runCommand(trial, serverEnvironment(options.host), 10_000)).code !== 0) return undefined
  return { sentence: `a user namespace (uid ${inner.uid})`, server: via, initdb: via, owner: undefined, binaries }
}

async function dedicatedUser(owner: Ids, binaries: Binaries, options: EmbeddedPostgresOptions, users: readonly NamedUser[]): Promise<RunAs> {
  const copy = await copyBinaries(binaries, options.host, dedicatedRoot(options))
  const server: Via = { prefix: [], ids: owner }
  await checkRuns(copy, server, options.host)
  const name = users.find(({ uid }) => uid === owner.uid)?.name
  const stand = users.find(({ name: each }) => each === 'nobody') ?? users.find(({ uid }) => uid !== 0)
  const initdb = name === undefined && stand !== undefined ? { prefix: [], ids: { uid: stand.uid, gid: stand.gid } } : server
  return { sentence: name === undefined ? `uid ${owner.uid}` : `user ${name}`, server, initdb, owner, binaries: copy }
}

async function checkRuns(binaries: Binaries, via: Via, host: Host): Promise<void> {
  const { code, output } = await runCommand(commandVia(via, program(binaries, 'postgres', host), ['--version']), serverEnvironment(host), 10_000)
  if (code === 0) return
  throw new EmbeddedPostgresError('missingBinaries', `The PostgreSQL server in ${binaries.native} does not run on this machine (${output.split('\n')[0] ?? code}): mend that, or set store.url to a PostgreSQL server of your own.`)
}

interface NamedUser extends Ids {
  readonly name: string
}

// A number that neither distributions nor systemd give to anybody.
const UNNAMED: Ids = { uid: 60_606, gid: 60_606 }

function dedicatedIds(users: readonly NamedUser[]): Ids {
  const made = users.find(({ name }) => name === 'nightdesk-pg')
  return made === undefined ? UNNAMED : { uid: made.uid, gid: made.gid }
}

async function namedUsers(): Promise<NamedUser[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    if (name === undefined || uid === undefined || gid === undefined) return []
    return [{ name, uid: Number.parseInt(uid, 10), gid: Number.parseInt(gid, 10) }]
  })
}
