/**
 * The token of this tab: every read carries it, and every command. It may come in the page's address, and is taken out of it
 * at once. Which of the desk's two tokens it is only the desk can tell.
 */
const key = 'nightdesk.token'
const name = 'nightdesk.who'

/** Takes a token out of the address; the address is then as if there had been none. True when there was one. */
export const takeToken = (): boolean => {
  const found = /^#token=([\w-]+)$/.exec(window.location.hash)
  if (found?.[1] === undefined) return false
  keepToken(found[1])
  window.history.replaceState(null, '', window.location.pathname)
  return true
}

export const token = (): string => window.sessionStorage.getItem(key) ?? ''
export const keepToken = (text: string): void => window.sessionStorage.setItem(key, text)
export const forgetToken = (): void => window.sessionStorage.removeItem(key)

/** What a request says of a token; nothing without one. */
export const bearer = (text: string): Readonly<Record<string, string>> => (text === '' ? {} : { authorization: `Bearer ${text}` })

/** True for what a header can carry. */
export const isToken = (text: string): boolean => /^[\x21-\x7e]{1,200}$/.test(text)

let reader: string | undefined

/** The desk has said that this token only reads. */
export const noteReader = (text: string): void => void (reader = text)

/** What a command carries: the token of this tab, unless it is known to read only. */
export const commandToken = (): string => (token() === reader ? '' : token())

/** Who signs: remembered in this browser. */
export const who = (): string => window.localStorage.getItem(name) ?? ''
export const keepWho = (text: string): void => window.localStorage.setItem(name, text)
