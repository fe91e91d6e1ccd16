/** An answer of the desk for as long as a view is shown: asked at once, and again after a while. */
import { useEffect, useState } from 'preact/hooks'
import { read } from './api.ts'

export interface Asked<T> {
  readonly value: T | undefined
  /** Why there is none, in the desk's own words. */
  readonly problem: string | undefined
}

/** Asks a path; what belonged to another path is forgotten at once. With `everyMs` it asks again and again, and at once whenever `version` changes. */
export const useAnswer = <T>(path: string, everyMs?: number, version = 0): Asked<T> => {
  const [asked, setAsked] = useState<Asked<T> & { readonly path: string }>({ path, value: undefined, problem: undefined })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let over = false
    const ask = async (): Promise<void> => {
      try {
        const value = await read<T>(path)
        if (!over) setAsked({ path, value, problem: undefined })
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error)
        if (!over) setAsked((before) => ({ path, value: before.path === path ? before.value : undefined, problem }))
      }
      if (!over && everyMs !== undefined) timer = setTimeout(() => void ask(), everyMs)
    }
    void ask()
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [path, everyMs, version])
  return asked.path === path ? asked : { value: undefined, problem: undefined }
}
