/**
 * From a context that an older version of a machine wrote to one that the next version reads. Pure; one file for each
 * step, for ever: rows of every released version stay readable. State names never change without one.
 */
export type Upcaster = (context: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>

/** From an event's body as any older version journalled it to one that the machine takes now, for rows that are folded anew. Pure. */
export type EventUpcaster = (type: string, body: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
