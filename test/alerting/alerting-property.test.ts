/** Whatever comes and goes: critical conditions are told within their bound, ends are told, and no minute has too many notices. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AlertCode } from '../../src/domain/alert-catalogue.ts'
import { ruleOf } from '../../src/domain/alert-catalogue.ts'
import { alertingWith } from '../support/alerting.ts'

const mostPerMinute = 4
const conditions: readonly AlertCode[] = ['pair.held', 'breaker.tripped', 'order.unresolved', 'link.lost', 'prices.stale']
const events: readonly AlertCode[] = ['order.lateNews', 'door.refused', 'reconciliation.repaired']
/** Of fifteen keys at most nine are critical conditions: one summary carries them all, and the pace lets one through each minute. */
const boundMs = 2 * 60_000

type Step =
  | { readonly does: 'raise' | 'clear' | 'happen'; readonly code: AlertCode; readonly subject: string }
  | { readonly does: 'wait'; readonly ms: number }
  | { readonly does: 'break' | 'hang' | 'mend' }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ does: fc.constant('raise' as const), code: fc.constantFrom(...conditions), subject: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ does: fc.constant('clear' as const), code: fc.constantFrom(...conditions), subject: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ does: fc.constant('happen' as const), code: fc.constantFrom(...events), subject: fc.constantFrom('a', 'b', 'c') }),
  fc.record({ does: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
)
const outage: fc.Arbitrary<Step> = fc.record({ does: fc.constantFrom('break' as const, 'hang' as const, 'mend' as const) })

/** The longest number of attempts in any minute. */
const densest = (attempts: readonly number[]): number => Math.max(0, ...attempts.map((from) => attempts.filter((at) => at >= from && at < from + 60_000).length))

interface Episode {
  readonly key: string
  readonly word: string
  readonly critical: boolean
  readonly at: number
  ended: boolean
}

const play = async (steps: readonly Step[]) => {
  const made = alertingWith({ policy: { mostPerMinute }, channels: [{ name: 'phone', least: 'info' }] })
  const { alerting, clock, phone } = made
  const holding = new Map<string, Episode>()
  const episodes: Episode[] = []
  let word = 0
  const clear = (code: AlertCode, subject: string): void => {
    const episode = holding.get(`${code} ${subject}`)
    if (episode !== undefined) episode.ended = true
    holding.delete(`${code} ${subject}`)
    alerting.clear({ code, subject, at: clock.now(), detail: `end of ${episode?.word ?? 'nothing'}` })
  }
  for (const one of steps) {
    if ('ms' in one) await clock.advance(one.ms)
    else if (!('code' in one)) phone.answer = one.does === 'mend' ? 'delivered' : one.does === 'hang' ? 'hangs' : { kind: 'network', detail: 'ECONNRESET' }
    else if (one.does === 'clear') clear(one.code, one.subject)
    else {
      const key = `${one.code} ${one.subject}`
      const episode = { key, word: `word-${++word}.`, critical: ruleOf(one.code).severity === 'critical', at: clock.monotonic(), ended: false }
      if (one.does === 'raise' && !holding.has(key)) {
        holding.set(key, episode)
        episodes.push(episode)
      }
      alerting.raise({ code: one.code, subject: one.subject, at: clock.now(), detail: episode.word })
    }
  }
  return { ...made, episodes }
}

const toldAt = (heard: readonly { readonly at: number; readonly notice: { readonly text: string } }[], word: string): number | undefined => heard.find(({ notice }) => notice.text.includes(word))?.at

test('with a channel that delivers, every critical condition is told within two minutes, and every end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 80 }), async (steps) => {
      const { phone, clock, episodes } = await play(steps)
      await clock.advance(4 * 60_000)
      for (const { word, critical, at, ended } of episodes) {
        const told = toldAt(phone.heard, word)
        expect(told, word).toBeDefined()
        if (critical) expect(told! - at).toBeLessThanOrEqual(boundMs)
        if (ended) expect(toldAt(phone.heard, `end of ${word}`), `the end of ${word}`).toBeGreaterThanOrEqual(told!)
      }
      expect(densest(phone.attempts)).toBeLessThanOrEqual(mostPerMinute)
    }),
    { numRuns: 150 },
  )
})

test('with a channel that breaks and hangs, all of it is told once it delivers again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof({ weight: 5, arbitrary: step }, { weight: 1, arbitrary: outage }), { minLength: 1, maxLength: 60 }), async (steps) => {
      const { phone, clock, episodes } = await play(steps)
      phone.answer = 'delivered'
      await clock.advance(15 * 60_000)
      for (const { word, ended } of episodes) {
        expect(toldAt(phone.heard, word), word).toBeDefined()
        if (ended) expect(toldAt(phone.heard, `end of ${word}`), `the end of ${word}`).toBeDefined()
      }
      expect(densest(phone.attempts)).toBeLessThanOrEqual(mostPerMinute)
    }),
    { numRuns: 100 },
  )
})
