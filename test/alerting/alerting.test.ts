/** What people hear of what is raised: once, again while it lasts, its end; within the pace, whatever a channel does. */
import { describe, expect, test } from 'vitest'
import { keepSecret, redact } from '../../src/adapters/pino/redact.ts'
import type { AlertCode } from '../../src/domain/alert-catalogue.ts'
import { alertingWith } from '../support/alerting.ts'

type Made = ReturnType<typeof alertingWith>
const raise = ({ alerting, clock }: Made, code: AlertCode, detail: string, more: { subject?: string; closer?: boolean } = {}): void => alerting.raise({ code, detail, at: clock.now(), ...more })
const clear = ({ alerting, clock }: Made, code: AlertCode, more: { subject?: string; detail?: string } = {}): void => alerting.clear({ code, at: clock.now(), ...more })
const firstLines = ({ phone }: Made): readonly (string | undefined)[] => phone.texts.map((text) => text.split('\n')[0])
const minute = 60_000

describe('a condition', () => {
  test('is told when it begins, with what to do, and when it has ended, with how long it held', async () => {
    const made = alertingWith()
    raise(made, 'desk.disk', 'entries wait: 80 MiB left')
    await made.clock.advance(12 * minute)
    clear(made, 'desk.disk')
    await made.clock.advance(100)
    expect(made.phone.heard.map(({ notice }) => notice.title)).toEqual(['desk one: critical, desk.disk', 'desk one: critical, desk.disk'])
    expect(made.phone.texts[0]).toBe('entries wait: 80 MiB left\nWhat to do: Make room: old logs, old backups. Entries go on by themselves.')
    expect(firstLines(made)[1]).toBe('desk.disk has ended after 12 min: it was: entries wait: 80 MiB left')
  })

  test('is told again while it lasts, with how often it was raised since', async () => {
    const made = alertingWith({ policy: { repeatMs: 30 * minute } })
    raise(made, 'link.lost', 'the market stream is not live', { subject: 'market' })
    await made.clock.advance(10 * minute)
    raise(made, 'link.lost', 'the market stream is not live', { subject: 'market' })
    await made.clock.advance(51 * minute)
    expect(firstLines(made)).toEqual(['the market stream is not live', 'still, for 30 min: the market stream is not live (1 more times since it was last told)', 'still, for 1 h 0 min: the market stream is not live'])
  })

  test('that is critical and grows worse is told at once', async () => {
    const made = alertingWith()
    raise(made, 'kill.thrown', 'ann has thrown it (entries)')
    await made.clock.advance(1_000)
    raise(made, 'kill.thrown', 'ann has thrown it (flatten)')
    raise(made, 'kill.thrown', 'ann has thrown it (flatten)')
    await made.clock.advance(1_000)
    expect(firstLines(made)).toEqual(['ann has thrown it (entries)', 'ann has thrown it (flatten)'])
  })

  test('that was never told has no end', async () => {
    const made = alertingWith()
    clear(made, 'kill.thrown')
    await made.clock.advance(1_000)
    expect(made.phone.heard).toEqual([])
  })

  test('of one subject does not end that of another', async () => {
    const made = alertingWith()
    raise(made, 'pair.held', 'one is held', { subject: 'one' })
    raise(made, 'pair.held', 'two is held', { subject: 'two' })
    clear(made, 'pair.held', { subject: 'two' })
    await made.clock.advance(1_000)
    expect(firstLines(made)).toEqual(['one is held', 'two is held', 'pair.held two has ended after 0 s: it was: two is held'])
  })
})

