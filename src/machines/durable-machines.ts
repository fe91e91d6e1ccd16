/** The machines whose every event is journalled, with what the journal keeps of each. */
import type { AnyStateMachine, StateValue } from 'xstate'
import type { ActorKind } from '../domain/address.ts'
import type { ActorRecord } from '../domain/records.ts'
import { deskMachine } from './desk/desk-machine.ts'
import type { OrderContext } from './order/order-context.ts'
import { orderMachine } from './order/order-machine.ts'
import { isLiveOrder, orderRecord } from './order/order-record.ts'
import type { TradePairContext } from './trade-pair/trade-pair-context.ts'
import { tradePairMachine } from './trade-pair/trade-pair-machine.ts'
import { isEndedPair, tradePairRecord } from './trade-pair/trade-pair-record.ts'

export interface DurableMachine {
  readonly machine: AnyStateMachine
  /** Raised whenever an older snapshot would not fit. */
  readonly version: number
  isFinished(state: string): boolean
  /** The typed columns that its row carries beside state and context. */
  columns(context: unknown, state: string): Pick<ActorRecord, 'order' | 'tradePair'>
}

export const durableMachines: Readonly<Record<ActorKind, DurableMachine>> = {
  order: {
    machine: orderMachine,
    version: 1,
    isFinished: (state) => !isLiveOrder(state),
    columns: (context, state) => ({ order: orderRecord(context as OrderContext, state) }),
  },
  'trade-pair': {
    machine: tradePairMachine,
    version: 1,
    isFinished: isEndedPair,
    columns: (context) => ({ tradePair: tradePairRecord(context as TradePairContext) }),
  },
  desk: { machine: deskMachine, version: 1, isFinished: () => false, columns: () => ({}) },
}

/** A state value as a path: `pending`, `buying.partial`. */
export const statePath = (value: unknown): string => {
  if (typeof value === 'string') return value
  const [entry] = Object.entries(value as Record<string, unknown>)
  return entry === undefined ? '' : `${entry[0]}.${statePath(entry[1])}`
}

/** The state value of a path. */
export const stateValue = (path: string): StateValue => {
  const dot = path.indexOf('.')
  return dot < 0 ? path : { [path.slice(0, dot)]: stateValue(path.slice(dot + 1)) }
}
