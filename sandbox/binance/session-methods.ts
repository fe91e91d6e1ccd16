import { errors } from './api-error.ts'
import type { ApiKey } from './keys.ts'
import { method, type Method, type Prepare } from './method.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { Venue } from './venue.ts'

/** What a WebSocket API connection remembers. */
export interface SessionState {
  readonly subscriptions: Subscriptions
  readonly connectedSince: number
  readonly showsLimits: boolean
  logon: { readonly key: ApiKey; readonly since: number } | undefined
}

const IDS: readonly [number, number] = [0, 65_535]
const WEIGHT = { weight: 2 }
const SIGNED = { weight: 2, signed: true }

/** The methods that are about the connection itself (binance-spot.md 4.3, 4.4). */
export function sessionMethods(state: SessionState): readonly Method[] {
  return [
    method('- | session.logon', SIGNED, logon(state)),
    method('- | session.status', WEIGHT, (venue) => () => status(venue, state)),
    method('- | session.logout', WEIGHT, (venue) => () => logout(venue, state)),
    method('- | session.subscriptions', WEIGHT, () => () => state.subscriptions.ids.map((subscriptionId) => ({ subscriptionId }))),
    method('- | userDataStream.subscribe', WEIGHT, () => () => {
      if (!state.logon) throw errors.notAuthorized()
      return { subscriptionId: state.subscriptions.open('logon') }
    }),
    method('- | userDataStream.subscribe.signature', SIGNED, () => () => ({ subscriptionId: state.subscriptions.open('signature') })),
    method('- | userDataStream.unsubscribe', WEIGHT, (_venue, parameters) => {
      const id = parameters.whole('subscriptionId', IDS)
      return () => {
        if (!state.subscriptions.close({ id })) throw errors.notSubscribed()
        return {}
      }
    }),
  ]
}

/** Only Ed25519 keys log on (binance-spot.md 4.3). */
function logon(state: SessionState): Prepare {
  return (venue, parameters) => {
    const key = venue.ring.keys.get(parameters.text('apiKey') ?? '')
    if (key?.algorithm !== 'Ed25519') throw errors.unsupportedOperation()
    return () => {
      state.logon = { key, since: Math.floor(venue.now()) }
      return status(venue, state)
    }
  }
}

function logout(venue: Venue, state: SessionState): unknown {
  state.logon = undefined
  state.subscriptions.close({ origin: 'logon' })
  return status(venue, state)
}

function status(venue: Venue, { logon: known, connectedSince, showsLimits, subscriptions }: SessionState): Record<string, unknown> {
  return {
    apiKey: known?.key.apiKey ?? null,
    authorizedSince: known?.since ?? null,
    connectedSince,
    returnRateLimits: showsLimits,
    serverTime: Math.floor(venue.now()),
    userDataStream: subscriptions.ids.length > 0,
  }
}
