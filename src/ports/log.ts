/** Where the inside says what happened. Fields are plain data; secrets never come near it. */
export type LogFields = Readonly<Record<string, unknown>>

export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

/** Says nothing to nobody. */
export const noLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
