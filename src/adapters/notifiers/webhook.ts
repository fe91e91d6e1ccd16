/** A JSON POST to an address of the operator's own. */
import { failed } from '../../domain/failure.ts'
import { formatTimestamp } from '../../domain/time.ts'
import type { Notice, Notifier } from '../../ports/notifier.ts'
import { sendOnce, type Sending } from './http.ts'

export interface WebhookOptions extends Sending {
  readonly name: string
  /** The whole address; it may be a secret. */
  readonly url: string
  /** Sent as a bearer token. */
  readonly token: string | undefined
}

/** `text` and `content` are what Slack, Mattermost and Discord show of a webhook's body; the other fields are for programs. */
const bodyOf = ({ at, severity, title, text, codes }: Notice): string =>
  JSON.stringify({ at: formatTimestamp(at), severity, title, codes, text: `${title}\n${text}`, content: `${title}\n${text}`.slice(0, 2_000) })

export const webhookNotifier = ({ name, url, token, ...sending }: WebhookOptions): Notifier => ({
  name,
  deliver: async (notice) => {
    if (!URL.canParse(url)) return failed({ kind: 'badRequest', detail: 'its address cannot be read' })
    const headers = { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) }
    return sendOnce({ method: 'POST', url: new URL(url), headers, body: bodyOf(notice) }, sending)
  },
})
