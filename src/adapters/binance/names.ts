/**
 * Names that hold everywhere. Order and trade ids are unique per symbol only (binance-spot.md 5.4), so the desk's names of
 * them carry the instrument: `BTC-USDT:123`.
 */

export interface VenueName {
  readonly instrument: string
  /** The venue's own id: digits. */
  readonly id: string
}

export const formatVenueName = ({ instrument, id }: VenueName): string => `${instrument}:${id}`

/** Undefined when the text is no such name. */
export const parseVenueName = (text: string): VenueName | undefined => {
  const [, instrument, id] = /^(.{1,60}):(\d{1,19})$/u.exec(text) ?? []
  return instrument === undefined || id === undefined ? undefined : { instrument, id }
}
