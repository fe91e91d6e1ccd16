/** The connection supervisor with a stream in the test's hand (src/actors/connection-supervisor.ts, S1, S2). */
import { describe, expect, test } from 'vitest'
import { ConnectionSupervisor, type SupervisedListener } from '../../src/actors/connection-supervisor.ts'
import { ManualClock, recordingLog, settle } from '../support/clock.ts'

const policy = { openWithinMs: 3_000, subscribeWithinMs: 5_000, backoffMs: 400, backoffMaxMs: 5_000, healthyMs: 60_000, staleMs: 5_000, refusedMs: 10_000 }

interface Socket {
  readonly listener: SupervisedListener
  closed: boolean
}

const begin = async (over: { poll?: () => Promise<void>; subscriptions?: readonly string[]; eventMs?: number } = {}) => {
  const clock = new ManualClock()
  const log = recordingLog()
  const sockets: Socket[] = []
  const told: string[] = []
  const polls: number[] = []
  const supervisor = new ConnectionSupervisor({
    name: 'market',
    venue: 'coinbase',
    policy,
    staleness: { frameMs: 10_000, ...(over.eventMs === undefined ? {} : { eventMs: over.eventMs }) },
    subscriptions: () => over.subscriptions ?? ['BTC-USD'],
    pollEveryMs: 1_000,
    clock,
    log,
    random: { fraction: () => 0.5, below: () => 0 },
    open: (listener) => {
      const socket: Socket = { listener, closed: false }
      sockets.push(socket)
      return { close: () => { socket.closed = true } }
    },
    poll: async () => {
      polls.push(clock.monotonic())
      await over.poll?.()
    },
    onLive: () => void told.push('live'),
    onLost: (detail) => void told.push(`lost: ${detail}`),
    onGap: (detail) => void told.push(`gap: ${detail}`),
  })
  supervisor.start()
  await settle()
  const last = (): Socket => sockets.at(-1)!
  /** Time passes until a socket is open again. */
  const reopened = async (): Promise<void> => {
    for (let round = 0; round < 1_000 && last().closed; round++) await clock.advance(50)
  }
  const serve = async (): Promise<void> => {
    last().listener.opened()
    last().listener.received()
    last().listener.subscribed()
    await settle()
  }
  return { clock, log, sockets, told, polls, supervisor, last, serve, reopened, open: () => sockets.filter((socket) => !socket.closed) }
}

describe('sockets', () => {
  test('has one socket at a time, and does not hear an old one (S1)', async () => {
    const { sockets, supervisor, last, serve, reopened, open, told } = await begin()
    await serve()
    const old = last().listener
    for (let round = 0; round < 5; round++) {
      last().listener.ended('retryable', 'closed with code 1006')
      await settle()
      expect(open()).toHaveLength(0)
      await reopened()
      expect(open()).toHaveLength(1)
      await serve()
    }
    expect(sockets).toHaveLength(6)
    const before = supervisor.status()
    const heard = [...told]
    old.ended('fatal', 'from the grave')
    old.gap('from the grave')
    old.heard('BTC-USD')
    old.received()
    await settle()
    expect([supervisor.status(), told, open().length]).toEqual([before, heard, 1])
  })

  test('what it has lived through is kept, the last five hundred events of it', async () => {
    const { clock, supervisor, serve, last } = await begin()
    await serve()
    last().listener.ended('retryable', 'closed with code 1006')
    await clock.advance(400)
    expect(supervisor.inspect().events.map(({ event, from, to }) => [event, from, to])).toEqual([
      ['created', '', 'connecting'],
      ['opened', 'connecting', 'subscribing'],
      ['subscribed', 'subscribing', 'live'],
      ['ended', 'live', 'backingOff'],
      ['after backoff', 'backingOff', 'connecting'],
    ])
    expect(supervisor.inspect()).toMatchObject({ name: 'market', state: 'connecting', context: { attempt: 1, lastEnd: 'closed with code 1006' } })
    for (let gap = 0; gap < 600; gap++) supervisor.renew('again')
    const { events } = supervisor.inspect()
    expect([events.length, events.at(-1)?.seq]).toEqual([500, 605])
  })

  test('one that does not open in time is closed, and what it says then is not heard', async () => {
    const { clock, last, sockets, supervisor } = await begin()
    await clock.advance(3_000)
    expect([supervisor.status().state, sockets[0]?.closed]).toEqual(['backingOff', true])
    last().listener.opened()
    expect(supervisor.status().state).toBe('backingOff')
    await clock.advance(400)
    expect([supervisor.status().state, sockets.length]).toEqual(['connecting', 2])
  })

  test('the end of a stream decides what comes next', async () => {
    const pauseAfter = async (end: 'retryable' | 'drained' | 'fatal') => {
      const { clock, last, serve, sockets } = await begin()
      await serve()
      const since = clock.monotonic()
      last().listener.ended(end, 'x')
      while (sockets.length < 2) await clock.advance(50)
      return clock.monotonic() - since
    }
    expect([await pauseAfter('drained'), await pauseAfter('retryable'), await pauseAfter('fatal')]).toEqual([50, 200, 10_000])
  })

  test('stopped it closes its socket and opens none again', async () => {
    const { clock, supervisor, open, serve, sockets, polls } = await begin()
    await serve()
    supervisor.stop()
    const before = polls.length
    await clock.advance(600_000)
    expect([open().length, sockets.length, polls.length, supervisor.status().state, clock.waiting]).toEqual([0, 1, before, 'stopped', 0])
  })

  test('hundreds of ends leave nothing behind (CN-23)', async () => {
    const { clock, supervisor, last, reopened, open, sockets } = await begin()
    for (let round = 0; round < 200; round++) {
      last().listener.ended('retryable', 'x')
      await settle()
      await reopened()
    }
    expect([sockets.length, open().length, supervisor.status().attempt]).toEqual([201, 1, 200])
    expect(clock.waiting).toBeLessThanOrEqual(4)
  })
})

