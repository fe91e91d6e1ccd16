/** The first view: all that is going on. */
import { clock, journal, picture } from '../desk/live.ts'
import { useStore } from '../desk/store.ts'
import { Quiet } from '../parts/panel.tsx'
import { Closed, Connections, Journal, Prices } from './feeds.tsx'
import { Figures, Notices } from './figures.tsx'
import { Orders, Pairs } from './pairs.tsx'

export const DeskView = () => {
  const shown = useStore(picture)
  const transitions = useStore(journal)
  const now = useStore(clock)
  if (shown === undefined) return <Quiet>waiting for the desk</Quiet>
  const { desk, pairs, orders, positions, prices, connections, closed } = shown
  return (
    <>
      <Figures desk={desk} positions={positions} now={now} />
      <Notices desk={desk} />
      <div class="columns">
        <div class="wide">
          <Pairs pairs={pairs} orders={orders} positions={positions} now={now} />
          <Orders orders={orders} now={now} />
        </div>
        <div class="narrow">
          <Prices prices={prices} now={now} />
          <Connections connections={connections} now={now} />
          <Closed closed={closed} now={now} />
          <Journal transitions={transitions} now={now} />
        </div>
      </div>
    </>
  )
}
