/**
 * The supervisor of one venue stream: a socket while it serves, polling by REST while it does not.
 *
 * C1  Polling is on in every state but `live` and `stopped` (tag `polling`).
 * C2  The backoff is forgotten only after a time of proven health, never after a mere connect.
 * C3  Full jitter: the pause is a random part of the doubled and capped bound.
 * C4  A silent or gappy stream is closed before it is opened again; two sockets never serve together.
 * C5  A fatal end (credentials refused) is tried again only slowly: the loop is never hot (CN-21).
 */
import { setup } from 'xstate'
import { assign } from '../assign.ts'
import type { Millis } from '../../domain/time.ts'

export interface ConnectionPolicy {
  readonly openWithinMs: Millis
  readonly subscribeWithinMs: Millis
  /** First bound of the pause; doubles with every attempt. */
  readonly backoffMs: Millis
  readonly backoffMaxMs: Millis
  /** How long a stream must stay live before its past failures are forgotten. */
  readonly healthyMs: Millis
  /** How long a silent stream may take to speak again before its socket is closed. */
  readonly staleMs: Millis
  /** Pause after the venue refused our credentials. */
  readonly refusedMs: Millis
}

export interface ConnectionContext {
  readonly policy: ConnectionPolicy
  /** Attempts since real data last came. */
  readonly attempt: number
  /** The pause before the next attempt, drawn when the stream ended. */
  readonly pauseMs: Millis
  readonly gaps: number
  /** Times it has been live again after having been lost. */
  readonly reconnects: number
  readonly everLive: boolean
  readonly lastEnd: string | null
}

export type ConnectionEvent =
  | { readonly type: 'opened' }
  /** Every subscription is confirmed or has delivered. */
  | { readonly type: 'subscribed' }
  /** No frame, or no meaningful event, for too long. */
  | { readonly type: 'silent'; readonly detail: string }
  /** A silent stream speaks again. */
  | { readonly type: 'heard' }
  | { readonly type: 'gap'; readonly detail: string; readonly chance: number }
  /** The stream ended and may be opened again. `chance` is a fraction drawn for the jitter. */
  | { readonly type: 'ended'; readonly detail: string; readonly chance: number }
  /** The venue wants this socket gone but is well: reconnect at once, unless it keeps doing so. */
  | { readonly type: 'drained'; readonly detail: string }
  | { readonly type: 'refused'; readonly detail: string }
  | { readonly type: 'stop' }

/** The bound of the n-th pause: doubling from the first, capped. */
export const backoffBound = (policy: ConnectionPolicy, attempt: number): Millis =>
  Math.min(policy.backoffMs * 2 ** Math.min(attempt, 16), policy.backoffMaxMs)

const detailOf = (event: ConnectionEvent): string | null => ('detail' in event ? event.detail : null)

const connectionSetup = setup({
  types: {
    context: {} as ConnectionContext,
    events: {} as ConnectionEvent,
    input: {} as ConnectionPolicy,
    tags: {} as 'polling',
    emitted: {} as { readonly type: 'openSocket' } | { readonly type: 'closeSocket' } | { readonly type: 'live' } | { readonly type: 'lost' },
  },
  delays: {
    'open deadline': ({ context }) => context.policy.openWithinMs,
    'subscribe deadline': ({ context }) => context.policy.subscribeWithinMs,
    'stale deadline': ({ context }) => context.policy.staleMs,
    'proven health': ({ context }) => context.policy.healthyMs,
    backoff: ({ context }) => context.pauseMs,
    'refused pause': ({ context }) => context.policy.refusedMs,
  },
  actions: {
    'note the end': assign(({ context, event }) => ({
      lastEnd: detailOf(event) ?? 'no answer in time',
      attempt: context.attempt + 1,
      pauseMs: Math.round(backoffBound(context.policy, context.attempt) * ('chance' in event ? event.chance : 1)),
    })),
    // A venue that drains every new socket is not well: only the first drain after proven health is free of a pause.
    'note the drain': assign(({ context, event }) => ({
      lastEnd: detailOf(event),
      attempt: context.attempt + 1,
      pauseMs: context.attempt === 0 ? 0 : backoffBound(context.policy, context.attempt - 1),
    })),
    'note the silence': assign(({ event }) => ({ lastEnd: detailOf(event) })),
    'count the gap': assign(({ context }) => ({ gaps: context.gaps + 1 })),
    'count the connect': assign(({ context }) => ({
      everLive: true,
      reconnects: context.everLive ? context.reconnects + 1 : 0,
    })),
    'forget the backoff': assign({ attempt: 0 }),
  },
})

const ignored = {}
const end = { target: 'backingOff', actions: 'note the end' } as const
const drain = { target: 'backingOff', actions: 'note the drain' } as const
const refuse = { target: 'refused', actions: 'note the end' } as const
const gap = { target: 'backingOff', actions: ['count the gap', 'note the end'] } as const
const stop = 'stopped' as const
const deaf = { opened: ignored, subscribed: ignored, silent: ignored, heard: ignored, gap: ignored, ended: ignored, drained: ignored, refused: ignored } as const

const open = connectionSetup.emit({ type: 'openSocket' })
const close = connectionSetup.emit({ type: 'closeSocket' })

export const connectionMachine = connectionSetup.createMachine({
  id: 'connection',
  context: ({ input }) => ({
    policy: input,
    attempt: 0,
    pauseMs: 0,
    gaps: 0,
    reconnects: 0,
    everLive: false,
    lastEnd: null,
  }),
  initial: 'connecting',
  states: {
    connecting: {
      tags: 'polling',
      entry: open,
      after: { 'open deadline': end },
      on: { ...deaf, opened: 'subscribing', gap, ended: end, drained: drain, refused: refuse, stop },
    },
    subscribing: {
      tags: 'polling',
      after: { 'subscribe deadline': end },
      on: { ...deaf, subscribed: { target: 'live', actions: 'count the connect' }, silent: end, gap, ended: end, drained: drain, refused: refuse, stop },
    },
    live: {
      entry: connectionSetup.emit({ type: 'live' }),
      exit: connectionSetup.emit({ type: 'lost' }),
      after: { 'proven health': { actions: 'forget the backoff' } },
      on: { ...deaf, silent: { target: 'stale', actions: 'note the silence' }, gap, ended: end, drained: drain, refused: refuse, stop },
    },
    stale: {
      tags: 'polling',
      after: { 'stale deadline': end },
      on: { ...deaf, heard: 'live', gap, ended: end, drained: drain, refused: refuse, stop },
    },
    backingOff: {
      tags: 'polling',
      entry: close,
      after: { backoff: 'connecting' },
      on: { ...deaf, stop },
    },
    refused: {
      tags: 'polling',
      entry: close,
      after: { 'refused pause': 'connecting' },
      on: { ...deaf, stop },
    },
    stopped: { entry: close, on: { ...deaf, stop: ignored } },
  },
})
