/** The desk at a glance: its state, its figures, its alerts. */
import { byId, keep, make, setMark, setText } from './dom.js'
import { bps, clockTime, duration, rounded, stamp } from './format.js'
import { toneOf, words } from './words.js'

const mostAlerts = 20

const figures = [
  ['Open pairs', (desk) => String(desk.openPairs)],
  ['Live orders', (desk) => String(desk.liveOrders)],
  ['Exposure', (desk) => rounded(desk.exposure, 2)],
  ['Backlog', (desk) => (desk.backlog.storeAway ? 'store away' : `${desk.backlog.turns} / ${desk.backlog.calls}`), (desk) => (desk.backlog.storeAway ? 'bad' : undefined), 'turns not yet committed / calls to the venue under way'],
  ['Deadlines', (desk) => String(desk.backlog.deadlines)],
  ['Fees', (desk) => `${bps(desk.fees.maker)} / ${bps(desk.fees.taker)}`, undefined, 'maker / taker'],
  ['Running for', (desk, now) => duration(now - desk.startedAt)],
  ['Start / epoch', (desk) => `${desk.starts} / ${desk.epoch}`],
]

const drawFigures = (desk, now) =>
  keep(byId('figures'), figures, {
    key: ([title]) => title,
    create: ([title, , , hint]) => make('div', { title: hint }, make('dt', {}, title), make('dd')),
    update: (node, [, value, tone]) => {
      setText(node.lastElementChild, value(desk, now))
      setMark(node, 'data-tone', tone?.(desk))
    },
  })

const severityTones = { critical: 'bad', error: 'bad', warning: 'wait', warn: 'wait' }

const drawAlerts = (desk) => {
  const newest = desk.alerts.slice(-mostAlerts).reverse()
  const list = newest.length > 0 ? newest : [{ at: 0, code: 'none' }]
  keep(byId('alerts'), list, {
    key: (alert) => `${alert.at} ${alert.code} ${alert.detail}`,
    create: (alert) => {
      if (alert.at === 0) return make('li', { class: 'quiet' }, 'none')
      const time = make('time', { datetime: stamp(alert.at), title: stamp(alert.at) }, clockTime(alert.at))
      return make('li', { 'data-tone': severityTones[alert.severity] ?? 'calm' }, make('span', { class: 'lamp' }), time, make('b', {}, words(alert.code)), make('span', {}, alert.detail))
    },
    update: () => {},
  })
}

/** Limits that come back after a kill are worth a tag of their own. */
const tagsOf = (desk) => [desk.mode, desk.environment, desk.venue, ...(desk.kill === 'quarter' || desk.kill === 'half' ? [`${desk.kill} limits`] : [])]

/** The desk's state, unless what it may do says more. */
const standingOf = ({ state, trading }) => (trading.state === 'halted' ? 'halted' : state === 'trading' && trading.state === 'reducing' ? 'reducing' : state)

/** Draws everything that one answer of `/api/desk` says. */
export const drawDesk = (desk, now) => {
  const standing = standingOf(desk)
  setText(byId('desk-state-text'), words(standing))
  setMark(byId('desk-state'), 'data-tone', toneOf(standing))
  byId('desk-state').title = desk.trading.because ?? ''
  keep(byId('desk-tags'), tagsOf(desk).map(words), { key: (tag) => tag, create: (tag) => make('span', {}, tag), update: () => {} })
  byId('desk-tags').title = `process ${desk.pid}, install ${desk.install}, ${desk.store}`
  drawFigures(desk, now)
  drawAlerts(desk)
}

/** What is worth saying aloud: a new state, a new alert. */
export const newsOf = (before, desk) => {
  if (before === undefined) return `The desk is ${words(standingOf(desk))}.`
  const said = []
  if (standingOf(before) !== standingOf(desk)) said.push(`The desk is now ${words(standingOf(desk))}.`)
  const last = desk.alerts.at(-1)
  if (last !== undefined && last.at > (before.alerts.at(-1)?.at ?? 0)) said.push(`Alert: ${last.detail}`)
  return said.join(' ')
}
