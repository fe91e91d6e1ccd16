/** A value that views follow. However often it changes, they are drawn once a frame. */
import { useEffect, useState } from 'preact/hooks'

export interface Store<T> {
  get(): T
  set(next: T): void
  /** Calls on every drawn change, until the function that it returns is called. */
  follow(see: () => void): () => void
}

export const storeOf = <T>(first: T): Store<T> => {
  let value = first
  let asked = false
  const followers = new Set<() => void>()
  const draw = (): void => {
    asked = false
    for (const see of followers) see()
  }
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return
      value = next
      if (asked) return
      asked = true
      requestAnimationFrame(draw)
    },
    follow: (see) => {
      followers.add(see)
      return () => void followers.delete(see)
    },
  }
}

/** The value now, and again whenever it has changed. */
export const useStore = <T>(store: Store<T>): T => {
  const [, redraw] = useState(0)
  useEffect(() => store.follow(() => redraw((count) => count + 1)), [store])
  return store.get()
}
