/** E-mail over SMTP: one connection a message, TLS unless the server is on this machine. */
import { isIP } from 'node:net'
import { createTransport } from 'nodemailer'
import { failed, ok, type Failure, type FailureKind } from '../../domain/failure.ts'
import type { Notifier } from '../../ports/notifier.ts'
import { failureOf, within, type Sending } from './http.ts'
import { Refused, resolved } from './outbound.ts'

export interface EmailOptions extends Sending {
  readonly name: string
  readonly host: string
  readonly port: number
  /** TLS from the first byte, TLS before anything is said, or none, which only a server on this machine gets. */
  readonly security: 'tls' | 'starttls' | 'none'
  readonly from: string
  readonly to: readonly string[]
  readonly login: { readonly user: string; readonly password: string } | undefined
}

/** The server's answer as a number decides (RFC 5321, 4.2.1): 4xx may go tomorrow, 5xx never. Its words are not told. */
const smtpFailure = (error: unknown): Failure => {
  const { responseCode, code } = error as { responseCode?: unknown; code?: unknown }
  if (typeof responseCode !== 'number') return failureOf(code === undefined ? error : { code })
  const kind: FailureKind = responseCode < 500 ? 'unavailable' : code === 'EAUTH' ? 'unauthorised' : 'badRequest'
  return { kind, detail: `the mail server answered ${responseCode}` }
}

export const emailNotifier = ({ name, host, port, security, from, to, login, ...sending }: EmailOptions): Notifier => ({
  name,
  deliver: async ({ title, text }) => {
    try {
      const target = await within(sending, resolved(host, sending))
      if (security === 'none' && target.place !== 'loopback') throw new Refused(`${host} is not on this machine: use "security: tls" or "starttls"`)
      const { timeoutMs } = sending
      const transport = createTransport({
        host: target.address,
        port,
        secure: security === 'tls',
        requireTLS: security === 'starttls',
        ignoreTLS: security === 'none',
        // A certificate is made out to the name; an address has none (RFC 6066, 3).
        ...(isIP(host) === 0 && { tls: { servername: host } }),
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        disableFileAccess: true,
        disableUrlAccess: true,
        ...(login !== undefined && { auth: { user: login.user, pass: login.password } }),
      })
      const work = transport.sendMail({ from, to: [...to], subject: title, text, headers: { 'Auto-Submitted': 'auto-generated' } })
      await within(sending, work).finally(() => transport.close())
      return ok(undefined)
    } catch (error) {
      return failed(error instanceof Refused ? failureOf(error) : smtpFailure(error))
    }
  },
})
