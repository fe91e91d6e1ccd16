/** Making and changing nodes. Whatever comes from outside becomes text, never markup. */

/** A new element with properties (`class`, `data-*` and `aria-*` as attributes) and children. */
export const make = (tag, properties = {}, ...children) => {
  const node = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue
    node.setAttribute(name, value === true ? '' : String(value))
  }
  node.append(...children)
  return node
}

export const byId = (id) => document.getElementById(id)

/** Changes a text only when it differs: selections and readers are left alone. */
export const setText = (node, text) => {
  const wanted = String(text)
  if (node.textContent !== wanted) node.textContent = wanted
}

/** Sets or, with undefined, removes an attribute. */
export const setMark = (node, name, value) => {
  if (value === undefined || value === null) node.removeAttribute(name)
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value))
}

/**
 * Makes the children of a node those of a list, in its order. A child stays the same node as long as its key is
 * there, so that focus, selection and scroll survive every refresh.
 */
export const keep = (parent, items, { key, create, update }) => {
  const before = new Map([...parent.children].map((child) => [child.dataset.key, child]))
  let place = parent.firstElementChild
  for (const item of items) {
    const name = key(item)
    const child = before.get(name) ?? create(item)
    before.delete(name)
    setMark(child, 'data-key', name)
    update(child, item)
    if (child === place) place = place.nextElementSibling
    else parent.insertBefore(child, place)
  }
  for (const child of before.values()) child.remove()
}