describe('polling', () => {
  test('polls while the stream does not serve, one round at a time, and not while it does (S2)', async () => {
    const { clock, polls, serve, supervisor, last } = await begin()
    expect(polls).toHaveLength(1)
    await clock.advance(2_500)
    expect(polls).toHaveLength(3)
    await serve()
    const served = polls.length
    for (let second = 0; second < 30; second++) {
      last().listener.received()
      await clock.advance(1_000)
    }
    expect([polls.length, supervisor.status().fallback]).toEqual([served, 'off'])
    last().listener.ended('fatal', 'refused')
    await clock.advance(3_000)
    expect(polls.length).toBeGreaterThanOrEqual(served + 3)
    expect(supervisor.status()).toMatchObject({ fallback: 'polling', polls: polls.length })
  })

  test('a slow round is not overtaken by another', async () => {
    let under = 0
    let most = 0
    let finish: () => void = () => undefined
    const { clock, polls, last } = await begin({
      poll: async () => {
        most = Math.max(most, ++under)
        await new Promise<void>((resolve) => { finish = resolve })
        under--
      },
    })
    for (let round = 0; round < 5; round++) {
      last().listener.ended('retryable', 'x')
      await clock.advance(5_000)
    }
    expect([most, polls.length]).toEqual([1, 1])
    finish()
    await clock.advance(1_000)
    expect([most, polls.length]).toEqual([1, 2])
  })

  test('a round that fails is written down, and the next one comes', async () => {
    const { clock, polls, log } = await begin({ poll: () => Promise.reject(new Error('no route')) })
    await clock.advance(2_000)
    expect(polls).toHaveLength(3)
    expect(log.lines.filter((line) => line.event === 'connection.pollFailed')).toHaveLength(3)
  })
})

describe('silence', () => {
  test('of the whole socket: stale, then closed, then opened again', async () => {
    const { clock, told, supervisor, serve, open } = await begin()
    await serve()
    await clock.advance(10_000)
    expect(supervisor.status().state).toBe('live')
    await clock.advance(2_500)
    expect(supervisor.status().state).toBe('stale')
    expect(told).toEqual(['live', 'lost: no frame for 10000 ms'])
    await clock.advance(5_000)
    expect([supervisor.status().state, open().length]).toEqual(['backingOff', 0])
  })

  test('frames alone do not excuse a subscription without events (CN-03)', async () => {
    const { clock, told, supervisor, serve, last } = await begin({ eventMs: 20_000 })
    await serve()
    for (let second = 0; second < 23; second++) {
      last().listener.received()
      await clock.advance(1_000)
    }
    expect([supervisor.status().state, told]).toEqual(['stale', ['live', 'lost: nothing about BTC-USD for 20000 ms']])
    last().listener.heard('BTC-USD')
    await settle()
    expect([supervisor.status().state, told.at(-1)]).toEqual(['live', 'live'])
  })

  test('one subscription that speaks does not excuse another: the socket is opened again (CN-03)', async () => {
    const { clock, told, serve, last, sockets } = await begin({ subscriptions: ['BTC-USD', 'ETH-USD'], eventMs: 20_000 })
    await serve()
    for (let second = 0; second < 29; second++) {
      last().listener.received()
      last().listener.heard('BTC-USD')
      await clock.advance(1_000)
    }
    expect(sockets.length).toBe(2)
    expect(told).toEqual(['live', 'lost: nothing about ETH-USD for 20000 ms'])
  })

  test('a jump of the wall clock is no silence', async () => {
    const { clock, supervisor, serve } = await begin()
    await serve()
    clock.jump(3_600_000)
    await clock.advance(5_000)
    expect(supervisor.status().state).toBe('live')
  })
})

test('a gap is told before the stream is opened again, and counted', async () => {
  const { clock, told, supervisor, serve, last, open } = await begin()
  await serve()
  last().listener.gap('3 missing')
  await settle()
  expect(told).toEqual(['live', 'gap: 3 missing', 'lost: 3 missing'])
  expect(open()).toHaveLength(0)
  await clock.advance(400)
  await serve()
  expect(supervisor.status()).toMatchObject({ state: 'live', gaps: 1, reconnects: 1, lastEnd: '3 missing' })
})
