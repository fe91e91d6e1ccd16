/**
 * A table of rows that come and go. A long one draws what is in sight alone; on a phone each row is a card. A row that
 * stands for an actor opens the inspector: by a click, or by its button, which the arrow keys walk from row to row.
 */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { inspect, route } from '../desk/route.ts'
import { useStore } from '../desk/store.ts'
import type { Tone } from '../desk/words.ts'
import { phone, useMedia } from './media.ts'
import { useWindow } from './window.ts'

export interface Column<R> {
  readonly title: string
  /** A class: how wide it is, and on which side it stands. */
  readonly kind: 'name' | 'number' | 'time' | 'status' | 'progress' | 'id' | 'side' | 'text'
  readonly cell: (row: R, now: number) => ComponentChildren
  /** The exact value. */
  readonly hint?: (row: R, now: number) => string | undefined
  readonly tone?: (row: R) => Tone | undefined
}

interface Props<R> {
  readonly label: string
  readonly columns: readonly Column<R>[]
  readonly rows: readonly R[]
  readonly keyOf: (row: R) => string
  /** The actor that a row stands for. */
  readonly addressOf?: (row: R) => string | undefined
  readonly empty: string
  readonly now: number
  /** Of one row, in pixels: on a desk, and as a card. */
  readonly heights?: { readonly row: number; readonly card: number }
}

const usual = { row: 34, card: 34 }

const Room = ({ height, span }: { readonly height: number; readonly span: number }) =>
  height <= 0 ? null : (
    <tr class="room" aria-hidden="true">
      <td colSpan={span} style={{ height: `${height}px` }} />
    </tr>
  )

/** Which row the Tab key leads to, and walking from there. */
const useWalk = (count: number, rowHeight: number) => {
  const box = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(0)
  const walking = useRef(false)
  useEffect(() => {
    if (!walking.current) return
    walking.current = false
    box.current?.querySelector<HTMLElement>(`[data-at="${at}"]`)?.focus()
  })
  const walk = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || box.current === null) return
    event.preventDefault()
    const next = Math.min(count - 1, Math.max(0, at + step))
    const top = next * rowHeight
    if (top < box.current.scrollTop || top + 2 * rowHeight > box.current.scrollTop + box.current.clientHeight) box.current.scrollTop = Math.max(0, top - box.current.clientHeight / 2)
    walking.current = true
    setAt(next)
  }
  return { box, at: Math.min(at, Math.max(0, count - 1)), setAt, walk }
}

export const Table = <R,>({ label, columns, rows, keyOf, addressOf, empty, now, heights = usual }: Props<R>) => {
  const rowHeight = useMedia(phone) ? heights.card : heights.row
  const { box, at, setAt, walk } = useWalk(rows.length, rowHeight)
  const { from, to } = useWindow(box, rows.length, rowHeight)
  const { actor } = useStore(route)
  const cellOf = (column: Column<R>, row: R, place: number, address: string | undefined): ComponentChildren =>
    address === undefined || columns[0] !== column ? (
      column.cell(row, now)
    ) : (
      <button type="button" class="open" data-at={place} tabIndex={place === at ? 0 : -1} onFocus={() => setAt(place)} aria-label={`Inspect ${address}`}>
        {column.cell(row, now)}
      </button>
    )
  const drawRow = (row: R, place: number) => {
    const address = addressOf?.(row)
    return (
      <tr key={keyOf(row)} data-key={keyOf(row)} aria-rowindex={place + 2} aria-current={address !== undefined && address === actor ? 'true' : undefined} class={address === undefined ? undefined : 'leads'} onClick={address === undefined ? undefined : () => inspect(address)}>
        {columns.map((column) => (
          <td key={column.title} class={column.kind} data-title={column.title} data-tone={column.tone?.(row)} title={column.hint?.(row, now)}>
            {cellOf(column, row, place, address)}
          </td>
        ))}
      </tr>
    )
  }
  return (
    <div class="scroll" ref={box} onKeyDown={walk}>
      {rows.length === 0 ? (
        <p class="quiet">{empty}</p>
      ) : (
        <table aria-label={label} aria-rowcount={rows.length + 1}>
          <thead>
            <tr>
              {columns.map(({ title, kind }) => (
                <th key={title} scope="col" class={kind}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Room height={from * rowHeight} span={columns.length} />
            {rows.slice(from, to).map((row, index) => drawRow(row, from + index))}
            <Room height={(rows.length - to) * rowHeight} span={columns.length} />
          </tbody>
        </table>
      )}
    </div>
  )
}
