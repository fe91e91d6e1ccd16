/**
 * From a context that an older version of a machine wrote to one that the next version reads. Pure; one file for each
 * step, for ever: rows of every released version stay readable. State names never change without one.
 */
export type Upcaster = (context: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>
