/** The token that commands carry: kept for this tab alone. It may come in the page's address, and is taken out of it at once. */
const key = 'nightdesk.token'
const name = 'nightdesk.who'

/** Takes a token out of the address; the address is then as if there had been none. */
export const takeToken = (): void => {
  const found = /^#token=([\w-]+)$/.exec(window.location.hash)
  if (found?.[1] === undefined) return
  window.sessionStorage.setItem(key, found[1])
  window.history.replaceState(null, '', window.location.pathname)
}

export const token = (): string => window.sessionStorage.getItem(key) ?? ''
export const keepToken = (text: string): void => window.sessionStorage.setItem(key, text)
export const forgetToken = (): void => window.sessionStorage.removeItem(key)

/** Who signs: remembered in this browser. */
export const who = (): string => window.localStorage.getItem(name) ?? ''
export const keepWho = (text: string): void => window.localStorage.setItem(name, text)
