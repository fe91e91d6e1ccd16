/** Where the inside tells what a person should know. Nothing here is waited for, and nothing throws. */
import type { AlertCode } from '../domain/alert-catalogue.ts'
import type { Millis } from '../domain/time.ts'

/** What an alert is about; the code and this are its key. Left out where there is only one such thing. */
export interface AlertKey {
  readonly code: AlertCode
  readonly subject?: string
}

export interface RaisedAlert extends AlertKey {
  readonly at: Millis
  /** One sentence; never holds a secret. */
  readonly detail: string
  /** A person wants to be told more, and at once: trading comes back after a kill. */
  readonly closer?: boolean
}

export interface AlertSink {
  raise(alert: RaisedAlert): void
  /** The condition holds no more; nothing, when it was never raised. */
  clear(key: AlertKey & { readonly at: Millis; readonly detail?: string }): void
}

/** Tells nobody. */
export const noAlertSink: AlertSink = { raise: () => undefined, clear: () => undefined }

/** The key as one text. */
export const keyText = ({ code, subject }: AlertKey): string => (subject === undefined ? code : `${code} ${subject}`)
