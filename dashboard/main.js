/** The page: asks the desk, draws what it says, and says so when it does not answer. */
import { read } from './api.js'
import { closedView } from './closed.js'
import { drawDesk, newsOf } from './desk.js'
import { byId, setMark, setText } from './dom.js'
import { feedsView } from './feeds.js'
import { duration } from './format.js'
import { listenForInspection, refreshInspector } from './inspector.js'
import { journalView } from './journal.js'
import { followStream, keepAsking } from './live.js'
import { ordersView } from './orders.js'
import { pairsView } from './pairs.js'

/** Without an answer for so long, what is shown is old. */
const staleMs = 4_000

const questions = {
  desk: '/api/desk',
  connections: '/debug/connections',
  prices: '/debug/prices',
  orders: '/api/orders?finished=false&limit=500',
  pairs: '/api/trade-pairs?finished=false&limit=500',
  closed: '/api/trade-pairs?state=closed&limit=30',
}

const view = { feeds: feedsView(), orders: ordersView(), pairs: pairsView(), closed: closedView(), journal: journalView() }

let data
let answeredAt
let streaming = false

const drawAll = () => {
  if (data === undefined) return
  const now = Date.now()
  drawDesk(data.desk, now)
  view.feeds(data, now)
  view.pairs(data.pairs, data.orders, now)
  view.orders(data.orders, now)
  view.closed(data.closed, now)
  view.journal.draw(now)
}

const drawLink = () => {
  const silentMs = answeredAt === undefined ? undefined : Date.now() - answeredAt
  const stale = silentMs !== undefined && silentMs > staleMs
  document.body.toggleAttribute('data-stale', stale)
  const [tone, text] = stale
    ? ['bad', `no answer for ${duration(silentMs)}`]
    : silentMs === undefined
      ? ['off', 'waiting for the desk']
      : streaming
        ? ['good', 'live']
        : ['wait', 'asking each second']
  setMark(byId('link'), 'data-tone', tone)
  if (stale && byId('link-text').textContent === 'live') setText(byId('announce'), 'The desk does not answer.')
  setText(byId('link-text'), text)
}

const ask = async () => {
  try {
    const answers = await Promise.all(Object.entries(questions).map(async ([name, path]) => [name, await read(path)]))
    const news = newsOf(data?.desk, answers[0][1])
    data = Object.fromEntries(answers)
    answeredAt = Date.now()
    if (news !== '') setText(byId('announce'), news)
    drawAll()
  } catch {
    // The link says how long there has been no answer; the next second asks again.
  }
  drawLink()
  await refreshInspector()
}

listenForInspection()
const hasten = keepAsking(ask)
followStream({
  transition: (event) => {
    view.journal.take(event)
    hasten()
  },
  open: () => {
    streaming = true
    drawLink()
  },
  broken: () => {
    streaming = false
    drawLink()
  },
})
setInterval(drawLink, 1_000)
