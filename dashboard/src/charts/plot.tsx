/** Lines over time, drawn as SVG in the colours of the page; the pointer reads the values of a moment. */
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { clockTime } from '../desk/format.ts'
import { roomy, roundTicks, scaleOf, thinned, timeTicks, type Scale } from './scale.ts'

export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number
  /** One value for each line. */
  readonly values: readonly number[]
}

/** Where things are on a plot, for whoever draws more into it. */
export interface Frame {
  readonly x: Scale
  readonly y: Scale
  readonly left: number
  readonly right: number
}

interface Props {
  readonly points: readonly Point[]
  /** Classes of the lines; `filled` is filled down to zero. */
  readonly lines: readonly { readonly name: string; readonly kind: string }[]
  readonly height: number
  /** What it shows, for whoever does not see it. */
  readonly label: string
  /** Values that must be in sight. */
  readonly include?: readonly number[]
  readonly show: (value: number) => string
  readonly marks?: (frame: Frame) => ComponentChildren
}

const edge = { top: 10, right: 84, bottom: 24, left: 8 }
const leastWidth = 160

const pathOf = (points: readonly Point[], line: number, { x, y }: Frame): string => points.map(({ at, values }, index) => `${index === 0 ? 'M' : 'L'}${x.at(at).toFixed(1)} ${y.at(values[line] ?? 0).toFixed(1)}`).join('')

const useWidth = () => {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const node = box.current
    if (node === null) return undefined
    const room = new ResizeObserver(() => setWidth(Math.max(leastWidth, node.clientWidth)))
    room.observe(node)
    return () => room.disconnect()
  }, [])
  return { box, width }
}

const frameOf = ({ points, include = [], height }: Props, width: number): Frame => {
  const [low, high] = roomy([...include, ...points.flatMap(({ values }) => values)])
  const right = width - edge.right
  return { x: scaleOf(points[0]?.at ?? 0, points.at(-1)?.at ?? 1, edge.left, right), y: scaleOf(low, high, height - edge.bottom, edge.top), left: edge.left, right }
}

const Grid = ({ frame, height, show }: { readonly frame: Frame; readonly height: number; readonly show: Props['show'] }) => (
  <g class="grid">
    {roundTicks(frame.y.low, frame.y.high, height / 60).map((value) => (
      <g key={`y${value}`}>
        <line x1={frame.left} x2={frame.right} y1={frame.y.at(value)} y2={frame.y.at(value)} />
        <text x={frame.right + 8} y={frame.y.at(value) + 4}>
          {show(value)}
        </text>
      </g>
    ))}
    {timeTicks(frame.x.low, frame.x.high, Math.max(2, (frame.right - frame.left) / 110)).map((at) => (
      <g key={`x${at}`}>
        <line x1={frame.x.at(at)} x2={frame.x.at(at)} y1={edge.top} y2={height - edge.bottom} />
        <text x={Math.min(frame.right - 24, Math.max(frame.left + 24, frame.x.at(at)))} y={height - 6} text-anchor="middle">
          {clockTime(at)}
        </text>
      </g>
    ))}
  </g>
)

/** The point whose moment is nearest to a place. */
const nearest = (points: readonly Point[], { x }: Frame, place: number): Point | undefined => points.reduce<Point | undefined>((best, point) => (best === undefined || Math.abs(x.at(point.at) - place) < Math.abs(x.at(best.at) - place) ? point : best), undefined)

export const Plot = (props: Props) => {
  const { lines, height, label, show, marks, include = [] } = props
  const { box, width } = useWidth()
  const [place, setPlace] = useState<number | undefined>(undefined)
  const points = useMemo(() => thinned(props.points, width), [props.points, width])
  const frame = useMemo(() => frameOf({ ...props, points }, width), [points, width, height, include.join(' ')])
  const read = place === undefined ? undefined : nearest(points, frame, place)
  const foot = frame.y.at(Math.max(frame.y.low, 0))
  return (
    <div class="plot" ref={box}>
      <p class="reading" aria-hidden="true">
        {read === undefined ? '' : [clockTime(read.at), ...lines.map(({ name }, index) => `${name} ${show(read.values[index] ?? 0)}`)].join('   ')}
      </p>
      {width === 0 ? null : (
        <svg width={width} height={height} role="img" aria-label={label} onPointerMove={(event) => setPlace(event.offsetX)} onPointerLeave={() => setPlace(undefined)}>
          <Grid frame={frame} height={height} show={show} />
          {lines.map(({ name, kind }, index) => (
            <g key={name} class={`series ${kind}`}>
              {kind.includes('filled') ? <path class="area" d={`${pathOf(points, index, frame)}L${frame.x.at(points.at(-1)?.at ?? 0)} ${foot}L${frame.left} ${foot}Z`} /> : null}
              <path class="line" d={pathOf(points, index, frame)} />
            </g>
          ))}
          {marks?.(frame)}
          {read === undefined ? null : <line class="cursor" x1={frame.x.at(read.at)} x2={frame.x.at(read.at)} y1={edge.top} y2={height - edge.bottom} />}
        </svg>
      )}
    </div>
  )
}
