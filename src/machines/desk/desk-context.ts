/** What the desk as a whole remembers. */
import type { AlertCode } from '../../domain/alert-catalogue.ts'
import type { Millis } from '../../domain/time.ts'

/** When a start counts as one of a restart loop, and how long entries wait then (PR-09). */
export interface RestartPolicy {
  /** A process that lives so long is well; the loop, if it was one, is over. */
  readonly healthyAfterMs: Millis
  /** So many short lives in a row, and entries wait for a pause that doubles from here. */
  readonly pauseAfter: number
  readonly pauseMs: Millis
  readonly pauseMaxMs: Millis
  /** So many, and the desk only observes for `observeMs`, or until a person resumes it. */
  readonly observeAfter: number
  readonly observeMs: Millis
}

export interface DeskContext {
  /** How often this desk has been started. */
  readonly starts: number
  readonly startedAt: Millis | null
  /** Lives in a row that ended neither by request nor after a healthy while. */
  readonly shortLives: number
  /** This life was long enough, or ended by request: it is no link of a restart loop. */
  readonly proven: boolean
  /** Entries wait until then, because of a restart loop; null when they do not. */
  readonly observeUntil: Millis | null
  readonly paused: boolean
  readonly pausedBecause: string | null
  readonly reconciledAt: Millis | null
  /** How often news may have been missed: a reconciliation counts only when it began knowing of the last time. No clock is asked. */
  readonly asked: number
  /** Why it last had to reconcile, for people. */
  readonly waitsBecause: string | null
  /** Reconciliations that failed in a row. */
  readonly failures: number
  /** What keeps entries back although the links are up, by name: a full disk, a machine that has slept. */
  readonly hindrances: Readonly<Record<string, string>>
}

export const deskContext = (): DeskContext => ({
  starts: 0,
  startedAt: null,
  shortLives: 0,
  proven: true,
  observeUntil: null,
  paused: false,
  pausedBecause: null,
  reconciledAt: null,
  asked: 0,
  waitsBecause: null,
  failures: 0,
  hindrances: {},
})

/** Events the desk takes. The host adds `at`, the moment of the turn. */
export type DeskEvent =
  | { readonly type: 'restarted'; readonly policy: RestartPolicy }
  /** Every actor is back from its rows and every claim is being resolved. */
  | { readonly type: 'restored' }
  /** A complete run ended that began when news had been missed so often. */
  | { readonly type: 'reconciled'; readonly asked: number }
  | { readonly type: 'reconciliationFailed'; readonly detail: string }
  /** A stream that orders or prices depend on was lost and is back, or news were missed. */
  | { readonly type: 'linkLost'; readonly detail: string }
  | { readonly type: 'linkRestored' }
  /** Something beside the links keeps entries back; `what` names it and ends it again. */
  | { readonly type: 'hindered'; readonly what: string; readonly detail: string }
  | { readonly type: 'unhindered'; readonly what: string }
  /** A person wants the rows compared with the venue. */
  | { readonly type: 'reconcileWanted'; readonly reason: string }
  | { readonly type: 'pause'; readonly reason: string }
  | { readonly type: 'resume' }
  | { readonly type: 'stopRequested'; readonly reason: string }
  | { readonly type: 'deadlineDue'; readonly name: string }

/** The context of a start: whether it continues a restart loop, and how long entries wait for that. */
export const withStart = (context: DeskContext, policy: RestartPolicy, at: Millis): DeskContext => {
  const shortLives = context.proven ? 0 : context.shortLives + 1
  const waitMs = restartWait(policy, shortLives)
  return {
    ...context,
    starts: context.starts + 1,
    startedAt: at,
    shortLives,
    proven: false,
    observeUntil: waitMs === 0 ? null : at + waitMs,
    failures: 0,
    hindrances: {},
    waitsBecause: 'the desk has started',
  }
}

/** How long entries wait after so many short lives: not at all, a doubling pause, or the time of observing only. */
export const restartWait = (policy: RestartPolicy, shortLives: number): Millis => {
  if (shortLives >= policy.observeAfter) return policy.observeMs
  if (shortLives < policy.pauseAfter) return 0
  return Math.min(policy.pauseMs * 2 ** Math.min(shortLives - policy.pauseAfter, 16), policy.pauseMaxMs)
}

/** The alert of a hindrance: the two that every desk may meet have codes of their own. */
export const hindranceAlert = (what: string): { readonly code: AlertCode; readonly subject?: string } =>
  what === 'disk' ? { code: 'desk.disk' } : what === 'clock' ? { code: 'desk.clock' } : { code: 'desk.hindered', subject: what }

/** A link that is lost for so long is told to a person. */
export const longOutageMs = 300_000

/** So many failed reconciliations in a row are told to a person. */
export const failuresToTell = 5

const againMs = 2_000
const againMaxMs = 30_000

/** The pause before a failed reconciliation is tried again: doubling, capped. */
export const reconcileAgainMs = (context: DeskContext): Millis => Math.min(againMs * 2 ** Math.min(context.failures, 8), againMaxMs)
