/** The statechart that the desk draws: where the actor is, or was, and what it has taken. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { readText } from '../desk/api.ts'
import { words } from '../desk/words.ts'

interface Props {
  readonly machine: string
  readonly address: string
  /** The state that is marked. */
  readonly state: string
  /** Drawn again when it changes: more was taken. */
  readonly seq: number
}

/** The document's own elements, not its text: nothing of it is read as the page's markup. */
const parse = (text: string): SVGSVGElement | undefined => {
  const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement
  return root instanceof SVGSVGElement ? document.importNode(root, true) : undefined
}

const mark = (drawing: SVGSVGElement, state: string): void => {
  for (const node of drawing.querySelectorAll('.state')) {
    const path = node.id.slice('state-'.length)
    node.classList.toggle('active', state === path || state.startsWith(`${path}.`))
  }
}

/** The marked state in the middle of what is in sight. */
const centre = (box: HTMLElement, drawing: SVGSVGElement): void => {
  const at = drawing.querySelector('.state.active:not(.frame)')?.getBoundingClientRect()
  if (at === undefined) return
  const room = box.getBoundingClientRect()
  box.scrollBy({ left: at.left + at.width / 2 - room.left - room.width / 2, top: at.top + at.height / 2 - room.top - room.height / 2 })
}

export const Chart = ({ machine, address, state, seq }: Props) => {
  const box = useRef<HTMLDivElement>(null)
  const [drawing, setDrawing] = useState<SVGSVGElement | undefined>(undefined)
  useEffect(() => {
    let over = false
    readText(`/debug/machines/${encodeURIComponent(machine)}?form=svg&actor=${encodeURIComponent(address)}`).then(
      (text) => over || setDrawing(parse(text)),
      () => over || setDrawing(undefined),
    )
    return () => {
      over = true
    }
  }, [machine, address, seq])
  useEffect(() => {
    if (drawing === undefined) return
    mark(drawing, state)
    drawing.setAttribute('aria-label', `Statechart; it is ${words(state)}`)
    drawing.removeAttribute('aria-labelledby')
    if (drawing.parentNode !== box.current) box.current?.replaceChildren(drawing)
    if (box.current !== null) centre(box.current, drawing)
  }, [drawing, state])
  return <div class="chart-box" ref={box} tabIndex={0} role="group" aria-label="Statechart" />
}
