/**
 * Where the boxes and arrows of a statechart go. Dagre places the states that contain none; what contains states is the
 * frame around them, and an arrow to or from a frame is cut at its edge.
 */
import { Graph, layout } from '@dagrejs/dagre'
import type { MachineInspection } from '../../ports/inspection.ts'
import { arrowsOf, type Arrow } from './arrows.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** A rectangle by its middle. */
export interface Box extends Point {
  readonly path: string
  readonly width: number
  readonly height: number
  /** It contains states. */
  readonly frame: boolean
}

export interface PlacedArrow extends Arrow {
  /** Where the words stand for the states that it comes from, when it comes from many. */
  readonly source: Point | undefined
  readonly points: readonly Point[]
  /** The middle of its label. */
  readonly label: Point
}

export interface Placed {
  readonly width: number
  readonly height: number
  readonly boxes: readonly Box[]
  readonly arrows: readonly PlacedArrow[]
  /** The dot from which it begins. */
  readonly begin: { readonly at: Point; readonly points: readonly Point[] }
}

/** The text of the drawing is set in a face whose letters are about that wide at its size, in pixels. */
const nameWidth = 6.6
const labelWidth = 5.6
export const lineHeight = 12
const beginning = ' begin'

type Chart = Pick<MachineInspection, 'initial' | 'states'>

const textWidth = (lines: readonly string[], letter: number): number => Math.max(0, ...lines.map((line) => line.length)) * letter

const inside = ({ x, y, width, height }: Box, point: Point): boolean => Math.abs(point.x - x) <= width / 2 + 0.5 && Math.abs(point.y - y) <= height / 2 + 0.5

/** Where the line from a point within the box to one outside of it crosses the edge. */
const crossing = (box: Box, within: Point, outside: Point): Point => {
  const [dx, dy] = [outside.x - within.x, outside.y - within.y]
  const toSide = dx === 0 ? Infinity : (box.x + (Math.sign(dx) * box.width) / 2 - within.x) / dx
  const toEnd = dy === 0 ? Infinity : (box.y + (Math.sign(dy) * box.height) / 2 - within.y) / dy
  const part = Math.max(0, Math.min(1, toSide, toEnd))
  return { x: within.x + dx * part, y: within.y + dy * part }
}

/** The part of a line that lies outside of a box in which it begins. */
const leaving = (points: readonly Point[], box: Box): readonly Point[] => {
  const first = points.findIndex((point) => !inside(box, point))
  const [within, outside] = [points[first - 1], points[first]]
  return within === undefined || outside === undefined ? points : [crossing(box, within, outside), ...points.slice(first)]
}

const isWithin = (inner: string, outer: string): boolean => inner.startsWith(`${outer}.`)

/** The state in a frame that dagre lays the arrow to: the one it begins with. */
const leafOf = ({ states }: Chart, path: string): string => {
  const initial = states.find((state) => state.path === path)?.initial ?? null
  return initial === null ? path : leafOf({ states, initial: '' }, `${path}.${initial}`)
}

const nameOf = ({ from, to }: Arrow): string => `${from.join('+')} ${to}`

/** Dagre's name for where an arrow begins: a state, or a place of its own for one that comes from many. */
const sourceOf = (chart: Chart, arrow: Arrow): string => (arrow.from.length > 1 ? ` ${nameOf(arrow)}` : leafOf(chart, arrow.from[0] ?? ''))

const graphOf = (chart: Chart, arrows: readonly Arrow[]): Graph => {
  const graph = new Graph({ compound: true, multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 18, edgesep: 10, ranksep: 20, marginx: 12, marginy: 12 })
  graph.setNode(beginning, { width: 10, height: 10 })
  for (const { path, initial } of chart.states) graph.setNode(path, initial === null ? { width: Math.max(64, textWidth([path.split('.').at(-1) ?? ''], nameWidth) + 22), height: 28 } : {})
  for (const { path } of chart.states) if (path.includes('.')) graph.setParent(path, path.slice(0, path.lastIndexOf('.')))
  graph.setEdge(beginning, leafOf(chart, chart.initial), { width: 0, height: 0, weight: 4 }, beginning)
  for (const arrow of arrows) {
    const { from, to, lines } = arrow
    if (from.length > 1) graph.setNode(sourceOf(chart, arrow), { width: 56, height: 16 })
    graph.setEdge(sourceOf(chart, arrow), leafOf(chart, to), { width: textWidth(lines, labelWidth) + 6, height: lines.length * lineHeight + 4, labelpos: 'c' }, nameOf(arrow))
  }
  return graph
}

const boxesOf = (graph: Graph, chart: Chart): ReadonlyMap<string, Box> =>
  new Map(
    chart.states.map(({ path, initial }) => {
      const { x, y, width, height } = graph.node(path) as Box
      // Room above the states of a frame for its name.
      const title = initial === null ? 0 : 16
      return [path, { path, x, y: y - title / 2, width, height: height + title, frame: initial !== null }]
    }),
  )

/** Cuts an arrow at the edges of the frames that it leaves and enters. */
const cut = (points: readonly Point[], arrow: Arrow, boxes: ReadonlyMap<string, Box>): readonly Point[] => {
  const [only = '', ...others] = arrow.from
  const [from, to] = [others.length === 0 ? boxes.get(only) : undefined, boxes.get(arrow.to)]
  const left = from?.frame === true && !isWithin(arrow.to, only) ? leaving(points, from) : points
  return to?.frame === true && !isWithin(only, arrow.to) ? leaving(left.toReversed(), to).toReversed() : left
}

const middleOf = (points: readonly Point[]): Point => {
  const [one = { x: 0, y: 0 }, other = one] = [points[Math.floor((points.length - 1) / 2)], points[Math.ceil(points.length / 2)]]
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 }
}

/** Words that lay in a frame, on the part that was cut off, go beside what is left of the arrow: above it when it leaves the frame, below when it enters. */
const labelOf = (label: Point, points: readonly Point[], arrow: Arrow, boxes: ReadonlyMap<string, Box>): Point => {
  const away = (arrow.lines.length * lineHeight) / 2 + 2
  const { x, y } = middleOf(points)
  const from = arrow.from.length === 1 ? boxes.get(arrow.from[0] ?? '') : undefined
  const to = boxes.get(arrow.to)
  if (from?.frame === true && inside(from, label) && !isWithin(arrow.to, from.path)) return { x, y: y - away }
  return to?.frame === true && inside(to, label) && !isWithin(arrow.from[0] ?? '', to.path) ? { x, y: y + away } : label
}

/** Places a chart. The same chart is always placed alike. */
export const place = (chart: Chart): Placed => {
  const arrows = arrowsOf(chart)
  const graph = graphOf(chart, arrows)
  layout(graph)
  const boxes = boxesOf(graph, chart)
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  const begin = graph.edge(beginning, leafOf(chart, chart.initial), beginning) as { points: Point[] }
  return {
    width,
    height,
    boxes: [...boxes.values()],
    arrows: arrows.map((arrow) => {
      const { points, x, y } = graph.edge(sourceOf(chart, arrow), leafOf(chart, arrow.to), nameOf(arrow)) as { points: Point[] } & Point
      const source = arrow.from.length > 1 ? (graph.node(sourceOf(chart, arrow)) as Point) : undefined
      const seen = cut(points, arrow, boxes)
      return { ...arrow, points: seen, label: labelOf({ x, y }, seen, arrow, boxes), source }
    }),
    begin: { at: graph.node(beginning) as Point, points: begin.points },
  }
}
