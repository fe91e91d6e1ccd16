/** What the screen is like, as CSS sees it. */
import { useEffect, useState } from 'preact/hooks'

export const phone = '(max-width: 640px)'

export const useMedia = (query: string): boolean => {
  const [matches, setMatches] = useState(() => window.matchMedia(query).matches)
  useEffect(() => {
    const list = window.matchMedia(query)
    const look = (): void => setMatches(list.matches)
    list.addEventListener('change', look)
    return () => list.removeEventListener('change', look)
  }, [query])
  return matches
}
