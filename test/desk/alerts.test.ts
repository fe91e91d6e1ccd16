/** A whole desk and the people it tells: what begins and ends, the way back after a kill, and channels that misbehave. */
import { describe, expect, test } from 'vitest'
import { Alerting, defaultAlertingPolicy } from '../../src/actors/alerting/alerting.ts'
import type { Command } from '../../src/domain/command.ts'
import { systemRandom } from '../../src/adapters/system/system-clock.ts'
import type { Severity } from '../../src/domain/alert-catalogue.ts'
import { money } from '../../src/domain/decimal.ts'
import { HeardChannel } from '../support/alerting.ts'
import { DeskWorld, type WorldOptions } from '../support/desk.ts'
import { differences } from '../support/judge.ts'

const oneRung = { ladder: { rungs: 1 } } as const
let commands = 0
const order = (kind: Command['kind'], more: object = {}): Command => ({ kind, id: `c-${++commands}`, who: 'ann', reason: 'a test', ...more }) as unknown as Command

/** A trading desk whose alerts go to a channel. */
const toldDesk = async (options: WorldOptions = {}, least: Severity = 'warning') => {
  const world = new DeskWorld(options)
  const channel = new HeardChannel(world.clock)
  const alerting = new Alerting({ channels: [{ notifier: channel, least }], policy: { ...defaultAlertingPolicy, mostPerMinute: 60 }, desk: 'desk', redact: (text) => text, clock: world.clock, random: systemRandom, log: world.log })
  alerting.start()
  await world.start({ alerts: alerting })
  await world.until(() => world.venue.working().length >= 1)
  const heard = (): readonly string[] => channel.heard.map(({ notice }) => notice.text.split('\n')[0] ?? '')
  const command = (wanted: Command) => world.during(world.desk.command(wanted))
  return { world, channel, heard, command }
}

describe('people are told', () => {
  test('of the kill switch: that it was thrown, that it still is after a restart, and how long it held', async () => {
    const { world, heard, command } = await toldDesk(oneRung)
    await command(order('kill', { level: 'entries' }))
    await world.clock.advance(720_000)
    await command(order('unkill'))
    await world.clock.advance(2_000)
    expect(heard()).toEqual(['ann has thrown the kill switch (entries): a test', expect.stringMatching(/^kill\.thrown has ended after 12 min: ann has lifted the kill switch: a test; limits come back/)])
  })

  test('after a restart of what still holds', async () => {
    const { world, command } = await toldDesk(oneRung)
    await command(order('kill', { level: 'entries' }))
    world.kill()
    await world.start()
    await world.clock.advance(2_000)
    expect(world.desk.alerts.map(({ code, detail }) => `${code}: ${detail}`)).toEqual(['kill.thrown: kill switch (entries) by ann: a test'])
  })

  test('of a full disk and of its end, each once', async () => {
    const { world, heard } = await toldDesk(oneRung)
    world.space = { bytes: 1_000_000, share: 0.01 }
    await world.until(() => world.deskState() === 'hindered', 60_000)
    await world.clock.advance(60_000)
    world.space = { bytes: 1e12, share: 0.9 }
    await world.until(() => world.deskState() === 'trading', 60_000)
    await world.clock.advance(2_000)
    expect(heard().map((text) => text.slice(0, 26))).toEqual(["entries wait: the store's d", 'desk.disk has ended after 1'].map((text) => text.slice(0, 26)))
  })

  test('of a stream that stays away for a minute, and of no shorter gap', async () => {
    const { world, heard } = await toldDesk(oneRung)
    world.venue.dropsItsStreams()
    await world.clock.advance(40_000)
    expect(heard().filter((text) => text.includes('stream'))).toEqual([])
    world.venue.refusesStreams()
    await world.clock.advance(62_000)
    expect(heard().filter((text) => text.includes('stream is not live')).length).toBe(2)
    world.venue.takesStreams()
    await world.until(() => world.deskState() === 'trading', 120_000)
    await world.clock.advance(2_000)
    expect(heard().filter((text) => /^link\.lost (market|account) has ended/.test(text)).length).toBe(2)
  })

  test('of a pause that was forgotten, not of one just made', async () => {
    const { world, heard, command } = await toldDesk(oneRung)
    await command(order('pause'))
    await world.clock.advance(299_000)
    expect(heard()).toEqual([])
    await world.clock.advance(5_000)
    await command(order('resume'))
    await world.clock.advance(2_000)
    expect(heard()).toEqual(['a person has paused new entries: a test', expect.stringMatching(/^desk\.paused has ended after/)])
  })
})

describe('the way back after a kill', () => {
  test('tells every entry, fill and closed pair as news, which is not told before or after', async () => {
    const { world, heard, command } = await toldDesk({ ...oneRung, tuning: { cleanTrades: 1 } })
    const trip = async (): Promise<void> => {
      const closed = world.pairRows().filter(({ state }) => state === 'closed').length
      await world.until(() => world.venue.working().some(({ side }) => side === 'buy'))
      world.venue.moveTo('59000')
      await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
      world.venue.moveTo('61000')
      await world.until(() => world.pairRows().filter(({ state }) => state === 'closed').length > closed)
      await world.clock.advance(500)
    }
    await trip()
    expect(heard()).toEqual([])
    await command(order('kill', { level: 'orders' }))
    await world.clock.advance(5_000)
    await command(order('unkill'))
    const before = heard().length
    await trip()
    const news = heard().slice(before)
    for (const kind of ['entry: buy', 'fill: buy', 'fill: sell', 'closed: ']) expect(news.some((text) => text.startsWith(kind)), `${kind} in ${news.join(' | ')}`).toBe(true)
    await trip()
    await world.until(() => world.desk.view.kill.state === 'off')
    await world.clock.advance(1_000)
    const after = heard().length
    await trip()
    expect(heard().slice(after).filter((text) => /^(entry|fill|closed|denial)/.test(text))).toEqual([])
  })

  test('tells every denial, with its rule', async () => {
    const { world, heard, command } = await toldDesk({ ladder: { rungs: 4 }, limits: { minNotional: money('50') } })
    await command(order('kill', { level: 'orders' }))
    await world.clock.advance(5_000)
    await command(order('unkill'))
    await world.clock.advance(10_000)
    expect(heard().filter((text) => text.startsWith('denial by orderNotional: ')).length, heard().join(' | ')).toBeGreaterThan(0)
  })
})

describe('a channel that hangs for ever', () => {
  test('holds nothing up: the desk trades on, pair after pair', async () => {
    const { world, channel, command } = await toldDesk(oneRung, 'info')
    channel.answer = 'hangs'
    await command(order('kill', { level: 'entries' }))
    await command(order('unkill'))
    for (let pair = 0; pair < 3; pair++) {
      await world.until(() => world.venue.working().some(({ side }) => side === 'buy'))
      world.venue.moveTo('59000')
      await world.until(() => world.venue.working().some(({ side }) => side === 'sell'))
      world.venue.moveTo('61000')
      await world.until(() => world.pairRows().filter(({ state }) => state === 'closed').length > pair)
    }
    expect(channel.attempts.length).toBeGreaterThan(0)
    expect(channel.heard).toEqual([])
    await world.clock.advance(5_000)
    expect(differences(world)).toEqual([])
  })
})
