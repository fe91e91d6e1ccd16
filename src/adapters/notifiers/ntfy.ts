/** ntfy: a POST to the server's root with the topic in the JSON body, so that titles may be any text (https://docs.ntfy.sh/publish/#publish-as-json). */
import type { Severity } from '../../domain/alert-catalogue.ts'
import type { Notifier } from '../../ports/notifier.ts'
import { sendOnce, type Sending } from './http.ts'

export interface NtfyOptions extends Sending {
  readonly name: string
  /** Of the server, without a slash at the end. */
  readonly server: string
  /** Whoever knows it can read along: it may be a secret. */
  readonly topic: string
  readonly token: string | undefined
}

/** 5 rings through silence, 3 is the usual, 2 makes no sound. */
const priorities: Readonly<Record<Severity, number>> = { info: 2, warning: 3, critical: 5 }
const tags: Readonly<Record<Severity, readonly string[]>> = { info: ['information_source'], warning: ['warning'], critical: ['rotating_light'] }

export const ntfyNotifier = ({ name, server, topic, token, ...sending }: NtfyOptions): Notifier => ({
  name,
  deliver: ({ severity, title, text }) =>
    sendOnce(
      {
        method: 'POST',
        url: new URL(`${server}/`),
        headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ topic, title, message: text, priority: priorities[severity], tags: tags[severity] }),
      },
      sending,
    ),
})
