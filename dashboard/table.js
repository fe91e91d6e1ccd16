/** Tables whose rows stay in place while their values change, and that the keyboard can walk. */
import { keep, make, setMark, setText } from './dom.js'

/**
 * A table in a container. Columns: `{title, cell(item, now), class?, hint?(item), tone?(item)}`; `cell` gives text, or
 * with `draw(td, item, now)` the column draws itself.
 */
export const table = (container, { columns, key, address, empty, label }) => {
  const head = make('tr', {}, ...columns.map((column) => make('th', { scope: 'col', class: column.class }, column.title)))
  const body = make('tbody')
  const note = make('p', { class: 'quiet' }, empty)
  container.append(make('table', { 'aria-label': label }, make('thead', {}, head), body), note)

  const create = () => make('tr', {}, ...columns.map((column) => make('td', { class: column.class, 'data-title': column.title })))

  const update = (now) => (row, item) => {
    const where = address?.(item)
    setMark(row, 'data-address', where)
    setMark(row, 'tabindex', where === undefined ? undefined : '0')
    columns.forEach((column, at) => {
      const cell = row.children[at]
      if (column.draw === undefined) setText(cell, column.cell(item, now))
      else column.draw(cell, item, now)
      setMark(cell, 'title', column.hint?.(item))
      if (column.tone !== undefined) setMark(cell, 'data-tone', column.tone(item))
    })
  }

  return (items, now) => {
    keep(body, items, { key, create, update: update(now) })
    note.hidden = items.length > 0
  }
}

/** A cell with a lamp before the state's words. */
export const drawState = (cell, text, tone) => {
  if (cell.firstElementChild === null) cell.append(make('span', { class: 'lamp' }), make('span'))
  setText(cell.lastElementChild, text)
  setMark(cell, 'data-tone', tone)
}

/** A bar from 0 to 1 with words above it. */
export const drawProgress = (cell, { part, text, title }) => {
  if (cell.firstElementChild === null) cell.append(make('span'), make('progress', { max: '1' }))
  const [note, bar] = cell.children
  if (bar.value !== part) bar.value = part
  setMark(bar, 'aria-label', title)
  setText(note, text)
}
