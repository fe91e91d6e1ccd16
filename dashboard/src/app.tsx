/** The page put together. */
import { useEffect } from 'preact/hooks'
import { CommandDialogue } from './commands/dialogue.tsx'
import { opened } from './commands/open.ts'
import { closeInspector, route, type View } from './desk/route.ts'
import { useStore } from './desk/store.ts'
import { Inspector } from './inspector/inspector.tsx'
import { Announcements } from './views/announce.tsx'
import { AccessDialogue } from './views/access.tsx'
import { AuditView } from './views/audit.tsx'
import { Bar, useLink } from './views/bar.tsx'
import { DeskView } from './views/desk-view.tsx'
import { MarketView } from './views/market.tsx'
import { ProfitView } from './views/profit.tsx'
import { ReconciliationsView } from './views/reconciliations.tsx'
import { WhyView } from './views/why.tsx'

const shown = { desk: DeskView, market: MarketView, profit: ProfitView, reconciliations: ReconciliationsView, audit: AuditView, why: WhyView } as const satisfies Record<View, unknown>

/** A dialogue has an Escape of its own. */
const onKey = (event: KeyboardEvent): void => {
  if (event.key === 'Escape' && opened.get() === undefined) closeInspector()
}

export const App = () => {
  const { view, actor } = useStore(route)
  const { isStale } = useLink()
  const View = shown[view]
  useEffect(() => {
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return (
    <div class="page" data-stale={isStale ? '' : undefined} data-inspecting={actor === undefined ? undefined : ''}>
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault()
        document.querySelector<HTMLElement>('#main')?.focus()
      }}>
        Skip to the view
      </a>
      <Bar />
      <Announcements />
      <main id="main" tabIndex={-1}>
        <View />
      </main>
      <Inspector />
      <CommandDialogue />
      <AccessDialogue />
    </div>
  )
}
