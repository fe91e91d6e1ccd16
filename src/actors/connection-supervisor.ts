/**
 * Keeps one venue stream alive: runs the connection chart, owns its socket, watches two clocks (any frame, and a
 * meaningful event for each subscription), and polls by REST while the stream does not serve.
 *
 * S1  One socket at a time; what an old socket still says is not heard.
 * S2  One poll at a time, and only while the chart has the tag `polling`.
 */
import { createActor, type Actor } from 'xstate'
import type { Millis } from '../domain/time.ts'
import { connectionMachine, type ConnectionEvent, type ConnectionPolicy } from '../machines/connection/connection-machine.ts'
import type { Clock, Random, Timer } from '../ports/clock.ts'
import type { ConnectionInspection, SupervisorInspection } from '../ports/inspection.ts'
import type { Log } from '../ports/log.ts'
import type { Stream, StreamListener } from '../ports/venue.ts'
import { SupervisedLife } from './supervised-life.ts'

export interface StalenessPolicy {
  /** Longest silence of the whole socket. */
  readonly frameMs: Millis
  /** Longest silence of one subscription; undefined where silence is normal. */
  readonly eventMs?: Millis
}

/** A stream listener that also hears which subscription had an event. */
export interface SupervisedListener extends StreamListener {
  /** A meaningful event of one subscription. */
  heard(subscription: string): void
}

export interface SupervisorOptions {
  readonly name: string
  readonly venue: string
  readonly policy: ConnectionPolicy
  readonly staleness: StalenessPolicy
  subscriptions(): readonly string[]
  readonly pollEveryMs: Millis
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  open(listener: SupervisedListener): Stream
  /** One round of the REST fallback. */
  poll(): Promise<void>
  onLive(): void
  onLost(detail: string): void
  onGap(detail: string): void
}

export class ConnectionSupervisor {
  readonly #options: SupervisorOptions
  readonly #actor: Actor<typeof connectionMachine>
  readonly #heardAt = new Map<string, Millis>()
  readonly #life = new SupervisedLife()
  #stream: Stream | undefined
  #generation = 0
  #state = 'connecting'
  #since: Millis
  #frameAt: Millis | undefined
  #frameWallAt: Millis | null = null
  #eventWallAt: Millis | null = null
  #polls = 0
  #polling = false
  #watch: Timer | undefined

