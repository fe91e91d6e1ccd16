/**
 * A statechart as an SVG document: boxes, frames, arrows with their events; where an actor is and has been.
 *
 * G1  Valid XML with every text escaped; no script, no style and no address but that of the sheet that colours it.
 * G2  Its look hangs on the classes `state`, `frame`, `active`, `arrow`, `taken`, `label`, `source` and `count`; without a sheet it is
 *     still legible, in black on white.
 */
import type { ChartInspection, MachineInspection } from '../../ports/inspection.ts'
import { lineHeight, place, type Box, type Placed, type PlacedArrow, type Point } from './layout.ts'

/** Where the desk serves the colours of a drawing that is looked at by itself. */
const sheet = '/chart.css'

type OnChart = ChartInspection['actor']

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
const unreadable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g

/** Text as XML shows it; characters that XML cannot hold become a replacement sign. */
const text = (value: string): string => value.replace(unreadable, '\uFFFD').replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

const number = (value: number): string => String(Math.round(value * 10) / 10)

/** A line through the points, its corners rounded by what a curve through their middles gives. */
const pathOf = (points: readonly Point[]): string => {
  const at = ({ x, y }: Point): string => `${number(x)} ${number(y)}`
  const [first, ...rest] = points
  const last = rest.at(-1)
  if (first === undefined || last === undefined) return ''
  const curves = rest.slice(0, -1).map((corner, index) => {
    const next = rest[index + 1] ?? last
    return `Q${at(corner)} ${at(next === last ? next : { x: (corner.x + next.x) / 2, y: (corner.y + next.y) / 2 })}`
  })
  return curves.length === 0 ? `M${at(first)} L${at(last)}` : `M${at(first)} ${curves.join(' ')}`
}

const isIn = (path: string, state: string): boolean => state === path || state.startsWith(`${path}.`)

const drawBox = ({ path, x, y, width, height, frame }: Box, state: string | undefined): string => {
  const active = state !== undefined && isIn(path, state)
  const kind = `state${frame ? ' frame' : ''}${active ? ' active' : ''}`
  const top = y - height / 2
  const name = path.split('.').at(-1) ?? ''
  const shape = `<rect x="${number(x - width / 2)}" y="${number(top)}" width="${number(width)}" height="${number(height)}" rx="${frame ? 7 : 5}" fill="none" stroke="black"/>`
  const label = `<text x="${number(x)}" y="${number(frame ? top + 14 : y + 4)}" text-anchor="middle">${text(name)}</text>`
  return `<g class="${kind}" id="state-${text(path)}"><title>${text(path)}${active ? ', now' : ''}</title>${shape}${label}</g>`
}

const drawLines = ({ label, lines }: PlacedArrow, times: number): string => {
  const top = label.y - ((lines.length - 1) * lineHeight) / 2 + 3.5
  const count = times === 0 ? '' : ` <tspan class="count">×${times}</tspan>`
  return lines.map((line, at) => `<text class="label" font-size="10" x="${number(label.x)}" y="${number(top + at * lineHeight)}" text-anchor="middle">${text(line)}${at === lines.length - 1 ? count : ''}</text>`).join('')
}

const drawArrow = (arrow: PlacedArrow, times: number): string => {
  const took = times === 0 ? '' : `, taken ${times === 1 ? 'once' : `${times} times`}`
  const title = `${arrow.from.join(', ')} to ${arrow.to}: ${arrow.events.join(', ')}${took}`
  const line = `<path d="${pathOf(arrow.points)}" fill="none" stroke="black" marker-end="url(#${times === 0 ? 'tip' : 'tip-taken'})"/>`
  const source = arrow.source === undefined ? '' : `<text class="source" x="${number(arrow.source.x)}" y="${number(arrow.source.y + 4)}" font-size="10" text-anchor="middle">${arrow.from.length} states</text>`
  return `<g class="arrow${times === 0 ? '' : ' taken'}"><title>${text(title)}</title>${source}${line}${drawLines(arrow, times)}</g>`
}

const tip = (id: string, kind: string): string => `<marker id="${id}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="${kind}" d="M0 1 L8 4 L0 7 Z"/></marker>`

const describe = ({ id }: MachineInspection, actor: OnChart): string => (actor === null ? `Statechart of ${id}` : `Statechart of ${id}; ${actor.address} is ${actor.state}`)

const drawn = ({ begin, boxes, arrows }: Placed, actor: OnChart): readonly string[] => {
  const times = new Map((actor?.taken ?? []).map((one) => [`${one.from} ${one.to}`, one.times]))
  const frames = boxes.filter(({ frame }) => frame)
  const states = boxes.filter(({ frame }) => !frame)
  const timesOf = ({ from, to }: PlacedArrow): number => from.reduce((sum, one) => sum + (times.get(`${one} ${to}`) ?? 0), 0)
  return [
    ...frames.map((box) => drawBox(box, actor?.state)),
    `<g class="arrow begin"><circle cx="${number(begin.at.x)}" cy="${number(begin.at.y)}" r="5"/><path d="${pathOf(begin.points)}" fill="none" stroke="black" marker-end="url(#tip)"/></g>`,
    // What was taken lies above what was not.
    ...[...arrows].sort((one, other) => timesOf(one) - timesOf(other)).map((arrow) => drawArrow(arrow, timesOf(arrow))),
    ...states.map((box) => drawBox(box, actor?.state)),
  ]
}

/** A chart does not change while the program runs: it is placed once. */
const places = new WeakMap<MachineInspection['states'], Placed>()

const placeOnce = (machine: MachineInspection): Placed => {
  const placed = places.get(machine.states) ?? place(machine)
  places.set(machine.states, placed)
  return placed
}

/** The chart as a whole document; with an actor, its state is `active` and the arrows it took are `taken`, and counted. */
export const drawStatechart = (machine: MachineInspection, actor: OnChart): string => {
  const placed = placeOnce(machine)
  const [width, height] = [Math.ceil(placed.width), Math.ceil(placed.height)]
  const title = text(describe(machine, actor))
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<?xml-stylesheet type="text/css" href="${sheet}"?>`,
    `<svg xmlns="http://www.w3.org/2000/svg" class="statechart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="statechart-title" font-family="sans-serif" font-size="12">`,
    `<title id="statechart-title">${title}</title>`,
    `<defs>${tip('tip', 'tip')}${tip('tip-taken', 'tip taken')}</defs>`,
    ...drawn(placed, actor),
    '</svg>',
    '',
  ].join('\n')
}
