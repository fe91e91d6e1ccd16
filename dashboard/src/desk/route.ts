/** Where the page is: a view and, beside it, the actor that is looked at. Both are in the address, so that a link leads there. */
import { access, seekAccess } from './access.ts'
import { storeOf } from './store.ts'
import { takeToken } from './token.ts'

export const views = ['desk', 'market', 'profit', 'reconciliations', 'audit', 'why'] as const
export type View = (typeof views)[number]

export interface Route {
  readonly view: View
  /** Address of the actor in the inspector. */
  readonly actor: string | undefined
}

const isView = (text: string): text is View => (views as readonly string[]).includes(text)
/** True for what the inspector can open. */
export const isAddress = (text: string): boolean => /^(desk|account|kill-switch|(order|trade-pair|breaker)\/.+)$/.test(text)

/** `#market?trade-pair/01JD`: the view, and after a question mark the actor. */
const parse = (hash: string): Route => {
  const [view = '', actor = ''] = decodeURIComponent(hash.slice(1)).split('?')
  return { view: isView(view) ? view : 'desk', actor: isAddress(actor) ? actor : undefined }
}

// A token in the address is taken before anything else is read from it.
takeToken()

export const route = storeOf<Route>(parse(window.location.hash))

const show = (next: Route): void => {
  const hash = `#${next.view}${next.actor === undefined ? '' : `?${next.actor}`}`
  if (window.location.hash !== hash) window.history.pushState(null, '', hash)
  route.set(next)
}

let opener: HTMLElement | undefined

/** Opens the inspector; focus comes back to where it was when it is closed. */
export const inspect = (actor: string): void => {
  const from = document.activeElement
  if (route.get().actor === undefined && from instanceof HTMLElement) opener = from
  show({ ...route.get(), actor })
}

export const closeInspector = (): void => {
  if (route.get().actor === undefined) return
  show({ ...route.get(), actor: undefined })
  if (opener?.isConnected === true) opener.focus()
}

export const linkTo = (view: View): string => `#${view}`

/** Follows the browser's own steps back and forth, and links. */
export const followAddress = (): void => {
  window.addEventListener('hashchange', () => {
    if (takeToken() && access.get().state === 'wanted') void seekAccess()
    const { view, actor } = parse(window.location.hash)
    route.set({ view, actor })
  })
}
