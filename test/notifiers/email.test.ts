/** E-mail, in a real conversation with a mail server. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { emailNotifier } from '../../src/adapters/notifiers/email.ts'
import { systemResolve, type Resolve } from '../../src/adapters/notifiers/outbound.ts'
import { systemClock } from '../../src/adapters/system/system-clock.ts'
import type { Notice } from '../../src/ports/notifier.ts'
import { mailServer, type MailServer } from '../support/hostile-server.ts'

const notice: Notice = { at: 1_700_000_000_000, severity: 'critical', title: 'desk one: critical, pair.held', text: 'p-1 is held\nWhat to do: look', codes: ['pair.held'] }

let server: MailServer
beforeEach(async () => {
  server = await mailServer()
})
afterEach(() => server.close())

const email = (over: { security?: 'tls' | 'starttls' | 'none'; host?: string; resolve?: Resolve; login?: { user: string; password: string } } = {}) =>
  emailNotifier({ name: 'mail', host: '127.0.0.1', port: server.port, security: 'none', from: 'desk@example.org', to: ['me@example.org', 'you@example.org'], login: undefined, clock: systemClock, timeoutMs: 1_000, resolve: systemResolve, private: false, ...over })

test('a notice is one mail to everybody, with the title as its subject', async () => {
  expect(await email({ login: { user: 'desk', password: 'planted-password' } }).deliver(notice)).toEqual({ ok: true, value: undefined })
  expect(server.said.filter((line) => /^(MAIL|RCPT)/.test(line))).toEqual(['MAIL FROM:<desk@example.org>', 'RCPT TO:<me@example.org>', 'RCPT TO:<you@example.org>'])
  const [message = ''] = server.messages
  expect(message).toContain('Subject: desk one: critical, pair.held')
  expect(message).toContain('Auto-Submitted: auto-generated')
  expect(message).toContain('p-1 is held\nWhat to do: look')
})

test.each([
  ['a full mailbox', { rcpt: '452 full' }, 'unavailable', '452'],
  ['an unknown receiver', { rcpt: '550 planted-password is nobody' }, 'badRequest', '550'],
  ['a login that fails for the moment', { auth: '454 4.7.0 planted-password: temporary authentication failure' }, 'unavailable', '454'],
  ['a wrong password', { auth: '535 planted-password is wrong' }, 'unauthorised', '535'],
])('%s is told by its number alone', async (_what, answers, kind, number) => {
  server.answers = { ...server.answers, ...answers }
  expect(await email({ login: { user: 'desk', password: 'planted-password' } }).deliver(notice)).toEqual({ ok: false, failure: { kind, detail: `the mail server answered ${number}` } })
})

test('a server that says nothing is given up within the bound', async () => {
  server.answers.silent = true
  expect(await email().deliver(notice)).toMatchObject({ failure: { detail: expect.stringMatching(/ETIMEDOUT/) } })
})

test('without TLS mail leaves for this machine only, and what must have TLS says nothing without it', async () => {
  expect(await email({ host: 'mail.example', resolve: async () => [{ address: '8.8.8.8' }] }).deliver(notice)).toMatchObject({ failure: { kind: 'forbidden', detail: expect.stringContaining('tls') } })
  const refused = await email({ security: 'starttls', login: { user: 'desk', password: 'planted-password' } }).deliver(notice)
  expect(refused.ok).toBe(false)
  expect(server.said.some((line) => /^(AUTH|MAIL)/.test(line))).toBe(false)
  expect((await email({ security: 'tls' }).deliver(notice)).ok).toBe(false)
})
