/** Stories of a connection (docs/machines/connection.md), on XState's simulated clock. */
import { describe, expect, test } from 'vitest'
import { createActor, SimulatedClock } from 'xstate'
import { backoffBound, connectionMachine, type ConnectionEvent, type ConnectionPolicy } from '../../src/machines/connection/connection-machine.ts'

const policy: ConnectionPolicy = { openWithinMs: 3_000, subscribeWithinMs: 5_000, backoffMs: 400, backoffMaxMs: 5_000, healthyMs: 5_000, staleMs: 2_000, refusedMs: 10_000 }

/** A supervisor's chart with a socket that is only counted. */
class Connection {
  readonly #clock = new SimulatedClock()
  readonly #actor = createActor(connectionMachine, { input: policy, clock: this.#clock })
  readonly said: string[] = []
  sockets = 0

  constructor() {
    this.#actor.on('*', ({ type }) => {
      this.said.push(type)
      if (type === 'openSocket') {
        expect(this.sockets, 'C4: two sockets never serve together').toBe(0)
        this.sockets++
      }
      if (type === 'closeSocket') this.sockets = 0
    })
    this.#actor.start()
  }

  get context() {
    return this.#actor.getSnapshot().context
  }
  get isPolling(): boolean {
    return this.#actor.getSnapshot().hasTag('polling')
  }

  on(event: ConnectionEvent): this {
    this.#actor.send(event)
    return this.#hold()
  }
  wait(ms: number): this {
    this.#clock.increment(ms)
    return this.#hold()
  }
  is(state: string): this {
    expect(this.#actor.getSnapshot().value).toBe(state)
    return this
  }
  live(): this {
    return this.on({ type: 'opened' }).on({ type: 'subscribed' }).is('live')
  }
  /** Ends, and waits until the next attempt has begun; the pause. */
  ended(chance = 1): number {
    this.on({ type: 'ended', detail: 'closed', chance }).is('backingOff')
    const { pauseMs } = this.context
    if (pauseMs > 0) this.wait(pauseMs - 1).is('backingOff')
    this.wait(1).is('connecting')
    return pauseMs
  }

  #hold(): this {
    const { value } = this.#actor.getSnapshot()
    expect(this.isPolling, 'C1: polling in every state that does not serve').toBe(value !== 'live' && value !== 'stopped')
    if (['backingOff', 'refused', 'stopped'].includes(value)) expect(this.sockets, 'C4: closed before it is opened again').toBe(0)
    return this
  }
}

describe('a connection', () => {
  test('connects, subscribes, serves; polling ends only when it serves', () => {
    const one = new Connection().is('connecting')
    expect(one.isPolling).toBe(true)
    one.on({ type: 'opened' }).is('subscribing')
    expect(one.isPolling).toBe(true)
    one.on({ type: 'subscribed' }).is('live')
    expect(one.isPolling).toBe(false)
    expect(one.said).toEqual(['openSocket', 'live'])
  })

  test('that does not open, or does not subscribe, in time is closed and dialled again', () => {
    const one = new Connection().wait(policy.openWithinMs - 1).is('connecting').wait(1).is('backingOff')
    expect(one.context).toMatchObject({ lastEnd: 'no answer in time', attempt: 1 })
    one.wait(400).is('connecting').on({ type: 'opened' }).wait(policy.subscribeWithinMs - 1).is('subscribing').wait(1).is('backingOff')
    expect(one.said).toEqual(['openSocket', 'closeSocket', 'openSocket', 'closeSocket'])
  })

  test('that is stopped stays stopped', () => {
    new Connection().live().on({ type: 'stop' }).is('stopped').on({ type: 'opened' }).on({ type: 'ended', detail: 'x', chance: 1 }).wait(1_000_000).is('stopped')
  })
})

