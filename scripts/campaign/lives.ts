/**
 * The lives and deaths of desks on one stand. Every life ends by a real SIGKILL: at a random instant, while it starts, or
 * at a named moment; or it is frozen there, loses its database connection without a word, and is succeeded.
 */
import { failpoints, type Failpoint } from '../../src/ports/failpoints.ts'
import { startProxy } from '../../test/support/proxy.ts'
import { finish, standsAt, type Stand } from '../../test/support/stand.ts'
import type { Running } from '../../test/support/program.ts'
import { strike } from './blows.ts'
import { sleep, type Chance } from './chance.ts'
import type { Tally } from './tally.ts'

const points = Object.keys(failpoints) as readonly Failpoint[]
const freezePoints: readonly Failpoint[] = ['send.claimed', 'send.signed', 'send.answered', 'commit.begin', 'commit.done', 'cancel.claimed', 'fills.answered']
/** How long a desk may take to reach a moment before it is killed where it is. */
const patienceMs = 4_000
/** A desk that found its half-open connection dead, or was told so, has ended by then. */
const wokenMs = 150_000
const maxSleepers = 2
const maxRefusals = 10

const later = <T>(ms: number, value: T): Promise<T> => sleep(ms).then(() => value)

export class Lives {
  readonly #stand: Stand
  readonly #chance: Chance
  readonly #tally: Tally
  readonly #sleepers = new Set<Promise<void>>()

  constructor(stand: Stand, chance: Chance, tally: Tally) {
    this.#stand = stand
    this.#chance = chance
    this.#tally = tally
  }