  constructor(options: SupervisorOptions) {
    const { clock, policy } = options
    this.#options = options
    this.#since = clock.now()
    this.#actor = createActor(connectionMachine, {
      input: policy,
      inspect: (inspected) => {
        if (inspected.type === '@xstate.snapshot' && 'value' in inspected.snapshot) this.#life.note(clock.now(), inspected.event, String(inspected.snapshot.value))
      },
      clock: {
        setTimeout: (task: () => void, delayMs: number) => clock.after(delayMs, task),
        clearTimeout: (timer: Timer | undefined) => timer?.cancel(),
      },
    })
    this.#actor.on('openSocket', () => clock.soon(() => this.#open()))
    this.#actor.on('closeSocket', () => this.#close())
    this.#actor.on('live', () => clock.soon(() => this.#options.onLive()))
    this.#actor.on('lost', () => clock.soon(() => this.#options.onLost(this.status().lastEnd ?? 'the stream ended')))
    this.#actor.subscribe((snapshot) => this.#moved(snapshot.value))
  }

  start(): void {
    this.#actor.start()
    this.#look()
    void this.#poll()
  }

  /** Closes the socket and opens another at once: what the old one still holds is too old to be heard. */
  renew(detail: string): void {
    this.#actor.send({ type: 'gap', detail, chance: 0 })
  }

  stop(): void {
    this.#actor.send({ type: 'stop' })
    this.#watch?.cancel()
    this.#close()
  }

  status(): ConnectionInspection {
    const { context } = this.#actor.getSnapshot()
    return {
      name: this.#options.name,
      venue: this.#options.venue,
      state: this.#state,
      since: this.#since,
      attempt: context.attempt,
      lastFrameAt: this.#frameWallAt,
      lastEventAt: this.#eventWallAt,
      fallback: this.#actor.getSnapshot().hasTag('polling') ? 'polling' : 'off',
      gaps: context.gaps,
      reconnects: context.reconnects,
      polls: this.#polls,
      lastEnd: context.lastEnd,
    }
  }

  inspect(): SupervisorInspection {
    const { context } = this.#actor.getSnapshot()
    return { name: this.#options.name, state: this.#state, since: this.#since, context: { ...context }, events: this.#life.events }
  }

  #moved(state: string): void {
    if (state === this.#state) return
    const { log, name, clock } = this.#options
    log.info('connection.moved', { connection: name, from: this.#state, to: state, detail: this.#actor.getSnapshot().context.lastEnd })
    this.#state = state
    this.#since = clock.now()
    void this.#poll()
  }

  #send(event: ConnectionEvent, generation: number): void {
    if (generation === this.#generation) this.#actor.send(event)
  }

  #open(): void {
    if (this.#state !== 'connecting') return
    this.#close()
    const generation = ++this.#generation
    this.#frameAt = undefined
    this.#heardAt.clear()
    this.#stream = this.#options.open(this.#listener(generation))
  }

  #listener(generation: number): SupervisedListener {
    const { clock, random } = this.#options
    const chance = (): number => random.fraction()
    const send = (event: ConnectionEvent): void => this.#send(event, generation)
    return {
      opened: () => send({ type: 'opened' }),
      subscribed: () => {
        const now = clock.monotonic()
        for (const subscription of this.#options.subscriptions()) this.#heardAt.set(subscription, now)
        send({ type: 'subscribed' })
      },
      received: () => {
        if (generation !== this.#generation) return
        this.#frameAt = clock.monotonic()
        this.#frameWallAt = clock.now()
      },
      heard: (subscription) => {
        if (generation !== this.#generation) return
        this.#heardAt.set(subscription, clock.monotonic())
        this.#eventWallAt = clock.now()
        // One subscription that speaks does not excuse another that is silent (CN-03).
        if (this.#state === 'stale' && this.#silence() === undefined) send({ type: 'heard' })
      },
      gap: (detail) => {
        if (generation !== this.#generation) return
        this.#options.onGap(detail)
        send({ type: 'gap', detail, chance: chance() })
      },
      ended: (end, detail) => {
        if (end === 'fatal') send({ type: 'refused', detail })
        else if (end === 'drained') send({ type: 'drained', detail })
        else send({ type: 'ended', detail, chance: chance() })
      },
    }
  }

  #close(): void {
    this.#generation++
    this.#stream?.close()
    this.#stream = undefined
  }

  /** Looks at both clocks, four times in the shorter of their limits. */
  #look(): void {
    const { clock, staleness } = this.#options
    const everyMs = Math.min(staleness.frameMs, staleness.eventMs ?? staleness.frameMs) / 4
    this.#watch = clock.after(everyMs, () => {
      if (this.#state === 'live') {
        const detail = this.#silence()
        if (detail !== undefined) this.#actor.send({ type: 'silent', detail })
      }
      if (this.#state !== 'stopped') this.#look()
    })
  }

  #silence(): string | undefined {
    const { clock, staleness } = this.#options
    const now = clock.monotonic()
    if (now - (this.#frameAt ?? now) > staleness.frameMs) return `no frame for ${staleness.frameMs} ms`
    const { eventMs } = staleness
    if (eventMs === undefined) return undefined
    for (const [subscription, at] of this.#heardAt) if (now - at > eventMs) return `nothing about ${subscription} for ${eventMs} ms`
    return undefined
  }

  async #poll(): Promise<void> {
    if (this.#polling) return
    this.#polling = true
    while (this.#actor.getSnapshot().hasTag('polling')) {
      this.#polls++
      await this.#options.poll().catch((error: unknown) => this.#options.log.warn('connection.pollFailed', { connection: this.#options.name, detail: String(error) }))
      await new Promise<void>((resolve) => void this.#options.clock.after(this.#options.pollEveryMs, resolve))
    }
    this.#polling = false
  }
}