describe('the backoff', () => {
  test('doubles from the first bound up to the cap', () => {
    const one = new Connection()
    expect(Array.from({ length: 6 }, () => one.ended())).toEqual([400, 800, 1_600, 3_200, 5_000, 5_000])
  })

  test('is a random part of the bound, from nothing to all of it', () => {
    expect(new Connection().ended(0)).toBe(0)
    expect(new Connection().ended(0.25)).toBe(100)
    expect(new Connection().ended(0.999)).toBe(400)
  })

  test('stays finite after any number of attempts', () => {
    expect([0, 3, 16, 1_000, Number.MAX_SAFE_INTEGER].map((attempt) => backoffBound(policy, attempt))).toEqual([400, 3_200, 5_000, 5_000, 5_000])
  })

  test('is forgotten only after proven health, never after a mere connect', () => {
    const one = new Connection()
    one.ended()
    one.ended()
    one.live().wait(policy.healthyMs - 1)
    expect(one.context.attempt).toBe(2)
    expect(one.ended()).toBe(1_600)
    one.live().wait(policy.healthyMs)
    expect(one.context.attempt).toBe(0)
    expect(one.ended()).toBe(400)
  })

  test('health must be unbroken: a silence starts its time anew', () => {
    const one = new Connection()
    one.ended()
    one.live().wait(4_000).on({ type: 'silent', detail: 'no frame' }).on({ type: 'heard' }).is('live').wait(4_000)
    expect(one.context.attempt).toBe(1)
    one.wait(1_000)
    expect(one.context.attempt).toBe(0)
  })

  test('a drain after proven health costs no pause; a venue that drains every socket is not redialled hot', () => {
    const one = new Connection().live().wait(policy.healthyMs).on({ type: 'drained', detail: 'going away' }).is('backingOff').wait(0).is('connecting')
    const pauses = Array.from({ length: 6 }, () => {
      one.live().on({ type: 'drained', detail: 'going away' })
      const { pauseMs } = one.context
      one.wait(pauseMs).is('connecting')
      return pauseMs
    })
    expect(pauses).toEqual([400, 800, 1_600, 3_200, 5_000, 5_000])
  })
})

describe('a silent stream', () => {
  test('is stale and polled, heard again it serves, and the desk hears of both', () => {
    const one = new Connection().live().on({ type: 'silent', detail: 'no frame for 10000 ms' }).is('stale')
    expect(one.isPolling).toBe(true)
    expect(one.context.lastEnd).toBe('no frame for 10000 ms')
    one.on({ type: 'heard' }).is('live')
    expect(one.said).toEqual(['openSocket', 'live', 'lost', 'live'])
  })

  test('that stays silent is closed before it is opened again', () => {
    const one = new Connection().live().on({ type: 'silent', detail: 'x' }).wait(policy.staleMs - 1).is('stale').wait(1).is('backingOff')
    expect(one.said).toEqual(['openSocket', 'live', 'lost', 'closeSocket'])
  })

  test('a gap means that news were missed: the stream is opened again, and the gap counted', () => {
    const one = new Connection().live().on({ type: 'gap', detail: '3 missing', chance: 0.5 }).is('backingOff')
    expect(one.context).toMatchObject({ gaps: 1, lastEnd: '3 missing', pauseMs: 200 })
    one.wait(200).live()
    expect(one.context).toMatchObject({ gaps: 1, reconnects: 1 })
  })
})

test('refused credentials are tried again only slowly, for ever (CN-25)', () => {
  const one = new Connection()
  for (let time = 0; time < 5; time++) {
    one.on({ type: 'refused', detail: 'authentication failure' }).is('refused')
    expect(one.isPolling).toBe(true)
    one.wait(policy.refusedMs - 1).is('refused').wait(1).is('connecting')
  }
  expect(one.context).toMatchObject({ attempt: 5, lastEnd: 'authentication failure' })
})

test('the first connect is no reconnect', () => {
  const one = new Connection().live()
  expect(one.context).toMatchObject({ everLive: true, reconnects: 0 })
  one.ended()
  one.live()
  expect(one.context.reconnects).toBe(1)
})