  /** One life, from its start to its SIGKILL. */
  async next(): Promise<void> {
    const dice = this.#chance.fraction()
    if (dice < 0.06) await this.#killedWhileStarting()
    else if (dice < 0.5) await this.#killedAtPoint(this.#chance.pick(points))
    else if (dice < 0.57 && this.#sleepers.size < maxSleepers) await this.#succeeded()
    else await this.#killedAtRandom(await this.serving())
  }

  /** A desk that serves, however often its start is refused by what has just been broken. */
  async serving(env: Readonly<Record<string, string>> = {}): Promise<Running> {
    for (let refusals = 0; ; refusals++) {
      const desk = this.#stand.begin(env)
      const first = await Promise.race([desk.firstLine, desk.ended])
      if (typeof first === 'string') return desk
      this.#tally.count('refusedStarts', String(first.code ?? first.signal))
      if (refusals === maxRefusals) throw new Error(`no desk could be started: ${first.err.slice(-1_000)}`)
      await sleep(500)
    }
  }

  /** Resolves when every desk that slept has come to its end. */
  async rest(): Promise<void> {
    await Promise.all(this.#sleepers)
  }

  async #killedAtRandom(desk: Running): Promise<void> {
    if (this.#chance.happens(0.6)) await strike(this.#stand, this.#chance, this.#tally)
    if (this.#chance.happens(0.1)) await this.#pause(desk)
    await sleep(this.#chance.fraction() * 1_600)
    await this.#kill(desk, 'at a random instant')
  }

  async #kill(desk: Running, how: string): Promise<void> {
    const { signal, code, err } = await finish(desk)
    if (signal === 'SIGKILL') this.#tally.count('kills', how)
    else if (code !== 74 && code !== 75) this.#tally.fault(`a desk ended by itself with ${code}: ${err.slice(-1_000)}`)
    else this.#tally.count('refusedStarts', `ended by itself with ${code}`)
  }

  async #pause(desk: Running): Promise<void> {
    this.#tally.count('blows', 'frozen and continued')
    desk.child.kill('SIGSTOP')
    await sleep(300 + this.#chance.fraction() * 4_000)
    desk.child.kill('SIGCONT')
  }

  async #killedWhileStarting(): Promise<void> {
    const desk = this.#stand.begin()
    await sleep(this.#chance.fraction() * 1_200)
    await this.#kill(desk, 'while starting')
  }

  async #killedAtPoint(point: Failpoint): Promise<void> {
    const desk = this.#stand.begin({ NIGHTDESK_FAILPOINTS: `${point}=kill@${this.#timeOf(point)}` })
    const up = await Promise.race([desk.firstLine.then(() => true, () => false), desk.ended.then(() => false)])
    if (up) await this.#provoke(point, desk)
    const ended = await Promise.race([desk.ended, later(patienceMs, undefined)])
    if (ended === undefined) return this.#kill(desk, 'at a random instant')
    if (ended.signal !== 'SIGKILL') return this.#tally.count('refusedStarts', String(ended.code ?? ended.signal))
    this.#tally.count('kills', 'at a failpoint')
    this.#tally.count('killsAtFailpoints', point)
  }

  /** Which time of a moment a desk may be expected to live to see. */
  #timeOf(point: Failpoint): number {
    if (point.startsWith('start.') || point.startsWith('stop.')) return 1
    return this.#chance.upTo(point.startsWith('commit.') ? 20 : 3)
  }

  async #provoke(point: Failpoint, desk: Running): Promise<void> {
    if (point.startsWith('stop.')) desk.child.kill('SIGTERM')
    else if (point.startsWith('cancel.')) await this.#stand.push(30).catch(() => undefined)
    else if (point.startsWith('lookUp.')) await this.#stand.exchange.fault({ name: 'loseNextRequest', target: 'create', count: 2 }).catch(() => undefined)
    else if (this.#chance.happens(0.4)) await strike(this.#stand, this.#chance, this.#tally)
  }

  /** Frozen at a moment, its connection half open, succeeded, and woken up. */
  async #succeeded(): Promise<void> {
    const point = this.#chance.pick(freezePoints)
    const address = await this.#stand.serverAddress()
    const proxy = await startProxy(address)
    const url = `postgres://${address.user}:${encodeURIComponent(address.password)}@127.0.0.1:${proxy.port}/${address.database}`
    const sleeper = this.#stand.begin({ DATABASE_URL: url, NIGHTDESK_FAILPOINTS: `${point}=freeze@${this.#timeOf(point)}` })
    // It may stand still before it serves, or be refused by what has just been broken.
    const ended = await Promise.race([sleeper.ended, Promise.race([sleeper.firstLine, standsAt(sleeper, point)]).then(() => undefined, () => undefined)])
    if (ended !== undefined) {
      this.#tally.count('refusedStarts', String(ended.code ?? ended.signal))
      return proxy.close()
    }
    if (point.startsWith('cancel.')) await this.#stand.push(30).catch(() => undefined)
    const stands = await standsAt(sleeper, point, patienceMs).catch(() => false)
    if (!stands) sleeper.child.kill('SIGSTOP')
    this.#tally.count('blows', stands ? `frozen at ${point}, half open, succeeded` : 'frozen at a random instant, half open, succeeded')
    proxy.goSilent()
    const successor = await this.serving()
    const waking = this.#wake(sleeper, proxy).finally(() => void this.#sleepers.delete(waking))
    this.#sleepers.add(waking)
    await this.#killedAtRandom(successor)
  }

  async #wake(sleeper: Running, proxy: Awaited<ReturnType<typeof startProxy>>): Promise<void> {
    await sleep(500 + this.#chance.fraction() * 12_000)
    const healed = this.#chance.happens(0.85)
    if (healed) proxy.heal()
    sleeper.child.kill('SIGCONT')
    const ended = await Promise.race([sleeper.ended, later(wokenMs, undefined)])
    this.#tally.count('wokenEndedWith', `${healed ? 'healed' : 'silent'}: ${ended?.code ?? ended?.signal ?? 'nothing'}`)
    // One that was still starting may find its store away before it finds that it was succeeded.
    const wasStarting = ended?.code === 69 && sleeper.complaints().includes('while the desk was starting')
    if (ended?.code !== 74 && ended?.code !== 75 && !wasStarting) this.#tally.fault(`a desk that was succeeded did not end by itself: ${sleeper.complaints().slice(-1_000)}`)
    await finish(sleeper)
    await proxy.close()
  }
}
