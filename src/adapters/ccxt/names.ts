/** An order's name in the desk: its instrument and the exchange's id, since many exchanges look an order up by both. */
export interface OrderName {
  readonly instrument: string
  readonly id: string
}

export const formatOrderName = ({ instrument, id }: OrderName): string => `${instrument}:${id}`

/** Reads one; undefined when it is none of ours. No instrument has a colon in its name. */
export const parseOrderName = (text: string): OrderName | undefined => {
  const at = text.indexOf(':')
  return at <= 0 || at === text.length - 1 ? undefined : { instrument: text.slice(0, at), id: text.slice(at + 1) }
}