describe('what happens again and again', () => {
  test('is told once, and counted until the quiet is over', async () => {
    const made = alertingWith({ policy: { quietMs: 10 * minute } })
    for (let time = 0; time < 50; time++) {
      raise(made, 'door.refused', `refused ${time}`)
      await made.clock.advance(1_000)
    }
    await made.clock.advance(10 * minute)
    expect(firstLines(made)).toEqual(['refused 0', '49 more times within 10 min, the last: refused 49'])
    await made.clock.advance(11 * minute)
    raise(made, 'door.refused', 'refused anew')
    await made.clock.advance(1_000)
    expect(firstLines(made).at(-1)).toBe('refused anew')
  })

  test('knows no quiet while people want to be closer, and news reaches them then', async () => {
    const made = alertingWith({ channels: [{ name: 'phone' }, { name: 'pager', least: 'critical' }] })
    raise(made, 'ramp.fill', 'not on the ramp', { subject: 'f-0' })
    for (const subject of ['f-1', 'f-2']) raise(made, 'ramp.fill', `fill ${subject}`, { subject, closer: true })
    for (const detail of ['first', 'second']) raise(made, 'order.lateNews', detail, { subject: 'o-1', closer: true })
    await made.clock.advance(1_000)
    expect(new Set(firstLines(made))).toEqual(new Set(['first', 'second', 'fill f-1', 'fill f-2']))
    expect(made.others[0]?.heard).toEqual([])
  })
})

describe('the pace', () => {
  test('lets so many notices through a minute, the last of them with all that waits, the most severe first', async () => {
    const made = alertingWith({ policy: { mostPerMinute: 3 } })
    for (let pair = 0; pair < 12; pair++) raise(made, 'order.lateNews', `late ${pair}`, { subject: `o-${pair}` })
    raise(made, 'balance.external', 'money came', { subject: 'USD' })
    await made.clock.advance(minute - 1)
    expect(made.phone.heard).toHaveLength(3)
    const [, , summary] = made.phone.heard
    expect(summary?.notice.title).toBe('desk one: warning, 11 alerts')
    expect(made.phone.texts[0]).toContain('money came')
  })

  test('drops the least severe first when too much waits, and says how many', async () => {
    const made = alertingWith({ policy: { mostPerMinute: 1, mostWaiting: 5 } })
    raise(made, 'balance.external', 'the first', { subject: 'A' })
    await made.clock.advance(1)
    for (let late = 0; late < 10; late++) raise(made, 'order.lateNews', `late ${late}`, { subject: `o-${late}` })
    for (const asset of ['B', 'C', 'D']) raise(made, 'balance.external', `money of ${asset}`, { subject: asset })
    await made.clock.advance(2 * minute)
    expect(made.phone.texts[1]?.split('\n')).toEqual([
      'critical: money of B', 'critical: money of C', 'critical: money of D', 'warning: late 8', 'warning: late 9',
      '8 more could not be told: too many came at once, or this channel was away for too long. The log has them.',
    ])
  })

  test('keeps a channel to its least severity', async () => {
    const made = alertingWith({ channels: [{ name: 'phone', least: 'info' }, { name: 'desk', least: 'warning' }, { name: 'pager', least: 'critical' }] })
    raise(made, 'desk.started', 'it runs')
    raise(made, 'order.lateNews', 'late')
    raise(made, 'balance.external', 'money came')
    await made.clock.advance(1_000)
    expect([made.phone, ...made.others].map(({ heard }) => heard.length)).toEqual([3, 2, 1])
  })
})

