/** Which rows of a long table are drawn: those in sight, and some on either side. The others are room. */
import type { RefObject } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** Fewer rows are all drawn. */
const worthIt = 80
const margin = 12

export interface Span {
  readonly from: number
  readonly to: number
}

const spanOf = (node: HTMLElement, count: number, rowHeight: number): Span => {
  const first = Math.floor(node.scrollTop / rowHeight)
  return { from: Math.max(0, first - margin), to: Math.min(count, first + Math.ceil(node.clientHeight / rowHeight) + margin) }
}

/** The rows to draw of so many of one height in a scrolling box. */
export const useWindow = (box: RefObject<HTMLElement | null>, count: number, rowHeight: number): Span => {
  const [span, setSpan] = useState<Span>({ from: 0, to: worthIt })
  useEffect(() => {
    const node = box.current
    if (node === null) return undefined
    const look = (): void => setSpan((before) => {
      const next = spanOf(node, count, rowHeight)
      return before.from === next.from && before.to === next.to ? before : next
    })
    look()
    node.addEventListener('scroll', look, { passive: true })
    window.addEventListener('resize', look)
    return () => {
      node.removeEventListener('scroll', look)
      window.removeEventListener('resize', look)
    }
  }, [box, count, rowHeight])
  return count <= worthIt ? { from: 0, to: count } : span
}
