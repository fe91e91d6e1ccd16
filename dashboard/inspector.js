/** One actor, looked at closely: its state, what it waits for, how it came there. */
import { actorPath, read } from './api.js'
import { chartOf, drawChart, mermaidOf } from './chart.js'
import { byId, make, setMark, setText } from './dom.js'
import { age, clockTime, duration, none, stamp } from './format.js'
import { idOf, isAddress, kindOf, toneOf, words } from './words.js'

const page = 200
const mostShown = 500

const panel = byId('inspector')
const body = byId('inspector-body')

let address
let opener
let history = []
let drawn = ''

const text = (value) => (value === null || value === undefined || value === '' ? none : typeof value === 'object' ? JSON.stringify(value) : String(value))

const part = (title, ...children) => make('section', {}, make('h3', {}, title), ...children)

const list = (items, empty) => (items.length === 0 ? make('p', { class: 'quiet' }, empty) : make('ul', {}, ...items.map((item) => make('li', {}, item))))

const stateLine = (actor, now) =>
  make(
    'p',
    { class: 'state', 'data-tone': toneOf(actor.state) },
    make('span', { class: 'lamp' }),
    make('b', {}, words(actor.state)),
    make('span', { title: stamp(actor.since) }, `for ${duration(now - actor.since)}`),
  )

const deadlines = (actor, now) => actor.deadlines.map(({ name, dueAt }) => `${words(name)}: ${dueAt > now ? `in ${age(dueAt - now)}` : `due for ${age(now - dueAt)}`}`)

/** The other actors that this one names. */
const related = ({ address: own, context }) => {
  const found = [
    ['Its pair', context.pairId && `trade-pair/${context.pairId}`],
    ['Its buy order', context.buyOrder && `order/${context.buyOrder}`],
    ['Its sell order', context.sellOrder && `order/${context.sellOrder}`],
  ].filter(([, where]) => typeof where === 'string' && where !== own)
  return found.map(([title, where]) => make('button', { type: 'button', 'data-address': where }, title))
}

const facts = (context) =>
  make('dl', { class: 'facts' }, ...Object.entries(context).map(([name, value]) => make('div', {}, make('dt', {}, words(name)), make('dd', {}, text(value)))))

/** What a person looks for first in an actor's memory, in this order. */
const keyFacts = ['side', 'price', 'quantity', 'filled', 'bought', 'cost', 'sold', 'proceeds', 'fees', 'minSellPrice', 'venueOrderId', 'heldBecause', 'pausedBecause', 'waitsBecause', 'reason']

const figures = (context) => {
  const found = keyFacts.filter((name) => ['string', 'number'].includes(typeof context[name]) && context[name] !== '')
  return found.length === 0 ? [] : [part('Figures', facts(Object.fromEntries(found.map((name) => [name, context[name]]))))]
}

const historyRow = (entry) =>
  make(
    'tr',
    { title: JSON.stringify(entry.body) },
    make('td', { class: 'number' }, String(entry.seq)),
    make('td', { class: 'time', title: stamp(entry.at) }, clockTime(entry.at)),
    make('td', {}, words(entry.event)),
    make('td', {}, entry.from === entry.to ? `stays ${words(entry.to)}` : words(entry.to)),
  )

const historyTable = () => {
  const titles = ['#', 'Time', 'Event', 'State after'].map((title) => make('th', { scope: 'col' }, title))
  const rows = history.slice(-mostShown).reverse().map(historyRow)
  return make('table', { class: 'timeline', 'aria-label': 'History' }, make('thead', {}, make('tr', {}, ...titles)), make('tbody', {}, ...rows))
}

const openParts = () => new Set([...body.querySelectorAll('details[open]')].map((node) => node.dataset.name))

const fold = (name, opened, ...children) => make('details', { 'data-name': name, open: opened.has(name) }, make('summary', {}, name), ...children)

