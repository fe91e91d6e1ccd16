/** What is worth saying aloud, once: a new state, a new alert, a link that was lost. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Desk } from '../desk/answers.ts'
import { picture } from '../desk/live.ts'
import { useStore } from '../desk/store.ts'
import { words } from '../desk/words.ts'
import { standingOf, useLink } from './bar.tsx'

const newsOf = (before: Desk | undefined, desk: Desk): readonly string[] => {
  const standing = words(standingOf(desk))
  if (before === undefined) return [`The desk is ${standing}.`]
  const last = desk.alerts.at(-1)
  return [
    ...(words(standingOf(before)) === standing ? [] : [`The desk is now ${standing}.`]),
    ...(before.kill === desk.kill ? [] : [`The kill switch is now: ${words(desk.kill)}.`]),
    ...(last !== undefined && last.at > (before.alerts.at(-1)?.at ?? 0) ? [`Alert: ${last.detail}`] : []),
  ]
}

export const Announcements = () => {
  const desk = useStore(picture)?.desk
  const { isStale } = useLink()
  const [said, say] = useState('')
  const before = useRef<Desk | undefined>(undefined)
  useEffect(() => {
    if (desk === undefined) return
    const news = newsOf(before.current, desk)
    before.current = desk
    if (news.length > 0) say(news.join(' '))
  }, [desk])
  useEffect(() => {
    if (isStale) say('The desk does not answer.')
  }, [isStale])
  return (
    <p class="unseen" id="announce" role="status" aria-live="polite">
      {said}
    </p>
  )
}
