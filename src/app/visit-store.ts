/**
 * A command's visit to the store.
 *
 * V1  Beside a desk that runs in this data directory no other store than its own is opened: what is read there would be another
 *     desk's past, and what is written would be seen by nobody. The same database by another address is the same store.
 * V2  Looking makes nothing: where no start has made an embedded store, there is none to look at.
 */
import { hasSession } from '../adapters/postgres/sessions.ts'
import { loadConfig } from './config/load-config.ts'
import { readDeskFile, type DeskFile } from './desk-file.ts'
import { exitCodes, Problem } from './problem.ts'
import { homeFolder, isMade, openStore, placeOfStore, unreadable, type OpenStore } from './store.ts'

const otherStore = (home: string, { pid, store }: DeskFile, place: string): Problem =>
  new Problem(exitCodes.configuration, `the desk that runs in ${home} (pid ${pid}) works on ${store}, and this command would open ${place}: give it the desk's own DATABASE_URL and --config, or set NIGHTDESK_HOME to another desk's folder`)

/** The desk that runs here, if it calls its store otherwise than this command does. */
const otherwiseCalled = (home: string, place: string): DeskFile | undefined => {
  const running = readDeskFile(home)
  const isKnown = running !== undefined && running.store !== null
  return isKnown && (running.store !== place || place.includes(unreadable)) ? running : undefined
}

/**
 * Opens the store, unless a desk runs here on another (V1).
 * @throws Problem
 */
export const openBeside = async (url: string, home: string): Promise<OpenStore> => {
  const place = placeOfStore(url, home)
  const running = otherwiseCalled(home, place)
  if (running !== undefined && !isMade(url, home)) throw otherStore(home, running, place)
  const store = await openStore(url, home)
  if (running === undefined || (await hasSession(store.address, running.session).catch(() => false))) return store
  await store.leave()
  throw otherStore(home, running, place)
}

/** A store in which no desk was ever started. */
export const nothingYet = (place: string): Problem =>
  new Problem(exitCodes.unavailable, `there is no desk in ${place} yet: start one with "nightdesk run", or set NIGHTDESK_HOME, or DATABASE_URL, to where it is`)

/**
 * Opens the store of a configuration, or of the environment alone, and leaves it as it was found.
 * @param how `makes`: an embedded store is made where there is none (V2)
 * @throws Problem
 */
export const visitStore = async <T>(configFile: string | undefined, how: 'readsOnly' | 'makes', use: (store: OpenStore) => Promise<T>): Promise<T> => {
  const home = homeFolder()
  const url = configFile === undefined ? 'embedded' : loadConfig(configFile).store.url
  if (how === 'readsOnly' && otherwiseCalled(home, placeOfStore(url, home)) === undefined && !isMade(url, home)) throw nothingYet(placeOfStore(url, home))
  const store = await openBeside(url, home)
  try {
    return await use(store)
  } finally {
    await store.leave()
  }
}