const parts = (actor, chart, now) => {
  const opened = openParts()
  const links = related(actor)
  return [
    make('div', { id: 'inspector-now' }, stateLine(actor, now)),
    part('Waits for', list(actor.waitsFor, 'nothing')),
    part('Deadlines', make('div', { id: 'inspector-deadlines' }, list(deadlines(actor, now), 'none'))),
    part('Can happen next', actor.next.length === 0 ? make('p', { class: 'quiet' }, 'nothing: it has come to its end') : make('p', { class: 'chips' }, ...actor.next.map((event) => make('span', {}, words(event))))),
    ...figures(actor.context),
    ...(links.length === 0 ? [] : [part('Related', make('p', { class: 'links' }, ...links))]),
    part('States', drawChart(chart, actor.state, history)),
    part('History, newest first', historyTable()),
    make('div', {}, fold('Memory', opened, facts(actor.context)), fold('Drawing as Mermaid text', opened, make('pre', { tabindex: '0' }, mermaidOf(chart, actor.state)))),
  ]
}

/** Redraws the whole only when the actor has changed; else just what time changes. */
const draw = (actor, chart, now) => {
  const version = JSON.stringify([actor.address, actor.state, actor.since, history.length, actor.waitsFor, actor.next, actor.context])
  if (version === drawn) {
    byId('inspector-now').replaceChildren(stateLine(actor, now))
    byId('inspector-deadlines').replaceChildren(list(deadlines(actor, now), 'none'))
    return
  }
  drawn = version
  const focused = body.contains(document.activeElement) ? document.activeElement.dataset.address : undefined
  const top = body.scrollTop
  body.replaceChildren(...parts(actor, chart, now))
  body.scrollTop = top
  if (focused !== undefined) [...body.querySelectorAll('[data-address]')].find((node) => node.dataset.address === focused)?.focus()
}

const drawProblem = (error) => {
  drawn = ''
  body.replaceChildren(make('p', { class: 'quiet' }, error.message))
}

/** Asks for the actor that is open, if one is. */
export const refreshInspector = async () => {
  const asked = address
  if (asked === undefined) return
  try {
    const actor = await read(`${actorPath(asked)}?after=${history.at(-1)?.seq ?? 0}&limit=${page}`)
    const chart = await chartOf(actor.machine)
    if (asked !== address) return
    const last = history.at(-1)?.seq ?? 0
    history = [...history, ...actor.history.filter((entry) => entry.seq > last)]
    draw(actor, chart, Date.now())
  } catch (error) {
    if (asked === address && (drawn === '' || error.status === 404)) drawProblem(error)
  }
}

const markRows = () => {
  for (const row of document.querySelectorAll('tr[data-address]')) setMark(row, 'aria-current', row.dataset.address === address ? 'true' : undefined)
}

/** Shows an actor in the panel. */
export const openInspector = (where, from) => {
  if (panel.hidden) opener = from
  address = where
  history = []
  drawn = ''
  setText(byId('inspector-kind'), kindOf(where))
  setText(byId('inspector-title'), idOf(where))
  body.replaceChildren(make('p', { class: 'quiet' }, 'reading'))
  body.scrollTop = 0
  panel.hidden = false
  document.body.dataset.inspecting = ''
  window.history.replaceState(null, '', `#${where}`)
  markRows()
  byId('inspector-title').focus()
  void refreshInspector()
}

export const closeInspector = () => {
  if (panel.hidden) return
  address = undefined
  panel.hidden = true
  delete document.body.dataset.inspecting
  window.history.replaceState(null, '', window.location.pathname)
  markRows()
  if (opener?.isConnected) opener.focus()
}

const moveFocus = (row, step) => (step > 0 ? row.nextElementSibling : row.previousElementSibling)?.focus()

const onKey = (event) => {
  if (event.key === 'Escape') return closeInspector()
  const row = event.target.closest?.('tr[data-address]')
  if (row === null || row === undefined || event.target !== row) return
  if (event.key === 'Enter' || event.key === ' ') {
    event.preventDefault()
    openInspector(row.dataset.address, row)
  }
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    event.preventDefault()
    moveFocus(row, event.key === 'ArrowDown' ? 1 : -1)
  }
}

/** Opens whatever names an address when it is clicked or entered. */
export const listenForInspection = () => {
  document.addEventListener('click', (event) => {
    const target = event.target.closest('[data-address]')
    if (target !== null && window.getSelection()?.isCollapsed !== false) openInspector(target.dataset.address, target)
  })
  document.addEventListener('keydown', onKey)
  byId('inspector-close').addEventListener('click', closeInspector)
  const wanted = decodeURIComponent(window.location.hash.slice(1))
  if (isAddress(wanted)) openInspector(wanted, byId('desk-state'))
}
