/** The room that the store has left. */
export interface FreeSpace {
  readonly bytes: number
  /** Of the whole, from 0 to 1. */
  readonly share: number
}

export interface Disk {
  /** Undefined where it cannot be told, such as for a database on another machine. */
  free(): Promise<FreeSpace | undefined>
}
