/** Webhook, Telegram, ntfy and the dead man's ping, against a real server that misbehaves. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { httpHeartbeat } from '../../src/adapters/notifiers/dead-man.ts'
import { ntfyNotifier } from '../../src/adapters/notifiers/ntfy.ts'
import { systemResolve } from '../../src/adapters/notifiers/outbound.ts'
import { telegramNotifier } from '../../src/adapters/notifiers/telegram.ts'
import { webhookNotifier } from '../../src/adapters/notifiers/webhook.ts'
import { systemClock } from '../../src/adapters/system/system-clock.ts'
import type { Notice } from '../../src/ports/notifier.ts'
import { hostileServer, type Behaviour, type HostileServer } from '../support/hostile-server.ts'

const notice: Notice = { at: 1_700_000_000_000, severity: 'critical', title: 'desk one: critical, pair.held', text: 'p-1 is held: “ünïcode”\nWhat to do: look', codes: ['pair.held'] }
const secret = '1234567:plantedSecretOfABot'

let server: HostileServer
beforeEach(async () => {
  server = await hostileServer()
})
afterEach(() => server.close())

const sending = { clock: systemClock, timeoutMs: 400, resolve: systemResolve, private: false }
const makers = {
  webhook: () => webhookNotifier({ ...sending, name: 'hook', url: `${server.url}/hook?key=${secret}`, token: secret }),
  telegram: () => telegramNotifier({ ...sending, name: 'bot', baseUrl: server.url, token: secret, chat: '-1001' }),
  ntfy: () => ntfyNotifier({ ...sending, name: 'push', server: server.url, topic: 'desk-topic', token: secret }),
} as const

describe('what arrives', () => {
  test('is a JSON POST with the token at a webhook', async () => {
    expect(await makers.webhook().deliver(notice)).toEqual({ ok: true, value: undefined })
    const [request] = server.received
    expect(request).toMatchObject({ method: 'POST', path: `/hook?key=${secret}`, headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` } })
    expect(JSON.parse(request!.body)).toEqual({ at: '2023-11-14T22:13:20.000Z', severity: 'critical', title: notice.title, codes: ['pair.held'], text: `${notice.title}\n${notice.text}`, content: `${notice.title}\n${notice.text}` })
  })

  test('is sendMessage of the bot at Telegram, and news makes no sound there', async () => {
    await makers.telegram().deliver(notice)
    await makers.telegram().deliver({ ...notice, severity: 'info', text: 'x'.repeat(9_000) })
    expect(server.received.map(({ path }) => path)).toEqual([`/bot${secret}/sendMessage`, `/bot${secret}/sendMessage`])
    const [loud, quiet] = server.received.map(({ body }) => JSON.parse(body) as { chat_id: string; text: string; disable_notification: boolean })
    expect(loud).toMatchObject({ chat_id: '-1001', text: `${notice.title}\n${notice.text}`, disable_notification: false })
    expect([quiet?.disable_notification, quiet?.text.length]).toEqual([true, 4_096])
  })

  test('has title, priority and tags at ntfy', async () => {
    await makers.ntfy().deliver(notice)
    expect(JSON.parse(server.received[0]!.body)).toEqual({ topic: 'desk-topic', title: notice.title, message: notice.text, priority: 5, tags: ['rotating_light'] })
  })

  test('is a GET without a body from the dead man', async () => {
    expect((await httpHeartbeat({ ...sending, url: `${server.url}/ping/${secret}` }).beat()).ok).toBe(true)
    expect(server.received[0]).toMatchObject({ method: 'GET', path: `/ping/${secret}`, body: '' })
  })
})

describe.each(Object.keys(makers) as (keyof typeof makers)[])('%s', (kind) => {
  test.each<[Behaviour, string, RegExp]>([
    ['slow', 'timeout', /no answer within/],
    ['fails', 'unavailable', /500/],
    ['redirects', 'badRequest', /redirect, which is not followed/],
    ['resets', 'network', /ECONNRESET/],
    ['garbage', 'network', /HPE_/],
    ['cutOff', 'network', /cut off|ECONNRESET/],
    ['refuses', 'unauthorised', /401/],
  ])('takes a server that %s for what it is, once, within its bound, and says nothing secret', async (behaviour, failure, detail) => {
    server.behaviour = behaviour
    const began = performance.now()
    const result = await makers[kind]().deliver(notice)
    expect(result).toMatchObject({ ok: false, failure: { kind: failure, detail: expect.stringMatching(detail) } })
    expect(performance.now() - began).toBeLessThan(2_000)
    expect(server.received).toHaveLength(1)
    expect(JSON.stringify(result)).not.toContain('planted')
  })

  test('reads no more of an endless answer than it needs', async () => {
    server.behaviour = 'endless'
    expect((await makers[kind]().deliver(notice)).ok).toBe(true)
  })

  test('passes on how long it is asked to wait', async () => {
    server.behaviour = 'limits'
    expect(await makers[kind]().deliver(notice)).toMatchObject({ failure: { kind: 'rateLimited', retryAfterMs: 7_000 } })
  })
})

test('a server that is not there is a failure of the network, by the system’s code alone', async () => {
  await server.close()
  expect(await makers.webhook().deliver(notice)).toEqual({ ok: false, failure: { kind: 'network', detail: 'ECONNREFUSED' } })
})
