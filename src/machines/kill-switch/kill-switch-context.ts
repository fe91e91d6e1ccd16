/** What the kill switch remembers: who threw it, why, and how far trading has come back since. */
import type { Millis } from '../../domain/time.ts'

/** How much is stopped: new entries; every order; every order, and what was bought is sold. */
export const killLevels = ['entries', 'orders', 'flatten'] as const
export type KillLevel = (typeof killLevels)[number]

export interface KillSwitchContext {
  /** Who last threw or lifted it, why, and when. */
  readonly who: string | null
  readonly reason: string | null
  readonly at: Millis | null
  /** Trades in a row without a loss, at the present step of coming back. */
  readonly clean: number
  /** How many of them make a step. */
  readonly cleanTrades: number
}

export const killSwitchContext = (): KillSwitchContext => ({ who: null, reason: null, at: null, clean: 0, cleanTrades: 0 })

/** Events the kill switch takes. The host adds `at`, the moment of the turn. */
export type KillSwitchEvent =
  | { readonly type: 'kill'; readonly level: KillLevel; readonly who: string; readonly reason: string }
  /** After it, limits come back in steps of so many clean trades. */
  | { readonly type: 'unkill'; readonly who: string; readonly reason: string; readonly cleanTrades: number }
  /** A round trip has closed, while trading comes back. */
  | { readonly type: 'tradeClosed'; readonly clean: boolean }

/** Which share of its limits the desk may use in a state: all of them, or part of them while trading comes back. */
export const shareIn = (state: string): string => (state === 'quarter' ? '0.25' : state === 'half' ? '0.5' : '1')
