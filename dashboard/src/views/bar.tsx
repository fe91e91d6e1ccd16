/** The bar: what the desk is, where, and whether this page still hears it. */
import { openCommand } from '../commands/open.ts'
import type { Desk } from '../desk/answers.ts'
import { access } from '../desk/access.ts'
import { clock, link, picture } from '../desk/live.ts'
import { duration } from '../desk/format.ts'
import { inspect, linkTo, route, views, type View } from '../desk/route.ts'
import { useStore } from '../desk/store.ts'
import { toneOf, words, type Tone } from '../desk/words.ts'

/** Without an answer for so long, what is shown is old. */
const staleMs = 4_000

/** The desk's state, unless what it may do says more. */
export const standingOf = ({ state, trading }: Desk): string => (trading.state === 'halted' ? 'halted' : state === 'trading' && trading.state === 'reducing' ? 'reducing' : state)

/** Whether the page is up to date, in a word or two. */
export const useLink = (): { readonly tone: Tone; readonly text: string; readonly isStale: boolean } => {
  const { stream, answeredAt, reconnects } = useStore(link)
  const now = useStore(clock)
  if (useStore(access).state === 'wanted') return { tone: 'wait', text: 'waiting for a token', isStale: false }
  if (answeredAt === undefined) return { tone: 'wait', text: 'waiting for the desk', isStale: false }
  if (now - answeredAt > staleMs) return { tone: 'bad', text: `no answer for ${duration(now - answeredAt)}`, isStale: true }
  if (stream !== 'open') return { tone: 'wait', text: 'stream lost, asking each second', isStale: false }
  return { tone: 'good', text: reconnects === 0 ? 'live' : `live, stream back ${reconnects === 1 ? 'once' : `${reconnects} times`}`, isStale: false }
}

const titles: Readonly<Record<View, string>> = { desk: 'Desk', market: 'Market', profit: 'Profit', reconciliations: 'Reconciliations', audit: 'Audit log', why: 'Why' }

const Tags = ({ desk }: { readonly desk: Desk }) => {
  const limits = desk.kill === 'quarter' || desk.kill === 'half' ? [`${desk.kill} limits`] : []
  return (
    <ul class="tags" id="desk-tags" title={`process ${desk.pid}, install ${desk.install}, ${desk.store}`}>
      {[desk.mode, desk.environment, desk.venue, ...limits].map((tag) => (
        <li key={tag}>{words(tag)}</li>
      ))}
    </ul>
  )
}

const Steering = ({ desk }: { readonly desk: Desk }) => {
  const isKilled = desk.kill === 'entries' || desk.kill === 'orders' || desk.kill === 'flatten'
  return (
    <div class="steering">
      <button type="button" onClick={() => openCommand(desk.state === 'paused' ? 'resume' : 'pause')}>
        {desk.state === 'paused' ? 'Resume' : 'Pause'}
      </button>
      <button type="button" class="grave" onClick={() => openCommand(isKilled ? 'unkill' : 'kill')}>
        {isKilled ? 'Lift the kill' : 'Kill'}
      </button>
      <button type="button" onClick={() => openCommand(undefined)}>
        More…
      </button>
    </div>
  )
}

export const Bar = () => {
  const desk = useStore(picture)?.desk
  const { tone, text } = useLink()
  const { view } = useStore(route)
  const standing = desk === undefined ? undefined : standingOf(desk)
  return (
    <header class="bar">
      <h1>Nightdesk</h1>
      <button type="button" class="standing" id="desk-state" data-tone={standing === undefined ? 'calm' : toneOf(standing)} title={desk?.trading.because ?? undefined} onClick={() => inspect('desk')}>
        <span class="lamp" aria-hidden="true" />
        {standing === undefined ? 'connecting' : words(standing)}
      </button>
      {desk === undefined ? null : <Tags desk={desk} />}
      <p class="link" id="link" data-tone={tone}>
        <span class="lamp" aria-hidden="true" />
        {text}
      </p>
      {desk === undefined ? null : <Steering desk={desk} />}
      <nav aria-label="Views">
        {views.map((one) => (
          <a key={one} href={linkTo(one)} aria-current={one === view ? 'page' : undefined}>
            {titles[one]}
          </a>
        ))}
      </nav>
    </header>
  )
}
