/** The machines whose every event is journalled, with what the journal keeps of each. */
import type { AnyStateMachine, AnyStateNode, StateValue } from 'xstate'
import type { ActorKind } from '../domain/address.ts'
import type { ActorRecord } from '../domain/records.ts'
import { accountContext } from './account/account-context.ts'
import { accountMachine } from './account/account-machine.ts'
import { breakerContext, type BreakerInput } from './breaker/breaker-context.ts'
import { breakerMachine } from './breaker/breaker-machine.ts'
import { deskContext } from './desk/desk-context.ts'
import { deskMachine } from './desk/desk-machine.ts'
import { killSwitchContext } from './kill-switch/kill-switch-context.ts'
import { killSwitchMachine } from './kill-switch/kill-switch-machine.ts'
import { orderContext, type OrderContext, type OrderInput } from './order/order-context.ts'
import { orderMachine } from './order/order-machine.ts'
import { isLiveOrder, orderRecord } from './order/order-record.ts'
import { tradePairContext, type TradePairContext, type TradePairInput } from './trade-pair/trade-pair-context.ts'
import { tradePairMachine } from './trade-pair/trade-pair-machine.ts'
import { deskEventFrom1, deskFrom1 } from './upcasters/desk-1-to-2.ts'
import { orderFrom1 } from './upcasters/order-1-to-2.ts'
import { tradePairFrom1 } from './upcasters/trade-pair-1-to-2.ts'
import { tradePairFrom2 } from './upcasters/trade-pair-2-to-3.ts'
import type { EventUpcaster, Upcaster } from './upcasters/upcaster.ts'
import { isEndedPair, tradePairRecord } from './trade-pair/trade-pair-record.ts'

export interface DurableMachine {
  readonly machine: AnyStateMachine
  /** Raised whenever an older snapshot would not fit; `upcasters[n]` then leads from version n + 1 to n + 2. */
  readonly version: number
  readonly upcasters: readonly Upcaster[]
  readonly eventUpcaster?: EventUpcaster
  /** What its memory must have. */
  readonly remembers: readonly string[]
  isFinished(state: string): boolean
  /** The typed columns that its row carries beside state and context. */
  columns(context: unknown, state: string): Pick<ActorRecord, 'order' | 'tradePair'>
}

/** Every name that a memory has at its beginning. */
const asked = (context: object): readonly string[] => Object.entries(context).flatMap(([name, value]) => (value === undefined ? [] : [name]))

export const durableMachines: Readonly<Record<ActorKind, DurableMachine>> = {
  order: {
    machine: orderMachine,
    version: 2,
    upcasters: [orderFrom1],
    remembers: [...asked(orderContext({} as OrderInput)), 'clientOrderId', 'pairId', 'leg', 'instrument', 'side', 'quantity', 'price', 'claimedAt', 'openedAt', 'policy'],
    isFinished: (state) => !isLiveOrder(state),
    columns: (context, state) => ({ order: orderRecord(context as OrderContext, state) }),
  },
  'trade-pair': {
    machine: tradePairMachine,
    version: 3,
    upcasters: [tradePairFrom1, tradePairFrom2],
    remembers: [...asked(tradePairContext({} as TradePairInput)), 'pairId', 'install', 'instrument', 'buy', 'target', 'sellFee', 'policy'],
    isFinished: isEndedPair,
    columns: (context) => ({ tradePair: tradePairRecord(context as TradePairContext) }),
  },
  desk: { machine: deskMachine, version: 2, upcasters: [deskFrom1], eventUpcaster: deskEventFrom1, remembers: asked(deskContext()), isFinished: () => false, columns: () => ({}) },
  'kill-switch': { machine: killSwitchMachine, version: 1, upcasters: [], remembers: asked(killSwitchContext()), isFinished: () => false, columns: () => ({}) },
  breaker: { machine: breakerMachine, version: 1, upcasters: [], remembers: [...asked(breakerContext({} as BreakerInput)), 'name', 'kind', 'instrument'], isFinished: () => false, columns: () => ({}) },
  account: { machine: accountMachine, version: 1, upcasters: [], remembers: asked(accountContext()), isFinished: () => false, columns: () => ({}) },
}

const pathsOf = (node: AnyStateNode): readonly string[] => {
  const children = Object.values(node.states).flatMap(pathsOf)
  return children.length > 0 ? children : [node.path.join('.')]
}

const states = Object.fromEntries(
  Object.entries(durableMachines).map(([kind, { machine }]) => [kind, new Set(pathsOf(machine.root))]),
) as unknown as Readonly<Record<ActorKind, ReadonlySet<string>>>

/** True when the machine, as it is now, can go on from there: a state it has, a memory without holes. */
export const isContinuable = (kind: ActorKind, state: string, context: Readonly<Record<string, unknown>>): boolean =>
  states[kind].has(state) && durableMachines[kind].remembers.every((name) => context[name] !== undefined)

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
