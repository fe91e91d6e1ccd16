/** A GET to a service that calls a person when it hears nothing, such as healthchecks.io or Uptime Kuma. */
import { failed } from '../../domain/failure.ts'
import type { Heartbeat } from '../../ports/notifier.ts'
import { sendOnce, type Sending } from './http.ts'

/** @param url may be a secret */
export const httpHeartbeat = ({ url, ...sending }: Sending & { readonly url: string }): Heartbeat => ({
  beat: async () => (URL.canParse(url) ? sendOnce({ method: 'GET', url: new URL(url) }, sending) : failed({ kind: 'badRequest', detail: 'its address cannot be read' })),
})
