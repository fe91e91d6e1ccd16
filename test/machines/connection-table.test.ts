/** docs/machines/connection.md, the total table. */
import type { StateValueFrom } from 'xstate'
import { connectionMachine, type ConnectionContext, type ConnectionEvent } from '../../src/machines/connection/connection-machine.ts'
import { testTable, type TotalTable } from './total-table.ts'

type State = StateValueFrom<typeof connectionMachine>

export const connectionContext: ConnectionContext = {
  policy: { openWithinMs: 3_000, subscribeWithinMs: 5_000, backoffMs: 400, backoffMaxMs: 5_000, healthyMs: 5_000, staleMs: 5_000, refusedMs: 10_000 },
  attempt: 1,
  pauseMs: 100,
  gaps: 0,
  reconnects: 0,
  everLive: true,
  lastEnd: null,
}

const event = (type: ConnectionEvent['type']): object => {
  const bodies: Record<ConnectionEvent['type'], object> = {
    opened: {},
    subscribed: {},
    silent: { detail: 'no frame' },
    heard: {},
    gap: { detail: '3 missing', chance: 0.5 },
    ended: { detail: 'closed', chance: 0.5 },
    drained: { detail: 'going away' },
    refused: { detail: 'authentication failure' },
    stop: {},
  }
  return { type, ...bodies[type] }
}

const deaf = { opened: 'ignored', subscribed: 'ignored', silent: 'ignored', heard: 'ignored', gap: 'ignored', ended: 'ignored', drained: 'ignored', refused: 'ignored' } as const

const table: TotalTable<State, ConnectionEvent['type']> = {
  connecting: { ...deaf, opened: 'subscribing', gap: 'backingOff', ended: 'backingOff', drained: 'backingOff', refused: 'refused', stop: 'stopped' },
  subscribing: { ...deaf, subscribed: 'live', silent: 'backingOff', gap: 'backingOff', ended: 'backingOff', drained: 'backingOff', refused: 'refused', stop: 'stopped' },
  live: { ...deaf, silent: 'stale', gap: 'backingOff', ended: 'backingOff', drained: 'backingOff', refused: 'refused', stop: 'stopped' },
  stale: { ...deaf, heard: 'live', gap: 'backingOff', ended: 'backingOff', drained: 'backingOff', refused: 'refused', stop: 'stopped' },
  backingOff: { ...deaf, stop: 'stopped' },
  refused: { ...deaf, stop: 'stopped' },
  stopped: { ...deaf, stop: 'ignored' },
}

testTable<State, ConnectionEvent>('connection', { machine: connectionMachine, contextOf: () => connectionContext, eventOf: event, table })
