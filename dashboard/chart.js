/** A statechart as a list of its states: where the actor is, where it has been, where it can go. */
import { make } from './dom.js'
import { read } from './api.js'
import { words } from './words.js'

const known = new Map()

/** A machine's chart; it does not change while the page is open. */
export const chartOf = async (id) => {
  const found = known.get(id) ?? (await read(`/debug/machines/${encodeURIComponent(id)}`))
  known.set(id, found)
  return found
}

const isIn = (path, state) => state === path || state.startsWith(`${path}.`)

/** `a.b` was passed, and so was `a`. */
const withParents = (path) => path.split('.').map((_, at, all) => all.slice(0, at + 1).join('.'))

/** Where each event leads from here, ancestors' answers included. */
const waysOut = (chart, state) => {
  const ways = new Map()
  for (const node of chart.states.filter((one) => isIn(one.path, state))) {
    for (const { event, target } of node.transitions) {
      if (target === null || target === state || event === '*') continue
      ways.set(target, (ways.get(target) ?? new Set()).add(event))
    }
  }
  return ways
}

const line = (node, { state, visited, ways }) => {
  const depth = node.path.split('.').length
  const events = [...(ways.get(node.path) ?? [])].map(words).join(', ')
  const active = isIn(node.path, state)
  const place = active ? 'here' : visited.has(node.path) ? 'been' : events === '' ? 'far' : 'next'
  return make(
    'li',
    { 'data-place': place, 'data-depth': depth, 'aria-current': node.path === state ? 'step' : undefined },
    make('span', { class: 'dot' }),
    make('span', {}, words(node.path.split('.').at(-1))),
    make('small', {}, place === 'here' ? '' : events),
  )
}

/** The states of a chart; `history` tells which were passed. */
export const drawChart = (chart, state, history) => {
  const visited = new Set(history.flatMap((entry) => [entry.from, entry.to]).flatMap(withParents))
  const ways = waysOut(chart, state)
  return make('ol', { class: 'chart' }, ...chart.states.map((node) => line(node, { state, visited, ways })))
}

/** The Mermaid source with the active state marked. */
export const mermaidOf = (chart, state) => [chart.mermaid, '  classDef active stroke-width:4px', `  class ${state.replaceAll('.', '_')} active`].join('\n')
