/** A page out of an append-only list, and the cursor for the next one ("" at the end). */
export interface Page<Item> {
  readonly items: Item[]
  readonly cursor: string
}

interface PageRequest<Item> {
  readonly list: readonly Item[]
  readonly cursor: string
  readonly limit: number
  readonly wanted: (item: Item) => boolean
}

/** Newest first. The cursor is a position counted from the oldest, so rows added meanwhile do not move it. Undefined: not a cursor of ours. */
export function newestFirst<Item>({ list, cursor, limit, wanted }: PageRequest<Item>): Page<Item> | undefined {
  const start = cursor === '' ? list.length : positionOf(cursor)
  if (start === undefined || start > list.length) return undefined
  const items: Item[] = []
  for (let index = start - 1; index >= 0; index -= 1) {
    const item = list[index]
    if (item === undefined || !wanted(item)) continue
    if (items.length === limit) return { items, cursor: cursorAt(index + 1) }
    items.push(item)
  }
  return { items, cursor: '' }
}

/** Oldest first, for short lists. */
export function inOrder<Item>(list: readonly Item[], cursor: string, limit: number): Page<Item> | undefined {
  const start = cursor === '' ? 0 : positionOf(cursor)
  if (start === undefined) return undefined
  const end = start + limit
  return { items: list.slice(start, end), cursor: end < list.length ? cursorAt(end) : '' }
}

/** A limit parameter: absent or unreadable means `otherwise`, never above `most`. */
export function limitOf(text: string | null, otherwise: number, most: number): number {
  const value = text === null ? otherwise : Number(text)
  return Number.isInteger(value) && value > 0 ? Math.min(value, most) : otherwise
}

function cursorAt(position: number): string {
  return Buffer.from(`at ${position}`).toString('base64url')
}

function positionOf(cursor: string): number | undefined {
  const match = /^at (\d+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))
  return match ? Number(match[1]) : undefined
}
