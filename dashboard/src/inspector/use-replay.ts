/** The past of an actor, step by step, for the slider: the newest part of a long life. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Replay } from '../desk/answers.ts'
import { pathOf, read } from '../desk/api.ts'

/** Most steps on the slider. */
const most = 500

export interface Past {
  readonly replay: Replay | undefined
  readonly problem: string | undefined
}

/** Read again whenever the actor has taken another event. */
export const useReplay = (address: string, seq: number): Past => {
  const [past, setPast] = useState<Past & { readonly address: string }>({ address, replay: undefined, problem: undefined })
  const wanted = useRef('')
  useEffect(() => {
    if (seq === 0) return
    const mine = `${address} ${seq}`
    wanted.current = mine
    read<Replay>(`/debug/replay/${pathOf(address)}?after=${Math.max(0, seq - most)}&limit=${most}`).then(
      (replay) => wanted.current === mine && setPast({ address, replay, problem: undefined }),
      (error: unknown) => wanted.current === mine && setPast({ address, replay: undefined, problem: error instanceof Error ? error.message : String(error) }),
    )
  }, [address, seq])
  return past.address === address ? past : { replay: undefined, problem: undefined }
}