describe('a channel that fails', () => {
  const away = { kind: 'network', detail: 'ECONNREFUSED' } as const

  test('is tried again with growing pauses, and brings what waited in one summary when it is back', async () => {
    const made = alertingWith()
    made.phone.answer = away
    raise(made, 'balance.external', 'money came', { subject: 'A' })
    raise(made, 'balance.external', 'money went', { subject: 'B' })
    await made.clock.advance(10 * minute)
    const pauses = made.phone.attempts.slice(1).map((at, index) => at - made.phone.attempts[index]!)
    expect(pauses[0]).toBeLessThanOrEqual(1_000)
    expect(Math.max(...pauses)).toBeGreaterThan(50_000)
    made.phone.answer = 'delivered'
    await made.clock.advance(3 * minute)
    expect(made.phone.texts).toEqual(['critical: money came\ncritical: money went'])
  })

  test('is told by the others once, and again when it delivers', async () => {
    const made = alertingWith({ channels: [{ name: 'phone' }, { name: 'mail' }] })
    const [mail] = made.others
    mail!.answer = away
    raise(made, 'balance.external', 'money came')
    await made.clock.advance(5 * minute)
    mail!.answer = 'delivered'
    await made.clock.advance(5 * minute)
    expect(firstLines(made)).toEqual(['money came', 'the channel mail does not deliver alerts: ECONNREFUSED', expect.stringMatching(/^alerts.failing mail has ended after \d+ min: mail delivers again$/)])
    expect(mail!.texts.some((text) => text.includes('alerts.failing'))).toBe(false)
  })

  test('that hangs for ever is given up within the bound, and tried again', async () => {
    const made = alertingWith({ policy: { deliverWithinMs: 20_000 } })
    made.phone.answer = 'hangs'
    raise(made, 'balance.external', 'money came')
    await made.clock.advance(30_000)
    expect(made.phone.attempts).toHaveLength(2)
    made.phone.answer = 'delivered'
    await made.clock.advance(minute)
    expect(made.phone.texts[0]).toContain('money came')
  })

  test('for good loses what it refused, and the next notice says so', async () => {
    const made = alertingWith()
    made.phone.answer = { kind: 'unauthorised', detail: 'answered 401' }
    raise(made, 'balance.external', 'lost', { subject: 'A' })
    await made.clock.advance(10 * minute)
    expect(made.phone.attempts).toHaveLength(1)
    made.phone.answer = 'delivered'
    raise(made, 'balance.external', 'heard', { subject: 'B' })
    await made.clock.advance(1_000)
    expect(made.phone.texts[0]).toMatch(/^heard\n.*\n1 more could not be told/)
  })

  test('waits as long as it is asked to, and no longer than ten minutes', async () => {
    const made = alertingWith()
    made.phone.answer = { kind: 'rateLimited', detail: 'answered 429', retryAfterMs: 86_400_000 }
    raise(made, 'balance.external', 'money came')
    await made.clock.advance(9 * minute)
    expect(made.phone.attempts).toHaveLength(1)
    made.phone.answer = 'delivered'
    await made.clock.advance(minute + 1_000)
    expect(made.phone.heard).toHaveLength(1)
  })
})

test('the last words go out before the end, and a channel that hangs holds nobody up', async () => {
  const made = alertingWith({ channels: [{ name: 'phone' }, { name: 'mail' }] })
  made.others[0]!.answer = 'hangs'
  raise(made, 'desk.ended', 'the store did not come back in time')
  let closed = false
  const closing = made.alerting.close(3_000).then(() => { closed = true })
  await made.clock.advance(3_100)
  expect(closed).toBe(true)
  await closing
  expect(firstLines(made)).toEqual(['the store did not come back in time'])
  expect(made.clock.waiting).toBeLessThanOrEqual(1)
})

describe('the end says whether somebody has heard the last words', () => {
  const endOf = async (made: Made): Promise<boolean | undefined> => {
    let heard: boolean | undefined
    raise(made, 'desk.cannotStart', 'the store cannot be reached')
    const closing = made.alerting.close(3_000).then((answer) => { heard = answer })
    await made.clock.advance(3_100)
    await closing
    return heard
  }

  test('one channel is enough', async () => {
    const made = alertingWith({ channels: [{ name: 'phone' }, { name: 'mail' }] })
    made.others[0]!.answer = 'hangs'
    expect(await endOf(made)).toBe(true)
  })

  test('nobody has, where every channel is away or refuses', async () => {
    for (const answer of ['hangs', { kind: 'network', detail: 'ECONNREFUSED' }, { kind: 'unauthorised', detail: 'answered 401' }] as const) {
      const made = alertingWith()
      made.phone.answer = answer
      expect([answer, await endOf(made)]).toEqual([answer, false])
    }
  })
})

test('a notice holds no secret and steers no terminal, whatever a venue has said', async () => {
  keepSecret('tok-1234567890')
  const made = alertingWith({ redact })
  raise(made, 'balance.external', 'the venue said \u001B[31mtok-1234567890\u0007 and dG9rLTEyMzQ1Njc4OTA=\nand more')
  await made.clock.advance(1_000)
  expect(firstLines(made)).toEqual(['the venue said  [31m[secret]  and [secret] and more'])
})
